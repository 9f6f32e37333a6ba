import type { TlsGroup } from '../model';
import { codeText } from './versions';

/** TLS Supported Groups, IANA registry: number, name, bits of the (classical) field or prime. */
const GROUPS: readonly (readonly [code: number, name: string, bits: number])[] = [
  [0x11ec, 'X25519MLKEM768', 255],
  [0x11eb, 'SecP256r1MLKEM768', 256],
  [0x11ed, 'SecP384r1MLKEM1024', 384],
  [0x6399, 'X25519Kyber768Draft00', 255],
  [0x001d, 'x25519', 255],
  [0x0017, 'secp256r1', 256],
  [0x001e, 'x448', 448],
  [0x0018, 'secp384r1', 384],
  [0x0019, 'secp521r1', 521],
  [0x001f, 'brainpoolP256r1tls13', 256],
  [0x0020, 'brainpoolP384r1tls13', 384],
  [0x0021, 'brainpoolP512r1tls13', 512],
  [0x001a, 'brainpoolP256r1', 256],
  [0x001b, 'brainpoolP384r1', 384],
  [0x001c, 'brainpoolP512r1', 512],
  [0x0016, 'secp256k1', 256],
  [0x0029, 'curveSM2', 256],
  [0x000e, 'sect571r1', 571],
  [0x000d, 'sect571k1', 571],
  [0x000c, 'sect409r1', 409],
  [0x000b, 'sect409k1', 409],
  [0x000a, 'sect283r1', 283],
  [0x0009, 'sect283k1', 283],
  [0x0008, 'sect239k1', 239],
  [0x0007, 'sect233r1', 233],
  [0x0006, 'sect233k1', 233],
  [0x0015, 'secp224r1', 224],
  [0x0014, 'secp224k1', 224],
  [0x0013, 'secp192r1', 192],
  [0x0012, 'secp192k1', 192],
  [0x0005, 'sect193r2', 193],
  [0x0004, 'sect193r1', 193],
  [0x0003, 'sect163r2', 163],
  [0x0002, 'sect163r1', 163],
  [0x0001, 'sect163k1', 163],
  [0x0011, 'secp160r2', 160],
  [0x0010, 'secp160r1', 160],
  [0x000f, 'secp160k1', 160],
  [0x0100, 'ffdhe2048', 2048],
  [0x0101, 'ffdhe3072', 3072],
  [0x0102, 'ffdhe4096', 4096],
  [0x0103, 'ffdhe6144', 6144],
  [0x0104, 'ffdhe8192', 8192],
];

const BY_CODE = new Map(GROUPS.map((group) => [group[0], group]));

const isHybrid = (name: string): boolean => /MLKEM|Kyber/.test(name);
const isFiniteField = (name: string): boolean => name.startsWith('ffdhe');
/** Since TLS 1.3 the brainpool curves have other numbers, and the curves before P-256 none (RFC 8446 §4.2.7, RFC 8734). */
const isOfTls13 = (name: string): boolean =>
  isHybrid(name) ||
  isFiniteField(name) ||
  /^(x25519|x448|secp(256|384|521)r1|brainpool.*tls13|curveSM2)$/.test(name);

/** Groups that a TLS 1.3 server may choose, in the order in which they are offered. */
export const TLS13_GROUPS: readonly number[] = GROUPS.filter(([, name]) => isOfTls13(name)).map(
  ([code]) => code,
);

/** Curves that a server may choose for ECDHE below TLS 1.3. */
export const OLDER_GROUPS: readonly number[] = GROUPS.filter(
  ([, name]) => !isHybrid(name) && !isFiniteField(name) && !name.endsWith('tls13'),
).map(([code]) => code);

/** The facts of a group by its number. */
export function groupOf(code: number): TlsGroup {
  const [, name, bits] = BY_CODE.get(code) ?? [code, `unknown (${codeText(code)})`, 0];
  return { name, bits, postQuantum: isHybrid(name) };
}
