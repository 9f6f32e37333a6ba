import { contentOf, type JsonDocument, type JsonNode, readJson } from '../json';
import type { Message } from '../message';
import type { Hit, Looked } from './hit';
import { keyHits } from './key-rules';
import type { Span } from './redactor';
import { textHits } from './text-rules';
import { mayBeWorded, wordedIn } from './worded';

/** JSON in a text in a text: bridges and logs nest that deep. */
const MAX_LEVELS = 2;
const MAX_TEXTS = 500;
const MIN_CHARS = 8;
const MAX_HITS = 40;

/** What is sensitive inside of the texts of a JSON document: JSON written into them, assignments, and what escapes hide. */
export function embeddedHits(message: Message, { text, leaves }: JsonDocument, level = 0): Looked {
  const hits: Hit[] = [];
  let looked = 0;
  for (const leaf of leaves) {
    const { value } = leaf;
    if (typeof value !== 'string' || value.length < MIN_CHARS) continue;
    const { start, end } = contentOf(leaf);
    // Escapes are longer than what they stand for.
    const isEscaped = end - start !== value.length;
    const inner = level < MAX_LEVELS ? innerDocument(value, leaf, message) : undefined;
    if (!inner && !isEscaped && !mayBeWorded(value)) continue;
    if (++looked > MAX_TEXTS || hits.length >= MAX_HITS) return { hits, end: leaf.start };
    const found = inner ? innerHits(message, inner, level) : isEscaped ? textHits(value) : wordedIn(value);
    if (found.hits.length > 0) hits.push(...outside(found.hits, text, leaf, isEscaped));
    if (found.end !== undefined) return { hits, end: leaf.start };
  }
  return { hits };
}

function innerHits(message: Message, inner: JsonDocument, level: number): Looked {
  const byKey = keyHits(message, inner);
  const within = embeddedHits(message, inner, level + 1);
  return { hits: [...byKey.hits, ...within.hits], end: byKey.end ?? within.end };
}

/** A whole payload that is a JSON text in quotation marks. */
export function quotedHits(message: Message): Looked {
  const { text } = message;
  if (!/^\s*"\s*[\\{[]/.test(text)) return { hits: [] };
  const wrapped = readJson(`[${text}]`);
  if (wrapped?.leaves.length !== 1) return { hits: [] };
  const { hits, end } = embeddedHits(message, wrapped);
  const moved = hits.map((hit) => ({
    ...hit,
    spans: hit.spans.map((span) => ({ start: span.start - 1, end: span.end - 1 })),
  }));
  return { hits: moved, ...(end !== undefined && { end: 0 }) };
}

function innerDocument(value: string, { isOpen }: JsonNode, message: Message): JsonDocument | undefined {
  return /^\s*[{[]/.test(value) ? readJson(value, isOpen === true && message.isCut) : undefined;
}

/** The same hits with their places in the text around. */
function outside(hits: readonly Hit[], text: string, leaf: JsonNode, isEscaped: boolean): Hit[] {
  const { start, end } = contentOf(leaf);
  const places = isEscaped ? placesOf(text, start, end) : undefined;
  const place = (at: number): number => places?.[at] ?? Math.min(end, start + at);
  return hits.map((hit) => ({
    ...hit,
    spans: hit.spans.map((span): Span => ({ start: place(span.start), end: place(span.end) })),
    nodes: [leaf, ...(hit.nodes ?? [])],
  }));
}

/** For each character between quotation marks, escapes undone, and for the end, where it stands (RFC 8259 §7). */
function placesOf(text: string, start: number, end: number): Uint32Array {
  const places = new Uint32Array(end - start + 1);
  let i = 0;
  for (let at = start; at < end; i++) {
    places[i] = at;
    if (text[at] !== '\\') at++;
    else at += text[at + 1] === 'u' ? 6 : 2;
  }
  places[i] = end;
  return places.subarray(0, i + 1);
}
