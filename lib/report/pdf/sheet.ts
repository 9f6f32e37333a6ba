import type { Fonts } from './fonts';
import { BOTTOM, CONTENT_WIDTH, LEFT, type TextStyle, TOP } from './layout';
import { visibleText } from './visible-text';
import { textWidth, wrapText } from './wrap';

/** Height of a line of DejaVu Sans, in units of the font size. */
const LINE_HEIGHT = 1.164;

/** Structure types of tagged PDF (ISO 32000-1 §14.8.4) that reports use. */
export type Tag =
  | 'Sect'
  | 'H1'
  | 'H2'
  | 'H3'
  | 'P'
  | 'L'
  | 'LI'
  | 'LBody'
  | 'Table'
  | 'TR'
  | 'TH'
  | 'TD'
  | 'TOC'
  | 'TOCI'
  | 'Figure';

/** What a click on a text opens: an address of our own rules, or a place in this document. */
export type Target = { readonly address: string } | { readonly place: string };

export interface FlowOptions {
  readonly x?: number;
  readonly width?: number;
  readonly tag?: Tag;
  readonly target?: Target | undefined;
}

/** Text prepared for drawing. */
export interface Lines {
  readonly lines: readonly string[];
  readonly style: TextStyle;
  /** Points that no line may exceed. */
  readonly width: number;
  readonly height: number;
}

/** Writes a line inside of a picture. */
export type Write = (line: string, style: TextStyle, x: number, y: number) => void;

/**
 * Frees what pdfkit keeps of a structure element that it has written: the number is all that is asked for later.
 * A report of a thousand pages has a hundred thousand of them.
 */
function forgetElement(element: PDFKit.PDFStructureElement | undefined): void {
  if (element === undefined || Reflect.get(element, '_flushed') !== true) return;
  const reference: unknown = Reflect.get(element, 'dictionary');
  if (typeof reference === 'object' && reference !== null) Reflect.set(reference, 'data', NOTHING);
}

/** pdfkit asks an element that it has written once more whether it has a parent. */
const NOTHING = Object.freeze({ P: true });

/**
 * A pile of pages with a place where the next thing goes. All text is broken into lines and placed here,
 * never by pdfkit, so that a sheet without ink goes through the same motions: a first run counts the pages,
 * the second draws them, and each page can leave memory as soon as the next begins.
 */
export class Sheet {
  /** Where the next thing goes, in points from the top. */
  y: number = TOP;
  /** Number of the current page, from 1. */
  page = 0;
  /** Drawn at the top of every further page while set, as the header of a table is. */
  onContinue: (() => void) | undefined;
  readonly #parents: PDFKit.PDFStructureElement[] = [];
  readonly #sections: number[] = [];

  /**
   * @param ink where to draw; without it, pages are only counted
   * @param onPage draws what every page has
   */
  constructor(
    readonly fonts: Fonts,
    private readonly ink: PDFKit.PDFDocument | undefined,
    private readonly onPage: (sheet: Sheet) => void,
  ) {
    if (ink !== undefined) {
      const root = ink.struct('Document');
      ink.addStructure(root);
      this.#parents.push(root);
    }
    this.newPage();
  }

  /** Height that is left on this page. */
  get room(): number {
    return BOTTOM - this.y;
  }

  newPage(): void {
    this.page += 1;
    this.ink?.addPage();
    this.y = TOP;
    this.onPage(this);
    if (this.page > 1) this.onContinue?.();
  }

  /** Begins a new page unless so much height is left. */
  ensure(height: number): void {
    if (this.room < height) this.newPage();
  }

  /** Leaves space, but none at the top of a page. */
  gap(height: number): void {
    if (this.y > TOP) this.y += height;
  }

  /** Everything until the matching `close` belongs to one structure element. */
  open(tag: Tag): void {
    if (this.ink === undefined) return;
    const element = this.ink.struct(tag);
    this.#parents.at(-1)?.add(element);
    this.#parents.push(element);
  }

  close(): void {
    const element = this.#parents.pop();
    element?.end();
    forgetElement(element);
  }

  /** Begins a chapter (depth 1) or a section of one (2), and ends those before it that are not above it. */
  beginSection(depth: number): void {
    this.endSections(depth);
    this.open('Sect');
    this.#sections.push(depth);
  }

