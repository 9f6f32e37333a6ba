import { MalformedError, Reader } from './reader';
import { RECORD, RecordReader, type TlsRecord } from './records';
import {
  type CertificateMessage,
  type Extensions,
  type KeyExchange,
  MESSAGE,
  readAuthorities,
  readCertificates,
  readExtensions,
  readKeyExchange,
  readServerHello,
  type ServerHello,
} from './server-messages';
import { isAnonymous, keyExchangeOf } from './suites';

/** Longest handshake message that is kept. Ten thousand names are less, and honest chains far less. */
const MAX_MESSAGE_BYTES = 256 * 1024;
/** More than a flight with the longest message needs. */
const MAX_FLIGHT_BYTES = 512 * 1024;
/** Type and length, in front of every handshake message. */
const HEADER_BYTES = 4;
/** Small records are joined before their number becomes a burden. */
const MAX_PIECES = 256;
const WARNING = 1;

/** What is inside of an encrypted record. */
export interface Opened {
  readonly type: number;
  readonly body: Buffer;
}

/**
 * Makes the key for the records behind a ServerHello of TLS 1.3.
 * @param message the ServerHello with its header
 */
export type OpenerFor = (hello: ServerHello, message: Buffer) => ((record: TlsRecord) => Opened) | undefined;

/** Reads the first flight of a server, up to where it waits for the client, in any chunking. */
export class ServerFlight {
  readonly #records = new RecordReader();
  readonly #openerFor: OpenerFor | undefined;
  #open: ((record: TlsRecord) => Opened) | undefined;
  #pending: Buffer[] = [];
  #pendingLength = 0;
  #needed = HEADER_BYTES;
  #received = 0;
  #hello: ServerHello | undefined;
  #alert: number | undefined;
  #certificate: CertificateMessage | undefined;
  #keyExchange: KeyExchange | undefined;
  #authorities: readonly Buffer[] | undefined;
  #encryptedExtensions: Extensions | undefined;
  #signatureScheme: number | undefined;
  #isStapled = false;
  #isDone = false;

  /** @param openerFor opens what TLS 1.3 encrypts; without it that is passed over */
  constructor(openerFor?: OpenerFor) {
    this.#openerFor = openerFor;
  }

  get hello(): ServerHello | undefined {
    return this.#hello;
  }

  /** Description of the alert that ended it. */
  get alert(): number | undefined {
    return this.#alert;
  }

  get certificate(): CertificateMessage | undefined {
    return this.#certificate;
  }

  get keyExchange(): KeyExchange | undefined {
    return this.#keyExchange;
  }

  /** CAs of which a client certificate is asked for; undefined when none is asked for. */
  get authorities(): readonly Buffer[] | undefined {
    return this.#authorities;
  }

  get encryptedExtensions(): Extensions | undefined {
    return this.#encryptedExtensions;
  }

  /** With what the server signed, where it is told. */
  get signatureScheme(): number | undefined {
    return this.#signatureScheme ?? this.#keyExchange?.signatureScheme;
  }

  get isStapled(): boolean {
    return this.#isStapled;
  }

