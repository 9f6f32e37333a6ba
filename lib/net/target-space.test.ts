import assert from 'node:assert/strict';
import { parseBlock } from './block';
import { parsePorts } from './ports';
import { TargetSpace } from './target-space';

function run(text: string, ports = '1883') {
  const block = parseBlock(text);
  assert.ok(block);
  return { block, ports: parsePorts(ports) };
}

function visited(space: TargetSpace): string[] {
  return [...space].map((endpoint) => (endpoint ? `${endpoint.address}:${endpoint.port}` : '-'));
}

describe('TargetSpace', () => {
  it('takes no endpoint for named singly where all ports of an address are visited', () => {
    const isNamed = (ports: string): boolean | undefined =>
      new TargetSpace([run('10.0.0.1', ports)]).at(0)?.named;
    assert.deepEqual([isNamed('1-256'), isNamed('1-65535')], [true, false]);
  });

  it('leaves out an address that is excluded also by way of a tunnel or translator', () => {
    const block = parseBlock('10.0.0.2');
    assert.ok(block);
    for (const text of ['::ffff:10.0.0.2', '64:ff9b::10.0.0.2', '2002:a00:2::1']) {
      assert.deepEqual(visited(new TargetSpace([run(text)], [block])), ['-'], text);
    }
  });

  it('visits small spaces in the order in which they were written', () => {
    const space = new TargetSpace([run('10.0.0.1-2', '1883,8883'), run('fd00::1')]);
    assert.deepEqual(visited(space), [
      '10.0.0.1:1883',
      '10.0.0.1:8883',
      '10.0.0.2:1883',
      '10.0.0.2:8883',
      'fd00::1:1883',
    ]);
    assert.equal(space.size, 5);
  });

  it('passes over exclusions and addresses that are never scanned', () => {
    const block = parseBlock('10.0.0.2');
    assert.ok(block);
    assert.deepEqual(visited(new TargetSpace([run('10.0.0.1-3')], [block])), [
      '10.0.0.1:1883',
      '-',
      '10.0.0.3:1883',
    ]);
    assert.deepEqual(visited(new TargetSpace([run('169.254.169.254')])), ['-']);
  });

  it('visits every endpoint of a large space once, shuffled', () => {
    const space = new TargetSpace([run('10.0.0.0/20', '1883,8883')], [], 7);
    const list = visited(space);
    assert.equal(list.length, 8192);
    assert.equal(new Set(list).size, 8192);
    assert.notEqual(list[0], '10.0.0.0:1883');
  });

  it('starts at once on a space that could never be listed', () => {
    const space = new TargetSpace([run('10.0.0.0/8', '1-65535')]);
    const first = space[Symbol.iterator]().next().value;
    assert.equal(space.size, 2 ** 24 * 65_535);
    assert.match(first?.address ?? '', /^10\./);
  });

  it('scans a target that is written twice once', () => {
    assert.equal(new TargetSpace([run('10.0.0.1'), run('10.0.0.1')]).size, 1);
  });

  it('knows which endpoints were named singly', () => {
    const named = [...new TargetSpace([run('10.0.0.1'), run('10.0.1.0/30')])].map((e) => e?.named);
    assert.deepEqual(named, [true, false, false, false, false]);
  });
});
