/** What a TLS server sends, byte by byte: for servers that no library of today can be made to be. */

export interface FlightOptions {
  readonly version: number;
  readonly suite: number;
  readonly compression?: number;
  readonly certificates?: readonly Buffer[];
  /** Named group of a ServerKeyExchange; its point and signature are of no use. */
  readonly curve?: number;
  /** Extensions of the ServerHello, encoded. */
  readonly extensions?: Buffer;
}

/** ServerHello, Certificate, ServerKeyExchange and ServerHelloDone, a record each (RFC 5246 §7.4). */
export function serverFlight(options: FlightOptions): Buffer {
  const { version, suite, compression = 0, certificates, curve, extensions } = options;
  const hello = Buffer.concat([
    u16(version),
    Buffer.alloc(32, 0x5a),
    Buffer.from([0]),
    u16(suite),
    Buffer.from([compression]),
    ...(extensions ? [u16(extensions.length), extensions] : []),
  ]);
  const messages = [message(2, hello)];
  if (certificates) {
    const list = Buffer.concat(certificates.map((der) => Buffer.concat([u24(der.length), der])));
    messages.push(message(11, Buffer.concat([u24(list.length), list])));
  }
  if (curve !== undefined) {
    const signature = Buffer.concat([u16(0x0804), u16(64), Buffer.alloc(64)]);
    const point = Buffer.concat([Buffer.from([32]), Buffer.alloc(32, 9)]);
    messages.push(message(12, Buffer.concat([Buffer.from([3]), u16(curve), point, signature])));
  }
  messages.push(message(14, Buffer.alloc(0)));
  return Buffer.concat(messages.map((body) => handshakeRecord(body, version)));
}

/** One handshake message in as many records as it takes. */
export function handshakeRecord(body: Buffer, version = 0x0303): Buffer {
  const records: Buffer[] = [];
  for (let at = 0; at < body.length; at += 16_384) {
    const part = body.subarray(at, at + 16_384);
    records.push(Buffer.concat([Buffer.from([22]), u16(version), u16(part.length), part]));
  }
  return Buffer.concat(records);
}

export function alertRecord(level: number, description: number): Buffer {
  return Buffer.from([21, 3, 3, 0, 2, level, description]);
}

/** The version and the suites of a ClientHello, as a server reads them. */
export function offerOf(record: Buffer): { readonly version: number; readonly suites: readonly number[] } {
  const version = record.readUInt16BE(9);
  const sessionId = record.readUInt8(43);
  const at = 44 + sessionId;
  const length = record.readUInt16BE(at);
  const suites = Array.from({ length: length / 2 }, (_, i) => record.readUInt16BE(at + 2 + 2 * i));
  // supported_versions: one version of TLS 1.3 is all that hellos of ours have in it.
  const isTls13 = record.includes(Buffer.from('002b0003020304', 'hex'));
  return { version: isTls13 ? 0x0304 : version, suites };
}

function message(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type]), u24(body.length), body]);
}

function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255]);
}

function u24(value: number): Buffer {
  return Buffer.from([value >> 16, (value >> 8) & 255, value & 255]);
}
