import type { Sensitive } from '../../model';
import { printable, RISK_LEVELS, type RiskLevel } from '../../model';
import { type JsonDocument, pathOf } from '../json';
import type { Message } from '../message';
import type { Hit } from './hit';
import { keyHits } from './key-rules';
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
}

/** Characters of a topic in which secrets are looked for; more is not shown. */
const MAX_TOPIC = 2048;
/** Findings of one topic that are kept. */
const MAX_FINDINGS = 20;
/** Classes that are one step more severe where every new subscriber receives them. */
const SECRETS: ReadonlySet<string> = new Set([
  ...['credentials', 'wifi-key', 'token', 'private-key', 'encryption-key', 'alarm-code', 'payment'],
]);

/** Looks for what should not have been readable in one message. */
export function disclosures(message: Message, retained: boolean, redactor: Redactor): Disclosure | undefined {
  const { json, kind, topic } = message;
  const isText = kind === 'json' || kind === 'text' || kind === 'xml' || kind === 'number';
  const byKey = json ? keyHits(message, json) : [];
  const byForm = isText ? textHits(message.text).filter((hit) => !covered(hit, byKey)) : [];
  const here = [...topicHits(message, redactor), ...byKey];
  const inPayload = [...here, ...byForm.filter((hit) => !covered(hit, here))];
  const inTopic = hitsInTopic(topic);
  if (inPayload.length + inTopic.length === 0) return undefined;
  const findings = [
    ...inPayload.map((hit) => finding(hit, hit.path ?? placeOf(hit, json), retained, redactor)),
    ...inTopic.map((hit) => finding(hit, 'topic', retained, redactor)),
  ];
  const hidden = inPayload.filter(({ hides = true }) => hides);
  const described = hidden.find(({ spans, note }) => spans.length === 0 && note !== undefined);
  return {
    findings: distinct(findings),
    ...(hidden.length > 0 && {
      payload: described?.note !== undefined ? `[${described.note}]` : hiddenText(message, hidden),
    }),
    ...(inTopic.length > 0 && { topic: withoutHits(topic, inTopic) }),
  };
}

/** A topic with the secrets in it made unreadable; undefined where there are none. */
export function hiddenTopic(topic: string): string | undefined {
  const hits = hitsInTopic(topic);
  return hits.length > 0 ? withoutHits(topic.slice(0, MAX_TOPIC), hits) : undefined;
}

/** Positions are common in the names of sites, and addresses of gateways. */
function hitsInTopic(topic: string): Hit[] {
  return textHits(topic.slice(0, MAX_TOPIC)).filter(({ class: kind }) => kind !== 'location');
}

function withoutHits(topic: string, hits: readonly Hit[]): string {
  return redacted(
    topic,
    hits.flatMap((hit) => [...hit.spans, ...elsewhere(topic, hit)]),
  );
}

function hiddenText({ text }: Message, hidden: readonly Hit[]): string {
  const spans = hidden.flatMap((hit) => [...hit.spans, ...elsewhere(text, hit)]);
  return redacted(text, spans);
}

/** The same secret may stand in a message twice, the second time under a name that says nothing. */
function elsewhere(text: string, { value, spans }: Hit): Span[] {
  const found: Span[] = [];
  if (value.length < 6 || spans.length !== 1) return found;
  for (
    let at = text.indexOf(value);
    at >= 0 && found.length < 50;
    at = text.indexOf(value, at + value.length)
  ) {
    found.push({ start: at, end: at + value.length });
  }
  return found;
}

/** True when a place is part of another finding already. */
function covered({ spans: [span] }: Hit, others: readonly Hit[]): boolean {
  if (!span) return false;
  return others.some(({ spans }) => spans.some(({ start, end }) => span.start < end && span.end > start));
}

/** The JSON value in which a place lies. */
function placeOf({ spans: [span] }: Hit, json: JsonDocument | undefined): string {
  const leaf = span && json?.leaves.find(({ start, end }) => start <= span.start && span.start < end);
  return leaf ? pathOf(leaf) : 'payload';
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
