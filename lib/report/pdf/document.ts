import PDFDocument from 'pdfkit';
import type { Renderer, RenderOptions, ReportData } from '../data';
import { reportBlocks } from '../document';
import { TimeSlices } from '../time-slices';
import { footerLeft, footerRight, reportTitle, WORDS } from '../wording';
import { attach } from './attachments';
import { contentsPages, drawContents, type Entry } from './contents';
import { drawBlock, type Marks } from './draw';
import { type Fonts, loadFonts } from './fonts';
import { FOOTER_Y, LEFT, RIGHT, STYLES } from './layout';
import { Outline } from './outline';
import { Sheet } from './sheet';
import { forgetWords } from './word-cache';

/** Pages after which the words that pdfkit remembers are forgotten. */
const FORGET_PAGES = 20;
/** The part of the work that the first run is. */
const FIRST_RUN = 0.4;
/** What the name of PDF/UA needs in the metadata beside that of PDF/A (ISO 14289-1 §5). */
const PDF_UA = `
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
`;

/**
 * The PDF report: A4, tagged, embedded fonts, PDF/A-3a with the JSON and CSV reports inside. Drawn twice, the first
 * time without ink to learn on which page things stand, so that no page has to be kept for its "Page x of y" and for
 * the table of contents.
 */
export const renderPdf: Renderer = async function* (data, options) {
  const fonts = await loadFonts();
  const slices = new TimeSlices(options.signal);

  const found: Entry[] = [];
  const count = new Sheet(fonts, undefined, () => {});
  const seen = { endpoints: 0 };
  for (const _ of drawReport(count, data, options, collecting(found, seen))) {
    options.onProgress?.((FIRST_RUN * seen.endpoints) / Math.max(seen.endpoints, data.endpoints.length));
    await slices.step();
  }
  const shift = contentsPages(found.length);
  const entries = found.map((entry) => ({ ...entry, page: entry.page + shift }));
  const total = count.page + shift;

  const ink = createDocument(fonts, options.number);
  const sheet = new Sheet(fonts, ink, (current) => {
    drawFooter(current, options.number, total);
    options.onProgress?.(FIRST_RUN + ((1 - FIRST_RUN) * current.page) / total);
    if (current.page % FORGET_PAGES === 0) forgetWords(ink);
  });
  for (const _ of drawReport(sheet, data, options, drawing(entries, new Outline(ink, fonts)))) {
    await slices.step();
    yield* written(ink);
  }
  await attach(ink, data, options);
  ink.end();
  for await (const chunk of ink) yield bytesOf(chunk);
};

function* drawReport(sheet: Sheet, data: ReportData, options: RenderOptions, marks: Marks): Generator<void> {
  for (const block of reportBlocks(data, options)) {
    yield* drawBlock(sheet, block, marks);
    yield;
  }
  sheet.endSections();
}

/** The first run: notes where the headings stand. */
function collecting(found: Entry[], seen: { endpoints: number }): Marks {
  return {
    onHeading: ({ text, depth, id, listed }, { page }) => {
      if (depth === 2) seen.endpoints += 1;
      if (listed === true && id !== undefined) found.push({ text, depth, place: id, page });
    },
    onContents: () => {},
  };
}

function drawing(entries: readonly Entry[], outline: Outline): Marks {
  return {
    onHeading: (heading, { y }) => outline.add(heading, y),
    onContents: (title, sheet) => drawContents(sheet, title, entries),
  };
}

function drawFooter(sheet: Sheet, number: number, total: number): void {
  const right = footerRight(sheet.page, total);
  sheet.furnish([footerLeft(number)], STYLES.footer, LEFT, FOOTER_Y);
  sheet.furnish([right], STYLES.footer, RIGHT - sheet.widthOf(right, STYLES.footer), FOOTER_Y);
}

function createDocument(fonts: Fonts, number: number): PDFKit.PDFDocument {
  const ink = new PDFDocument({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    pdfVersion: '1.7',
    subset: 'PDF/A-3a',
    tagged: true,
    lang: 'en',
    displayTitle: true,
    info: {
      Title: reportTitle(number),
      Author: WORDS.product,
      Subject: WORDS.title,
      Creator: WORDS.product,
    },
  });
  ink.registerFont('regular', fonts.regular.data);
  ink.registerFont('bold', fonts.bold.data);
  appendXml(ink, PDF_UA);
  return ink;
}

/** pdfkit's types leave this method out. */
function appendXml(ink: PDFKit.PDFDocument & { appendXML?: (xml: string) => void }, xml: string): void {
  ink.appendXML?.(xml);
}

/** What pdfkit has finished so far. */
function* written(ink: PDFKit.PDFDocument): Generator<Uint8Array> {
  const chunk: unknown = ink.read();
  if (chunk !== null) yield bytesOf(chunk);
}

function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError('pdfkit wrote something that is not bytes');
}
