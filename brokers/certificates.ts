import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { createCertificate, type IssuedCertificate } from './create-certificate';

export { type CertificateRequest, createCertificate, type IssuedCertificate } from './create-certificate';

export interface LabCertificateOptions {
  /** Host names and addresses the server certificate must carry, besides localhost, 127.0.0.1 and ::1. */
  readonly names?: readonly string[];
  /** The present, for tests. */
  readonly now?: Date;
}

/** Where the lab's certificates are, and what is in them. */
export interface LabCertificates {
  readonly caPath: string;
  readonly certPath: string;
  readonly keyPath: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CA_DAYS = 3650;
/** Clients of public certificates accept no more than 398 days (CA/Browser Forum BR §6.3.2); the lab keeps to it. */
const SERVER_DAYS = 397;
const RENEW_DAYS = 30;
/** Devices without a battery-backed clock run a little behind. */
const BACKDATE = HOUR;
/** RSA: the ESP32 has a big-number accelerator for it, and its older TLS builds come without ECDSA. */
const KEY_TYPE = 'rsa-2048';
const ALWAYS_NAMED = ['localhost', '127.0.0.1', '::1'];

/**
 * The lab's own CA and server certificate, made when missing and kept for the next start as long as they
 * hold for 30 days and carry all names. The CA outlives server certificates, so that what was once
 * told to trust it (a device, a tls-config) need not be told again.
 */
export async function ensureLabCertificates(
  directory: string,
  options: LabCertificateOptions = {},
): Promise<LabCertificates> {
  const now = options.now ?? new Date();
  const names = [...new Set([...ALWAYS_NAMED, ...(options.names ?? []).map(checkedName)])];
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);

  const storedCa = await load(directory, 'ca');
  const ca = storedCa !== undefined && caHolds(storedCa, now) ? storedCa : await makeCa(directory, now);

  const stored = await load(directory, 'server');
  const holds = stored !== undefined && serverHolds(stored, ca, names, now);
  const server = holds ? stored : await makeServer(directory, ca, names, now);

  return {
    caPath: join(directory, 'ca.crt'),
    certPath: join(directory, 'server.crt'),
    keyPath: join(directory, 'server.key'),
    ca: ca.cert,
    cert: server.cert,
    key: server.key,
  };
}

async function makeCa(directory: string, now: Date): Promise<IssuedCertificate> {
  const ca = await createCertificate({
    // The year of birth tells CAs of different labs apart where both are installed.
    commonName: `MQTT Scanner Lab CA ${now.getUTCFullYear()}`,
    ca: true,
    keyType: KEY_TYPE,
    ...validity(now, CA_DAYS),
  });
  await store(directory, 'ca', ca);
  return ca;
}

async function makeServer(
  directory: string,
  issuer: IssuedCertificate,
  names: readonly string[],
  now: Date,
): Promise<IssuedCertificate> {
  const server = await createCertificate({
    commonName: 'localhost',
    names,
    issuer,
    keyType: KEY_TYPE,
    ...validity(now, SERVER_DAYS),
  });
  await store(directory, 'server', server);
  return server;
}

function validity(now: Date, days: number): { notBefore: Date; notAfter: Date } {
  const from = now.getTime() - BACKDATE;
  return { notBefore: new Date(from), notAfter: new Date(from + days * DAY) };
}

/** A CA must outlive the server certificate it might sign today; a chain ends with its first link. */
function caHolds(ca: IssuedCertificate, now: Date): boolean {
  const certificate = new X509Certificate(ca.cert);
  return certificate.ca && keyFits(certificate, ca.key) && holdsFor(certificate, now, SERVER_DAYS);
}

function serverHolds(
  server: IssuedCertificate,
  ca: IssuedCertificate,
  names: readonly string[],
  now: Date,
): boolean {
  const certificate = new X509Certificate(server.cert);
  const issuer = new X509Certificate(ca.cert);
  return (
    keyFits(certificate, server.key) &&
    certificate.checkIssued(issuer) &&
    certificate.verify(issuer.publicKey) &&
    holdsFor(certificate, now, RENEW_DAYS) &&
    names.every((name) => carries(certificate, name))
  );
}

function keyFits(certificate: X509Certificate, key: string): boolean {
  return certificate.checkPrivateKey(createPrivateKey(key));
}

function holdsFor(certificate: X509Certificate, now: Date, days: number): boolean {
  const from = Date.parse(certificate.validFrom);
  const to = Date.parse(certificate.validTo);
  return from <= now.getTime() && to >= now.getTime() + days * DAY;
}

function carries(certificate: X509Certificate, name: string): boolean {
  const found = isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name);
  return found !== undefined;
}

/** Reads `<name>.crt` and `<name>.key`; what is missing or no certificate at all counts as not there. */
async function load(directory: string, name: string): Promise<IssuedCertificate | undefined> {
  try {
    const cert = await readFile(join(directory, `${name}.crt`), 'utf8');
    const key = await readFile(join(directory, `${name}.key`), 'utf8');
    new X509Certificate(cert);
    createPrivateKey(key);
    return { cert, key };
  } catch {
    return undefined;
  }
}

async function store(directory: string, name: string, issued: IssuedCertificate): Promise<void> {
  await replaceFile(join(directory, `${name}.key`), issued.key, 0o600);
  await replaceFile(join(directory, `${name}.crt`), issued.cert, 0o644);
}

/** Writes beside and renames: a lab that starts meanwhile reads the old file or the new one, never half of one. */
async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const beside = `${path}.${process.pid}.new`;
  await writeFile(beside, text, { mode });
  await rename(beside, path);
}

/** A name that cannot stand in a certificate is a typing error, better told than signed. */
function checkedName(name: string): string {
  const label = '[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?';
  if (isIP(name) !== 0 || new RegExp(`^${label}(\\.${label})*$`, 'i').test(name)) return name;
  throw new Error(`"${name}" is neither a host name nor an IP address.`);
}
