import { type EndpointReport, hostAndPort, isEncrypted, OUTCOME_LABELS } from '../../model';
import { applicationTopics } from '../topics';
import { leftOutRows, WORDS } from '../wording';
import { MAX_TABLE_ROWS, STYLES } from './layout';
import type { Sheet } from './sheet';
import { drawTable, TABLE_START } from './table';

const WIDTHS = [150, 58, 112, 94, 85.28] as const;

/** The table of everything that was scanned, one row per sensor. Yields after every row. */
export function* drawOverview(sheet: Sheet, endpoints: readonly EndpointReport[]): Generator<void> {
  sheet.gap(20);
  sheet.heading(WORDS.scanOverview, STYLES.section, 'H2', TABLE_START + 10);
  sheet.y += 6;
  if (endpoints.length === 0) {
    sheet.flow(WORDS.noEndpoints, STYLES.body);
    return;
  }
  const columns = WORDS.overviewColumns.map((title, index) => ({ title, width: WIDTHS[index] ?? 0 }));
  const rows = endpoints.flatMap(overviewRows);
  yield* drawTable(sheet, columns, rows.slice(0, MAX_TABLE_ROWS));
  if (rows.length > MAX_TABLE_ROWS) {
    sheet.y += 4;
    sheet.remark(leftOutRows(rows.length - MAX_TABLE_ROWS));
  }
}

function overviewRows(endpoint: EndpointReport): string[][] {
  const target = hostAndPort(endpoint.address, endpoint.port);
  const security = securityText(endpoint);
  const status = OUTCOME_LABELS[endpoint.outcome];
  const sensors = applicationTopics(endpoint).flatMap(({ sensor }) => (sensor === undefined ? [] : [sensor]));
  if (sensors.length === 0) return [[target, security, WORDS.none, WORDS.none, status]];
  return sensors.map(({ type, text }) => [target, security, type, text, status]);
}

/** What nobody answered on is neither plain nor encrypted. */
function securityText({ outcome, transport }: EndpointReport): string {
  if (outcome === 'closed' || outcome === 'unreachable') return WORDS.none;
  return isEncrypted(transport) ? 'TLS' : 'Plain';
}