  /** Ends all chapters and sections from a depth on. */
  endSections(depth = 0): void {
    while ((this.#sections.at(-1) ?? -1) >= depth) {
      this.#sections.pop();
      this.close();
    }
  }

  /** Makes text visible in full and breaks it into lines. */
  prepare(text: string, style: TextStyle, width: number): Lines {
    const font = this.fonts[style.font];
    const lines = wrapText(visibleText(text, font), font, style.size, width);
    return { lines, style, width, height: lines.length * style.leading };
  }

  widthOf(text: string, style: TextStyle): number {
    const font = this.fonts[style.font];
    return textWidth(visibleText(text, font), font, style.size);
  }

  /** Text at the current place, over as many lines and pages as it needs. */
  flow(text: string, style: TextStyle, options: FlowOptions = {}): void {
    this.flowLines(this.prepare(text, style, options.width ?? CONTENT_WIDTH), options);
  }

  /** As `flow`, for lines that are already prepared. */
  flowLines({ lines, style, width }: Lines, { x = LEFT, tag = 'P', target }: FlowOptions = {}): void {
    const contents: PDFKit.PDFStructureContent[] = [];
    if (target !== undefined) this.open(tag);
    let next = 0;
    while (next < lines.length) {
      if (this.room < style.leading) this.newPage();
      const fitting = Math.max(1, Math.floor(this.room / style.leading));
      const part = lines.slice(next, next + fitting);
      if (target !== undefined) this.#linked(part, style, x, this.y, target, width);
      else {
        const content = this.#mark(tag, () => this.#writeLines(part, style, x, this.y, width));
        if (content !== undefined) contents.push(content);
      }
      this.y += part.length * style.leading;
      next += fitting;
    }
    if (target !== undefined) this.close();
    else this.#attach(tag, contents);
  }

  /** Lines at a fixed place. The current place stays. */
  place(
    lines: readonly string[],
    style: TextStyle,
    x: number,
    y: number,
    {
      tag,
      width,
      target,
      scope,
    }: {
      readonly tag: Tag;
      readonly width?: number | undefined;
      readonly target?: Target | undefined;
      /** What a header cell is the header of. */
      readonly scope?: 'Column';
    },
  ): void {
    // The rest of a row that goes on on the next page may have nothing of this field.
    if (target !== undefined && lines.length > 0) {
      this.open(tag);
      this.#linked(lines, style, x, y, target, width);
      this.close();
      return;
    }
    const content = this.#mark(tag, () => this.#writeLines(lines, style, x, y, width));
    if (content !== undefined) this.#attach(tag, [content], scope === undefined ? {} : { scope });
  }

  /** A picture and what it says in words. */
  figure(
    alt: string,
    height: number,
    draw: (write: Write, ink: PDFKit.PDFDocument | undefined) => void,
  ): void {
    const write: Write = (line, style, x, y) => this.#write(line, style, x, y);
    const content = this.#mark('Figure', () => draw(write, this.ink));
    const bbox: [number, number, number, number] = [LEFT, this.y, LEFT + CONTENT_WIDTH, this.y + height];
    if (content !== undefined) this.#attach('Figure', [content], { alt, bbox });
  }

  /** Names the current place, so that links can lead here. */
  nameHere(place: string): void {
    this.ink?.addNamedDestination(place, 'XYZ', LEFT, Math.max(0, this.y - 6), null);
  }

  #writeLines(lines: readonly string[], style: TextStyle, x: number, y: number, width?: number): void {
    for (const [index, line] of lines.entries())
      this.#write(line, style, x, y + index * style.leading, width);
  }

  #linked(
    lines: readonly string[],
    style: TextStyle,
    x: number,
    y: number,
    target: Target,
    width: number | undefined,
  ): void {
    const { ink } = this;
    if (ink === undefined) return;
    const link = ink.struct('Link');
    this.#parents.at(-1)?.add(link);
    const content = ink.markStructureContent('Link');
    this.#writeLines(lines, style, x, y, width);
    ink.endMarkedContent();
    link.add(content);
    const wide = Math.max(...lines.map((line) => textWidth(line, this.fonts[style.font], style.size)));
    const options = {
      structParent: link,
      Contents: Object('address' in target ? target.address : lines.join(' ')),
    };
    const height = lines.length * style.leading;
    if ('address' in target) ink.link(x, y, wide, height, target.address, options);
    else ink.goTo(x, y, wide, height, target.place, options);
    link.end();
    forgetElement(link);
  }

  /** Text that repeats on pages and is no part of what the document says: footers, repeated headers. */
  furnish(lines: readonly string[], style: TextStyle, x: number, y: number): void {
    this.decorate(() => {
      for (const [index, line] of lines.entries()) this.#write(line, style, x, y + index * style.leading);
    });
  }

  /** Draws what carries no meaning of its own: boxes, rules, backgrounds. */
  decorate(draw: (ink: PDFKit.PDFDocument) => void): void {
    if (this.ink === undefined) return;
    this.ink.markContent('Artifact', { type: 'Layout' });
    draw(this.ink);
    this.ink.endMarkedContent();
  }

  #mark(tag: Tag, draw: () => void): PDFKit.PDFStructureContent | undefined {
    const content = this.ink?.markStructureContent(tag);
    draw();
    this.ink?.endMarkedContent();
    return content;
  }

  #attach(
    tag: Tag,
    contents: PDFKit.PDFStructureContent[],
    options: {
      readonly alt?: string;
      readonly bbox?: [number, number, number, number];
      readonly scope?: string;
    } = {},
  ): void {
    if (this.ink === undefined || contents.length === 0) return;
    const element = this.ink.struct(tag, options, contents);
    this.#parents.at(-1)?.add(element);
    forgetElement(element);
  }

  #write(
    line: string,
    { font, size, colour, leading }: TextStyle,
    x: number,
    y: number,
    width?: number,
  ): void {
    if (this.ink === undefined || line === '') return;
    // Half of the leading above the letters, half below.
    const top = y + (leading - size * LINE_HEIGHT) / 2;
    this.ink.font(font).fontSize(size).fillColor(colour);
    // Lines are measured without kerning; a few pairs ("AA") are set wider. Such a line is drawn tighter.
    const measured = textWidth(line, this.fonts[font], size);
    const isFull = width !== undefined && measured > width * 0.97;
    const excess = isFull ? this.ink.widthOfString(line) - width : 0;
    const tighter = excess > 0 && { characterSpacing: -excess / line.length };
    // Told how wide the line is and how many words it has, pdfkit need not find out.
    this.ink.text(line, x, top, {
      lineBreak: false,
      textWidth: measured,
      wordCount: 1,
      ...tighter,
    } as object);
  }

  /** A heading, on the same page as at least `follow` points of what it is about. */
  heading(text: string, style: TextStyle, tag: Tag, follow: number): void {
    const lines = this.prepare(text, style, CONTENT_WIDTH);
    this.ensure(lines.height + follow);
    this.flowLines(lines, { tag });
  }
}
