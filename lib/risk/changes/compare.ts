import type { Change, ChangeKind } from '../../model';
import type { EndpointSnapshot, ListeningSnapshot, TopicSnapshot } from './snapshot';

/** Topics that one change names. */
const MAX_NAMED_TOPICS = 20;
/** Stopped sensors that are told singly. */
const MAX_SENSORS = 100;
/** Messages from which on a topic that is not retained counts as one that is there to stay. */
const STEADY_MESSAGES = 3;
/**
 * A sensor that spoke twice and more, over two fifths of the time and not in one burst, has a beat shorter than
 * the time we listened. One beat at least must then come in as long a time, or it has stopped.
 */
const BEAT = { messages: 2, share: 0.4, time: 0.9 } as const;

/** What of an endpoint is not as it was. */
export interface Comparison {
  readonly changes: readonly Change[];
  readonly new: number;
  readonly fixed: number;
  readonly unchanged: number;
}

/** One change at an endpoint. */
export function changeAt(
  endpoint: Pick<Change, 'target' | 'address' | 'port' | 'url'>,
  kind: ChangeKind,
  text: string,
  more: Partial<Change> = {},
): Change {
  const { target, address, port, url } = endpoint;
  return { kind, target, address, port, url, text, ...more };
}

/**
 * An endpoint beside its state in the last report. What was not tested this time is neither fixed nor unchanged;
 * what is silenced is neither fixed nor new.
 * @param known ids of the findings it had
 */
export function compareEndpoint(
  known: ReadonlySet<string>,
  before: EndpointSnapshot | undefined,
  now: EndpointSnapshot,
): Comparison {
  const changes: Change[] = [];
  let unchanged = 0;
  for (const [id, { severity, title }] of now.findings) {
    if (known.has(id)) unchanged++;
    else
      changes.push(
        changeAt(now, 'finding-new', `${severity}: ${title}.`, { findingId: id, level: severity }),
      );
  }
  const added = changes.length;
  for (const id of known) {
    if (now.findings.has(id) || now.undecided.has(id)) continue;
    const was = before?.findings.get(id);
    if (!was) continue;
    changes.push(
      changeAt(now, 'finding-fixed', `No longer found: ${was.title}.`, {
        findingId: id,
        level: was.severity,
      }),
    );
  }
  const fixed = changes.length - added;
  if (before) changes.push(...factsChanged(before, now), ...trafficChanged(before, now));
  return { changes, new: added, fixed, unchanged };
}

function factsChanged(before: EndpointSnapshot, now: EndpointSnapshot): Change[] {
  const changes: Change[] = [];
  if (
    before.certificate !== undefined &&
    now.certificate !== undefined &&
    before.certificate !== now.certificate
  ) {
    changes.push(
      changeAt(
        now,
        'certificate-changed',
        `The certificate is another one, valid until ${now.certificateEnds ?? 'unknown'}.`,
        {
          before: before.certificate,
          after: now.certificate,
        },
      ),
    );
  }
  const was = nameOf(before);
  const is = nameOf(now);
  // A version that is told one time and not the next says nothing about the product.
  const isOtherProduct =
    before.product !== undefined && now.product !== undefined && before.product !== now.product;
  const isOtherVersion =
    before.version !== undefined && now.version !== undefined && before.version !== now.version;
  if (was !== undefined && is !== undefined && (isOtherProduct || isOtherVersion)) {
    changes.push(
      changeAt(now, 'product-changed', `The product was ${was} and is ${is}.`, { before: was, after: is }),
    );
  }
  return changes;
}

function nameOf({ product, version }: EndpointSnapshot): string | undefined {
  return version === undefined ? product : `${product} ${version}`;
}

function trafficChanged(before: EndpointSnapshot, now: EndpointSnapshot): Change[] {
  const then = before.listening;
  const heard = now.listening;
  // Another login hears other things.
  if (!then || !heard || then.as !== heard.as) return [];
  const stopped = heard.isComplete ? stoppedSensors(then, heard) : [];
  const vanished = heard.isComplete
    ? [...then.topics].filter(
        ([name, topic]) => !heard.topics.has(name) && isSteady(topic, then.ms) && !stopped.includes(name),
      )
    : [];
  const appeared = then.isComplete
    ? [...heard.topics].filter(([name, topic]) => !then.topics.has(name) && isSteady(topic, heard.ms))
    : [];
  return [
    ...stopped.slice(0, MAX_SENSORS).map((name) =>
      changeAt(
        now,
        'sensor-stopped',
        `The sensor at ${name} (${then.topics.get(name)?.sensor}) has stopped.`,
        {
          topics: [name],
          count: 1,
        },
      ),
    ),
    ...topicChange(now, 'topics-appeared', 'appeared', appeared),
    ...topicChange(now, 'topics-vanished', 'vanished', vanished),
  ];
}

/** Retained messages come to everybody who subscribes; others count when they come often enough not to be chance. */
function isSteady({ retained, live, spanMs }: TopicSnapshot, ms: number): boolean {
  return retained || (live >= STEADY_MESSAGES && !(spanMs < BEAT.share * ms));
}

function stoppedSensors(then: ListeningSnapshot, heard: ListeningSnapshot): string[] {
  return [...then.topics].flatMap(([name, was]) => {
    if (was.sensor === undefined) return [];
    const is = heard.topics.get(name);
    const hadBeat =
      was.live >= BEAT.messages && !(was.spanMs < BEAT.share * then.ms) && heard.ms >= BEAT.time * then.ms;
    const isSilent = hadBeat && (is?.live ?? 0) === 0;
    return isSilent || (!is && was.retained) ? [name] : [];
  });
}

function topicChange(
  now: EndpointSnapshot,
  kind: 'topics-appeared' | 'topics-vanished',
  verb: string,
  topics: readonly (readonly [string, TopicSnapshot])[],
): Change[] {
  if (topics.length === 0) return [];
  const names = topics.map(([name]) => name).sort();
  const shown = names.slice(0, 3).join(', ');
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  const word = names.length === 1 ? 'topic has' : 'topics have';
  return [
    changeAt(now, kind, `${names.length} ${word} ${verb}: ${shown}${more}.`, {
      topics: names.slice(0, MAX_NAMED_TOPICS),
      count: names.length,
    }),
  ];
}