  /** True when the flight is complete: ServerHelloDone, Finished, or a request for another hello. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** @throws MalformedError for bytes that are no TLS, or beyond the bounds */
  push(chunk: Buffer): void {
    this.#received += chunk.length;
    for (const record of this.#records.push(chunk)) this.#takeRecord(record);
    if (this.#received > MAX_FLIGHT_BYTES && !this.#isDone) this.#tooMuch();
  }

  #takeRecord(record: TlsRecord): void {
    if (this.#isDone || this.#alert !== undefined) return;
    const { type, body } = record;
    if (type === RECORD.applicationData) {
      if (this.#open) this.#takeContent(this.#open(record));
    } else if (type !== RECORD.changeCipherSpec) this.#takeContent({ type, body });
  }

  #takeContent({ type, body }: Opened): void {
    if (type === RECORD.handshake) {
      this.#takeHandshake(body);
      return;
    }
    if (type !== RECORD.alert) throw new MalformedError('data in the middle of a handshake');
    const [level, description] = body;
    if (description === undefined) throw new MalformedError('an alert of less than two bytes');
    // A warning before the ServerHello says that the name is not known, and no more (RFC 6066 §3).
    const isPassing = level === WARNING && description !== 0;
    if (!isPassing) this.#alert = description;
  }

  #takeHandshake(body: Buffer): void {
    this.#pending.push(body);
    this.#pendingLength += body.length;
    if (this.#pending.length > MAX_PIECES) this.#pending = [Buffer.concat(this.#pending)];
    while (this.#pendingLength >= this.#needed && !this.#isDone) {
      const bytes = Buffer.concat(this.#pending);
      this.#pending = [bytes];
      if (this.#needed === HEADER_BYTES) {
        this.#needed = HEADER_BYTES + boundedLength(bytes);
        if (this.#pendingLength < this.#needed) return;
      }
      // The bound was waited for, not the end.
      if (this.#needed > MAX_MESSAGE_BYTES) this.#tooMuch();
      this.#pending = [bytes.subarray(this.#needed)];
      this.#pendingLength -= this.#needed;
      const message = bytes.subarray(0, this.#needed);
      this.#needed = HEADER_BYTES;
      this.#takeMessage(message.readUInt8(), message);
    }
  }

  #tooMuch(): never {
    const bytes = Buffer.concat(this.#pending);
    if (this.#hello && bytes.length > HEADER_BYTES && bytes.readUInt8() === MESSAGE.certificate) {
      const cut = bytes.subarray(HEADER_BYTES, MAX_MESSAGE_BYTES);
      this.#certificate = readCertificates(cut, this.#hello.version);
    }
    throw new MalformedError(`more than ${MAX_MESSAGE_BYTES / 1024} KB of handshake`);
  }

  #takeMessage(type: number, message: Buffer): void {
    const body = message.subarray(HEADER_BYTES);
    if (!this.#hello) {
      if (type !== MESSAGE.serverHello) throw new MalformedError(`message ${type} instead of a ServerHello`);
      this.#takeServerHello(readServerHello(body), message);
      return;
    }
    const { version, suite } = this.#hello;
    switch (type) {
      case MESSAGE.certificate:
        this.#certificate = readCertificates(body, version);
        this.#isStapled ||= this.#certificate.extensions.has(STATUS_REQUEST);
        break;
      case MESSAGE.certificateStatus:
        this.#isStapled = new Reader(body).u8() === OCSP;
        break;
      case MESSAGE.serverKeyExchange: {
        const kind = keyExchangeOf(suite);
        if (kind !== 'other') this.#keyExchange = readKeyExchange(body, kind, version, !isAnonymous(suite));
        break;
      }
      case MESSAGE.certificateRequest:
        this.#authorities = readAuthorities(body, version);
        break;
      case MESSAGE.encryptedExtensions:
        this.#encryptedExtensions = readExtensions(new Reader(body).vector16());
        break;
      case MESSAGE.certificateVerify:
        this.#signatureScheme = new Reader(body).u16();
        break;
      case MESSAGE.serverHelloDone:
      case MESSAGE.finished:
        this.#isDone = true;
        break;
    }
  }

  #takeServerHello(hello: ServerHello, message: Buffer): void {
    this.#hello = hello;
    if (hello.isRetryRequest) this.#isDone = true;
    else if (hello.version === 0x0304) this.#open = this.#openerFor?.(hello, message);
  }
}

/**
 * The length of the next handshake message, or a little more than our bound: of a chain that is too long its
 * beginning is worth waiting for.
 * @throws MalformedError for other messages beyond the bound
 */
function boundedLength(bytes: Buffer): number {
  const length = bytes.readUIntBE(1, 3);
  if (length <= MAX_MESSAGE_BYTES - HEADER_BYTES) return length;
  if (bytes.readUInt8() === MESSAGE.certificate) return MAX_MESSAGE_BYTES;
  throw new MalformedError(`a handshake message of ${length} bytes`);
}

const STATUS_REQUEST = 5;
const OCSP = 1;
