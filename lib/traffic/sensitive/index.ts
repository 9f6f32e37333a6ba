import { type PayloadKind, printable, RISK_LEVELS, type RiskLevel, type Sensitive } from '../../model';
import { contentOf, type JsonDocument, pathOf } from '../json';
import type { Message } from '../message';
import { cutOffSecret } from './cut-off';
import { embeddedHits, quotedHits } from './embedded';
import { firstEnd, type Hit, type Looked } from './hit';
import { keyHits } from './key-rules';
import { metricHits } from './metrics';
import { type Redactor, redacted, type Span } from './redactor';
import { textHits } from './text-rules';
import { topicHits } from './topic-rules';

export { Redactor } from './redactor';

/** What was found in one message. */
export interface Disclosure {
  readonly findings: readonly Sensitive[];
  /** The payload with what must not be handed on made unreadable; undefined when all of it may be shown. */
  readonly payload?: string;
  /** The topic likewise. */
  readonly topic?: string;
  /** Any other text that comes from the message likewise. */
  readonly hide: (text: string) => string;
}

/** Characters of a topic in which secrets are looked for; more is not shown. */
const MAX_TOPIC = 2048;
/** Shorter ones are not looked for elsewhere: they would be part of too much. */
const MIN_SECRET = 4;
const MIN_PERSONAL = 6;
const MAX_PLACES = 200;
/** Findings of one topic that are kept. */
const MAX_FINDINGS = 20;
/** Classes that are one step more severe where every new subscriber receives them. */
const SECRETS: ReadonlySet<string> = new Set([
  ...['credentials', 'wifi-key', 'token', 'private-key', 'encryption-key', 'alarm-code', 'payment'],
]);

/** Looks for what should not have been readable in one message. */
export function disclosures(message: Message, retained: boolean, redactor: Redactor): Disclosure | undefined {
  const { json, topic } = message;
  const { found, covered: same, end } = hitsInPayload(message, redactor);
  const hidden = [...found, ...same].filter(({ hides = true }) => hides);
  const { hits: inTopic, end: topicEnd } = hitsInTopic(topic);
  // User names stand in topics as names of devices do.
  const secrets = [
    ...hidden.filter(({ class: kind, severity }) => SECRETS.has(kind) && severity !== 'LOW'),
    ...inTopic,
  ];
  const needles = needlesIn(secrets);
  const hide = (text: string): string => withoutSecrets(text, [], needles);
  const shownTopic = withoutSecrets(topic.slice(0, MAX_TOPIC), inTopic, needles, [], topicEnd);
  const isTopicHidden = inTopic.length > 0 || shownTopic !== topic.slice(0, MAX_TOPIC);
  // What was not looked at is not shown, nor what was cut off in the middle.
  const seenTo = Math.min(end ?? message.text.length, cutOffSecret(message) ?? message.text.length);
  const isPayloadHidden = hidden.length > 0 || seenTo < message.text.length;
  if (found.length === 0 && !isTopicHidden && !isPayloadHidden) return undefined;
  const findings = [
    ...found.map((hit) => finding(hit, placeOf(hit, json, hide), retained, redactor)),
    ...inTopic.map((hit) => finding(hit, 'topic', retained, redactor)),
  ];
  const described = hidden.find(({ spans, note }) => spans.length === 0 && note !== undefined);
  return {
    findings: distinct(findings),
    hide,
    ...(isPayloadHidden && {
      payload:
        described?.note !== undefined
          ? `[${described.note}]`
          : withoutSecrets(message.text, hidden, needlesIn(hidden), escapedAgain(json, needles), seenTo),
    }),
    ...(isTopicHidden && { topic: shownTopic }),
  };
}

/** What no text can stand in. Short payloads look encrypted to whoever counts bytes, and may be text in part. */
const NO_TEXT: ReadonlySet<PayloadKind> = new Set(['empty', 'image', 'audio', 'compressed']);

interface Found {
  readonly found: readonly Hit[];
  /** What is part of another finding; it is hidden all the same. */
  readonly covered: readonly Hit[];
  /** Where looking ended. */
  readonly end: number | undefined;
}

function hitsInPayload(message: Message, redactor: Redactor): Found {
  const { json, kind, text } = message;
  const looked: Looked[] = json
    ? [keyHits(message, json), embeddedHits(message, json)]
    : [quotedHits(message), metricHits(message)];
  if (!NO_TEXT.has(kind)) looked.push(textHits(text, json === undefined));
  const found = topicHits(message, redactor);
  const same: Hit[] = [];
  for (const { hits } of looked) for (const hit of hits) (isCovered(hit, found) ? same : found).push(hit);
  // Of CBOR that is too long to be read nothing is shown: names and values stand in it without a space.
  if (kind === 'cbor' && !json) looked.push({ hits: [], end: 0 });
  return { found, covered: same, end: firstEnd(looked) };
}

