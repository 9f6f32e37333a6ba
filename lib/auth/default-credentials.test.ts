import assert from 'node:assert/strict';
import { loopbackContext } from '../../test/support/stage-context';
import { RefusalsAtAddress } from '../net';
import { testDefaultCredentials } from './default-credentials';
import { DEFAULT_LOGINS } from './default-logins';
import { Refusals } from './refusals';

describe('testDefaultCredentials', () => {
  it('says why no login was tried where the random one, which comes before them, was left out', async () => {
    const context = loopbackContext();
    const endpoint = { target: '127.0.0.1', address: '127.0.0.1', port: 1, named: true } as const;
    const limits = { limit: 7, namedLimit: 4 };
    const refusals = new Refusals(new RefusalsAtAddress(), 'listener', limits, context.signal);
    const result = await testDefaultCredentials(
      { endpoint, transport: 'tcp', versions: [4] },
      { verdict: 'not-tested', meaning: 'left out' },
      { product: undefined, maxAttempts: 3 },
      refusals,
      context,
    );
    assert.deepEqual(
      [result.verdict, result.meaning, result.left],
      ['not-tested', 'left out', DEFAULT_LOGINS.length],
    );
  });
});
