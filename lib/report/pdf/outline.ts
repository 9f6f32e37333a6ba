import type { Heading } from '../document/blocks';
import type { Fonts } from './fonts';
import { PAGE } from './layout';
import { visibleText } from './visible-text';

/** The bookmarks of a document: its chapters, and below them what the table of contents names too. */
export class Outline {
  #chapter: PDFKit.PDFOutline | undefined;

  constructor(
    private readonly ink: PDFKit.PDFDocument,
    private readonly fonts: Fonts,
  ) {}

  /** Adds a heading of the current page. `y` is its place in points from the top. */
  add({ text, depth, listed }: Heading, y: number): void {
    if (listed !== true) return;
    const parent = depth === 1 ? this.ink.outline : (this.#chapter ?? this.ink.outline);
    // pdfkit measures the place from the right and from the top.
    const place = { left: PAGE.width, top: Math.max(0, y - 6) };
    const item = parent.addItem(visibleText(text, this.fonts.regular), place as object);
    if (depth === 1) this.#chapter = item;
  }
}
