import { ScanError } from '../model';
import { type AddressBlock, blockContains, coversBlock, parseBlock, SyntaxReason } from './block';
import { isHostName } from './host-name';
import type { Ip } from './ip';
import { EVERYTHING, embeddedIpv4, isNever, LOOPBACK, PRIVATE } from './special-addresses';

const WORDS: ReadonlyMap<string, readonly AddressBlock[]> = new Map([
  ['private', PRIVATE],
  ['loopback', LOOPBACK],
  ['any', EVERYTHING],
]);

/** What may be scanned. The one place that decides it; asked before a scan starts and again at every dial. */
export class Scope {
  readonly text: string;
  readonly #blocks: readonly AddressBlock[];
  readonly #names: ReadonlySet<string>;

  /** The scope that this one lies inside, whatever its own entries say. */
  readonly #outer: Scope | undefined;

  private constructor(
    text: string,
    allowed: readonly AddressBlock[],
    names: ReadonlySet<string>,
    outer?: Scope,
  ) {
    this.text = text;
    this.#blocks = allowed;
    this.#names = names;
    this.#outer = outer;
  }

  /**
   * Reads a list of CIDR blocks, ranges, addresses, host names and the words `private`, `loopback`, `any`.
   * @param outer what no entry can lead out of
   * @throws ScanError BAD_SCOPE
   */
  static parse(text: string, outer?: Scope): Scope {
    const allowed: AddressBlock[] = [];
    const names = new Set<string>();
    for (const entry of text.split(/[\s,;]+/).filter(Boolean)) {
      const found = WORDS.get(entry.toLowerCase()) ?? readBlock(entry);
      if (found) allowed.push(...found);
      else if (isHostName(entry)) names.add(entry.toLowerCase());
      else {
        throw new ScanError('BAD_SCOPE', {
          entry,
          reason: 'it is no network, address, host name, private, loopback or any',
        });
      }
    }
    return new Scope(text, merge(allowed), names, outer);
  }

  /** The texts by which another thread builds the same scope with `ofTexts`, the widest first. */
  get texts(): readonly string[] {
    return [...(this.#outer?.texts ?? []), this.text];
  }

  static ofTexts(texts: readonly string[]): Scope | undefined {
    return texts.reduce<Scope | undefined>((outer, text) => Scope.parse(text, outer), undefined);
  }

  /** True when every address of a block is inside; addresses that are never scanned may lie in between. */
  coversBlock(block: AddressBlock): boolean {
    if (this.#outer && !this.#outer.coversBlock(block)) return false;
    return this.#blocks.some((allowed) => coversBlock(allowed, block));
  }

  /** True when this address may be dialled; `name` is the host name that led to it, if one did. */
  allows(ip: Ip, name?: string): boolean {
    const inner = embeddedIpv4(ip);
    if (isNever(ip) || (inner && isNever(inner))) return false;
    if (this.#outer && !this.#outer.allows(ip, name)) return false;
    if (name !== undefined && this.#names.has(name.toLowerCase())) return true;
    const judged = inner ?? ip;
    return this.#blocks.some((block) => blockContains(block, judged));
  }
}

function readBlock(entry: string): AddressBlock[] | undefined {
  try {
    const block = parseBlock(entry);
    return block && [block];
  } catch (thrown) {
    if (thrown instanceof SyntaxReason) throw new ScanError('BAD_SCOPE', { entry, reason: thrown.message });
    throw thrown;
  }
}

/** Joins touching and overlapping blocks, so that a target may span several entries. */
function merge(list: readonly AddressBlock[]): AddressBlock[] {
  const sorted = [...list].sort((a, b) => a.family - b.family || (a.first < b.first ? -1 : 1));
  const merged: AddressBlock[] = [];
  for (const block of sorted) {
    const previous = merged.at(-1);
    if (previous && previous.family === block.family && block.first <= previous.last + 1n) {
      if (block.last > previous.last) merged[merged.length - 1] = { ...previous, last: block.last };
    } else merged.push(block);
  }
  return merged;
}
