import { createHash } from 'node:crypto';
import {
  type Endpoint,
  type EndpointReport,
  MAX_TOPIC_CHARS,
  onStop,
  type ProtocolVersion,
  printable,
  reasonOf,
  type TrafficResult,
} from '../model';
import type { StageContext } from '../net';
import { isConnectionFailure, Session, type Subscription } from '../wire';
import { type LiveReading, LiveReadings } from './readings';
import { TopicLog } from './topic-log';

export interface ListenOptions {
  readonly filters: readonly string[];
  readonly listenMs: number;
  readonly maxMessages: number;
  readonly maxTopics: number;
  /** Bytes of a payload that are kept and shown. */
  readonly maxPayload: number;
  /** Called with readings while they come. */
  readonly onReading?: ((reading: LiveReading) => void) | undefined;
}

/** Larger messages are passed over and counted; images and firmware are not what is looked for. */
const MAX_PUBLISH_BYTES = 256 * 1024;
/** Characters of a long topic that give way to its length and digest. */
const DIGEST_ROOM = 48;

/** True for endpoints that let us in. */
export function canListen(report: EndpointReport): boolean {
  return report.outcome === 'open';
}

/**
 * Subscribes and notes what comes until the time is over or a limit is reached. Never publishes.
 * A stop ends it early with what was seen so far.
 * @throws ScanError OUT_OF_SCOPE
 */
export async function listen(
  endpoint: Endpoint,
  report: EndpointReport,
  options: ListenOptions,
  context: StageContext,
): Promise<TrafficResult> {
  const listenedAs = listensAs(report);
  const log = new TopicLog(options);
  try {
    const session = await Session.open(
      endpoint,
      report.transport,
      {
        protocolVersion: versionOf(report),
        maxPublishBytes: MAX_PUBLISH_BYTES,
        ...(listenedAs === 'credentials' && { credentials: context.credentials }),
      },
      context,
    );
    const end = await collect(session, log, report.url, options, context);
    const reason = end.endedBy === 'disconnected' ? session.failure : undefined;
    return {
      ...end,
      ...tally(log, session.passedOver),
      listenedAs,
      ...(reason !== undefined && { reason: printable(reason) }),
    };
  } catch (thrown) {
    const stopped = context.signal.aborted;
    if (!stopped && !isConnectionFailure(thrown)) throw thrown;
    const endedBy = stopped ? 'stopped' : 'error';
    const reason = stopped ? 'the scan was stopped' : printable(reasonOf(thrown));
    return { listenedMs: 0, filters: [], endedBy, reason, ...tally(log, 0), listenedAs };
  }
}

function listensAs(report: EndpointReport): TrafficResult['listenedAs'] {
  const anonymous = report.auth?.anonymous.verdict === 'accepted' || report.probe?.openedAs === 'anonymous';
  return anonymous ? 'anonymous' : 'credentials';
}

function versionOf(report: EndpointReport): ProtocolVersion {
  const versions = report.probe?.versions ?? [];
  return ([4, 5, 3] as const).find((version) => versions.includes(version)) ?? 4;
}

function tally(log: TopicLog, passedOver: number) {
  const { messages, bytes, dropped } = log;
  return { messages, bytes, dropped: dropped + passedOver, topics: log.reports() };
}

/** A topic may have 64 KB, and a thousand of them would be kept for each of many brokers. */
function boundedTopic(topic: string): string {
  if (topic.length <= MAX_TOPIC_CHARS) return topic;
  // What tells long topics apart may stand behind the cut.
  const digest = createHash('sha256').update(topic).digest('hex').slice(0, 16);
  // Through a buffer: a slice of a string keeps the whole of it in memory.
  const head = Buffer.from(topic.slice(0, MAX_TOPIC_CHARS - DIGEST_ROOM)).toString();
  return `${head}… (${topic.length} characters, ${digest})`;
}

type End = Pick<TrafficResult, 'listenedMs' | 'filters' | 'endedBy'>;

async function collect(
  session: Session,
  log: TopicLog,
  url: string,
  options: ListenOptions,
  { clock, signal }: StageContext,
): Promise<End> {
  const startedAt = clock.now();
  const live = options.onReading && new LiveReadings(url, options.onReading);
  const answered = new Map<string, Subscription>();
  const endedBy = await new Promise<End['endedBy']>((resolve) => {
    const onAbort = (): void => finish('stopped');
    const timer = setTimeout(() => finish('time'), options.listenMs);
    const finish = (why: End['endedBy']): void => {
      clearTimeout(timer);
      stopWaiting();
      resolve(why);
    };
    const stopWaiting = onStop(signal, onAbort);
    if (signal.aborted) return onAbort();
    session.onClose(() => finish('disconnected'));
    // Before subscribing: brokers may send retained messages ahead of SUBACK [MQTT-3.8.4-3].
    session.onMessage((topic, payload, flags) => {
      const now = clock.now();
      log.add(boundedTopic(topic), payload, flags, now);
      live?.add(topic, payload, now);
      if (log.messages >= options.maxMessages) finish('messages');
      else if (log.isFull && log.dropped > 0) finish('topics');
    });
    const asked = Promise.all(
      options.filters.map(async (filter) => {
        answered.set(filter, await session.subscribe(filter));
      }),
    );
    void asked.then(() => {
      if (answered.size > 0 && [...answered.values()].every(({ granted }) => !granted)) finish('refused');
    });
  });
  live?.flush();
  // What the broker has not answered by now was not granted.
  const filters = options.filters.map((filter) => answered.get(filter) ?? { filter, granted: false });
  await session.close();
  return { listenedMs: clock.now() - startedAt, filters, endedBy };
}
