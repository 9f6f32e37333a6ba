import assert from 'node:assert/strict';
import { ScanError } from '../model';
import { formatIp } from './ip';
import { parseTargets } from './targets';

function errorOf(input: string): ScanError {
  try {
    parseTargets(input);
  } catch (thrown) {
    if (thrown instanceof ScanError) return thrown;
    throw thrown;
  }
  assert.fail(`${input} was accepted`);
}

/** `first-last:port/transport` of each block, the name of each name. */
function shown(input: string | string[]): string[] {
  return parseTargets(input).targets.map((target) => {
    const where =
      target.kind === 'name'
        ? target.name
        : [target.block.first, target.block.last]
            .map((value) => formatIp({ family: target.block.family, value }))
            .join('-');
    const port = target.port === undefined ? '' : ` ${target.port}`;
    return `${where}${port}${target.transport ? `/${target.transport}` : ''}`;
  });
}

describe('targets', () => {
  const accepted: readonly (readonly [string, readonly string[]])[] = [
    ['192.168.1.10', ['192.168.1.10-192.168.1.10']],
    ['10.0.0.0/24', ['10.0.0.0-10.0.0.255']],
    ['10.0.0.77/24', ['10.0.0.0-10.0.0.255']],
    ['10.0.0.1-50', ['10.0.0.1-10.0.0.50']],
    ['10.0.0.1-10.0.1.9', ['10.0.0.1-10.0.1.9']],
    ['fd00::1', ['fd00::1-fd00::1']],
    ['[fd00::1]', ['fd00::1-fd00::1']],
    ['[fd00::1]:8883', ['fd00::1-fd00::1 8883']],
    ['fd00::/120', ['fd00::-fd00::ff']],
    ['[fd00::/120]:8883', ['fd00::-fd00::ff 8883']],
    ['fd00::1-fd00::1f', ['fd00::1-fd00::1f']],
    ['::ffff:10.1.2.3', ['::ffff:a01:203-::ffff:a01:203']],
    ['broker.lan', ['broker.lan']],
    ['broker.lan.', ['broker.lan']],
    ['my-broker:1884', ['my-broker 1884']],
    ['mqtts://host:8883', ['host 8883/tls']],
    ['mqtts://host', ['host 8883/tls']],
    ['mqtt://[fd00::2]:1883', ['fd00::2-fd00::2 1883/tcp']],
    ['wss://host/', ['host 443/wss']],
    [
      '10.0.0.1,10.0.0.2; host\n10.0.0.3',
      ['10.0.0.1-10.0.0.1', '10.0.0.2-10.0.0.2', 'host', '10.0.0.3-10.0.0.3'],
    ],
  ];
  for (const [input, expected] of accepted) {
    it(`reads ${JSON.stringify(input)}`, () => assert.deepEqual(shown(input), expected));
  }

  it('reads a list of texts', () => {
    assert.deepEqual(shown(['10.0.0.1', 'a.lan, b.lan']), ['10.0.0.1-10.0.0.1', 'a.lan', 'b.lan']);
  });

  const net = (cidr: string, more: object = {}) => ({
    address: cidr.split('/')[0] ?? '',
    netmask: '',
    mac: '',
    family: 'IPv4' as const,
    internal: false,
    cidr,
    ...more,
  });

  it('reads "local" as the IPv4 networks of this machine, each once', () => {
    const interfaces = () => ({
      lo: [net('127.0.0.1/8', { internal: true })],
      eth0: [
        net('192.168.1.7/24'),
        net('192.168.1.8/24'),
        { ...net('fd00::7/64'), family: 'IPv6' as const, scopeid: 0 },
      ],
      eth1: [net('10.1.0.9/16'), net('169.254.3.3/16')],
    });
    const { targets } = parseTargets('local, 127.0.0.1', interfaces);
    assert.deepEqual(
      targets.map(({ text }) => text),
      ['192.168.1.7/24', '10.1.0.9/16', '127.0.0.1'],
    );
  });

  it('refuses "local" on a machine without a network', () => {
    assert.throws(
      () => parseTargets('local', () => ({})),
      (thrown: unknown) => thrown instanceof ScanError && thrown.code === 'BAD_TARGET',
    );
  });

  it('keeps exclusions apart', () => {
    const { targets, excluded } = parseTargets('10.0.0.0/24, !10.0.0.5, !10.0.0.128/25');
    assert.equal(targets.length, 1);
    assert.equal(excluded.length, 2);
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['', 'NO_TARGET', /No target/],
    [' , ', 'NO_TARGET', /No target/],
    ['!10.0.0.1', 'NO_TARGET', /No target/],
    ['300.1.1.1', 'BAD_TARGET', /0 to 255/],
    ['10.0.0.0/33', 'BAD_TARGET', /between 0 and 32/],
    ['fd00::/129', 'BAD_TARGET', /between 0 and 128/],
    ['fd00::/64', 'BAD_TARGET', /too large/],
    ['0177.0.0.1', 'BAD_TARGET', /leading zeros/],
    ['2130706433', 'BAD_TARGET', /four numbers/],
    ['0x7f.1', 'BAD_TARGET', /no address/],
    ['127.1', 'BAD_TARGET', /four numbers/],
    ['①②⑦.⓪.⓪.①', 'BAD_TARGET', /no address/],
    ['127.0.0.1.', 'BAD_TARGET', /four numbers/],
    ['fe80::1%eth0', 'BAD_TARGET', /zone/],
    ['10.0.0.1 - 10.0.0.9', 'BAD_TARGET', /without blanks/],
    ['[localhost]', 'BAD_TARGET', /brackets/],
    ['[10.0.0.1]:1883', 'BAD_TARGET', /brackets/],
    ['[fd00::]/120', 'BAD_TARGET', /brackets/],
    ['10.0.0.0/024', 'BAD_TARGET', /prefix length/],
    ['10.0.0.9-3', 'BAD_TARGET', /ends before/],
    ['10.0.0.1-300', 'BAD_TARGET', /does not end a range/],
    ['10.0.0.1:0', 'BAD_PORT', /port/],
    ['10.0.0.1:70000', 'BAD_PORT', /port/],
    ['http://host', 'BAD_TARGET', /mqtt:\/\//],
    ['mqtt://host/path', 'BAD_TARGET', /path/],
    ['under<b>score', 'BAD_TARGET', /no address/],
    ['-x.lan', 'BAD_TARGET', /no address/],
    ['!host', 'BAD_TARGET', /exclusion/],
  ];
  for (const [input, code, words] of refused) {
    it(`refuses ${JSON.stringify(input)} with ${code}`, () => {
      const error = errorOf(input);
      assert.equal(error.code, code);
      assert.match(error.message, words);
    });
  }

  for (const text of [
    'mqtt://admin:hunter2@host',
    'admin:hunter2@127.0.0.1:1883',
    'http://admin:hunter2@host',
    '!mqtt://admin:hunter2@host',
    '{"targets":"127.0.0.1","credentials":{"password":"hunter2"}}',
    '[{"credentials":{"password":"hunter2"}}]',
  ]) {
    it(`does not repeat the login in ${text.replace('hunter2', '…')}`, () => {
      const error = errorOf(text);
      assert.equal(error.code, 'BAD_TARGET');
      assert.doesNotMatch(error.message, /hunter2/);
    });
  }

  it('refuses more entries than a person can have meant', () => {
    assert.equal(errorOf('a '.repeat(10_001)).code, 'TOO_MANY_TARGETS');
  });
});
