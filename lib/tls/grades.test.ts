import assert from 'node:assert/strict';
import type { CertificateFacts, TlsProtocol } from '../model';
import { CIPHER_SUITES } from './cipher-suites';
import { groupOf } from './groups';
import { knownCertificate } from './known-certificates';
import { mozillaVerdicts } from './mozilla';
import { scoreOf } from './score';
import { gradeOf, hasForwardSecrecy, suiteOf, suitesFor } from './suites';

describe('grades of suites', () => {
  const cases: readonly (readonly [name: string, grade: string, forwardSecrecy: boolean])[] = [
    ['TLS_AES_128_GCM_SHA256', 'strong', true],
    ['TLS_AES_128_CCM_8_SHA256', 'acceptable', true],
    ['TLS_SHA256_SHA256', 'insecure', true],
    ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'strong', true],
    ['TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'strong', true],
    ['TLS_ECDHE_ECDSA_WITH_AES_128_CCM', 'strong', true],
    ['TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8', 'acceptable', true],
    ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'acceptable', true],
    ['TLS_RSA_WITH_AES_256_GCM_SHA384', 'acceptable', false],
    ['TLS_ECDH_RSA_WITH_AES_256_GCM_SHA384', 'acceptable', false],
    ['TLS_DH_DSS_WITH_AES_256_GCM_SHA384', 'acceptable', false],
    ['TLS_RSA_WITH_3DES_EDE_CBC_SHA', 'weak', false],
    ['TLS_RSA_WITH_IDEA_CBC_SHA', 'weak', false],
    ['TLS_KRB5_WITH_IDEA_CBC_MD5', 'weak', false],
    ['TLS_RSA_WITH_RC4_128_MD5', 'insecure', false],
    ['TLS_RSA_WITH_DES_CBC_SHA', 'insecure', false],
    ['TLS_RSA_EXPORT_WITH_DES40_CBC_SHA', 'insecure', false],
    ['TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA', 'insecure', true],
    ['TLS_RSA_WITH_NULL_SHA256', 'insecure', false],
    ['TLS_ECDHE_PSK_WITH_NULL_SHA', 'insecure', true],
    ['TLS_DH_anon_WITH_AES_256_GCM_SHA384', 'insecure', true],
  ];
  for (const [name, grade, forwardSecrecy] of cases) {
    it(`${name} is ${grade}`, () => {
      assert.ok(
        CIPHER_SUITES.some(([, known]) => known === name),
        'in the registry',
      );
      assert.deepEqual([gradeOf(name), hasForwardSecrecy(name)], [grade, forwardSecrecy]);
    });
  }

  it('are offered strongest first, each once, and those of TLS 1.3 to TLS 1.3 only', () => {
    const [tls13, older] = [suitesFor(0x0304), suitesFor(0x0303)];
    assert.equal(new Set([...tls13, ...older]).size, CIPHER_SUITES.length);
    assert.equal(tls13.length + older.length, CIPHER_SUITES.length);
    assert.ok(tls13.includes(0x1301) && older.includes(0x0004));
    const rank = ['strong', 'acceptable', 'weak', 'insecure'];
    const ranks = older.map((code) => rank.indexOf(suiteOf(code).grade));
    assert.deepEqual(
      ranks,
      [...ranks].sort((a, b) => a - b),
    );
  });

  it('names numbers that nobody registered', () => {
    assert.equal(suiteOf(0x0a0a).name, 'unknown (0x0A0A)');
  });
});

const CERTIFICATE: CertificateFacts = {
  subject: 'CN=broker',
  issuer: 'CN=ca',
  subjectAltNames: [],
  validFrom: '2026-01-01T00:00:00.000Z',
  validTo: '2026-03-31T00:00:00.000Z',
  daysLeft: 30,
  serialNumber: '01',
  keyType: 'ec',
  keyBits: 256,
  curve: 'prime256v1',
  fingerprint256: '',
  selfSigned: false,
  ca: false,
  signatureAlgorithm: 'ecdsa-with-SHA256',
  lifetimeDays: 89,
};

function protocol(version: string, suites: readonly number[], more: Partial<TlsProtocol> = {}): TlsProtocol {
  return { version, suites: suites.map(suiteOf), groups: [groupOf(0x001d)], preference: 'server', ...more };
}

