import type { Quantity } from './quantities';

const YES: ReadonlySet<string> = new Set('1 on true yes detected active alarm triggered motion'.split(' '));
const NO: ReadonlySet<string> = new Set('0 off false no clear none inactive normal idle ok'.split(' '));

/** The same in other languages, and how people write it. */
const SAID: ReadonlyMap<string, string> = new Map(
  Object.entries({
    open: 'opened buka terbuka dibuka offen',
    closed: 'close tutup tertutup ditutup geschlossen',
    locked: 'kunci terkunci dikunci',
    on: 'hidup',
    off: 'mati',
    yes: 'ya ada ja',
    no: 'tidak tiada nein',
    rain: 'hujan',
  }).flatMap(([word, others]) => others.split(' ').map((other) => [other, word] as const)),
);

/**
 * What a value answers to the question of a quantity that is true or not; undefined for what is no answer.
 * The quantity's own words count first: a contact that is closed says yes, a door that is closed says no.
 */
export function yesOrNo(
  value: unknown,
  { words: [yes, no] = ['', ''] }: Pick<Quantity, 'words'>,
): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value !== 0 && value !== 1 && typeof value !== 'string') return undefined;
  // `motion detected` is motion.
  const given = String(value)
    .trim()
    .toLowerCase()
    .replace(/ detected[.!]?$/, '');
  const word = SAID.get(given) ?? given;
  if (word === yes.toLowerCase()) return true;
  if (word === no.toLowerCase()) return false;
  if (YES.has(word)) return true;
  return NO.has(word) ? false : undefined;
}
