import { type EndpointReport, OUTCOME_LABELS, PROTOCOL_LABELS, type TopicReport } from '../model';
import { csvCell } from './csv-cell';
import { BYTE_ORDER_MARK, headerLine, recordLine } from './csv-stringifier';
import type { Renderer } from './data';
import { formatScanDate } from './dates';
import { TimeSlices } from './time-slices';
import { applicationTopics } from './topics';
import { WORDS } from './wording';

/** The columns; their names and order are a contract with whoever reads the file. */
const COLUMNS = [
  'Scan Date',
  'Target IP',
  'Port',
  'Protocol',
  'Topic',
  'Sensor Type',
  'Sensor Data (Summary)',
  'Raw Payload',
  'Status',
  'Risk Level',
  'Message Count',
] as const;

/**
 * The CSV report: UTF-8 with a byte order mark (without one Excel takes it for the system's old code page), CRLF, one
 * row per endpoint and topic, one row with empty topic fields for an endpoint where no application topic was seen.
 */
export const renderCsv: Renderer = async function* (data, { timezone, signal }) {
  const slices = new TimeSlices(signal);
  const date = formatScanDate(data.scan.startedAt, timezone);
  yield BYTE_ORDER_MARK + headerLine(COLUMNS);
  for (const endpoint of data.endpoints) {
    const topics = applicationTopics(endpoint);
    if (topics.length === 0) yield row(date, endpoint);
    for (const topic of topics) {
      yield row(date, endpoint, topic);
      await slices.step();
    }
    await slices.step();
  }
};

function row(date: string, endpoint: EndpointReport, topic?: TopicReport): string {
  const fields: readonly (string | number)[] = [
    date,
    endpoint.address,
    endpoint.port,
    PROTOCOL_LABELS[endpoint.transport],
    topic?.topic ?? '',
    topic?.sensor?.type ?? '',
    topic?.sensor?.summary ?? '',
    topic === undefined ? '' : payloadOf(topic),
    OUTCOME_LABELS[endpoint.outcome],
    endpoint.risk?.level ?? '',
    topic?.messages ?? 0,
  ];
  return recordLine(fields.map(csvCell));
}

/** The newest payload; one of which only the beginning was kept says so. */
function payloadOf({ payload, truncated }: TopicReport): string {
  return truncated ? `${payload} ${WORDS.cut}` : payload;
}