const TLS13 = protocol('TLSv1.3', [0x1301, 0x1302, 0x1303]);
const TLS12 = protocol('TLSv1.2', [0xc02b, 0xc02c]);

describe("Mozilla's profiles", () => {
  const cases: readonly {
    readonly what: string;
    readonly protocols: readonly TlsProtocol[];
    readonly certificate?: Partial<CertificateFacts>;
    /** A deviation of each profile; an empty text where it is met. */
    readonly modern: string;
    readonly intermediate: string;
    readonly old: string;
  }[] = [
    { what: 'TLS 1.3 alone', protocols: [TLS13], modern: '', intermediate: '', old: '' },
    {
      what: 'TLS 1.2 and 1.3',
      protocols: [TLS13, TLS12],
      modern: 'TLSv1.2 is accepted',
      intermediate: '',
      old: '',
    },
    {
      what: 'TLS 1.0',
      protocols: [TLS12, protocol('TLSv1', [0xc013])],
      modern: 'TLSv1.3 or newer is missing',
      intermediate: 'TLSv1 is accepted',
      old: '',
    },
    {
      what: 'SSL 3.0',
      protocols: [TLS12, protocol('SSLv3', [0x0004])],
      modern: 'SSLv3 is accepted',
      intermediate: 'TLS_RSA_WITH_RC4_128_MD5 is accepted',
      old: 'SSLv3 is accepted',
    },
    {
      what: 'an RSA key',
      protocols: [TLS13],
      certificate: { keyType: 'rsa', keyBits: 2048, signatureAlgorithm: 'sha256WithRSAEncryption' },
      modern: 'the key is of type rsa, not ec',
      intermediate: '',
      old: '',
    },
    {
      what: 'a small prime',
      protocols: [TLS13, protocol('TLSv1.2', [0x009e], { dhBits: 1024 })],
      modern: 'TLSv1.2 is accepted',
      intermediate: 'DHE has 1024 bits, not 2048',
      old: '',
    },
    {
      what: 'two years of validity',
      protocols: [TLS13],
      certificate: { lifetimeDays: 730 },
      modern: 'the certificate is valid for 730 days, not at most 90',
      intermediate: 'the certificate is valid for 730 days, not at most 366',
      old: 'the certificate is valid for 730 days, not at most 366',
    },
    {
      what: 'a client that chooses',
      protocols: [protocol('TLSv1.3', [0x1301, 0x1302], { preference: 'client' })],
      modern: '',
      intermediate: '',
      old: 'the client chooses the suite',
    },
  ];
  for (const { what, protocols, certificate, ...expected } of cases) {
    it(what, () => {
      const verdicts = mozillaVerdicts(protocols, { ...CERTIFICATE, ...certificate });
      for (const profile of ['modern', 'intermediate', 'old'] as const) {
        const { met, deviations } = verdicts[profile];
        assert.equal(met, expected[profile] === '', `${profile}: ${deviations}`);
        assert.equal(deviations.length === 0, met);
        if (!met) assert.ok(deviations.includes(expected[profile]), `${profile}: ${deviations}`);
      }
    });
  }
});

describe('the score', () => {
  it('is 100 where nothing is to be taken off', () => {
    assert.deepEqual(scoreOf([], [TLS13, TLS12]), { value: 100, deductions: [] });
  });

  it('is what the deductions leave, and never under 0', () => {
    const { value, deductions } = scoreOf(['untrusted', 'expires-soon'], [TLS12]);
    assert.deepEqual(
      deductions.map(({ points }) => points),
      [25, 5, 5],
    );
    assert.equal(value, 65);
    const all = scoreOf(['expired', 'weak-key', 'self-signed'], [protocol('SSLv3', [0x0004])]);
    assert.equal(all.value, 0);
    assert.ok(all.deductions.every(({ reason }) => reason !== ''));
  });
});

describe('known certificates', () => {
  it('are known by their key', () => {
    const publicKeySha256 = '912c548620a21d9ecc7bc87a3addb9550d30214dd9ed947b3a8e2449e203eecf';
    assert.match(knownCertificate({ ...CERTIFICATE, publicKeySha256 }) ?? '', /EMQX/);
    assert.equal(knownCertificate({ ...CERTIFICATE, publicKeySha256: '00' }), undefined);
    assert.equal(knownCertificate(CERTIFICATE), undefined);
  });
});
