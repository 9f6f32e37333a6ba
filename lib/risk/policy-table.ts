import { isRiskLevel, printable, RISK_LEVELS, ScanError } from '../model';
import { type AddressBlock, blockContains, parseBlock, parseIp } from '../net';
import { type Mute, type Policy, policyNamed, type Severity } from './policy';
import { isRuleId } from './rules';

/** More text than any table needs; a whole report that was pasted by mistake is told, not parsed. */
const MAX_CHARS = 256 * 1024;
const MAX_MUTES = 1000;
const MAX_ENDPOINTS = 1000;
const MAX_NAME_CHARS = 64;
const MAX_REASON_CHARS = 500;

/**
 * Reads a user's table. It builds on one of the policies of the package:
 *
 * ```json
 * {
 *   "name": "plant 2",
 *   "base": "default",
 *   "severities": { "AUTH-ANON": "CRITICAL", "PROTO-LEGACY": "OFF" },
 *   "mute": [
 *     { "rule": "TLS-CERT-SELF-SIGNED", "endpoints": ["10.0.0.5:8883", "10.1.0.0/16"],
 *       "reason": "own CA comes in spring", "until": "2027-03-31" }
 *   ]
 * }
 * ```
 *
 * @param text the JSON; empty means no table
 * @param base the name of the policy when the table names none
 * @throws ScanError BAD_OPTION, which says what is wrong and where
 */
export function readPolicy(text: string, base: string): Policy {
  if (text.trim() === '') return policyNamed(base);
  if (text.length > MAX_CHARS) throw bad(`it is longer than ${MAX_CHARS} characters`);
  return policyFrom(parse(text), base);
}

/** The same for a table that is an object already. @throws ScanError BAD_OPTION */
export function policyFrom(table: unknown, base: string): Policy {
  const fields = record(table, 'it');
  for (const key of Object.keys(fields)) {
    if (!['name', 'base', 'severities', 'mute'].includes(key)) {
      throw bad(`"${shown(key)}" is not known; use name, base, severities and mute`);
    }
  }
  if (Object.keys(fields).length === 0) return policyNamed(base);
  const ground = policyNamed(fields.base === undefined ? base : text(fields.base, 'base', MAX_NAME_CHARS));
  const name =
    fields.name === undefined
      ? `${ground.name}, with an own table`
      : text(fields.name, 'name', MAX_NAME_CHARS);
  const overrides =
    fields.severities === undefined ? {} : readSeverities(record(fields.severities, 'severities'));
  const mutes = fields.mute === undefined ? [] : readMutes(fields.mute);
  return { ...ground, name: printable(name), base: ground.name, overrides, mutes };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (thrown) {
    throw bad(`it is no valid JSON (${shown(thrown instanceof Error ? thrown.message : String(thrown))})`);
  }
}

function readSeverities(fields: Record<string, unknown>): Record<string, Severity> {
  return Object.fromEntries(
    Object.entries(fields).map(([id, severity]): [string, Severity] => {
      ruleId(id, 'severities');
      if (severity !== 'OFF' && !isRiskLevel(severity)) {
        throw bad(`severities.${id} must be one of ${RISK_LEVELS.join(', ')}, OFF`);
      }
      return [id, severity];
    }),
  );
}

function readMutes(value: unknown): Mute[] {
  if (!Array.isArray(value)) throw bad('mute must be a list');
  if (value.length > MAX_MUTES) throw bad(`mute has more than ${MAX_MUTES} entries`);
  return value.map((entry: unknown, i) => {
    const place = `mute[${i}]`;
    const { rule, endpoints, reason, until, ...rest } = record(entry, place);
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined) {
      throw bad(`${place}.${shown(unknown)} is not known; use rule, endpoints, reason and until`);
    }
    return {
      rule: ruleId(text(rule, `${place}.rule`, MAX_NAME_CHARS), `${place}.rule`),
      endpoints: readEndpoints(endpoints, `${place}.endpoints`),
      reason: printable(text(reason, `${place}.reason`, MAX_REASON_CHARS), MAX_REASON_CHARS),
      until: day(text(until, `${place}.until`, MAX_NAME_CHARS), `${place}.until`),
    };
  });
}

function readEndpoints(value: unknown, place: string): string[] {
  const list: unknown[] = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
  if (list.length === 0) throw bad(`${place} must be a list of addresses, names, networks or URLs, or "*"`);
  if (list.length > MAX_ENDPOINTS) throw bad(`${place} has more than ${MAX_ENDPOINTS} entries`);
  return list.map((entry, i) => printable(text(entry, `${place}[${i}]`, 512).trim(), 512));
}

function ruleId(id: string, place: string): string {
  if (isRuleId(id)) return id;
  throw bad(`${place}: there is no rule "${shown(id)}"`);
}

/** A day of the calendar, not only its form. */
function day(value: string, place: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(value)) return value;
  throw bad(`${place} must be a day such as 2027-03-31`);
}

function record(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw bad(`${place} must be an object`);
}

function text(value: unknown, place: string, limit: number): string {
  if (typeof value !== 'string' || value.trim() === '') throw bad(`${place} must be a text`);
  if (value.length > limit) throw bad(`${place} is longer than ${limit} characters`);
  return value.trim();
}

function shown(value: string): string {
  return printable(value, 80);
}

function bad(reason: string): ScanError {
  return new ScanError('BAD_OPTION', { option: 'policyTable', reason });
}

/** What tells whether a mute is for an endpoint. */
export interface MutedEndpoint {
  readonly target: string;
  readonly address: string;
  readonly port: number;
  readonly url: string;
}

const blocks = new Map<string, AddressBlock | undefined>();
const MAX_BLOCKS = 10_000;

/** The mute that silences a rule at an endpoint on a day; `today` as `2026-11-24`, UTC. */
export function muteFor(
  rule: string,
  endpoint: MutedEndpoint,
  mutes: readonly Mute[],
  today: string,
): Mute | undefined {
  return mutes.find(
    (mute) =>
      mute.rule === rule && today <= mute.until && mute.endpoints.some((entry) => names(entry, endpoint)),
  );
}

function names(entry: string, { target, address, port, url }: MutedEndpoint): boolean {
  if (entry === '*' || entry === target || entry === address || entry === url) return true;
  if (entry === `${target}:${port}` || entry === `${address}:${port}` || entry === `[${address}]:${port}`)
    return true;
  if (!entry.includes('/')) return false;
  const block = blockOf(entry);
  const ip = block && parseIp(address);
  return block !== undefined && ip !== undefined && blockContains(block, ip);
}

function blockOf(entry: string): AddressBlock | undefined {
  if (blocks.has(entry)) return blocks.get(entry);
  if (blocks.size >= MAX_BLOCKS) blocks.clear();
  const block = safeBlock(entry);
  blocks.set(entry, block);
  return block;
}

/** A URL has slashes too, and is no network. */
function safeBlock(entry: string): AddressBlock | undefined {
  try {
    return parseBlock(entry);
  } catch {
    return undefined;
  }
}
