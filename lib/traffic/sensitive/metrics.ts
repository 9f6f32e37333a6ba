import { readJson } from '../json';
import type { Message } from '../message';
import { readSparkplug } from '../sparkplug-payload';
import type { Hit, Looked } from './hit';
import { keyHits } from './key-rules';

/** What is sensitive in the texts of Sparkplug metrics, by their names: the same as if they were members of an object. */
export function metricHits(message: Message): Looked {
  const { levels, payload, text, isCut } = message;
  if (levels[0] !== 'spBv1.0' || isCut) return { hits: [] };
  const members = (readSparkplug(payload) ?? []).flatMap(({ name, value }) =>
    name !== undefined && typeof value === 'string'
      ? [`${JSON.stringify(name.slice(name.lastIndexOf('/') + 1))}:${JSON.stringify(value)}`]
      : [],
  );
  const json = members.length > 0 ? readJson(`{${members.join(',')}}`) : undefined;
  if (!json) return { hits: [] };
  const { hits, end } = keyHits(message, json);
  return { hits: hits.map((hit) => inPayload(hit, text)), ...(end !== undefined && { end: 0 }) };
}

/** Texts stand in Protocol Buffers as they are; where one does not, nothing of the payload is shown. */
function inPayload({ nodes: _, ...hit }: Hit, text: string): Hit {
  const start = text.indexOf(hit.value);
  const span = start < 0 ? { start: 0, end: text.length } : { start, end: start + hit.value.length };
  return { ...hit, spans: [span], path: 'payload' };
}
