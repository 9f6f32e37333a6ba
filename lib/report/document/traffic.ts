import type { TopicReport, TrafficResult } from '../../model';
import { isApplicationTopic } from '../topics';
import { counted, grouped, leftOutTopics, statusTopics, WORDS } from '../wording';
import { type Block, type Cell, type Column, cell, remark } from './blocks';
import { clipped } from './clip';
import { PARTS, SENSITIVE } from './words';

/** Most topics listed for one endpoint. */
export const MAX_TOPICS = 200;
/** Most characters of a payload, and of a topic's name. */
const MAX_PAYLOAD_CHARS = 300;
const MAX_TOPIC_CHARS = 600;
const MAX_ROWS = 100;

const TOPIC_SHARES = [0.35, 0.21, 0.32, 0.12] as const;

/** Topics, sensors and what else was heard. `maxTopics` bounds the list of topics. */
export function* trafficPart(traffic: TrafficResult | undefined, maxTopics: number): Generator<Block> {
  if (traffic === undefined) return;
  yield* topicList(traffic.topics, maxTopics);
  yield* sensitiveData(traffic.topics);
  yield* controls(traffic);
  yield* devices(traffic);
}

function* topicList(topics: readonly TopicReport[], maxTopics: number): Generator<Block> {
  if (topics.length === 0) return;
  yield { kind: 'heading', depth: 3, text: PARTS.topics };
  const application = topics.filter(isApplicationTopic);
  const listed = application.slice(0, maxTopics);
  if (listed.length > 0) {
    yield {
      kind: 'table',
      caption: PARTS.topics,
      columns: WORDS.topicColumns.map((title, index) => ({ title, share: TOPIC_SHARES[index] ?? 0 })),
      rows: function* () {
        for (const topic of listed) yield topicRow(topic);
      },
    };
  }
  if (application.length > listed.length) yield remark(leftOutTopics(application.length - listed.length));
  if (application.length < topics.length) yield remark(statusTopics(topics.length - application.length));
}

function topicRow({ topic, sensor, payload, truncated, messages }: TopicReport): Cell[] {
  const shown = clipped(payload, MAX_PAYLOAD_CHARS);
  const reading = sensor?.text ?? (truncated && shown === payload ? `${payload} ${WORDS.cut}` : shown);
  return [
    cell(clipped(topic, MAX_TOPIC_CHARS)),
    cell(sensor?.type ?? WORDS.none),
    cell(reading),
    cell(grouped(messages)),
  ];
}

function* sensitiveData(topics: readonly TopicReport[]): Generator<Block> {
  yield* tableOf(PARTS.sensitive, {
    caption: 'Sensitive data that could be read (made unreadable here)',
    columns: [
      { title: 'Severity', share: 0.13 },
      { title: 'Kind', share: 0.16 },
      { title: 'Topic', share: 0.3 },
      { title: 'Where', share: 0.14 },
      { title: 'Redacted', share: 0.27 },
    ],
    items: topics.flatMap(({ topic, sensitive }) => (sensitive ?? []).map((one) => ({ topic, ...one }))),
    row: ({ topic, class: kind, severity, path, sample }) => [
      { text: severity, level: severity },
      cell(SENSITIVE[kind] ?? kind),
      cell(clipped(topic, MAX_TOPIC_CHARS)),
      cell(path || WORDS.none),
      cell(sample),
    ],
  });
}

function* controls({ controls = [] }: TrafficResult): Generator<Block> {
  yield* tableOf(PARTS.controls, {
    columns: [
      { title: 'Severity', share: 0.13 },
      { title: 'Kind', share: 0.2 },
      { title: 'Recognised by', share: 0.22 },
      { title: 'Topic', share: 0.45 },
    ],
    items: controls,
    row: ({ kind, severity, convention, topic }) => [
      { text: severity, level: severity },
      cell(kind),
      cell(convention),
      cell(clipped(topic, MAX_TOPIC_CHARS)),
    ],
  });
}

function* devices({ devices = [] }: TrafficResult): Generator<Block> {
  yield* tableOf(PARTS.devices, {
    columns: [
      { title: 'Device', share: 0.28 },
      { title: 'Vendor and Model', share: 0.27 },
      { title: 'Firmware', share: 0.15 },
      { title: 'Address', share: 0.3 },
    ],
    items: devices,
    row: ({ id, name, vendor, model, firmware, address, mac }) => [
      cell(name === undefined || name === id ? id : `${name} (${id})`),
      cell([vendor, model].filter(Boolean).join(' ') || WORDS.none),
      cell(firmware ?? WORDS.none),
      cell([address, mac].filter(Boolean).join(', ') || WORDS.none),
    ],
  });
}

interface Listing<T> {
  /** The title, unless it is another. */
  readonly caption?: string;
  readonly columns: readonly Column[];
  readonly items: readonly T[];
  readonly row: (item: T) => readonly Cell[];
}

/** A heading and a table of the first items, if there are any. */
function* tableOf<T>(title: string, { caption = title, columns, items, row }: Listing<T>): Generator<Block> {
  if (items.length === 0) return;
  yield { kind: 'heading', depth: 3, text: title };
  const rows = items.slice(0, MAX_ROWS).map(row);
  yield { kind: 'table', caption, columns, rows: () => rows };
  const more = items.length - rows.length;
  if (more === 0) return;
  yield remark(
    `${counted(more, 'further row is', 'further rows are')} left out here; the JSON report has all.`,
  );
}
