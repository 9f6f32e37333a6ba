import { OUTCOME_LABELS, PROTOCOL_LABELS } from '../model';
import { csvCell } from './csv-cell';
import { BYTE_ORDER_MARK, headerLine, recordLine } from './csv-stringifier';
import type { Renderer } from './data';
import { formatScanDate } from './dates';
import { type FlatFinding, flatFindings } from './flat-findings';
import { TimeSlices } from './time-slices';

const COLUMNS = [
  'Scan Date',
  'Target IP',
  'Port',
  'Protocol',
  'Endpoint',
  'Status',
  'Severity',
  'Rule',
  'Title',
  'Confidence',
  'CVSS Score',
  'CVSS Vector',
  'CWE',
  'Evidence',
  'Impact',
  'Remediation',
  'References',
  'Fingerprint',
] as const;

/** One row per finding: UTF-8 with byte order mark, CRLF, every field quoted. */
export const renderFindingsCsv: Renderer = async function* (data, { timezone, signal }) {
  const slices = new TimeSlices(signal);
  const date = formatScanDate(data.scan.startedAt, timezone);
  yield BYTE_ORDER_MARK + headerLine(COLUMNS);
  for (const flat of flatFindings(data)) {
    yield row(date, flat);
    await slices.step();
  }
};

function row(date: string, { finding, endpoint, urls, fingerprint }: FlatFinding): string {
  const fields: readonly (string | number)[] = [
    date,
    endpoint?.address ?? '',
    endpoint?.port ?? '',
    endpoint === undefined ? '' : PROTOCOL_LABELS[endpoint.transport],
    urls.join(' '),
    endpoint === undefined ? '' : OUTCOME_LABELS[endpoint.outcome],
    finding.severity,
    finding.id,
    finding.title,
    finding.confidence ?? '',
    finding.cvss?.score ?? '',
    finding.cvss?.vector ?? '',
    (finding.cwe ?? []).join(' '),
    finding.evidence,
    finding.why ?? '',
    finding.remediation,
    finding.references.join(' '),
    fingerprint,
  ];
  return recordLine(fields.map(csvCell));
}
