/** Lists with more elements than this are written element by element. */
const LONG_LIST = 32;
/** Objects inside of objects that are looked into for long lists: an endpoint, its traffic, a topic of it. */
const MAX_DEPTH = 4;

/**
 * The text of a value as `JSON.stringify(value, null, 2)` gives it, in pieces of bounded length where its lists are
 * long.
 * @param indent what stands before the line on which the value begins
 */
export function* jsonPieces(value: unknown, indent: string, depth = 0): Generator<string> {
  if (!hasLongList(value, depth)) {
    yield indented(value, indent);
    return;
  }
  const isList = Array.isArray(value);
  const inner = `${indent}  `;
  let before = isList ? '[\n' : '{\n';
  for (const [key, member] of membersOf(value)) {
    yield `${before}${inner}${isList ? '' : `${JSON.stringify(key)}: `}`;
    yield* jsonPieces(member, inner, depth + 1);
    before = ',\n';
  }
  yield `\n${indent}${isList ? ']' : '}'}`;
}

function hasLongList(value: unknown, depth: number): value is object {
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.length > LONG_LIST;
  return Object.values(value).some((member) => hasLongList(member, depth + 1));
}

/** What JSON shows of a list (nothing is left out, gaps are null) or of an object (without what is undefined). */
function membersOf(value: object): [key: string, member: unknown][] {
  if (Array.isArray(value)) return value.map((member: unknown, index) => [String(index), member ?? null]);
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

/**
 * JSON escapes line feeds inside strings, so every one here is layout; U+2028 is not escaped, which is why this does
 * not match line starts.
 */
function indented(value: unknown, indent: string): string {
  return (JSON.stringify(value, null, 2) ?? 'null').replaceAll('\n', `\n${indent}`);
}
