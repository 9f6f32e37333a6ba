import assert from 'node:assert/strict';
import { Message } from './message';
import { textOf, utf16Order } from './text-encoding';

const little = (text: string): Buffer => Buffer.from(text, 'utf16le');
const big = (text: string): Buffer => little(text).swap16();

describe('the encoding of a text', () => {
  const table: readonly (readonly [string, Buffer, 'big' | 'little' | undefined, string])[] = [
    ['UTF-8', Buffer.from('größe'), undefined, 'größe'],
    ['UTF-8 with a mark', Buffer.from('\ufeff{"a":1}'), undefined, '{"a":1}'],
    ['UTF-16, little end first', little('\ufefftemp 21 °C'), 'little', 'temp 21 °C'],
    ['UTF-16, big end first', big('\ufefftemp 21 °C'), 'big', 'temp 21 °C'],
    ['UTF-16 without a mark', little('{"temp":21}'), 'little', '{"temp":21}'],
    ['UTF-16 without a mark, big end first', big('{"temp":21}'), 'big', '{"temp":21}'],
    ['another script behind the mark', little('\ufeffтемпература'), 'little', 'температура'],
    ['half a character at the end', little('temp 21').subarray(0, 13), 'little', 'temp 2'],
  ];
  for (const [title, payload, order, text] of table) {
    it(title, () => {
      assert.equal(utf16Order(payload), order);
      assert.equal(textOf(payload), text);
    });
  }

  const none: readonly (readonly [string, Buffer])[] = [
    ['nothing', Buffer.alloc(0)],
    ['NULs', Buffer.alloc(64)],
    ['small numbers of two bytes', Buffer.from('01000200030004000500060007000800', 'hex')],
    ['a mark before random bytes', Buffer.concat([Buffer.from('fffe', 'hex'), Buffer.alloc(64, 0xd8)])],
    ['a JPEG', Buffer.from('ffd8ffe000104a46494600010100', 'hex')],
    ['too little', little('ab')],
  ];
  for (const [title, payload] of none)
    it(`${title}: none`, () => assert.equal(utf16Order(payload), undefined));

  it('makes JSON of what is JSON, whatever the encoding', () => {
    for (const payload of [
      little('\ufeff{"a":1}'),
      big('\ufeff{"a":1}'),
      little('{"a":1}'),
      Buffer.from('\ufeff{"a":1}'),
    ]) {
      const message = new Message('a', payload);
      assert.deepEqual([message.kind, message.json?.complete], ['json', true]);
    }
  });
});
