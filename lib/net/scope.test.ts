import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ScanError } from '../model';
import { parseBlock } from './block';
import { formatIp, parseIp } from './ip';
import { Scope } from './scope';

function allows(scope: string, address: string, name?: string): boolean {
  const ip = parseIp(address);
  assert.ok(ip, `${address} is no address`);
  return Scope.parse(scope).allows(ip, name);
}

describe('scope', () => {
  const narrowed: readonly (readonly [string, string, string, boolean])[] = [
    ['private', '10.0.0.0/24', '10.0.0.9', true],
    ['private', '10.0.0.0/24', '10.0.1.9', false],
    ['10.0.0.0/24', 'any', '10.0.1.9', false],
    ['10.0.0.0/24', 'any', '10.0.0.9', true],
    ['10.0.0.0/24', 'broker.lan', '10.0.0.9', false],
    ['10.0.0.0/24', '', '10.0.0.9', false],
    ['any', 'any', '169.254.169.254', false],
  ];
  for (const [outer, inner, address, expected] of narrowed) {
    it(`${outer}, narrowed to "${inner}": ${address} is ${expected ? 'inside' : 'outside'}`, () => {
      const scope = Scope.parse(inner, Scope.parse(outer));
      const ip = parseIp(address);
      assert.ok(ip);
      const block = { family: ip.family, first: ip.value, last: ip.value };
      assert.equal(scope.allows(ip), expected);
      assert.equal(Scope.ofTexts(scope.texts)?.allows(ip), expected, 'rebuilt from its texts');
      // A block may span addresses that are never scanned; whether one is, is asked when it is dialled.
      if (expected) assert.ok(scope.coversBlock(block));
    });
  }

  it('cannot be widened by a name that the outer scope does not have', () => {
    const scope = Scope.parse('broker.lan', Scope.parse('private'));
    const [inside, outside] = [parseIp('10.0.0.1'), parseIp('8.8.8.8')];
    assert.ok(inside && outside);
    assert.deepEqual(
      [scope.allows(inside, 'broker.lan'), scope.allows(outside, 'broker.lan')],
      [true, false],
    );
  });

  const cases: readonly (readonly [string, string, boolean])[] = [
    ['private, loopback', '10.1.2.3', true],
    ['private, loopback', '172.31.0.1', true],
    ['private, loopback', '172.32.0.1', false],
    ['private, loopback', '127.9.9.9', true],
    ['private, loopback', '::1', true],
    ['private, loopback', 'fd12::1', true],
    ['private, loopback', '8.8.8.8', false],
    ['private', '127.0.0.1', false],
    ['any', '8.8.8.8', true],
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.0.0.5-9', '10.0.0.9', true],
    // An IPv4 address that an IPv6 one carries inside is judged as such.
    ['private', '::ffff:10.1.2.3', true],
    ['private', '::ffff:8.8.8.8', false],
    ['private', '64:ff9b::a01:203', true],
    ['private', '64:ff9b::808:808', false],
    ['private', '2002:0a01:0203::1', true],
    ['any', '2002:7f00:0001::1', true],
    ['private', '2002:0808:0808::1', false],
    // What hands out credentials, and what reaches more than one machine, is never scanned.
    ['any', '169.254.169.254', false],
    ['any', '::ffff:169.254.169.254', false],
    ['any', '::ffff:0:169.254.169.254', false],
    ['any', '169.254.170.23', false],
    ['any', 'fd20:ce::254', false],
    // Deprecated, and no way to what it seems to name.
    ['loopback', '::127.0.0.1', false],
    ['any', '::8.8.8.8', false],
    ['any', 'fd00:ec2::254', false],
    ['any', '224.0.0.1', false],
    ['any', '255.255.255.255', false],
    ['any', '0.0.0.0', false],
    ['any', 'ff02::1', false],
    ['any', '64:ff9b:1:808:8:800:a00:1', false],
  ];
  for (const [scope, address, expected] of cases) {
    it(`${expected ? 'allows' : 'refuses'} ${address} in "${scope}"`, () => {
      assert.equal(allows(scope, address), expected);
    });
  }

  it('allows a named host at whatever address it has, except the ones that are never scanned', () => {
    assert.equal(allows('broker.example', '8.8.8.8', 'Broker.Example'), true);
    assert.equal(allows('broker.example', '8.8.8.8'), false);
    assert.equal(allows('broker.example', '169.254.169.254', 'broker.example'), false);
  });

  it('lets a target span entries that touch', () => {
    const block = parseBlock('10.0.0.0/23');
    assert.ok(block);
    assert.equal(Scope.parse('10.0.0.0/24 10.0.1.0/24').coversBlock(block), true);
    assert.equal(Scope.parse('10.0.0.0/24 10.0.2.0/24').coversBlock(block), false);
  });

  it('refuses entries that it does not understand', () => {
    for (const entry of ['10.0.0.0/40', 'what?', '1.2.3']) {
      assert.throws(
        () => Scope.parse(entry),
        (thrown: unknown) => thrown instanceof ScanError && thrown.code === 'BAD_SCOPE',
      );
    }
  });

  it('agrees with a naive model on random blocks and addresses', () => {
    const address = fc.integer({ min: 0x0100_0000, max: 0x5fff_ffff });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(address, fc.integer({ min: 4, max: 32 })), { maxLength: 5 }),
        address,
        (list, n) => {
          const text = list.map(
            ([first, bits]) => `${formatIp({ family: 4, value: BigInt(first) })}/${bits}`,
          );
          const inside = list.some(
            ([first, bits]) => Math.floor(first / 2 ** (32 - bits)) === Math.floor(n / 2 ** (32 - bits)),
          );
          assert.equal(Scope.parse(text.join(',')).allows({ family: 4, value: BigInt(n) }), inside);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
