import { printable } from '../model';
import { DER, type DerElement, elementsOf, oidText, readElement, timeOf } from './der';
import { MalformedError } from './reader';

/** What a certificate says, read from its DER (RFC 5280 §4.1). */
export interface X509Facts {
  readonly signatureAlgorithm: string;
  /** The names in DER, to be compared byte by byte. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  /** Milliseconds since the epoch; undefined where the text is no date. */
  readonly notBefore: number | undefined;
  readonly notAfter: number | undefined;
  readonly serialNumber: Buffer;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Buffer;
  /** Content of the extensions' OCTET STRINGs by OID. */
  readonly extensions: ReadonlyMap<string, Buffer>;
}

/** @throws MalformedError */
export function readCertificate(der: Buffer): X509Facts {
  const [tbs, algorithm] = elementsOf(readElement(der).content, 3);
  if (tbs?.tag !== DER.sequence || algorithm === undefined) throw new MalformedError('no certificate');
  const fields = elementsOf(tbs.content, 12);
  // The version is explicit, and left out for version 1.
  const [serial, , issuer, validity, subject, publicKey, ...others] =
    fields[0]?.tag === 0xa0 ? fields.slice(1) : fields;
  if (!serial || !issuer || !validity || !subject || !publicKey) throw new MalformedError('no certificate');
  const [notBefore, notAfter] = elementsOf(validity.content, 2);
  const extensions = others.find(({ tag }) => tag === 0xa3);
  return {
    signatureAlgorithm: algorithmName(algorithm),
    issuer: issuer.whole,
    subject: subject.whole,
    notBefore: notBefore && timeOf(notBefore),
    notAfter: notAfter && timeOf(notAfter),
    serialNumber: serial.content,
    publicKey: publicKey.whole,
    extensions: extensions ? readExtensions(extensions.content) : new Map(),
  };
}

function readExtensions(content: Buffer): Map<string, Buffer> {
  const list = new Map<string, Buffer>();
  for (const extension of elementsOf(readElement(content).content, 64)) {
    const parts = elementsOf(extension.content, 3);
    const [id] = parts;
    const value = parts.at(-1);
    if (id?.tag === DER.oid && value?.tag === DER.octetString) list.set(oidText(id.content), value.content);
  }
  return list;
}

/** RFC 3279, 4055, 5758, 8410. */
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.2', 'md2WithRSAEncryption'],
  ['1.2.840.113549.1.1.3', 'md4WithRSAEncryption'],
  ['1.2.840.113549.1.1.4', 'md5WithRSAEncryption'],
  ['1.2.840.113549.1.1.5', 'sha1WithRSAEncryption'],
  ['1.3.14.3.2.29', 'sha1WithRSAEncryption'],
  ['1.2.840.113549.1.1.14', 'sha224WithRSAEncryption'],
  ['1.2.840.113549.1.1.11', 'sha256WithRSAEncryption'],
  ['1.2.840.113549.1.1.12', 'sha384WithRSAEncryption'],
  ['1.2.840.113549.1.1.13', 'sha512WithRSAEncryption'],
  ['1.2.840.113549.1.1.10', 'id-RSASSA-PSS'],
  ['1.2.840.10040.4.3', 'id-dsa-with-sha1'],
  ['2.16.840.1.101.3.4.3.1', 'id-dsa-with-sha224'],
  ['2.16.840.1.101.3.4.3.2', 'id-dsa-with-sha256'],
  ['1.2.840.10045.4.1', 'ecdsa-with-SHA1'],
  ['1.2.840.10045.4.3.1', 'ecdsa-with-SHA224'],
  ['1.2.840.10045.4.3.2', 'ecdsa-with-SHA256'],
  ['1.2.840.10045.4.3.3', 'ecdsa-with-SHA384'],
  ['1.2.840.10045.4.3.4', 'ecdsa-with-SHA512'],
  ['1.3.101.112', 'Ed25519'],
  ['1.3.101.113', 'Ed448'],
]);

