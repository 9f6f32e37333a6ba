import assert from 'node:assert/strict';
import { createSecureContext, type TlsOptions } from 'node:tls';
import type { TlsMaterial, TlsProblem, TlsResult } from '../lib/model';
import { serverFlight } from '../lib/tls/testing';
import { startScripted } from './support/scripted-server';
import { type Made, make, type Request } from './tls-zoo/certificates';
import { type How, inspected } from './tls-zoo/inspected';
import { startNode } from './tls-zoo/servers';

const DAY = 86_400_000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY);

describe('certificates of TLS servers', function () {
  this.timeout(30_000);
  let root: Made;
  let intermediate: Made;
  let tls: TlsMaterial;

  before(async () => {
    root = await make({ name: 'root', ca: true });
    intermediate = await make({ name: 'intermediate', ca: true, issuer: root });
    tls = { ca: root.cert };
  });

  /** A server certificate that holds for this machine, unless told otherwise. */
  const leaf = (request: Partial<Request> = {}): Promise<Made> =>
    make({ name: 'broker', names: ['127.0.0.1'], issuer: root, ...request });

  async function seen(options: TlsOptions, how: How = {}): Promise<TlsResult> {
    const server = await startNode(options);
    try {
      return await inspected(server.port, { tls, depth: 'certificate', ...how });
    } finally {
      await server.stop();
    }
  }

  const cases: readonly {
    readonly what: string;
    readonly request?: Partial<Request>;
    readonly how?: How;
    readonly problems: readonly TlsProblem[];
  }[] = [
    { what: 'that hold', problems: [] },
    { what: 'for an IP address', request: { names: ['127.0.0.1', '::1'] }, problems: [] },
    { what: 'for a name', request: { names: ['broker.lan'] }, how: { target: 'broker.lan' }, problems: [] },
    {
      what: 'for a wildcard',
      request: { names: ['*.plant.lan'] },
      how: { target: 'broker.plant.lan' },
      problems: [],
    },
    { what: 'for another address', request: { names: ['127.0.0.2'] }, problems: ['name-mismatch'] },
    { what: 'for another name', how: { target: 'broker.lan' }, problems: ['name-mismatch'] },
    {
      what: 'with the name as CN only',
      request: { name: 'broker.lan', names: [] },
      how: { target: 'broker.lan' },
      problems: ['name-mismatch'],
    },
    {
      what: 'that have expired',
      request: { notBefore: inDays(-20), notAfter: inDays(-2) },
      problems: ['expired'],
    },
    { what: 'of the future', request: { notBefore: inDays(2) }, problems: ['not-yet-valid'] },
    { what: 'that expire soon', request: { notAfter: inDays(20) }, problems: ['expires-soon'] },
    {
      what: 'that expire soon enough for others',
      request: { notAfter: inDays(20) },
      how: { expiryDays: 10 },
      problems: [],
    },
    { what: 'with 1024 bits of RSA', request: { key: 'rsa-1024' }, problems: ['weak-key'] },
    { what: 'with 2048 bits of RSA', request: { key: 'rsa-2048' }, problems: [] },
    { what: 'with Ed25519', request: { key: 'ed25519' }, problems: [] },
    { what: 'that are signed with SHA-1', request: { hash: 'SHA-1' }, problems: ['weak-signature'] },
    { what: 'of a CA', request: { ca: true }, problems: ['ca-as-server'] },
    {
      what: 'that nobody else has signed',
      request: { isOwnIssuer: true },
      problems: ['self-signed'],
    },
    { what: 'valid for ten years of an own CA', request: { notAfter: inDays(3650) }, problems: [] },
  ];
  for (const { what, request, how, problems } of cases) {
    it(what, async () => {
      const { cert, key } = await leaf(request);
      const result = await seen({ cert, key }, how);
      assert.deepEqual([...result.problems].sort(), [...problems].sort(), result.trustError ?? result.error);
      assert.equal(result.hostnameMatches, !problems.includes('name-mismatch'));
    });
  }

  it('of a CA that nobody knows', async () => {
    const { cert, key } = await leaf();
    const result = await seen({ cert: cert + root.cert, key }, { tls: {} });
    assert.deepEqual(result.problems, ['untrusted']);
    assert.equal(result.trustError, 'SELF_SIGNED_CERT_IN_CHAIN');
    assert.equal(result.trustedBy, undefined);
  });

  describe('in chains', () => {
    let last: Made;
    before(async () => {
      last = await leaf({ issuer: intermediate });
    });
    const chains: readonly (readonly [string, (() => string)[], TlsProblem[]])[] = [
      ['whole', [() => intermediate.cert], []],
      ['whole with its root', [() => intermediate.cert, () => root.cert], []],
      ['without the intermediate', [], ['untrusted', 'incomplete-chain']],
      ['in the wrong order', [() => root.cert, () => intermediate.cert], ['chain-order']],
      ['with one twice', [() => intermediate.cert, () => intermediate.cert], ['chain-order']],
    ];
    for (const [what, more, problems] of chains) {
      it(what, async () => {
        const cert = [last.cert, ...more.map((take) => take())].join('');
        const result = await seen({ cert, key: last.key }, { depth: 'full' });
        const ofChain = result.problems.filter((problem) => problem !== 'no-forward-secrecy');
        assert.deepEqual(ofChain, problems);
        const served = result.chain.filter((one) => one.served !== false);
        assert.equal(served.length, 1 + more.length);
        assert.equal(result.trustedBy, problems.includes('untrusted') ? undefined : 'profile');
      });
    }
  });

  it('tells every fact of a certificate', async () => {
    const { cert, key, der } = await leaf({ key: 'rsa-2048' });
    const { certificate, score, mozilla } = await seen({ cert, key }, { depth: 'full' });
    assert.equal(certificate?.keyBits, 2048);
    assert.equal(certificate?.signatureAlgorithm, 'ecdsa-with-SHA256');
    assert.deepEqual(certificate?.extendedKeyUsage, ['serverAuth', 'clientAuth']);
    assert.equal(certificate?.lifetimeDays, 61);
    assert.match(certificate?.publicKeySha256 ?? '', /^[0-9a-f]{64}$/);
    assert.ok(der.length > 0);
    assert.equal(score?.value, 95, 'some suites without forward secrecy');
    assert.equal(mozilla?.modern.met, false);
  });

  it('has one hash for one key, whatever the certificate', async () => {
    const one = await leaf();
    const first = await seen({ cert: one.cert, key: one.key });
    const again = await seen({ cert: one.cert, key: one.key });
    const other = await leaf();
    const second = await seen({ cert: other.cert, key: other.key });
    assert.equal(first.certificate?.publicKeySha256, again.certificate?.publicKeySha256);
    assert.notEqual(first.certificate?.publicKeySha256, second.certificate?.publicKeySha256);
  });

  describe('and the name that is asked for', () => {
    for (const [version, label] of [
      ['TLSv1.2', 'in TLS 1.2'],
      ['TLSv1.3', 'in TLS 1.3'],
    ] as const) {
      it(`decides which one comes, ${label}`, async () => {
        const [named, other] = [await leaf({ names: ['broker.lan'] }), await leaf({ names: ['other.lan'] })];
        const result = await seen(
          {
            cert: other.cert,
            key: other.key,
            minVersion: version,
            maxVersion: version,
            SNICallback: (name, done) =>
              done(
                null,
                name === 'broker.lan' ? createSecureContext({ cert: named.cert, key: named.key }) : undefined,
              ),
          },
          { depth: 'full', target: 'broker.lan' },
        );
        assert.equal(result.features?.withoutServerName, 'different');
        assert.equal(result.hostnameMatches, true);
        assert.equal(result.otherCertificates?.length, 1);
      });
    }
  });

  describe('of clients', () => {
    let client: Made;
    before(async () => {
      client = await make({ name: 'device', issuer: root });
    });
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const demand = async (rejectUnauthorized: boolean, how: How = {}): Promise<TlsResult> => {
        const { cert, key } = await leaf();
        const options = { cert, key, ca: root.cert, requestCert: true, rejectUnauthorized };
        return seen({ ...options, minVersion: version, maxVersion: version }, { depth: 'full', ...how });
      };
      it(`are required, ${version}`, async () => {
        const result = await demand(true);
        assert.equal(result.clientCertificate?.demand, 'required');
        assert.equal(result.clientCertificate?.accepted, undefined);
        assert.ok(result.problems.includes('client-certificate-required'));
        assert.deepEqual(result.versions, [version]);
        assert.equal(result.trusted, true, result.trustError);
      });
      it(`are required of a CA that is named, and ours is taken, ${version}`, async () => {
        const result = await demand(true, { tls: { ...tls, cert: client.cert, key: client.key } });
        assert.deepEqual(result.clientCertificate, {
          demand: 'required',
          authorities: ['CN=root, O=Zoo'],
          accepted: true,
        });
        assert.ok(!result.problems.includes('client-certificate-required'));
      });
      it(`are asked for and may be left out, ${version}`, async () => {
        const result = await demand(false);
        assert.equal(result.clientCertificate?.demand, 'requested');
        assert.ok(!result.problems.includes('client-certificate-required'));
      });
    }
  });

  describe('that no honest CA issues', () => {
    /** Served by a script that has no private key: what is shown of them comes from the Certificate message alone. */
    async function shown(certificates: readonly Buffer[]): Promise<TlsResult> {
      const flight = serverFlight({ version: 0x0303, suite: 0x002f, certificates });
      const server = await startScripted((socket) => socket.once('data', () => socket.write(flight)));
      try {
        return await inspected(server.port, { tls, phaseTimeoutMs: 500 });
      } finally {
        await server.stop();
      }
    }

    it('with ten thousand names', async () => {
      const names = Array.from({ length: 10_000 }, (_, i) => `host-${i}.lan`);
      const { der } = await leaf({ names: ['127.0.0.1', ...names] });
      const { certificate, hostnameMatches } = await shown([der]);
      assert.equal(certificate?.subjectAltNames.length, 65);
      assert.match(certificate?.subjectAltNames.at(-1) ?? '', /^… 9937 more$/);
      assert.equal(hostnameMatches, true);
    });

    it('with an RSA key of 16,384 bits', async () => {
      const { der } = await leaf({ key: 'rsa-16384' });
      assert.equal((await shown([der])).certificate?.keyBits, 16_384);
    });

    it('with dates from 1970 to 9999', async () => {
      const { der } = await leaf({ notBefore: new Date(0), notAfter: new Date('9999-12-31T23:59:59Z') });
      const { certificate } = await shown([der]);
      assert.equal(certificate?.validFrom, '1970-01-01T00:00:00.000Z');
      assert.equal(certificate?.validTo, '9999-12-31T23:59:59.000Z');
      assert.ok((certificate?.daysLeft ?? 0) > 2_000_000);
    });

    it('with a NUL in the name', async () => {
      const { der } = await leaf({ names: ['broker.lan\0.evil.example', '127.0.0.1'] });
      const result = await shown([der]);
      assert.ok(result.problems.includes('odd-name'), String(result.problems));
      assert.doesNotMatch(JSON.stringify(result), /(?<!\\)\\u00/, 'nothing unprintable gets through');
    });

    it('in a chain that bites its tail', async () => {
      const a = await make({ name: 'a', ca: true, issuerName: 'b', names: ['127.0.0.1'] });
      const b = await make({ name: 'b', ca: true, issuerName: 'a' });
      const result = await shown([a.der, b.der, a.der, b.der]);
      assert.equal(result.trusted, false);
      assert.ok(result.problems.includes('chain-order'));
      assert.equal(result.chain.length, 4);
    });

    it('in a chain of a hundred', async () => {
      const { der } = await leaf();
      const result = await shown(new Array<Buffer>(100).fill(der));
      assert.equal(result.chain.length, 10);
      assert.ok(result.notTested?.some((note) => note.includes('chain')));
    });

    it('of bytes that are no certificate', async () => {
      const result = await shown([Buffer.alloc(500, 0x30)]);
      assert.equal(result.certificate?.keyType, 'unknown');
      assert.equal(result.trusted, false);
    });
  });
});
