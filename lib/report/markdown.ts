import { printable } from '../model';
import type { Renderer } from './data';
import { reportBlocks } from './document';
import type { Action, Block, Cell, Fact, FindingBlock, Heading, Table } from './document/blocks';
import { TimeSlices } from './time-slices';
import { webAddress } from './web-address';
import { grouped, LABELS } from './wording';

/** The report as Markdown (CommonMark with the tables of GitHub). */
export const renderMarkdown: Renderer = async function* (data, options) {
  const slices = new TimeSlices(options.signal);
  for (const block of reportBlocks(data, options)) {
    for (const piece of markdownOf(block)) {
      yield piece;
      await slices.step();
    }
  }
};

function* markdownOf(block: Block): Generator<string> {
  switch (block.kind) {
    case 'cover':
      yield `# ${text(block.title)}\n\n`;
      if (block.name !== undefined) yield `**${text(block.name)}**\n\n`;
      yield factList(block.facts);
      yield block.notes
        .map(([label, values]) => `**${text(label)}.** ${values.map(text).join(' ')}\n\n`)
        .join('');
      return;
    case 'contents':
      return;
    case 'heading':
      yield heading(block);
      return;
    case 'cards':
      yield* table({
        kind: 'table',
        caption: '',
        columns: block.cards.map(([title]) => ({ title, share: 0 })),
        rows: () => [block.cards.map(([, value]) => ({ text: grouped(value) }))],
      });
      return;
    case 'chart':
      yield* table({
        kind: 'table',
        caption: block.caption,
        columns: [
          { title: 'Severity', share: 0 },
          { title: 'Findings', share: 0 },
        ],
        rows: () => block.bars.map(({ level, count }) => [{ text: level }, { text: grouped(count) }]),
      });
      return;
    case 'actions':
      yield `${block.items.map(action).join('')}\n`;
      return;
    case 'text':
      yield block.tone === 'note' ? `> ${text(block.text)}\n\n` : paragraph(block.text, block.tone);
      return;
    case 'list':
      yield `${block.items.map((item) => `- ${text(item)}\n`).join('')}\n`;
      return;
    case 'facts':
      yield factList(block.facts);
      return;
    case 'finding':
      yield finding(block);
      return;
    case 'table':
      yield* table(block);
  }
}

function heading({ depth, text: words, level }: Heading): string {
  return `${'#'.repeat(depth + 1)} ${text(words)}${level === undefined ? '' : ` – ${level}`}\n\n`;
}

function paragraph(words: string, tone: 'body' | 'lead' | 'remark'): string {
  if (tone === 'lead') return `**${text(words)}**\n\n`;
  return tone === 'remark' ? `*${text(words)}*\n\n` : `${text(words)}\n\n`;
}

function action({ level, title, text: words }: Action, index: number): string {
  return `${index + 1}. **${level}: ${text(title)}** ${text(words)}\n`;
}

function factList(facts: readonly Fact[]): string {
  return `${facts.map(([label, values]) => `- ${text(label)}: ${values.map(text).join(' / ')}\n`).join('')}\n`;
}

function finding({ level, title, rule, facts, command, references }: FindingBlock): string {
  const lines = facts.map(([label, values]) => `- ${text(label)}: ${values.map(text).join(' / ')}\n`);
  if (command !== undefined) lines.push(`- ${LABELS.command}: ${code(command)}\n`);
  if (references.length > 0) lines.push(`- ${LABELS.references}: ${references.map(link).join(', ')}\n`);
  return `**${level}: ${text(title)}** (${code(rule)})\n\n${lines.join('')}\n`;
}

function* table({ caption, columns, rows }: Table): Generator<string> {
  if (caption !== '') yield `*${text(caption)}*\n\n`;
  yield `| ${columns.map(({ title }) => text(title)).join(' | ')} |\n|${columns.map(() => ' --- |').join('')}\n`;
  for (const row of rows()) yield `| ${row.map((cell: Cell) => text(cell.text)).join(' | ')} |\n`;
  yield '\n';
}

function link(reference: string): string {
  const address = webAddress(reference);
  return address === undefined
    ? text(reference)
    : `[${text(reference)}](<${address.replace(/[<>\\]/g, encodeURIComponent)}>)`;
}

/** A text in which nothing is Markdown, an address that opens by itself, or HTML. */
function text(words: string): string {
  return printable(words, Number.POSITIVE_INFINITY)
    .replace(/[\\`*_[\]|~$]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/@/g, '&#64;')
    .replace(/\b(https?|ftp):\/\//gi, '$1:&#47;&#47;')
    .replace(/\b(www)\./gi, '$1&#46;')
    .replace(/^[#+\-=>]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/** A text in a code span whose fence is longer than every run of backticks in it. */
function code(words: string): string {
  const shown = printable(words, Number.POSITIVE_INFINITY);
  if (shown.trim() === '') return '';
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padding = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${padding}${shown}${padding}${fence}`;
}
