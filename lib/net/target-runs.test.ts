import assert from 'node:assert/strict';
import fc from 'fast-check';
import { runs as propertyRuns } from '../../test/support/property-runs';
import { parseBlock } from './block';
import { parsePorts } from './ports';
import { type TargetRun, withoutOverlaps } from './target-runs';
import { TargetSpace } from './target-space';

function run(text: string, ports: string, name?: string): TargetRun {
  const block = parseBlock(text);
  assert.ok(block);
  return { block, ports: parsePorts(ports), ...(name !== undefined && { name }) };
}

function visited(...runs: TargetRun[]): string[] {
  return [...new TargetSpace(runs)].map((endpoint) => {
    assert.ok(endpoint);
    const { target, port, transport, named } = endpoint;
    return `${target}:${port}${transport ? `/${transport}` : ''}${named ? ' named' : ''}`;
  });
}

const CASES: readonly (readonly [string, readonly TargetRun[], readonly string[]])[] = [
  [
    'an address inside a network',
    [run('127.0.0.1', '31001'), run('127.0.0.0/30', '31001')],
    ['127.0.0.1:31001 named', '127.0.0.0:31001', '127.0.0.2:31001', '127.0.0.3:31001'],
  ],
  [
    'an address with a port of its own inside a network',
    [run('127.0.0.0/31', '1'), run('127.0.0.1', '2')],
    ['127.0.0.0:1', '127.0.0.1:2 named', '127.0.0.1:1'],
  ],
  ['a port with and without TCP', [run('10.0.0.1', '1883/tcp, 1883')], ['10.0.0.1:1883 named']],
  [
    'a port with and without WebSocket',
    [run('10.0.0.1', '1883, 1883/ws')],
    ['10.0.0.1:1883 named', '10.0.0.1:1883/ws named'],
  ],
  [
    'TCP and TLS on one port',
    [run('10.0.0.1', '1883/tcp'), run('10.0.0.1', '1883/tls')],
    ['10.0.0.1:1883/tcp named', '10.0.0.1:1883/tls named'],
  ],
  [
    'an address and its name',
    [run('127.0.0.1', '1'), run('127.0.0.1', '1', 'localhost')],
    ['localhost:1 named'],
  ],
  [
    'an address and its name on different ports',
    [run('127.0.0.1', '1'), run('127.0.0.1', '2', 'localhost')],
    ['127.0.0.1:1 named', 'localhost:2 named'],
  ],
  [
    'two names of one address',
    [run('127.0.0.1', '1', 'a.test'), run('127.0.0.1', '1', 'b.test'), run('127.0.0.1', '1', 'A.test')],
    ['a.test:1 named', 'b.test:1 named'],
  ],
];

describe('withoutOverlaps', () => {
  for (const [what, runs, expected] of CASES) {
    it(`${what}: ${expected.length}`, () => {
      assert.deepEqual(visited(...runs).sort(), [...expected].sort());
    });
  }

  it('is done in no time for ten thousand single targets', () => {
    const ports = parsePorts('1-65535');
    const runs = Array.from({ length: 10_000 }, (_, i) => ({
      block: { family: 4 as const, first: BigInt(i * 2), last: BigInt(i * 2) },
      ports: i % 2 === 0 ? ports : [...ports.slice(0, 2)],
    }));
    assert.equal(withoutOverlaps(runs).length, 10_000);
  });

  const written = fc.record({
    first: fc.integer({ min: 0, max: 12 }),
    length: fc.integer({ min: 1, max: 6 }),
    ports: fc.uniqueArray(fc.constantFrom('1', '1/tcp', '1/ws', '2', '2/tls'), {
      minLength: 1,
      maxLength: 3,
    }),
    name: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
  });
  const runsOf = fc
    .array(written, { minLength: 1, maxLength: 6 })
    .map((list) =>
      list.map(({ first, length, ports, name }) =>
        name === undefined
          ? run(`10.0.0.${first}-${first + length - 1}`, ports.join())
          : run(`10.0.0.${first}`, ports.join(), name),
      ),
    );

  it('loses nothing and repeats nothing', () => {
    fc.assert(
      fc.property(runsOf, (runs) => {
        const kept = [...new TargetSpace(runs)].map((endpoint) => {
          assert.ok(endpoint);
          return endpoint;
        });
        const keys = kept.map(
          ({ target, address, port, transport }) => `${target} ${address} ${port} ${transport}`,
        );
        assert.equal(new Set(keys).size, keys.length);
        for (const { name, block, ports } of runs) {
          for (let value = block.first; value <= block.last; value++) {
            const address = `10.0.0.${value & 0xffn}`;
            for (const { port, transport } of ports) {
              const isVisited = kept.some(
                (other) =>
                  other.address === address &&
                  other.port === port &&
                  (name === undefined || other.target === name) &&
                  (other.transport === transport ||
                    (other.transport === undefined && (transport === 'tcp' || transport === 'tls'))),
              );
              assert.ok(isVisited, `${name ?? address}:${port}/${transport} is lost`);
            }
          }
        }
      }),
      propertyRuns(1000),
    );
  });

  it('changes nothing when it is done again: two threads agree on every position', () => {
    fc.assert(
      fc.property(runsOf, (runs) => {
        const once = withoutOverlaps(runs);
        assert.deepEqual(withoutOverlaps(once), once);
      }),
      propertyRuns(1000),
    );
  });
});