function algorithmName({ content }: DerElement): string {
  const [id] = elementsOf(content, 1);
  const oid = id?.tag === DER.oid ? oidText(id.content) : '';
  return ALGORITHMS.get(oid) ?? oid;
}

/** Signatures of which collisions can be made (RFC 6151, RFC 9155). */
export function isWeakSignature(algorithm: string): boolean {
  return /^(md[245]|sha1|id-dsa-with-sha1|ecdsa-with-SHA1)/.test(algorithm);
}

const OID = {
  keyUsage: '2.5.29.15',
  altNames: '2.5.29.17',
  crls: '2.5.29.31',
  extendedKeyUsage: '2.5.29.37',
  authorityInfo: '1.3.6.1.5.5.7.1.1',
  tlsFeature: '1.3.6.1.5.5.7.1.24',
  scts: '1.3.6.1.4.1.11129.2.4.2',
  ocsp: '1.3.6.1.5.5.7.48.1',
  issuers: '1.3.6.1.5.5.7.48.2',
} as const;

const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** RFC 5280 §4.2.1.12, and what else is met in practice. */
const PURPOSES: ReadonlyMap<string, string> = new Map([
  ['2.5.29.37.0', 'anyExtendedKeyUsage'],
  ['1.3.6.1.5.5.7.3.1', 'serverAuth'],
  ['1.3.6.1.5.5.7.3.2', 'clientAuth'],
  ['1.3.6.1.5.5.7.3.3', 'codeSigning'],
  ['1.3.6.1.5.5.7.3.4', 'emailProtection'],
  ['1.3.6.1.5.5.7.3.8', 'timeStamping'],
  ['1.3.6.1.5.5.7.3.9', 'OCSPSigning'],
]);

/** More URLs, purposes or timestamps than this are not shown. */
const MAX_SHOWN = 16;
/** RFC 7633: the number of status_request among the TLS features. */
const STATUS_REQUEST = 5;

export interface ExtensionFacts {
  readonly keyUsage?: readonly string[];
  readonly extendedKeyUsage?: readonly string[];
  readonly ocspUrls?: readonly string[];
  readonly crlUrls?: readonly string[];
  readonly issuerUrls?: readonly string[];
  readonly scts?: number;
  readonly mustStaple?: boolean;
}

