import PDFDocument from 'pdfkit';
import type { Renderer, RenderOptions, ReportData } from '../data';
import { Pace } from '../pace';
import { footerLeft, footerRight, reportTitle, WORDS } from '../wording';
import { drawFindings } from './findings';
import { type Fonts, loadFonts } from './fonts';
import { FOOTER_Y, LEFT, RIGHT, STYLES } from './layout';
import { drawOverview } from './overview';
import { worstFirst } from './rank';
import { Sheet } from './sheet';
import { drawExecutiveSummary, drawTitle } from './summary-page';

/**
 * The PDF report: A4, tagged, embedded fonts. Drawn twice, the first time without ink to learn how many
 * pages there are, so that no page has to be kept for its "Page x of y".
 */
export const renderPdf: Renderer = async function* (data, options) {
  const fonts = await loadFonts();
  const pace = new Pace(options.signal);

  const count = new Sheet(fonts, undefined, () => {});
  for (const _ of drawReport(count, data, options)) await pace.step();

  const ink = createDocument(fonts, options.number);
  const sheet = new Sheet(fonts, ink, (current) => drawFooter(current, options.number, count.page));
  for (const _ of drawReport(sheet, data, options)) {
    await pace.step();
    yield* written(ink);
  }
  ink.end();
  for await (const chunk of ink) yield bytesOf(chunk);
};

function* drawReport(sheet: Sheet, data: ReportData, options: RenderOptions): Generator<void> {
  const endpoints = worstFirst(data.endpoints);
  drawTitle(sheet, data, options);
  drawExecutiveSummary(sheet, data);
  yield* drawOverview(sheet, endpoints);
  yield* drawFindings(sheet, endpoints, options.timezone);
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
  return ink;
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
