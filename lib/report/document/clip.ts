import { grouped } from '../wording';

const HALF_A_PAIR = /[\uD800-\uDBFF]$/;

/**
 * At most `limit` UTF-16 units of a text. What is cut off is told: reports for people end somewhere, the JSON report
 * has all.
 */
export function clipped(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit).replace(HALF_A_PAIR, '');
  return `${head}… (${grouped(head.length)} of ${grouped(text.length)} characters; the JSON report has more)`;
}
