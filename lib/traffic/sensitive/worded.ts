import { assignedIn, mayAssign } from './assignments';
import type { Hit, Looked } from './hit';

const MAX_HITS = 20;
const MAY_BE_CODE = /code|OTP|one[- ]time/i;
const ONE_TIME =
  /\b(?:OTP|one[- ]time (?:code|password|pin)|(?:verification|security|login|pairing) code)\b[^\d\n]{0,24}\b(\d{4,8})\b(?!\.?\d)/gi;

/** True when it is worth looking for what words say. */
export function mayBeWorded(text: string): boolean {
  return mayAssign(text) || MAY_BE_CODE.test(text);
}

/** Secrets that words beside them tell: `password=…`, `your verification code is …`. */
export function wordedIn(text: string): Looked {
  const { hits, end } = assignedIn(text);
  return { hits: [...hits, ...oneTimeCodesIn(text)], end };
}

/** On their way to a phone. */
function oneTimeCodesIn(text: string): Hit[] {
  if (!MAY_BE_CODE.test(text)) return [];
  return [...text.matchAll(ONE_TIME)].slice(0, MAX_HITS).map(({ 0: all, 1: value = '', index }) => {
    const start = index + all.length - value.length;
    const spans = [{ start, end: start + value.length }];
    return { class: 'token', severity: 'HIGH', confidence: 0.7, value, spans } as const;
  });
}
