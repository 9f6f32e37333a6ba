import assert from 'node:assert/strict';
import fc from 'fast-check';
import { printable, printablePayload } from './text';

describe('printable', () => {
  const table: readonly (readonly [string, string])[] = [
    ['plain text, 温度 🙂', 'plain text, 温度 🙂'],
    ['a\nb\tc\u0000', 'a\\u{A}b\\u{9}c\\u{0}'],
    ['\u202Eexe.txt', '\\u{202E}exe.txt'],
    ['\u061Cx\u200By\uFEFF', '\\u{61C}x\\u{200B}y\\u{FEFF}'],
    ['\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['\ud800', '\\u{D800}'],
    ['\u001b[31mred', '\\u{1B}[31mred'],
  ];
  for (const [text, expected] of table) {
    it(`shows ${JSON.stringify(text)} as ${expected}`, () => assert.equal(printable(text), expected));
  }

  it('cuts long texts and says so', () => {
    assert.equal(printable('x'.repeat(300), 10), 'xxxxxxxxxx…');
    assert.equal(printable('x'.repeat(10), 10), 'x'.repeat(10));
  });

  it('leaves nothing that a terminal, a log or a page would act on, and is bounded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, limit) => {
        const shown = printable(text, limit);
        assert.doesNotMatch(shown, /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u);
        assert.ok(shown.length <= limit + 1, shown);
      }),
    );
  });

  it('never cuts an escape in the middle', () => {
    assert.equal(printable('\u202e'.repeat(9), 12), '\\u{202E}…');
    assert.equal(printable(`abc${'\u0000'.repeat(9)}`, 9), 'abc\\u{0}…');
  });

  it('never cuts a character in the middle', () => {
    assert.equal(printable('ab🙂🙂', 3), 'ab…');
    assert.equal(printable('\u0000\u0000𐀀𐀀\u0000', 13), '\\u{0}\\u{0}𐀀…');
  });

  it('shows a payload that is no UTF-8', () => {
    assert.equal(printablePayload(Buffer.from([0xff, 0x41, 0x42]), 2), '\ufffdA');
  });
});
