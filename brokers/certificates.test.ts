import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFolder, temporaryFolder } from '../test/support/temporary-folders';
import { type CertificateRequest, createCertificate, ensureLabCertificates } from './certificates';

const DAY = 86_400_000;

describe('lab certificates', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await temporaryFolder('certificates');
  });
  afterEach(() => removeFolder(directory));

  it('hold for the machine itself and for what was asked', async () => {
    const made = await ensureLabCertificates(directory, { names: ['broker.lan', '192.0.2.7'] });
    const [ca, server] = [new X509Certificate(made.ca), new X509Certificate(made.cert)];
    assert.equal(ca.ca, true);
    assert.equal(server.ca, false);
    assert.ok(server.checkIssued(ca) && server.verify(ca.publicKey) && ca.verify(ca.publicKey));
    assert.equal(server.checkHost('localhost'), 'localhost');
    assert.equal(server.checkHost('broker.lan'), 'broker.lan');
    for (const address of ['127.0.0.1', '::1', '192.0.2.7']) assert.equal(server.checkIP(address), address);
    assert.equal(server.checkHost('other.lan'), undefined);
    assert.deepEqual(server.keyUsage, ['1.3.6.1.5.5.7.3.1']);
    assert.equal(Date.parse(server.validTo) - Date.parse(server.validFrom), 397 * DAY);
    assert.equal(Date.parse(ca.validTo) - Date.parse(ca.validFrom), 3650 * DAY);
  });

  it('convince openssl', async function () {
    if (spawnSync('openssl', ['version']).status !== 0) this.skip();
    const { caPath, certPath } = await ensureLabCertificates(directory);
    const args = [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-verify_ip',
      '::1',
      '-CAfile',
      caPath,
      certPath,
    ];
    assert.match(execFileSync('openssl', args, { encoding: 'utf8' }), /: OK/);
  });

  it('keep private keys private', async function () {
    if (process.platform === 'win32') this.skip();
    const { keyPath } = await ensureLabCertificates(directory);
    assert.equal((await stat(directory)).mode & 0o777, 0o700);
    assert.equal((await stat(keyPath)).mode & 0o777, 0o600);
    assert.equal((await stat(join(directory, 'ca.key'))).mode & 0o777, 0o600);
  });

  it('are used again until 30 days before their end, the CA for longer', async () => {
    const first = await ensureLabCertificates(directory);
    assert.deepEqual(await ensureLabCertificates(directory, { names: ['::1', 'localhost'] }), first);
    const almost = await ensureLabCertificates(directory, { now: new Date(Date.now() + 366 * DAY) });
    assert.equal(almost.cert, first.cert);
    const late = await ensureLabCertificates(directory, { now: new Date(Date.now() + 368 * DAY) });
    assert.notEqual(late.cert, first.cert);
    assert.equal(late.ca, first.ca);
    const decade = await ensureLabCertificates(directory, { now: new Date(Date.now() + 3400 * DAY) });
    assert.notEqual(decade.ca, first.ca);
  });

  it('are made anew for a new name, and when a file is damaged', async () => {
    const first = await ensureLabCertificates(directory);
    const renamed = await ensureLabCertificates(directory, { names: ['broker.lan'] });
    assert.notEqual(renamed.cert, first.cert);
    assert.equal(renamed.ca, first.ca);
    await writeFile(renamed.keyPath, 'no key');
    const mended = await ensureLabCertificates(directory);
    assert.match(await readFile(mended.keyPath, 'utf8'), /^-----BEGIN PRIVATE KEY-----/);
    await writeFile(mended.caPath, '');
    const another = await ensureLabCertificates(directory);
    assert.ok(new X509Certificate(another.cert).verify(new X509Certificate(another.ca).publicKey));
    assert.notEqual(another.ca, first.ca);
  });

  it('refuse what is no name', async () => {
    await assert.rejects(
      ensureLabCertificates(directory, { names: ['not a name'] }),
      /"not a name" is neither/,
    );
  });
});

describe('createCertificate', () => {
  const valid = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + DAY) };
  const make = async (more: Partial<CertificateRequest>): Promise<X509Certificate> =>
    new X509Certificate((await createCertificate({ commonName: 'broker', ...valid, ...more })).cert);

  it('signs itself without an issuer', async () => {
    const certificate = await make({});
    assert.equal(certificate.subject, certificate.issuer);
    assert.ok(certificate.verify(certificate.publicKey));
    assert.equal(certificate.subjectAltName, undefined);
  });

  it('makes weak, large and elliptic keys', async () => {
    const detail = async (keyType: CertificateRequest['keyType']) =>
      (await make(keyType === undefined ? {} : { keyType })).publicKey.asymmetricKeyDetails;
    assert.equal((await detail('rsa-1024'))?.modulusLength, 1024);
    assert.equal((await detail('rsa-3072'))?.modulusLength, 3072);
    assert.equal((await detail('ec-p256'))?.namedCurve, 'prime256v1');
    assert.equal((await detail('ec-p384'))?.namedCurve, 'secp384r1');
  });

  it('makes any dates and names', async () => {
    const past = new Date('2020-01-01T00:00:00Z');
    const certificate = await make({
      notBefore: past,
      notAfter: new Date('2060-01-01T00:00:00Z'),
      names: ['::1', '*.broker.lan'],
    });
    assert.equal(Date.parse(certificate.validFrom), past.getTime());
    assert.equal(certificate.validTo, 'Jan  1 00:00:00 2060 GMT');
    assert.equal(certificate.checkHost('a.broker.lan'), '*.broker.lan');
  });

  it('signs with an RSA or an EC issuer, and with SHA-1', async () => {
    for (const keyType of ['ec-p256', 'ec-p384', 'rsa-2048'] as const) {
      const issuer = await createCertificate({ commonName: 'CA', ca: true, keyType, ...valid });
      const certificate = await make({ issuer, digest: keyType === 'rsa-2048' ? 'SHA-1' : 'SHA-256' });
      assert.ok(certificate.verify(new X509Certificate(issuer.cert).publicKey), keyType);
      assert.match(certificate.issuer, /CN=CA/);
    }
  });
});
