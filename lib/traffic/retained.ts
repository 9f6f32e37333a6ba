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
import type { StageContext } from '../net';
import { isConnectionFailure, Subscriber, type Subscription } from '../wire';
import { listensAs, versionOf } from './access';
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

const MAX_PUBLISH_BYTES = 256 * 1024;
/** What is kept in memory until it is in the backup; what is more is not touched. */
const MAX_MESSAGES = 10_000;
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_RECORDS = MAX_MESSAGES;
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
  let subscriber: Subscriber;
  try {
    subscriber = await open(endpoint, report, context);
  } catch (thrown) {
    if (context.signal.aborted || !isConnectionFailure(thrown)) throw thrown;
    const reason = printable(reasonOf(thrown));
    const { dryRun } = options;
    return { dryRun, filters: [], found: 0, cleared: 0, remaining: 0, messages: [], capped: false, reason };
  }
  try {
    const found = await retainedAt(subscriber, options.filters, context);
    if (options.dryRun || found.messages.size === 0) return resultOf(options, found, undefined, undefined);
    const backup = await options.backup(report.url, [...found.messages.values()]);
    for (const topic of found.messages.keys()) {
      context.signal.throwIfAborted();
      await subscriber.publishRetained(topic, Buffer.alloc(0));
    }
    // In the same session, so that the broker has seen all of it before.
    const left = await retainedAt(subscriber, options.filters, context);
    return resultOf(options, found, left, backup);
  } finally {
    await subscriber.close();
  }
}

/**
 * Publishes the messages of a backup again, retained.
 * @returns how many were handed over
 * @throws SessionError and the like when the broker cannot be reached
 */
export async function restoreRetained(
  endpoint: Endpoint,
  report: EndpointReport,
  messages: readonly RetainedMessage[],
  context: StageContext,
): Promise<number> {
  const subscriber = await open(endpoint, report, context);
  let count = 0;
  try {
    for (const { topic, payload } of messages) {
      context.signal.throwIfAborted();
      if (payload.length === 0 || whyNot(Buffer.from(topic)) !== undefined) continue;
      await subscriber.publishRetained(topic, payload);
      count++;
    }
    // An answer to this comes when everything before it was taken.
    await subscriber.subscribe(`mqttscan/${Date.now().toString(36)}`);
    return count;
  } finally {
    await subscriber.close();
  }
}

function open(endpoint: Endpoint, report: EndpointReport, context: StageContext): Promise<Subscriber> {
  const options = {
    protocolVersion: versionOf(report),
    maxPublishBytes: MAX_PUBLISH_BYTES,
    ...(listensAs(report) === 'credentials' && { credentials: context.credentials }),
  };
  return Subscriber.open(endpoint, report.transport, options, context);
}

/** Everything that the broker sends as retained until it is quiet, or the phase's deadline. */
async function retainedAt(
  subscriber: Subscriber,
  filters: readonly string[],
  { phaseTimeoutMs, signal }: StageContext,
): Promise<Found> {
  const found: Found = { messages: new Map(), skipped: [], subscriptions: [], bytes: 0, capped: false };
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
  subscriber.onPublish(() => undefined);
  return found;
}

function note(found: Found, name: Buffer, payload: Buffer, filters: readonly string[]): void {
  const topic = name.toString('utf8');
  const reason =
    whyNot(name) ?? (filters.some((one) => matchesFilter(one, topic)) ? undefined : 'outside of the filters');
  if (reason !== undefined) {
    if (found.skipped.length >= MAX_RECORDS) found.capped = true;
    else
      found.skipped.push({
        topic: printable(topic, MAX_TOPIC_CHARS),
        bytes: payload.length,
        outcome: 'skipped',
        reason,
      });
    return;
  }
  const known = found.messages.get(topic);
  const isTooMuch =
    found.bytes + payload.length > MAX_BYTES || (!known && found.messages.size >= MAX_MESSAGES);
  if (isTooMuch) {
    found.capped = true;
    return;
  }
  found.bytes += payload.length - (known?.payload.length ?? 0);
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

function resultOf(
  { dryRun }: RetainedOptions,
  found: Found,
  left: Found | undefined,
  backup: string | undefined,
): RetainedResult {
  const records = [...found.messages.values()].map(({ topic, payload }): RetainedRecord => {
    const outcome = left === undefined ? 'listed' : left.messages.has(topic) ? 'remains' : 'cleared';
    return { topic: printable(topic, MAX_TOPIC_CHARS), bytes: payload.length, outcome };
  });
  const count = (outcome: RetainedRecord['outcome']): number =>
    records.filter((record) => record.outcome === outcome).length;
  return {
    dryRun,
    filters: found.subscriptions,
    found: records.length + found.skipped.length,
    cleared: count('cleared'),
    remaining: count('remains'),
    messages: [...records, ...found.skipped],
    capped: found.capped,
    ...(backup !== undefined && { backup }),
  };
}
