import { isUtf8 } from 'node:buffer';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Endpoint,
  type EndpointReport,
  MAX_TOPIC_CHARS,
  printable,
  type RetainedRecord,
  type RetainedResult,
  reasonOf,
} from '../model';
import { type StageContext, turn } from '../net';
import {
  isConnectionFailure,
  Session,
  SessionError,
  type SessionOptions,
  Subscriber,
  type Subscription,
} from '../wire';
import { keeperFor, type Listener, versionOf } from './access';
import { hiddenTopic } from './sensitive';
import { matchesFilter } from './topic-filter';

/** A retained message as it is at the broker. */
export interface RetainedMessage {
  readonly topic: string;
  readonly payload: Buffer;
}

export interface RetainedOptions {
  readonly filters: readonly string[];
  /** Lists only, unless this is false. */
  readonly dryRun: boolean;
  /**
   * Keeps the messages before any is cleared, and says where. What it throws ends the clearing before it begins.
   */
  readonly backup: (url: string, messages: readonly RetainedMessage[]) => Promise<string>;
}

interface Found {
  readonly messages: Map<string, RetainedMessage>;
  readonly skipped: RetainedRecord[];
  subscriptions: readonly Subscription[];
  bytes: number;
  capped: boolean;
}

const nothing = (): Found => ({
  messages: new Map(),
  skipped: [],
  subscriptions: [],
  bytes: 0,
  capped: false,
});

/** Pictures and maps are kept as well; what is larger is not touched. */
const MAX_PUBLISH_BYTES = 4 * 1024 * 1024;
/** What is kept in memory until it is in the backup, names and payloads; what is more is not touched. */
const MAX_MESSAGES = 10_000;
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_RECORDS = MAX_MESSAGES;
const RECORDS_PER_TURN = 100;
/** Retained messages follow SUBACK without a pause; after this much silence there are no more. */
const QUIET_MS = 400;
const LOOK_MS = 50;

/**
 * Lists the retained messages under some filters and, only when it is asked to, clears them: with an empty retained
 * message each [MQTT-3.3.1-10]. Topics outside of the filters, the broker's own, and names that MQTT forbids are never
 * written to, whatever the broker delivers. Looks afterwards what is still there.
 * @throws ScanError OUT_OF_SCOPE, and what the backup throws; a broker that refuses is a result
 */
export async function clearRetained(
  endpoint: Endpoint,
  report: EndpointReport,
  options: RetainedOptions,
  context: StageContext,
): Promise<RetainedResult> {
  const listener = keeperFor(report, context);
  let found = nothing();
  let backup: string | undefined;
  try {
    found = await retainedAt(endpoint, report, options.filters, listener);
    if (options.dryRun || found.messages.size === 0) return await resultOf(options, found, found, undefined);
    backup = await options.backup(report.url, [...found.messages.values()]);
    const empty = [...found.messages.keys()].map((topic) => ({ topic, payload: Buffer.alloc(0) }));
    await publishAll(endpoint, report, empty, listener);
    const left = await retainedAt(endpoint, report, options.filters, listener);
    return await resultOf(options, found, left, backup);
  } catch (thrown) {
    if (context.signal.aborted || !isConnectionFailure(thrown)) throw thrown;
    // What was found and kept is told, also when the broker left before all of it was cleared.
    return { ...(await resultOf(options, found, undefined, backup)), reason: printable(reasonOf(thrown)) };
  }
}

/**
 * Publishes the messages of a backup again, retained.
 * @returns how many the broker took
 * @throws SessionError and the like when the broker cannot be reached
 */
export function restoreRetained(
  endpoint: Endpoint,
  report: EndpointReport,
  messages: readonly RetainedMessage[],
  context: StageContext,
): Promise<number> {
  const wanted = messages.filter(
    ({ topic, payload }) => payload.length > 0 && whyNot(Buffer.from(topic)) === undefined,
  );
  return publishAll(endpoint, report, wanted, keeperFor(report, context));
}

function sessionOptions(report: EndpointReport, { credentials }: Listener): SessionOptions {
  return { protocolVersion: versionOf(report), maxPublishBytes: MAX_PUBLISH_BYTES, credentials };
}

/** One after the other: each is acknowledged before the next, and a stop leaves no more than one on its way. */
async function publishAll(
  endpoint: Endpoint,
  report: EndpointReport,
  messages: readonly RetainedMessage[],
  listener: Listener,
): Promise<number> {
  const { context } = listener;
  const session = await Session.open(endpoint, report.transport, sessionOptions(report, listener), context);
  try {
    let taken = 0;
    for (const { topic, payload } of messages) {
      context.signal.throwIfAborted();
      if (await session.publishRetained(topic, payload)) taken++;
      else if (session.failure !== undefined) throw new SessionError(session.failure);
    }
    return taken;
  } finally {
    await session.close();
  }
}

