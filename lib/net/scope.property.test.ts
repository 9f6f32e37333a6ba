import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import fc from 'fast-check';
import { runs } from '../../test/support/property-runs';
import { formatIp, parseIp } from './ip';
import { Scope } from './scope';

/** One entry of a scope, and the same told to Node.js. */
interface Entry {
  readonly text: string;
  readonly add: (list: BlockList) => void;
}

/** An address, the IPv4 address inside it if it carries one, and its text. */
interface Address {
  readonly text: string;
  readonly inner?: string;
}

const dotted = (n: number): string => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.');
const groups = (n: number): string => `${(n >>> 16).toString(16)}:${(n & 0xffff).toString(16)}`;

/** Often in the same few networks, so that entries and addresses meet. */
const v4 = fc.oneof(
  fc.nat(0xffff_ffff),
  fc.nat(0xffff).map((n) => (0x0a00_0000 + n) >>> 0),
  fc.nat(0xffff).map((n) => (0xc0a8_0000 + n) >>> 0),
  fc.nat(0xffff).map((n) => (0xa9fe_0000 + n) >>> 0),
  fc.constantFrom(
    0xa9fe_a9fe,
    0xa9fe_aa02,
    0x6464_64c8,
    0xffff_ffff,
    0,
    0x7f00_0001,
    0xe000_0001,
    0x0808_0808,
  ),
);

/** No kind of these carries an IPv4 address. */
const v6 = fc
  .tuple(
    fc.constantFrom('fd00', 'fd00:ec2', 'fe80', '2001:db8', '2a00', 'ff02'),
    fc.nat(0xffff),
    fc.nat(0xffff),
  )
  .map(([prefix, a, b]) => `${prefix}::${a.toString(16)}:${b.toString(16)}`);

const address: fc.Arbitrary<Address> = fc.oneof(
  v4.map((n) => ({ text: dotted(n) })),
  v6.map((text) => ({ text })),
  fc.constantFrom('::1', '::', 'fd00:ec2::254').map((text) => ({ text })),
  v4.map((n) => ({ text: `::ffff:${dotted(n)}`, inner: dotted(n) })),
  v4.map((n) => ({ text: `::ffff:${groups(n)}`, inner: dotted(n) })),
  v4.map((n) => ({ text: `::ffff:0:${groups(n)}`, inner: dotted(n) })),
  v4.map((n) => ({ text: `::${groups(n)}` })),
  v4.map((n) => ({ text: `64:ff9b::${groups(n)}`, inner: dotted(n) })),
  v4.map((n) => ({ text: `64:ff9b:1::${groups(n)}` })),
  fc
    .tuple(v4, fc.nat(0xffff))
    .map(([n, host]) => ({ text: `2002:${groups(n)}::${host.toString(16)}`, inner: dotted(n) })),
  fc.tuple(v4, fc.nat(0xffff)).map(([n, port]) => ({
    text: `2001:0:1:2:0:${port.toString(16)}:${groups(~n >>> 0)}`,
    inner: dotted(n),
  })),
);

const WORDS: Readonly<Record<string, readonly (readonly [string, number, 'ipv4' | 'ipv6'])[]>> = {
  private: [
    ['10.0.0.0', 8, 'ipv4'],
    ['172.16.0.0', 12, 'ipv4'],
    ['192.168.0.0', 16, 'ipv4'],
    ['169.254.0.0', 16, 'ipv4'],
    ['fc00::', 7, 'ipv6'],
    ['fe80::', 10, 'ipv6'],
  ],
  loopback: [
    ['127.0.0.0', 8, 'ipv4'],
    ['::1', 128, 'ipv6'],
  ],
  any: [
    ['0.0.0.0', 0, 'ipv4'],
    ['::', 0, 'ipv6'],
  ],
};

const entry: fc.Arbitrary<Entry> = fc.oneof(
  v4.map((n) => ({ text: dotted(n), add: (list: BlockList) => list.addAddress(dotted(n)) })),
  fc.tuple(v4, fc.integer({ min: 1, max: 32 })).map(([n, prefix]) => ({
    text: `${dotted(n)}/${prefix}`,
    add: (list: BlockList) => list.addSubnet(dotted(n), prefix),
  })),
  fc.tuple(v4, fc.nat(0xffff)).map(([n, more]) => {
    const [first, last] = [dotted(n), dotted(Math.min(0xffff_ffff, n + more))];
    return { text: `${first}-${last}`, add: (list: BlockList) => list.addRange(first, last) };
  }),
  fc.tuple(v6, fc.integer({ min: 16, max: 128 })).map(([text, prefix]) => ({
    text: `${text}/${prefix}`,
    add: (list: BlockList) => list.addSubnet(text, prefix, 'ipv6'),
  })),
  fc.constantFrom('private', 'loopback', 'any').map((word) => ({
    text: word,
    add: (list: BlockList) => {
      for (const [net, prefix, family] of WORDS[word] ?? []) list.addSubnet(net, prefix, family);
    },
  })),
);

const never = new BlockList();
never.addSubnet('0.0.0.0', 8);
never.addSubnet('224.0.0.0', 4);
for (const one of [
  '255.255.255.255',
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  '168.63.129.16',
])
  never.addAddress(one);
never.addRange('::2', '::ffff:ffff', 'ipv6');
never.addSubnet('ff00::', 8, 'ipv6');
never.addSubnet('64:ff9b:1::', 48, 'ipv6');
for (const one of ['::', 'fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254']) never.addAddress(one, 'ipv6');

const isIn = (list: BlockList, text: string): boolean =>
  list.check(text, text.includes(':') ? 'ipv6' : 'ipv4');

describe('scope, checked against the block lists of Node.js', function () {
  this.timeout(0);

  it('allows what its entries name, by the address that is meant', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), address, (entries, { text, inner }) => {
        const list = new BlockList();
        for (const { add } of entries) add(list);
        const judged = inner ?? text;
        const expected = isIn(list, judged) && !isIn(never, judged);
        const ip = parseIp(text);
        assert.ok(ip, text);
        assert.equal(Scope.parse(entries.map((one) => one.text).join(', ')).allows(ip), expected, text);
      }),
      runs(12_000),
    );
  });

  it('reads an address as it writes it', () => {
    fc.assert(
      fc.property(address, ({ text }) => {
        const ip = parseIp(text);
        assert.ok(ip);
        assert.deepEqual(parseIp(formatIp(ip)), ip);
      }),
      runs(5000),
    );
  });
});
