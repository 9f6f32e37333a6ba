import assert from 'node:assert/strict';
import type { ScanError } from '../model';
import { Scope } from '../net';
import { planScan } from './plan';

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'dual.test': ['10.0.0.1', 'fd00::1'],
  'mapped.test': ['::ffff:10.0.0.1', '10.0.0.1'],
  'mixed.test': ['10.0.0.1', '8.8.8.8'],
};

async function planned(targets: string, scope = 'private'): Promise<string[]> {
  const { space } = await planScan(
    { targets, ports: '1883' },
    { scope: Scope.parse(scope), resolve: (name) => Promise.resolve(NAMES[name] ?? []), timeoutMs: 1000 },
  );
  return [...space].map((endpoint) => (endpoint ? `${endpoint.target} ${endpoint.address}` : '-'));
}

describe('planScan', () => {
  it('takes each address of a name for an endpoint of its own', async () => {
    assert.deepEqual(await planned('dual.test'), ['dual.test 10.0.0.1', 'dual.test fd00::1']);
  });

  it('visits a host once where its address is written as a mapped one too', async () => {
    assert.deepEqual(await planned('::ffff:10.0.0.1, 10.0.0.1'), ['10.0.0.1 10.0.0.1']);
    assert.deepEqual(await planned('mapped.test'), ['mapped.test 10.0.0.1']);
  });

  it('leaves out what is excluded in the one spelling and named in the other', async () => {
    assert.deepEqual(await planned('::ffff:10.0.0.0/127, !10.0.0.1'), ['10.0.0.0 10.0.0.0', '-']);
    assert.deepEqual(await planned('10.0.0.0/31, !::ffff:10.0.0.1'), ['10.0.0.0 10.0.0.0', '-']);
  });

  for (const [targets, scope] of [
    ['mixed.test', 'private'],
    ['::127.0.0.1', 'loopback, private'],
    ['::ffff:8.8.8.0/120', 'private'],
  ] as const) {
    it(`refuses ${targets} in the scope ${scope}`, async () => {
      await assert.rejects(planned(targets, scope), ({ code }: ScanError) => code === 'OUT_OF_SCOPE');
    });
  }
});
