import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type AbsentEndpoint, endpointKey, isTransport, printable } from '../../model';
import { type PreviousReport, scanFindingKey } from './change-tracker';
import { BrokenJson, JsonParts } from './json-parts';
import { type EndpointSnapshot, snapshotOf } from './snapshot';

/** As reports are named, whatever their base name: the number, and nothing between it and `.json`. */
const REPORT_NAME = /^[A-Za-z0-9_.-]{1,64}_(\d{3,9})\.json$/;
const SCHEMA = 'mqtt-scan-report/1';
/** Newest reports that are looked at until one of the same targets is found. */
const MAX_LOOKED_AT = 500;
/** Files of which the age is asked. */
const MAX_STATTED = 20_000;
const MAX_FILE_BYTES = 2 ** 31;
const MAX_ENDPOINTS = 200_000;
const MAX_ABSENT = 5000;
const MAX_SCAN_FINDINGS = 1000;

/** What tells whether a report is of the same scan. */
export interface SameScan {
  readonly targets: readonly string[];
  readonly ports?: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The newest report in a folder that has the same targets; undefined when there is none, or the folder cannot be
 * read. Files that are broken, too large or no reports are passed over. The folder may be shared, so nothing in it
 * is believed: everything is checked, bounded and made printable.
 * @throws the signal's reason when it is aborted
 */
export async function lastReport(
  directory: string,
  same: SameScan,
  signal?: AbortSignal,
): Promise<PreviousReport | undefined> {
  for (const file of await newestFirst(directory)) {
    signal?.throwIfAborted();
    try {
      if (await isSame(file, same, signal)) return await readReport(file, signal);
    } catch (thrown) {
      signal?.throwIfAborted();
      if (!isPassedOver(thrown)) throw thrown;
    }
  }
  return undefined;
}

/** Broken files, and those that vanish or may not be read. */
function isPassedOver(thrown: unknown): boolean {
  return (
    thrown instanceof BrokenJson ||
    thrown instanceof SyntaxError ||
    (thrown instanceof Error && 'code' in thrown)
  );
}

async function newestFirst(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  const candidates = names
    .flatMap((name) => {
      const [, digits] = REPORT_NAME.exec(name) ?? [];
      return digits === undefined ? [] : [{ name, number: Number(digits) }];
    })
    .sort((a, b) => b.number - a.number)
    .slice(0, MAX_STATTED);
  const files: { path: string; number: number; time: number }[] = [];
  for (const { name, number } of candidates) {
    const path = join(directory, name);
    const stats = await lstat(path).catch(() => undefined);
    // No links, pipes or devices: only what was written here.
    if (stats?.isFile() && stats.size <= MAX_FILE_BYTES) files.push({ path, number, time: stats.mtimeMs });
  }
  files.sort((a, b) => b.time - a.time || b.number - a.number);
  return files.slice(0, MAX_LOOKED_AT).map(({ path }) => path);
}

async function isSame(file: string, same: SameScan, signal?: AbortSignal): Promise<boolean> {
  for await (const { key, text, isElement } of partsOf(file, signal)) {
    if (isElement) continue;
    if (key === 'schema' && JSON.parse(text) !== SCHEMA) return false;
    if (key !== 'summary') continue;
    const { targets, ports } = fields(JSON.parse(text));
    const hasSamePorts = same.ports === undefined || typeof ports !== 'string' || ports === same.ports;
    return hasSamePorts && Array.isArray(targets) && keyOf(targets) === keyOf(same.targets);
  }
  return false;
}

/** A list of targets, whatever their order. */
function keyOf(targets: readonly unknown[]): string {
  return JSON.stringify([...new Set(targets.map(String))].sort());
}

async function readReport(file: string, signal?: AbortSignal): Promise<PreviousReport> {
  const endpoints = new Map<string, EndpointSnapshot>();
  let number = 0;
  let summary: Fields = {};
  for await (const { key, text, isElement } of partsOf(file, signal)) {
    if (isElement) {
      const snapshot = snapshotOf(JSON.parse(text));
      if (snapshot && endpoints.size < MAX_ENDPOINTS) endpoints.set(snapshot.key, snapshot);
    } else if (key === 'number') number = Number(JSON.parse(text)) || 0;
    else if (key === 'summary') summary = fields(JSON.parse(text));
  }
  const { scanId, finishedAt } = summary;
  return {
    number,
    scanId: printable(String(scanId), 64),
    finishedAt: printable(String(finishedAt), 64),
    endpoints,
    absent: absentOf(fields(summary.changes).absent, endpoints),
    scanFindings: scanFindingsOf(summary.findings),
  };
}

/** What was gone already when the report was written. */
function absentOf(value: unknown, present: ReadonlyMap<string, unknown>): Map<string, AbsentEndpoint> {
  const absent = new Map<string, AbsentEndpoint>();
  for (const item of Array.isArray(value) ? value.slice(0, MAX_ABSENT) : []) {
    const { target, address, port, transport, goneSince, findings, notReached } = fields(item);
    if (typeof target !== 'string' || typeof address !== 'string' || !isTransport(transport)) continue;
    if (typeof port !== 'number' || typeof goneSince !== 'string') continue;
    const endpoint = {
      target: printable(target, 300),
      address: printable(address, 300),
      port,
      transport,
      goneSince: printable(goneSince, 64),
      findings: (Array.isArray(findings) ? findings.slice(0, 500) : []).map((id) =>
        printable(String(id), 64),
      ),
      ...(notReached === true && { notReached: true as const }),
    };
    const key = endpointKey(endpoint);
    if (!present.has(key)) absent.set(key, endpoint);
  }
  return absent;
}

function scanFindingsOf(value: unknown): Set<string> {
  const known = new Set<string>();
  for (const item of Array.isArray(value) ? value.slice(0, MAX_SCAN_FINDINGS) : []) {
    const { id, endpoints } = fields(item);
    const [url] = Array.isArray(endpoints) ? endpoints : [];
    if (typeof id === 'string') known.add(scanFindingKey(id, typeof url === 'string' ? url : undefined));
  }
  return known;
}

async function* partsOf(file: string, signal?: AbortSignal) {
  const parts = new JsonParts('endpoints');
  const stream = createReadStream(file, { encoding: 'utf8', ...(signal && { signal }) });
  try {
    for await (const chunk of stream) yield* parts.push(chunk as string);
    if (!parts.isComplete) throw new BrokenJson('it has no end');
  } finally {
    stream.destroy();
  }
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
