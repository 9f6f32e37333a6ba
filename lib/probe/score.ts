import type { Product } from '../model';
import { isSource, NOTES, SIGNS, type Sign } from './signs';
import type { Observation, Vector } from './vector';

/** How well the answers of a broker fit what is known of a product. */
export interface Candidate {
  readonly product: string;
  readonly edition: string | undefined;
  /** Bits in favour of this product over a broker that nobody has seen yet. */
  readonly bits: number;
  /** The signs that fit and are worth something. */
  readonly fits: readonly Sign[];
  readonly contradictions: readonly Observation[];
}

/** Bits that a broker of no known product is given in advance: no guess is better than a wrong one. */
const UNKNOWN_BITS = 2.5;
/** Bits that an answer costs which the product was never seen to give. */
const CONTRADICTION_BITS = 3;
/** The same for what is a matter of settings: protocol versions, prefixes, limits, texts. */
const SOFT: ReadonlyMap<Observation, number> = new Map([
  ['v3', 2],
  ['v4', 2],
  ['v5', 2],
  ['assigned id', 1],
  ['property values', 1],
  ['reason string', 0],
  ['response information', 0],
  // A proxy answers with its own.
  ['WebSocket header fields', 0],
  ['WebSocket server', 0],
  ['certificate name', 0],
]);
/** A name is given from here on. */
const NAMED_FROM = 0.8;
/** Signs can be imitated and settings changed; certainty is for what the broker tells. */
const MOST_BY_SIGNS = 0.95;
/** Signs that were read in a source and never seen. */
const MOST_BY_SOURCE = 0.8;
const MAX_EVIDENCE = 10;
/** By how many bits a line of versions must be ahead of its siblings to be told. */
const EDITION_LEAD_BITS = 3;

const EDITIONS: readonly (readonly Sign[])[] = editions();

function editions(): Sign[][] {
  const groups = new Map<string, Sign[]>();
  for (const sign of SIGNS) {
    const key = `${sign.product} ${sign.edition ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), sign]);
  }
  return [...groups.values()];
}

/** All products with their lines of versions, the one that fits best first. */
export function candidates(vector: Vector): Candidate[] {
  return EDITIONS.map((signs) => candidate(signs, vector)).sort((a, b) => b.bits - a.bits);
}

function candidate(signs: readonly Sign[], vector: Vector): Candidate {
  const fits: Sign[] = [];
  const contradictions = new Set<Observation>();
  for (const sign of signs) {
    const answer = vector.get(sign.observation);
    if (answer === undefined) continue;
    if (sign.answer.test(answer)) fits.push(sign);
    else contradictions.add(sign.observation);
  }
  for (const { observation } of fits) contradictions.delete(observation);
  const against = [...contradictions].reduce((sum, observation) => sum + costOf(observation), 0);
  return {
    product: signs[0]?.product ?? '',
    edition: signs[0]?.edition,
    bits: fits.reduce((sum, { weight }) => sum + weight, 0) - against,
    fits: fits.filter(({ weight }) => weight > 0),
    contradictions: [...contradictions],
  };
}

function costOf(observation: Observation): number {
  return SOFT.get(observation) ?? CONTRADICTION_BITS;
}

/** The product behind these answers, if one is clearly ahead of all others and of the unknown. */
export function conclude(vector: Vector): Product | undefined {
  const [best, ...others] = candidates(vector);
  if (!best) return undefined;
  const confidence = Math.min(shareOf(best, others), mostFor(best));
  if (confidence < NAMED_FROM) return undefined;
  return {
    name: best.product,
    confidence: Math.round(confidence * 100) / 100,
    evidence: evidenceOf(best, others, vector),
  };
}

/** The part of all likelihood that falls to one product; its other lines of versions are no rivals. */
function shareOf(best: Candidate, others: readonly Candidate[]): number {
  const rivals = new Map<string, number>();
  for (const { product, bits, fits } of others) {
    // One that nothing fits is no likelier than the unknown, which has its share already.
    if (product !== best.product && fits.length > 0)
      rivals.set(product, Math.max(bits, rivals.get(product) ?? bits));
  }
  const against = [UNKNOWN_BITS, ...rivals.values()].reduce((sum, bits) => sum + 2 ** bits, 0);
  return 2 ** best.bits / (2 ** best.bits + against);
}

function mostFor({ fits }: Candidate): number {
  return fits.every(isSource) ? MOST_BY_SOURCE : MOST_BY_SIGNS;
}

function evidenceOf(best: Candidate, others: readonly Candidate[], vector: Vector): string[] {
  const evidence = best.fits
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, MAX_EVIDENCE)
    .map(({ observation, source }) => `${observation}: ${vector.get(observation)} (as ${source})`);
  return isEditionCertain(best, others, vector)
    ? [...evidence, `the answers are those of ${best.product} ${best.edition}`]
    : evidence;
}

function isEditionCertain(best: Candidate, others: readonly Candidate[], vector: Vector): boolean {
  const rivals = others.filter(({ product }) => product === best.product);
  if (best.edition === undefined || rivals.some(({ bits }) => best.bits - bits < EDITION_LEAD_BITS)) {
    return false;
  }
  const decisive = NOTES.get(best.product)?.editionBy;
  return decisive === undefined || vector.has(decisive);
}
