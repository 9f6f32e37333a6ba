import assert from 'node:assert/strict';
import type { TlsResult } from '../lib/model';
import { suiteOf } from '../lib/tls/suites';
import { removeFolder, temporaryFolder } from './support/temporary-folders';
import { orSkip } from './support/unavailable';
import { type Made, make } from './tls-zoo/certificates';
import { inspected } from './tls-zoo/inspected';
import { type Found, foundIn, NMAP, type Peer, SSLSCAN, TESTSSL } from './tls-zoo/peers';
import { type Server, startNode, startOpenssl, startTlsMosquitto } from './tls-zoo/servers';

/** One server of the zoo, and who looks at it besides us. */
interface Exhibit {
  readonly name: string;
  readonly key: 'rsa' | 'ec';
  start(folder: string, made: Made): Promise<Server>;
  readonly versions: readonly string[];
  /** testssl takes a quarter of a minute for each server. */
  readonly peers: readonly Peer[];
}

const openssl =
  (...args: string[]) =>
  (folder: string, made: Made): Promise<Server> =>
    startOpenssl(folder, made, args);

const ALL_SUITES = 'ALL:COMPLEMENTOFALL:@SECLEVEL=0';

const EXHIBITS: readonly Exhibit[] = [
  {
    name: 'openssl, two suites from TLS 1.0 on',
    key: 'rsa',
    start: openssl('-min_protocol', 'TLSv1', '-cipher', 'AES128-SHA:ECDHE-RSA-AES256-SHA:@SECLEVEL=0'),
    versions: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
    peers: [SSLSCAN, NMAP, TESTSSL],
  },
  {
    name: 'openssl, everything it has, RSA',
    key: 'rsa',
    start: openssl('-min_protocol', 'TLSv1', '-cipher', ALL_SUITES, '-serverpref'),
    versions: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
    peers: [SSLSCAN, NMAP],
  },
  {
    name: 'openssl, everything it has, ECDSA',
    key: 'ec',
    start: openssl('-min_protocol', 'TLSv1', '-cipher', ALL_SUITES),
    versions: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
    peers: [SSLSCAN, NMAP],
  },
  {
    name: 'openssl, NULL and anonymous suites of TLS 1.2',
    key: 'rsa',
    start: openssl('-tls1_2', '-cipher', 'eNULL:aNULL:@SECLEVEL=0'),
    versions: ['TLSv1.2'],
    peers: [SSLSCAN, NMAP],
  },
  {
    name: 'openssl, TLS 1.3 alone',
    key: 'ec',
    start: openssl('-tls1_3', '-ciphersuites', 'TLS_AES_128_CCM_SHA256:TLS_CHACHA20_POLY1305_SHA256'),
    versions: ['TLSv1.3'],
    peers: [SSLSCAN, NMAP],
  },
  {
    name: 'openssl, TLS 1.1 alone',
    key: 'rsa',
    start: openssl('-tls1_1', '-cipher', 'DEFAULT:@SECLEVEL=0'),
    versions: ['TLSv1.1'],
    peers: [SSLSCAN, NMAP],
  },
  {
    name: 'mosquitto as it comes',
    key: 'rsa',
    start: (_, made) => startTlsMosquitto(made),
    versions: ['TLSv1.2', 'TLSv1.3'],
    peers: [SSLSCAN, NMAP],
  },
  {
    name: 'Node.js as it comes',
    key: 'ec',
    start: (_, { cert, key }) => startNode({ cert, key, ciphers: undefined }),
    versions: ['TLSv1.2', 'TLSv1.3'],
    peers: [SSLSCAN, NMAP],
  },
];

describe('TLS inspection beside sslscan, nmap and testssl', function () {
  this.timeout(150_000);
  let folder = '';
  let keys: Record<Exhibit['key'], Made>;
  const table: string[] = [];

  before(async () => {
    folder = await temporaryFolder('tls-peers');
    const [rsa, ec] = await Promise.all([
      make({ name: 'rsa', names: ['127.0.0.1'], key: 'rsa-2048' }),
      make({ name: 'ec', names: ['127.0.0.1'] }),
    ]);
    keys = { rsa, ec };
  });
  after(async () => {
    console.info(['', 'suites found          ours  theirs', ...table, ''].join('\n    '));
    await removeFolder(folder);
  });

  for (const { name, key, start, versions, peers } of EXHIBITS) {
    it(name, async function () {
      const server = await orSkip(this, () => start(folder, keys[key]));
      try {
        // s_server serves one after the other: two connections of ours are more than it takes at once anyway.
        const result = await inspected(server.port);
        assert.deepEqual(result.versions, versions);
        for (const peer of peers) {
          const theirs = await orSkip(this, () => peer.find(server.port));
          compare(name, peer.name, result, theirs);
        }
      } finally {
        await server.stop();
      }
    });
  }

  function compare(server: string, peer: string, result: TlsResult, theirs: Found): void {
    const ours = foundIn(result);
    for (const version of new Set([...ours.keys(), ...theirs.keys()])) {
      const [mine, other] = [
        ours.get(version) ?? new Set<number>(),
        theirs.get(version) ?? new Set<number>(),
      ];
      table.push(
        `${version.padEnd(8)} ${peer.padEnd(8)} ${String(mine.size).padStart(8)} ${String(other.size).padStart(7)}  ${server}`,
      );
      // None of them speaks what the others do not: there is no difference that could be explained.
      assert.deepEqual(
        namesOf(mine),
        namesOf(other),
        `${version} of ${server}: ours beside those of ${peer}`,
      );
    }
  }
});

function namesOf(codes: ReadonlySet<number>): string[] {
  return [...codes].map((code) => suiteOf(code).name).sort();
}
