import { type EndpointReport, hostAndPort, isEncrypted, OUTCOME_LABELS, type ProbeResult } from '../../model';
import { applicationTopics } from '../topics';
import { leftOutRows, WORDS } from '../wording';
import { type Block, type Cell, cell, paragraph, remark } from './blocks';
import type { Places } from './places';
import { TITLES } from './words';

/** Most rows of one of the tables that list endpoints. */
const MAX_ROWS = 2000;

const SHARES = [0.3, 0.11, 0.22, 0.2, 0.17] as const;

/** The table of everything that was scanned, one row per sensor. */
export function* scanOverview(endpoints: readonly EndpointReport[], places: Places): Generator<Block> {
  yield { kind: 'heading', depth: 1, text: TITLES.overview, id: 'overview', listed: true };
  if (endpoints.length === 0) {
    yield paragraph(WORDS.noEndpoints);
    return;
  }
  yield {
    kind: 'table',
    caption: TITLES.overview,
    columns: WORDS.overviewColumns.map((title, index) => ({ title, share: SHARES[index] ?? 0 })),
    rows: () => firstRows(endpoints, places),
  };
  const rows = endpoints.reduce((sum, endpoint) => sum + Math.max(1, sensorsOf(endpoint).length), 0);
  if (rows > MAX_ROWS) yield remark(leftOutRows(rows - MAX_ROWS));
}

function* firstRows(endpoints: readonly EndpointReport[], places: Places): Generator<readonly Cell[]> {
  let left = MAX_ROWS;
  for (const endpoint of endpoints) {
    for (const row of overviewRows(endpoint, places)) {
      if (left === 0) return;
      left -= 1;
      yield row;
    }
  }
}

function overviewRows(endpoint: EndpointReport, places: Places): Cell[][] {
  const address = hostAndPort(endpoint.address, endpoint.port);
  const to = places.ofEndpoint(endpoint);
  const target = to === undefined ? cell(address) : { text: address, to };
  const security = cell(securityText(endpoint));
  const status = cell(OUTCOME_LABELS[endpoint.outcome]);
  const sensors = sensorsOf(endpoint);
  if (sensors.length === 0) return [[target, security, cell(WORDS.none), cell(WORDS.none), status]];
  return sensors.map(({ type, text }) => [target, security, cell(type), cell(text), status]);
}

function sensorsOf(endpoint: EndpointReport) {
  return applicationTopics(endpoint).flatMap(({ sensor }) => (sensor === undefined ? [] : [sensor]));
}

/** What nobody answered on is neither plain nor encrypted. */
function securityText({ outcome, transport }: EndpointReport): string {
  if (outcome === 'closed' || outcome === 'unreachable') return WORDS.none;
  return isEncrypted(transport) ? 'TLS' : 'Plain';
}

/** What answered, and why it is no broker, unless the one says the other. */
function reasonText({ service, reason }: Partial<Pick<ProbeResult, 'service' | 'reason'>> = {}): string {
  if (service === undefined || reason === undefined) return service ?? reason ?? WORDS.none;
  return reason.startsWith(service) ? reason : `${service}: ${reason}`;
}

/** Ports where no broker is: a line each instead of a chapter each. */
export function* withoutMqtt(endpoints: readonly EndpointReport[]): Generator<Block> {
  if (endpoints.length === 0) return;
  yield { kind: 'heading', depth: 1, text: TITLES.withoutMqtt, id: 'without-mqtt', listed: true };
  yield {
    kind: 'table',
    caption: TITLES.withoutMqtt,
    columns: WORDS.withoutMqttColumns.map((title, index) => ({
      title,
      share: [0.38, 0.24, 0.38][index] ?? 0,
    })),
    rows: function* () {
      for (const { url, outcome, probe } of endpoints.slice(0, MAX_ROWS)) {
        yield [cell(url), cell(OUTCOME_LABELS[outcome]), cell(reasonText(probe))];
      }
    },
  };
  if (endpoints.length > MAX_ROWS) yield remark(leftOutRows(endpoints.length - MAX_ROWS));
}