/** A topic, or a name from one, with the secrets in it made unreadable; undefined where there are none. */
export function hiddenTopic(topic: string): string | undefined {
  const { hits, end } = hitsInTopic(topic);
  const isHidden = hits.length > 0 || end !== undefined;
  return isHidden ? withoutSecrets(topic.slice(0, MAX_TOPIC), hits, needlesIn(hits), [], end) : undefined;
}

/** Positions are common in the names of sites, and addresses of gateways. */
function hitsInTopic(topic: string): Looked {
  const { hits, end } = textHits(topic.slice(0, MAX_TOPIC));
  return { hits: hits.filter(({ class: kind }) => kind !== 'location'), end };
}

/** What must not be shown wherever it stands. */
function needlesIn(secrets: readonly Hit[]): ReadonlySet<string> {
  const needles = new Set<string>();
  for (const { class: kind, value, parts = [], spans } of secrets) {
    // Positions are two values, and a number of the one may be part of many.
    if (spans.length !== 1) continue;
    const least = SECRETS.has(kind) ? MIN_SECRET : MIN_PERSONAL;
    for (const one of [value, ...parts]) if (one.length >= least) needles.add(one);
  }
  return needles;
}

/** Texts of JSON that say a secret again in escapes (RFC 8259 §7). */
function escapedAgain(json: JsonDocument | undefined, needles: ReadonlySet<string>): Span[] {
  if (!json || needles.size === 0) return [];
  return json.leaves.flatMap((leaf) => {
    const { value } = leaf;
    const place = contentOf(leaf);
    if (typeof value !== 'string' || value.length === place.end - place.start) return [];
    return [...needles].some((needle) => value.includes(needle)) ? [place] : [];
  });
}

/**
 * A text without some of its places, and without the secrets wherever else they stand in it: a second time under a name
 * that says nothing, in the topic, as a key.
 * @param again where a secret stands in other words
 * @param seenTo where looking ended; nothing behind it is shown
 */
function withoutSecrets(
  text: string,
  here: readonly Hit[],
  secrets: ReadonlySet<string>,
  again: readonly Span[] = [],
  seenTo = text.length,
): string {
  const needles = new Set(secrets);
  for (const { spans } of here) {
    const [span] = spans;
    // As it is written, with its escapes.
    if (span && spans.length === 1 && span.end - span.start >= MIN_PERSONAL)
      needles.add(text.slice(span.start, span.end));
  }
  const places = [...here.flatMap(({ spans }) => spans), ...again];
  if (seenTo < text.length) places.push({ start: seenTo, end: text.length });
  // What is hidden as a whole need not be searched: a hostile payload is full of what looks alike.
  const searched = text.slice(0, seenTo);
  for (const needle of needles) places.push(...placesOf(needle, searched));
  return places.length === 0 ? text : redacted(text, places);
}

function placesOf(needle: string, text: string): Span[] {
  const found: Span[] = [];
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
    if (found.length === MAX_PLACES) return [...found, { start: at, end: text.length }];
    found.push({ start: at, end: at + needle.length });
  }
  return found;
}

/** True when a place is part of another finding already. */
function isCovered({ spans: [span] }: Hit, others: readonly Hit[]): boolean {
  if (!span) return false;
  return others.some(({ spans }) => spans.some(({ start, end }) => span.start < end && span.end > start));
}

/** The JSON value in which a place lies, by names that may be shown. */
function placeOf(
  { path, nodes, spans: [span] }: Hit,
  json: JsonDocument | undefined,
  shown: (name: string) => string,
): string {
  if (path) return path;
  if (nodes) return `$${nodes.map((node) => pathOf(node, shown).slice(1)).join('')}`;
  const leaf = span && json?.leaves.find(({ start, end }) => start <= span.start && span.start < end);
  return leaf ? pathOf(leaf, shown) : 'payload';
}

function finding(hit: Hit, path: string, retained: boolean, redactor: Redactor): Sensitive {
  const { class: kind, severity, confidence, value, note, spans } = hit;
  const isDescribed = note !== undefined && spans.length === 0;
  const sample = isDescribed ? note : redactor.sample(value) + (note === undefined ? '' : `; ${note}`);
  const isRaised = retained && SECRETS.has(kind) && severity !== 'LOW';
  return {
    class: kind,
    severity: isRaised ? oneWorse(severity) : severity,
    confidence,
    path: printable(path),
    sample: printable(sample),
    ...(retained && { retained: true }),
  };
}

function oneWorse(level: RiskLevel): RiskLevel {
  return RISK_LEVELS[Math.max(0, RISK_LEVELS.indexOf(level) - 1)] ?? level;
}

/** One finding per class and path, the surest of them. */
function distinct(findings: readonly Sensitive[]): Sensitive[] {
  const best = new Map<string, Sensitive>();
  for (const one of findings) {
    const key = `${one.class} ${one.path} ${one.sample}`;
    const known = best.get(key);
    if (!known || one.confidence > known.confidence) best.set(key, one);
  }
  return [...best.values()].slice(0, MAX_FINDINGS);
}
