import assert from 'node:assert/strict';
import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { formatIp, parseIp } from './ip';

describe('ip', () => {
  it('reads back every IPv4 address that it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (n) => {
        const ip = { family: 4 as const, value: BigInt(n) };
        assert.deepEqual(parseIp(formatIp(ip)), ip);
      }),
    );
  });

  it('reads back every IPv6 address that it writes, in the shortest form', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
        fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
        (a, mask) => {
          const ip = { family: 6 as const, value: a & mask };
          const text = formatIp(ip);
          assert.ok(isIPv6(text), text);
          assert.deepEqual(parseIp(text), ip);
        },
      ),
    );
  });

  const forms: readonly (readonly [string, string])[] = [
    ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::', '::'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['fe80::', 'fe80::'],
  ];
  for (const [text, expected] of forms) {
    it(`writes ${text} as ${expected}`, () => {
      const ip = parseIp(text);
      assert.ok(ip);
      assert.equal(formatIp(ip), expected);
    });
  }
});
