import assert from 'node:assert/strict';
import fc from 'fast-check';
import { runs } from '../../test/support/property-runs';
import { type PortSpec, parsePorts } from './ports';
import { TargetSpace } from './target-space';
import { parseTargets } from './targets';

/** Some addresses as text for the parser, and one by one. */
interface Written {
  readonly text: string;
  readonly addresses: readonly string[];
}

const from = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

const v4 = (octet: number): string => `10.0.0.${octet}`;
const v6 = (group: number): string => `fd00::${(group + 1).toString(16)}`;

const octet = fc.nat(255);

/** All in one /24 and one small IPv6 network, so that entries overlap and exclusions hit. */
const written: fc.Arbitrary<Written> = fc.oneof(
  octet.map((n) => ({ text: v4(n), addresses: [v4(n)] })),
  fc.tuple(octet, fc.integer({ min: 26, max: 32 })).map(([n, prefix]) => {
    const size = 2 ** (32 - prefix);
    const first = Math.floor(n / size) * size;
    return { text: `${v4(n)}/${prefix}`, addresses: from(first, first + size - 1).map(v4) };
  }),
  fc.tuple(octet, fc.nat(40), fc.boolean()).map(([n, more, isShort]) => {
    const last = Math.min(255, n + more);
    return { text: `${v4(n)}-${isShort ? last : v4(last)}`, addresses: from(n, last).map(v4) };
  }),
  fc.nat(200).map((n) => ({ text: v6(n), addresses: [v6(n)] })),
  fc.tuple(fc.nat(200), fc.nat(30)).map(([n, more]) => ({
    text: `${v6(n)}-${v6(n + more)}`,
    addresses: from(n, n + more).map(v6),
  })),
);

const ports = fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 3 });
const separator = fc.constantFrom(',', ' ', '; ', '\n', ', ');

describe('targets, checked against a naive model', function () {
  this.timeout(0);

  it('visits exactly the addresses that are named and not excluded', () => {
    fc.assert(
      fc.property(
        fc.array(written, { minLength: 1, maxLength: 4 }),
        fc.array(written, { maxLength: 3 }),
        ports,
        separator,
        (included, excluded, portList, between) => {
          const entries = [...included.map(({ text }) => text), ...excluded.map(({ text }) => `!${text}`)];
          const out = new Set(excluded.flatMap(({ addresses }) => addresses));
          const expected = included
            .flatMap(({ addresses }) => addresses)
            .filter((address) => !out.has(address))
            .flatMap((address) => portList.map((port) => `${address} ${port}`));
          const visits = visited(entries.join(between), parsePorts(portList.join()));
          assert.deepEqual([...new Set(visits)].sort(), [...new Set(expected)].sort());
          // Of a single entry nothing is visited twice.
          if (included.length === 1) assert.equal(visits.length, expected.length);
        },
      ),
      runs(8000),
    );
  });

  it('reads any text, or refuses it with an error that has a code', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        '10.0.0.1',
        '/24',
        '-',
        ':',
        '[',
        ']',
        '!',
        'mqtts://',
        'fd00::',
        '%eth0',
        '@',
        '..',
        ',',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        try {
          for (const target of parseTargets(pieces.join('')).targets) {
            if (target.kind === 'block') assert.ok(target.block.first <= target.block.last);
          }
        } catch (thrown) {
          assert.ok(thrown instanceof Error && 'code' in thrown, String(thrown));
        }
      }),
      runs(8000),
    );
  });
});

function visited(text: string, specs: readonly PortSpec[]): string[] {
  const { targets, excluded } = parseTargets(text);
  const spaceRuns = targets.flatMap((target) =>
    target.kind === 'block' ? [{ block: target.block, ports: specs }] : [],
  );
  const visits: string[] = [];
  for (const endpoint of new TargetSpace(spaceRuns, excluded, 1)) {
    if (endpoint) visits.push(`${endpoint.address} ${endpoint.port}`);
  }
  return visits;
}
