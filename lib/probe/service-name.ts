/** How services that are not MQTT give themselves away in the first bytes of what they say. */
const SIGNS: readonly (readonly [string, RegExp])[] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a TLS record starts with control characters
  ['TLS', /^[\x14-\x17]\x03[\x00-\x04]/],
  ['HTTP', /^(?:HTTP\/|<!doctype|<html)/i],
  ['SSH', /^SSH-/],
  ['AMQP', /^AMQP/],
  ['STOMP', /^(?:ERROR|CONNECTED)\r?\n[a-z-]+:/],
  ['NATS', /^INFO \{/],
  ['SMTP or FTP', /^220[ -]/],
  ['IMAP', /^\* (?:OK|PREAUTH|BYE)\b/],
  ['POP3', /^\+OK /],
  ['Redis', /^(?:-(?:ERR|NOAUTH|DENIED)|\+OK\r)/],
  ['RTSP', /^RTSP\//],
  ['SIP', /^SIP\//],
  ['VNC', /^RFB \d{3}\./],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: packet length, sequence 0, protocol 10, version
  ['MySQL', /^.[\x00-\x02]\x00\x00\x0a\d+\.\d/s],
  ['Telnet', /^\xff[\xfb-\xfe]/],
  // Our own CONNECT comes back.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: its fixed header and the length of its protocol name
  ['echo', /^\x10.\x00[\x04\x06]MQ/s],
];

/** Names the service behind some first bytes; `unknown` when no sign fits. */
export function serviceName(head: Buffer): string {
  const text = head.toString('latin1');
  return SIGNS.find(([, sign]) => sign.test(text))?.[0] ?? 'unknown';
}
