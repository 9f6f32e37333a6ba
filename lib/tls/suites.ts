import type { SuiteGrade, TlsSuite } from '../model';
import { CIPHER_SUITES } from './cipher-suites';
import { codeText, type WireVersion } from './versions';

/** TLS 1.3 names no key exchange (RFC 8446 §B.4). Its suites serve no other version, and no other suites serve it. */
const isTls13Name = (name: string): boolean => !name.includes('_WITH_') && name !== 'TLS_ECC_SM4_CBC_SM3';

/** Broken, or no protection at all (RFC 9325 §4.1). */
const INSECURE = /_anon_|EXPORT|_NULL(_|$)|_RC4_|_RC2_|_DES(40)?_|^TLS_SHA(256|384)_/;
/** Blocks of 64 bits (SWEET32, CVE-2016-2183), and MD5 as a MAC. */
const WEAK = /_3DES_|_IDEA_|_28147_|_MAGMA_|FORTEZZA|_MD5$/;
/** Authenticated encryption with a whole tag. */
const AEAD = /_GCM|_CCM(_SHA\d+|_SM3)?$|CHACHA20_POLY1305|_AEGIS_|_MGM_/;
const FORWARD_SECRET = /_(EC)?DHE_|_ECCPWD_|_CECPQ1_|_(EC)?DH_anon_/;

/** The grade of a suite, from what its name says about it. */
export function gradeOf(name: string): SuiteGrade {
  if (INSECURE.test(name)) return 'insecure';
  if (WEAK.test(name)) return 'weak';
  return hasForwardSecrecy(name) && AEAD.test(name) ? 'strong' : 'acceptable';
}

export function hasForwardSecrecy(name: string): boolean {
  return isTls13Name(name) || FORWARD_SECRET.test(name);
}

const GRADES: readonly SuiteGrade[] = ['strong', 'acceptable', 'weak', 'insecure'];

const NAMES: ReadonlyMap<number, string> = new Map(CIPHER_SUITES);

/** The facts of a suite by its number; numbers that nobody registered have a name that says so. */
export function suiteOf(code: number): TlsSuite {
  const name = NAMES.get(code) ?? `unknown (${codeText(code)})`;
  return { name, code: codeText(code), grade: gradeOf(name), forwardSecrecy: hasForwardSecrecy(name) };
}

function codesWhere(isWanted: (name: string) => boolean): readonly number[] {
  return CIPHER_SUITES.filter(([, name]) => isWanted(name))
    .map(([code, name]) => ({ code, rank: GRADES.indexOf(gradeOf(name)) }))
    .sort((a, b) => a.rank - b.rank || a.code - b.code)
    .map(({ code }) => code);
}

const TLS13_SUITES = codesWhere(isTls13Name);
const OLDER_SUITES = codesWhere((name) => !isTls13Name(name));

/** Every suite that a version may know, strongest first: the order in which they are offered. */
export function suitesFor(version: WireVersion): readonly number[] {
  return version === 0x0304 ? TLS13_SUITES : OLDER_SUITES;
}

/** Suites with which a server sends a ServerKeyExchange on an elliptic curve and signs it (RFC 8422 §2). */
export const SIGNED_ECDHE_SUITES = codesWhere((name) => /_ECDHE_(RSA|ECDSA)_WITH/.test(name));

/** DHE suites that are signed (RFC 5246 §7.4.3). */
export const SIGNED_DHE_SUITES = codesWhere((name) => /_DHE_(RSA|DSS)_/.test(name));

/** How the server proves who it is: the kind of certificate that a suite needs. */
export function authenticationOf(code: number): 'rsa' | 'ecdsa' | 'dss' | 'other' {
  const name = NAMES.get(code) ?? '';
  if (/_ECDSA_/.test(name)) return 'ecdsa';
  if (/_DSS_/.test(name)) return 'dss';
  return /_RSA_/.test(name) && !/_PSK_/.test(name) ? 'rsa' : 'other';
}

/** How the keys are agreed upon, as far as it is told in a ServerKeyExchange that we read. */
export function keyExchangeOf(code: number): 'ecdhe' | 'dhe' | 'other' {
  const name = NAMES.get(code) ?? '';
  if (/_PSK_|_KRB5_|_SRP_/.test(name)) return 'other';
  if (/_ECDHE_|_ECDH_anon_/.test(name)) return 'ecdhe';
  return /_DHE_|_DH_anon_/.test(name) ? 'dhe' : 'other';
}

/** Whether the server signs its key exchange; an anonymous one does not. */
export const isAnonymous = (code: number): boolean => /_anon_/.test(NAMES.get(code) ?? '');
