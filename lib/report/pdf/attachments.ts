import { renderCsv } from '../csv';
import type { Renderer, RenderOptions, ReportData } from '../data';
import { renderJson } from '../json';

/** Larger files are not put into the PDF, which has to hold them in memory; they lie beside it. */
const MAX_BYTES = 4 * 1024 * 1024;

const FILES: readonly { name: string; type: string; description: string; render: Renderer }[] = [
  {
    name: 'report.json',
    type: 'application/json',
    description: 'Everything that the scan found, for programs',
    render: renderJson,
  },
  { name: 'report.csv', type: 'text/csv', description: 'One row per endpoint and topic', render: renderCsv },
];

/** Puts the JSON and CSV reports of the scan into the PDF (ISO 19005-3 §6.8), unless they are too large. */
export async function attach(
  ink: PDFKit.PDFDocument,
  data: ReportData,
  options: RenderOptions,
): Promise<void> {
  const { number, timezone, signal } = options;
  for (const { name, type, description, render } of FILES) {
    const bytes = await collected(render(data, { number, timezone, ...(signal && { signal }) }));
    if (bytes === undefined) continue;
    const modified = new Date(data.summary.finishedAt);
    ink.file(bytes, {
      name,
      type,
      description,
      relationship: 'Data',
      ...(Number.isFinite(modified.getTime()) && { creationDate: modified, modifiedDate: modified }),
    } as PDFKit.Mixins.PDFAttachmentOptions);
  }
}

/** All pieces as one; undefined as soon as they are too many. */
async function collected(pieces: AsyncIterable<string | Uint8Array>): Promise<Buffer | undefined> {
  const blocks: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    const block = Buffer.from(piece);
    bytes += block.byteLength;
    if (bytes > MAX_BYTES) return undefined;
    blocks.push(block);
  }
  return Buffer.concat(blocks);
}
