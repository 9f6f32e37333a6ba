import assert from 'node:assert/strict';
import type { Transport } from '../model';
import { SILENT } from './attempt';
import { answerOddities, silenceOddities, transportOddities } from './oddities';

const ids = (oddities: readonly { readonly id: string }[]): string[] => oddities.map(({ id }) => id);

describe('oddities', () => {
  const ports: readonly (readonly [number, Transport, string[]])[] = [
    [1883, 'tcp', []],
    [1883, 'tls', ['tls-on-plain-port']],
    [1883, 'ws', []],
    [8883, 'tls', []],
    [8883, 'tcp', ['plain-on-tls-port']],
    [8883, 'wss', []],
    [18_883, 'tls', []],
  ];
  for (const [port, transport, expected] of ports) {
    it(`of ${transport} on port ${port}: ${expected.join(', ') || 'none'}`, () => {
      const endpoint = { target: 'a', address: '127.0.0.1', port, named: false };
      assert.deepEqual(ids(transportOddities(endpoint, transport)), expected);
    });
  }

  it('name who lets in a protocol level that does not exist', () => {
    assert.deepEqual(ids(answerOddities(new Map([['level 6', '5:0']]), undefined)), [
      'contradictory-answers',
    ]);
    assert.deepEqual(answerOddities(new Map([['level 6', '5:84']]), undefined), []);
  });

  it('name who is not what he says', () => {
    const product = { name: 'mosquitto', version: '2.0.11', evidence: [] };
    assert.deepEqual(answerOddities(new Map(), { ...product, confidence: 1 }), []);
    const [oddity] = answerOddities(new Map(), { ...product, confidence: 0.7 });
    assert.match(oddity?.text ?? '', /not those of mosquitto/);
  });

  it('name who is silent', () => {
    assert.deepEqual(ids(silenceOddities(SILENT)), ['silent-peer']);
    assert.deepEqual(silenceOddities('HTTP'), []);
  });
});
