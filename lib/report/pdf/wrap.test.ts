import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Fonts, loadFonts } from './fonts';
import { visibleText } from './visible-text';
import { textWidth, wrapText } from './wrap';

describe('lines of text', () => {
  let fonts: Fonts;

  before(async () => {
    fonts = await loadFonts();
  });

  it('hold the whole text and stay within the width', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'W', ' ', '/', 'é', '{', '-', 'i'), maxLength: 200 }),
        fc.integer({ min: 20, max: 200 }),
        (text, width) => {
          const lines = wrapText(text, fonts.regular, 9, width);
          assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
          for (const line of lines) {
            assert.ok(line.length <= 1 || textWidth(line, fonts.regular, 9) <= width + 1e-6, line);
          }
        },
      ),
    );
  });

  it('break at spaces, else after punctuation', () => {
    assert.deepEqual(wrapText('aaa bbb ccc', fonts.regular, 10, 45), ['aaa bbb', 'ccc']);
    assert.deepEqual(wrapText('aaaa/bbbb', fonts.regular, 10, 45), ['aaaa/', 'bbbb']);
    assert.deepEqual(wrapText('', fonts.regular, 10, 45), ['']);
  });

  it('are found in time that grows with the text only', () => {
    const started = performance.now();
    wrapText('W'.repeat(200_000), fonts.regular, 9, 400);
    assert.ok(performance.now() - started < 2000);
  });

  it('show what a font cannot show', () => {
    assert.equal(visibleText('é°Ж', fonts.regular), 'é°Ж');
    assert.equal(visibleText('🙂中', fonts.bold), '\\u{1F642}\\u{4E2D}');
    assert.equal(visibleText('a\u202Eb\u00adc\ud800', fonts.regular), 'a\\u{202E}b\\u{AD}c\\u{D800}');
  });
});