/** Everything that the broker sends as retained until it is quiet, or the phase's deadline. */
async function retainedAt(
  endpoint: Endpoint,
  report: EndpointReport,
  filters: readonly string[],
  listener: Listener,
): Promise<Found> {
  const { context } = listener;
  const options = sessionOptions(report, listener);
  const subscriber = await Subscriber.open(endpoint, report.transport, options, context);
  try {
    return await listRetained(subscriber, filters, context);
  } finally {
    await subscriber.close();
  }
}

async function listRetained(
  subscriber: Subscriber,
  filters: readonly string[],
  { phaseTimeoutMs, signal }: StageContext,
): Promise<Found> {
  const found = nothing();
  let lastAt = performance.now();
  subscriber.onPublish((bytes, topicAt, topicEnd, payloadAt, end, retain) => {
    if (!retain || end === payloadAt) return;
    lastAt = performance.now();
    note(found, bytes.subarray(topicAt, topicEnd), bytes.subarray(payloadAt, end), filters);
  });
  const deadline = performance.now() + phaseTimeoutMs;
  found.subscriptions = await Promise.all(filters.map((filter) => subscriber.subscribe(filter)));
  lastAt = Math.max(lastAt, performance.now());
  while (performance.now() < Math.min(deadline, lastAt + QUIET_MS)) {
    await delay(LOOK_MS, undefined, { signal });
  }
  if (subscriber.passedOver > 0) found.capped = true;
  return found;
}

function note(found: Found, name: Buffer, payload: Buffer, filters: readonly string[]): void {
  const topic = name.toString('utf8');
  const reason =
    whyNot(name) ?? (filters.some((one) => matchesFilter(one, topic)) ? undefined : 'outside of the filters');
  if (reason !== undefined) {
    if (found.skipped.length >= MAX_RECORDS) found.capped = true;
    else found.skipped.push({ ...shown(topic), bytes: payload.length, outcome: 'skipped', reason });
    return;
  }
  const known = found.messages.get(topic);
  const bytes = (known ? 0 : name.length) + payload.length - (known?.payload.length ?? 0);
  const isTooMuch = found.bytes + bytes > MAX_BYTES || (!known && found.messages.size >= MAX_MESSAGES);
  if (isTooMuch) {
    found.capped = true;
    return;
  }
  found.bytes += bytes;
  found.messages.set(topic, { topic, payload: Buffer.from(payload) });
}

/** Why a topic must not be written to. */
function whyNot(name: Buffer): string | undefined {
  if (name.length === 0 || name.length > 65_535) return 'no valid length';
  if (!isUtf8(name)) return 'no valid UTF-8';
  const topic = name.toString('utf8');
  if (/[+#\0]/.test(topic)) return 'wildcards or NUL in its name';
  return topic.startsWith('$') ? 'the broker’s own' : undefined;
}

/** @param left what is there afterwards; undefined where that was not looked up */
async function resultOf(
  { dryRun }: RetainedOptions,
  found: Found,
  left: Found | undefined,
  backup: string | undefined,
): Promise<RetainedResult> {
  const records: RetainedRecord[] = [];
  for (const { topic, payload } of found.messages.values()) {
    const outcome =
      dryRun || left === undefined ? 'listed' : left.messages.has(topic) ? 'remains' : 'cleared';
    records.push({ ...shown(topic), bytes: payload.length, outcome });
    // Names may have been made to be slow to look through.
    if (records.length % RECORDS_PER_TURN === 0) await turn();
  }
  const cleared = records.filter(({ outcome }) => outcome === 'cleared').length;
  const all = records.length + found.skipped.length;
  return {
    dryRun,
    filters: found.subscriptions,
    found: all,
    cleared,
    ...(left !== undefined && { remaining: all - cleared }),
    messages: [...records, ...found.skipped],
    capped: found.capped,
    ...(backup !== undefined && { backup }),
  };
}

/** A topic as it may be shown; the secrets that some devices put into its name stay in the backup. */
function shown(topic: string): Pick<RetainedRecord, 'topic' | 'redacted'> {
  const hidden = hiddenTopic(topic);
  return {
    topic: printable(hidden ?? topic, MAX_TOPIC_CHARS),
    ...(hidden !== undefined && { redacted: true }),
  };
}