/** What the extensions say; one that cannot be read is left out, the others count all the same. */
export function extensionFacts({ extensions }: X509Facts): ExtensionFacts {
  const read = <T>(oid: string, take: (value: Buffer) => T): T | undefined => {
    const value = extensions.get(oid);
    try {
      return value && take(value);
    } catch (thrown) {
      if (thrown instanceof MalformedError) return undefined;
      throw thrown;
    }
  };
  const access = read(OID.authorityInfo, accessUrls);
  const facts = {
    keyUsage: read(OID.keyUsage, keyUsages),
    extendedKeyUsage: read(OID.extendedKeyUsage, purposes),
    ocspUrls: access?.get(OID.ocsp),
    crlUrls: read(OID.crls, crlUrls),
    issuerUrls: access?.get(OID.issuers),
    scts: read(OID.scts, countTimestamps),
    mustStaple: read(OID.tlsFeature, demandsStapling),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function keyUsages(value: Buffer): string[] {
  const { content } = readElement(value);
  // The first byte counts the unused bits.
  return KEY_USAGES.filter((_, bit) => ((content[1 + (bit >> 3)] ?? 0) >> (7 - (bit & 7))) & 1);
}

function purposes(value: Buffer): string[] {
  return elementsOf(readElement(value).content, MAX_SHOWN).map(({ content }) => {
    const oid = oidText(content);
    return PURPOSES.get(oid) ?? oid;
  });
}

/** AccessDescriptions: method, and where (RFC 5280 §4.2.2.1). */
function accessUrls(value: Buffer): Map<string, string[]> {
  const urls = new Map<string, string[]>();
  for (const { content } of elementsOf(readElement(value).content, MAX_SHOWN)) {
    const [method, location] = elementsOf(content, 2);
    if (!method || location?.tag !== URI) continue;
    const oid = oidText(method.content);
    urls.set(oid, [...(urls.get(oid) ?? []), uriText(location)]);
  }
  return urls;
}

/** uniformResourceIdentifier and dNSName of a GeneralName. */
const URI = 0x86;
const DNS_NAME = 0x82;

const uriText = ({ content }: DerElement): string => printable(content.toString('latin1', 0, 1024));

/** DistributionPoints → distributionPoint → fullName → GeneralNames (RFC 5280 §4.2.1.13). */
function crlUrls(value: Buffer): string[] {
  return elementsOf(readElement(value).content, MAX_SHOWN)
    .flatMap(({ content }) => elementsOf(content, 3).filter(({ tag }) => tag === 0xa0))
    .flatMap(({ content }) => elementsOf(content, 1).filter(({ tag }) => tag === 0xa0))
    .flatMap(({ content }) => elementsOf(content, MAX_SHOWN).filter(({ tag }) => tag === URI))
    .slice(0, MAX_SHOWN)
    .map(uriText);
}

/** SignedCertificateTimestampList (RFC 6962 §3.3): an OCTET STRING of vectors. */
function countTimestamps(value: Buffer): number {
  const { content } = readElement(value);
  let count = 0;
  for (let at = 2; at + 2 <= content.length && count < MAX_SHOWN; count++) at += 2 + content.readUInt16BE(at);
  return count;
}

function demandsStapling(value: Buffer): boolean {
  return elementsOf(readElement(value).content, MAX_SHOWN).some(
    ({ content }) => content.at(-1) === STATUS_REQUEST,
  );
}

/** Types of a distinguished name's attributes (RFC 4519 §2, RFC 5280 §A.1). */
const ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
]);
const MAX_ATTRIBUTES = 32;
const BMP_STRING = 0x1e;

interface Attribute {
  readonly type: string;
  readonly value: Buffer;
  readonly text: string;
}

function attributesOf(name: Buffer): Attribute[] {
  return elementsOf(readElement(name).content, MAX_ATTRIBUTES)
    .flatMap(({ content }) => elementsOf(content, MAX_ATTRIBUTES))
    .slice(0, MAX_ATTRIBUTES)
    .flatMap(({ content }) => {
      const [type, value] = elementsOf(content, 2);
      if (!type || !value) return [];
      const oid = oidText(type.content);
      return [{ type: ATTRIBUTES.get(oid) ?? oid, value: value.content, text: stringText(value) }];
    });
}

function stringText({ tag, content }: DerElement): string {
  const bytes = content.subarray(0, 1024);
  if (tag !== BMP_STRING) return bytes.toString('utf8');
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le');
}

/** A distinguished name as `C=MY, O=Plant, CN=broker`; what cannot be read is shown as such. */
export function nameText(name: Buffer): string {
  try {
    return printable(
      attributesOf(name)
        .map(({ type, text }) => `${type}=${text}`)
        .join(', '),
    );
  } catch {
    return '(unreadable)';
  }
}

/** True when a DNS name or common name has a byte that no host name has: NUL, controls, blanks at its ends. */
export function hasOddName({ subject, extensions }: X509Facts): boolean {
  try {
    const value = extensions.get(OID.altNames);
    const dnsNames = value ? elementsOf(readElement(value).content, MAX_LOOKED_AT) : [];
    const isOddDns = dnsNames.some(({ tag, content }) => tag === DNS_NAME && !isHostName(content));
    return isOddDns || attributesOf(subject).some(({ type, text }) => type === 'CN' && CONTROL.test(text));
  } catch {
    return true;
  }
}

/** Ten thousand names take no noticeable time; a million would. */
const MAX_LOOKED_AT = 20_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\x00-\x1f\x7f]/;

function isHostName(content: Buffer): boolean {
  return content.length > 0 && content.every((byte) => byte > 0x20 && byte < 0x7f);
}
