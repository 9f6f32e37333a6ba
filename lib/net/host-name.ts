const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i;

/**
 * Letters, digits, hyphens (RFC 1123 §2.1) and the underscore that container networks use. A name whose last
 * label is a number is refused: resolvers read such names as IPv4 addresses (WHATWG URL §3.5).
 */
export function isHostName(text: string): boolean {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  if (name.length === 0 || name.length > 253) return false;
  const labels = name.split('.');
  return labels.every((label) => LABEL.test(label)) && !endsInNumber(labels.at(-1) ?? '');
}

function endsInNumber(label: string): boolean {
  return /^(?:\d+|0x[0-9a-f]*)$/i.test(label);
}
