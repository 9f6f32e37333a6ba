import { type Hit, isPlaceholder, type Looked } from './hit';

const MAX_CODES = 20;
const MAX_CHARS = 512;
/** WEP has five characters at least, WPA eight. */
const MIN_KEY = 5;

/**
 * What phones read from a picture to join a network: `WIFI:T:WPA;S:name;P:key;;`, in any order, with `\` before
 * `\ ; , " :` (zxing, "Barcode Contents").
 */
export function wifiCodesIn(text: string): Looked {
  const hits: Hit[] = [];
  let at = text.indexOf('WIFI:');
  for (let tries = 0; at >= 0; tries++) {
    if (tries === MAX_CODES) return { hits, end: at };
    const fields = fieldsAt(text, at + 5);
    const key = fields.get('P');
    if (key && fields.has('S') && key.value.length >= MIN_KEY && !isPlaceholder(key.value)) {
      const { value, start, end } = key;
      hits.push({ class: 'wifi-key', severity: 'HIGH', confidence: 0.95, value, spans: [{ start, end }] });
    }
    at = text.indexOf('WIFI:', at + 5);
  }
  return { hits };
}

interface Field {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

function fieldsAt(text: string, from: number): Map<string, Field> {
  const fields = new Map<string, Field>();
  const limit = Math.min(text.length, from + MAX_CHARS);
  let start = from;
  for (let at = from; at <= limit; at++) {
    const char = at === limit ? ';' : text[at];
    if (char === '\\') at++;
    else if (char === ';') {
      const raw = text.slice(start, at);
      if (raw === '') break;
      const [, name, written = ''] = /^([A-Z]{1,3}):(.*)$/s.exec(raw) ?? [];
      if (name === undefined) break;
      if (!fields.has(name)) {
        const value = written.replace(/^"(.*)"$/s, '$1').replaceAll(/\\(.)/gs, '$1');
        fields.set(name, { value, start: at - written.length, end: at });
      }
      start = at + 1;
    }
  }
  return fields;
}
