/**
 * pdfkit keeps the glyphs of every distinct word of a font until the end: hundreds of megabytes for a report with
 * many topics. This empties that memory; words that come again are laid out again.
 */
export function forgetWords(ink: PDFKit.PDFDocument): void {
  const families: unknown = Reflect.get(ink, '_fontFamilies');
  if (typeof families !== 'object' || families === null) return;
  for (const font of Object.values(families)) {
    if (typeof font === 'object' && font !== null && Reflect.get(font, 'layoutCache')) {
      Reflect.set(font, 'layoutCache', Object.create(null));
    }
  }
}
