import assert from 'node:assert/strict';
import { yesOrNo } from './answers';
import { quantityNamed } from './quantities';

const TABLE: readonly (readonly [quantity: string, value: unknown, answer: boolean | undefined])[] = [
  ['motion', 1, true],
  ['motion', '0', false],
  ['motion', 'Motion detected!', true],
  ['motion', 'No motion', false],
  ['motion', 2, undefined],
  ['contact', 'closed', true],
  ['opening', 'closed', false],
  ['opening', 'close', false],
  ['opening', 'Buka', true],
  ['opening', 'ditutup', false],
  ['lock', 'terkunci', false],
  ['switch', 'hidup', true],
  ['switch', 'mati', false],
  ['switch', 'auto', undefined],
  ['leak', 'tiada', false],
  ['leak', 'constructor', undefined],
  ['leak', null, undefined],
  ['leak', {}, undefined],
];

describe('answers', () => {
  for (const [quantity, value, answer] of TABLE) {
    it(`of ${quantity}: ${JSON.stringify(value)} is ${answer}`, () => {
      assert.equal(yesOrNo(value, quantityNamed(quantity)), answer);
    });
  }
});
