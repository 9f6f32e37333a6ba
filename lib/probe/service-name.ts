/** How services that are not MQTT give themselves away in the first bytes of what they say. */
const SIGNS: readonly (readonly [string, RegExp])[] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a TLS record starts with control characters
  ['TLS', /^[\x14-\x17]\x03[\x00-\x04]/],
  ['HTTP', /^(?:HTTP\/|<!doctype|<html)/i],
  ['SSH', /^SSH-/],
  ['AMQP', /^AMQP/],
  ['SMTP or FTP', /^220[ -]/],
  ['Redis', /^[-+](?:ERR|OK|NOAUTH|DENIED)/],
  ['Telnet', /^\xff[\xfb-\xfe]/],
];

/** Names the service behind some first bytes; `unknown` when no sign fits. */
export function serviceName(head: Buffer): string {
  const text = head.toString('latin1');
  return SIGNS.find(([, sign]) => sign.test(text))?.[0] ?? 'unknown';
}
