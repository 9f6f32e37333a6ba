import {
  type Endpoint,
  type EndpointReport,
  onStop,
  printable,
  reasonOf,
  type TopicReport,
  type TrafficResult,
} from '../model';
import { type StageContext, takeTurn, turn } from '../net';
import { isConnectionFailure, Subscriber, type Subscription } from '../wire';
import { listenerFor, versionOf } from './access';
import { type LiveReading, LiveReadings } from './readings';
import { Recogniser } from './recogniser';
import { Redactor } from './sensitive';
import { type TopicEntry, TopicLog } from './topic-log';
import { topicReport } from './topic-report';

export interface ListenOptions {
  readonly filters: readonly string[];
  readonly listenMs: number;
  readonly maxMessages: number;
  readonly maxTopics: number;
  /** Bytes of a payload that are kept and shown. */
  readonly maxPayload: number;
  /** Bytes of payloads after which listening ends; 1 GiB if absent. */
  readonly maxBytes?: number | undefined;
  /** Of this installation: makes hashes of secrets comparable between scans, and useless to others. */
  readonly salt?: string | undefined;
  /** Called with readings while they come. */
  readonly onReading?: ((reading: LiveReading) => void) | undefined;
}

/** Larger messages are passed over and counted; firmware is not what is looked for. */
const MAX_PUBLISH_BYTES = 256 * 1024;
const MAX_BYTES = 1024 ** 3;
/** Sensors send short messages; longer ones are not looked at while they come. */
const MAX_LIVE_BYTES = 2048;
/** What a turn of looking at topics takes, and how often it comes while messages do: a twelfth of the time. */
const LOOK_MS = 4;
const LOOK_EVERY_MS = 50;
/** Topics that are made ready for the report in one turn. */
const REPORTED_PER_TURN = 100;

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
  const listener = listenerFor(report, context);
  const listenedAs = listener.as;
  const log = new TopicLog(options);
  const recogniser = new Recogniser(log, new Redactor(options.salt));
  try {
    const subscriber = await Subscriber.open(
      endpoint,
      report.transport,
      {
        protocolVersion: versionOf(report),
        maxPublishBytes: MAX_PUBLISH_BYTES,
        credentials: listener.credentials,
      },
      listener.context,
    );
    const end = await collect(subscriber, log, recogniser, report.url, options, context);
    const reason = end.endedBy === 'disconnected' ? subscriber.failure : undefined;
    const [heard] = await Promise.all([
      tally(log, recogniser, subscriber.passedOver, options.maxPayload),
      subscriber.close(),
    ]);
    return { ...end, ...heard, listenedAs, ...(reason !== undefined && { reason: printable(reason) }) };
  } catch (thrown) {
    const stopped = context.signal.aborted;
    if (!stopped && !isConnectionFailure(thrown)) throw thrown;
    const endedBy = stopped ? 'stopped' : 'error';
    const reason = stopped ? 'the scan was stopped' : printable(reasonOf(thrown));
    const nothing = await tally(log, recogniser, 0, options.maxPayload);
    return { listenedMs: 0, filters: [], endedBy, reason, ...nothing, listenedAs };
  }
}

type Heard = Omit<TrafficResult, 'listenedMs' | 'filters' | 'endedBy' | 'listenedAs' | 'reason'>;

/** Looks at everything that was not looked at yet, in turns, and puts it together. */
async function tally(
  log: TopicLog,
  recogniser: Recogniser,
  passedOver: number,
  maxPayload: number,
): Promise<Heard> {
  while (recogniser.work(performance.now() + LOOK_MS)) await turn();
  const topics: TopicReport[] = [];
  for (const entry of log.entries()) {
    topics.push(topicReport(entry, recogniser, maxPayload));
    if (topics.length % REPORTED_PER_TURN === 0) await turn();
  }
  const { messages, bytes, dropped, keptBytes } = log;
  const capped: NonNullable<TrafficResult['capped']>[number][] = [...recogniser.facts.capped];
  if (log.isFull && dropped > 0) capped.unshift('topics');
  if (log.budgetHit) capped.unshift('payload-budget');
  return {
    messages,
    bytes,
    dropped: dropped + passedOver,
    topics,
    ...(capped.length > 0 && { capped }),
    ...(keptBytes > 0 && { keptBytes }),
    ...recogniser.summary(),
  };
}

type End = Pick<TrafficResult, 'listenedMs' | 'filters' | 'endedBy'>;

async function collect(
  subscriber: Subscriber,
  log: TopicLog,
  recogniser: Recogniser,
  url: string,
  options: ListenOptions,
  { clock, signal }: StageContext,
): Promise<End> {
  const startedAt = clock.now();
  const { onReading, maxMessages, maxBytes = MAX_BYTES } = options;
  const live = onReading && liveReadings(url, recogniser, onReading);
  const answered = new Map<string, Subscription>();
  const endedBy = await new Promise<End['endedBy']>((resolve) => {
    const onAbort = (): void => finish('stopped');
    const timer = setTimeout(() => finish('time'), options.listenMs);
    const look = (): void => {
      recogniser.work(performance.now() + LOOK_MS, clock.now());
    };
    const looking = setInterval(() => takeTurn(look), LOOK_EVERY_MS);
    let isOver = false;
    const finish = (why: End['endedBy']): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      clearInterval(looking);
      stopWaiting();
      // What comes from now on is no part of the result.
      subscriber.mute();
      resolve(why);
    };
    const stopWaiting = onStop(signal, onAbort);
    if (signal.aborted) return onAbort();
    subscriber.onClose(() => finish('disconnected'));
    // Before subscribing: brokers may send retained messages ahead of SUBACK [MQTT-3.8.4-3].
    subscriber.onPublish((bytes, topicAt, topicEnd, payloadAt, end, retain, qos) => {
      const now = clock.now();
      const entry = log.note(bytes, topicAt, topicEnd, payloadAt, end, retain, now);
      if (entry) entry.qos = qos;
      if (!entry) finish('topics');
      else if (live && entry.size <= MAX_LIVE_BYTES && bytes[topicAt] !== DOLLAR) live.add(entry, now);
      if (log.messages >= maxMessages) finish('messages');
      else if (log.bytes >= maxBytes) finish('bytes');
    });
    const asked = Promise.all(
      options.filters.map(async (filter) => {
        answered.set(filter, await subscriber.subscribe(filter));
      }),
    );
    void asked.then(() => {
      if (answered.size > 0 && [...answered.values()].every(({ granted }) => !granted)) finish('refused');
    });
  });
  live?.flush();
  // What the broker has not answered by now was not granted.
  const filters = options.filters.map((filter) => answered.get(filter) ?? { filter, granted: false });
  return { listenedMs: clock.now() - startedAt, filters, endedBy };
}

/** The first character of topics that are the broker's own (5.0 §4.7.2). */
const DOLLAR = 0x24;

function liveReadings(
  url: string,
  recogniser: Recogniser,
  emit: (reading: LiveReading) => void,
): LiveReadings<TopicEntry> {
  const read = (entry: TopicEntry) => {
    const sensor = recogniser.sensorOf(entry);
    return sensor && { topic: recogniser.topicText(entry), sensor };
  };
  return new LiveReadings(url, read, emit);
}
