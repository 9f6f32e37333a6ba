import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { loopbackContext } from '../../test/support/stage-context';
import { inspectTls } from './inspect';

describe('inspectTls of a server that takes pre-shared keys only', () => {
  it('tells its suites, and finds no fault with a certificate that there is not', async () => {
    const server = createServer({
      ciphers: 'PSK:!RSAPSK',
      maxVersion: 'TLSv1.2',
      pskCallback: () => Buffer.alloc(16, 1),
      pskIdentityHint: 'devices',
    }).listen(0, '127.0.0.1');
    server.on('tlsClientError', () => undefined);
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const endpoint = { target: '127.0.0.1', address: '127.0.0.1', port, named: true };
      const result = await inspectTls(endpoint, { depth: 'full', expiryDays: 30 }, loopbackContext());
      assert.deepEqual(result.versions, ['TLSv1.2']);
      assert.ok(result.cipherSuites.length > 0);
      assert.ok(
        result.cipherSuites.every((suite) => suite.includes('_PSK_')),
        result.cipherSuites.join(),
      );
      assert.equal(result.certificate, undefined);
      assert.ok(!result.problems.includes('name-mismatch'), result.problems.join());
      assert.match(result.notTested?.join() ?? '', /none was served/);
    } finally {
      server.close();
    }
  });
});
