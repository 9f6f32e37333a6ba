import { printable, ScanError } from '../../lib/model';
import { DEFAULTS, LISTEN_S } from '../../lib/scan';
import { isRecord } from '../shared/messages';
import { numberOption } from '../shared/options';

/** What a message asks for, over what the node is set to. */
export interface RequestedScan {
  readonly targets: string | readonly string[];
  readonly ports: string;
  /** Narrows the scope of the profile; it cannot widen it. */
  readonly scope?: string;
  readonly name?: string;
  readonly listenMs?: number;
}

/** What the node is set to. */
export interface ConfiguredScan {
  readonly targets: string | readonly string[];
  readonly ports: string;
}

const MAX_NAME_CHARS = 80;
/** Properties of `msg.payload` that say what to scan; a login was taken out before. */
const KNOWN: ReadonlySet<string> = new Set(['targets', 'ports', 'scope', 'name', 'listen']);

/**
 * Reads what the node is set to; a value that comes from a message or a context may be anything.
 * @throws ScanError BAD_INPUT
 */
export function configuredScan(targets: unknown, ports: unknown): ConfiguredScan {
  return {
    targets: isFilled(targets) ? textsOf(targets, 'what the node is to scan') : '',
    ports: isFilled(ports) ? portsText(ports, 'what the node takes for ports') : DEFAULTS.ports,
  };
}

/**
 * Reads `msg.payload`: a text or an array of texts are targets, an object may name targets and more. Anything
 * else (the time stamp of an inject node, nothing) starts what the node is set to.
 * @throws ScanError BAD_INPUT, BAD_OPTION
 */
export function requestedScan(payload: unknown, configured: ConfiguredScan): RequestedScan {
  if (typeof payload === 'string' || Array.isArray(payload)) {
    return { ...configured, targets: textsOf(payload, 'msg.payload') };
  }
  if (Buffer.isBuffer(payload)) return { ...configured, targets: payload.toString() };
  if (!isRecord(payload)) return configured;
  const keys = Object.keys(payload);
  if (keys.length > 0 && !keys.some((key) => KNOWN.has(key))) {
    // A slip of the pen must not start a scan of something else.
    throw new ScanError('BAD_INPUT', {
      reason: `msg.payload is an object with none of ${[...KNOWN].join(', ')}`,
    });
  }
  const { targets, ports, scope, name, listen } = payload;
  return {
    targets: isGiven(targets) ? textsOf(targets, 'msg.payload.targets') : configured.targets,
    ports: isFilled(ports) ? portsText(ports, 'msg.payload.ports') : configured.ports,
    ...(isFilled(scope) && { scope: scopeText(scope) }),
    ...(typeof name === 'string' && name !== '' && { name: printable(name, MAX_NAME_CHARS) }),
    ...(isFilled(listen) && {
      listenMs: 1000 * numberOption(listen, { name: 'listen', ...LISTEN_S, fallback: 0 }),
    }),
  };
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
/** Forms send an empty text for what was left out. */
const isFilled = (value: unknown): boolean => isGiven(value) && value !== '';

function textsOf(value: unknown, where: string): string | string[] {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new ScanError('BAD_INPUT', { reason: `${where} must be a text or a list of texts` });
}

/** A list without entries allows nothing. */
function scopeText(value: unknown): string {
  const texts = textsOf(value, 'msg.payload.scope');
  return typeof texts === 'string' ? texts : texts.join(',');
}

function portsText(value: unknown, where: string): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' || typeof item === 'number')) {
    return value.join(',');
  }
  throw new ScanError('BAD_INPUT', { reason: `${where} must be a number, a text or a list of them` });
}
