import type { RiskLevel } from '../model';
import type { Renderer } from './data';
import { reportBlocks } from './document';
import type { Action, Bar, Block, Cell, Cover, Fact, FindingBlock, Heading, Table } from './document/blocks';
import { HTML_STYLE } from './html-style';
import { TimeSlices } from './time-slices';
import { webAddress } from './web-address';
import { grouped, LABELS, reportTitle } from './wording';
import { escapeMarkup } from './xml';

/**
 * The report as one HTML file: no script, nothing from elsewhere (the policy in its head forbids both), readable
 * offline and on paper.
 */
export const renderHtml: Renderer = async function* (data, options) {
  const slices = new TimeSlices(options.signal);
  yield head(reportTitle(options.number));
  const entries: Heading[] = [];
  for (const block of reportBlocks(data, options)) {
    if (block.kind === 'heading' && block.listed === true) entries.push(block);
    await slices.step();
  }
  for (const block of reportBlocks(data, options)) {
    for (const piece of htmlOf(block, entries)) {
      yield piece;
      await slices.step();
    }
  }
  yield '</main>\n</body>\n</html>\n';
};

function head(title: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
<style>${HTML_STYLE}</style>
</head>
<body>
<main>
`;
}

function* htmlOf(block: Block, entries: readonly Heading[]): Generator<string> {
  switch (block.kind) {
    case 'cover':
      yield cover(block);
      return;
    case 'contents':
      yield `<nav aria-label="${escapeMarkup(block.title)}"><h2>${escapeMarkup(block.title)}</h2><ul>${entries.map(entry).join('')}</ul></nav>\n`;
      return;
    case 'heading':
      yield heading(block);
      return;
    case 'cards':
      yield `<div class="cards">${block.cards.map(([label, value]) => `<div><b>${grouped(value)}</b> ${escapeMarkup(label)}</div>`).join('')}</div>\n`;
      return;
    case 'chart':
      yield chart(block.caption, block.bars, block.alt);
      return;
    case 'actions':
      yield `<ol class="actions">${block.items.map(action).join('')}</ol>\n`;
      return;
    case 'text':
      yield `<p class="${block.tone}">${escapeMarkup(block.text)}</p>\n`;
      return;
    case 'list':
      yield `<ul>${block.items.map((item) => `<li>${escapeMarkup(item)}</li>`).join('')}</ul>\n`;
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

function cover({ product, title, name, facts, notes }: Cover): string {
  const named = name === undefined ? '' : `<p class="name">${escapeMarkup(name)}</p>`;
  return `<header><p>${escapeMarkup(product)}</p><h1>${escapeMarkup(title)}</h1>${named}</header>\n${factList(facts)}${factList(notes)}`;
}

function entry({ depth, text, id, level }: Heading): string {
  const link = `<a href="#${escapeMarkup(id ?? '')}">${escapeMarkup(text)}</a>`;
  return `<li class="depth-${depth}">${link}${level === undefined ? '' : ` ${badge(level)}`}</li>`;
}

function heading({ depth, text, id, level }: Heading): string {
  const named = id === undefined ? '' : ` id="${escapeMarkup(id)}"`;
  const rated = level === undefined ? '' : ` ${badge(level)}`;
  return `<h${depth + 1}${named}>${escapeMarkup(text)}${rated}</h${depth + 1}>\n`;
}

function badge(level: RiskLevel): string {
  return `<span class="level ${level}">${level}</span>`;
}

/** A table whose rows have bars: readable without seeing them. */
function chart(caption: string, bars: readonly Bar[], alt: string): string {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const rows = bars.map(({ level, count }) => {
    const share = Math.round((count / most) * 100);
    return `<tr><th scope="row">${level}</th><td>${grouped(count)}</td><td aria-hidden="true"><div class="bar ${level}" style="width:${share}%"></div></td></tr>`;
  });
  return `<table class="chart" title="${escapeMarkup(alt)}"><caption>${escapeMarkup(caption)}</caption><tbody>${rows.join('')}</tbody></table>\n`;
}

function action({ level, title, text, to }: Action): string {
  const linked =
    to === undefined ? escapeMarkup(title) : `<a href="#${escapeMarkup(to)}">${escapeMarkup(title)}</a>`;
  return `<li>${badge(level)} <b>${linked}</b><br>${escapeMarkup(text)}</li>`;
}

function factList(facts: readonly Fact[]): string {
  const rows = facts.map(
    ([label, values]) =>
      `<div><dt>${escapeMarkup(label)}</dt><dd>${values.map((value) => `<p>${escapeMarkup(value)}</p>`).join('')}</dd></div>`,
  );
  return `<dl>${rows.join('')}</dl>\n`;
}

function finding({ id, level, title, rule, facts, command, references }: FindingBlock): string {
  const shown = command === undefined ? '' : `<p>${LABELS.command}</p><pre>${escapeMarkup(command)}</pre>`;
  const links = references.map((reference) => `<li>${link(reference)}</li>`).join('');
  const named = id === '' ? '' : ` id="${escapeMarkup(id)}"`;
  return `<section class="finding"${named}><h5>${badge(level)} ${escapeMarkup(title)} <code>${escapeMarkup(rule)}</code></h5>${factList(facts)}${shown}${links === '' ? '' : `<p>${LABELS.references}</p><ul>${links}</ul>`}</section>\n`;
}

function link(reference: string): string {
  const address = webAddress(reference);
  const shown = escapeMarkup(reference);
  return address === undefined ? shown : `<a href="${escapeMarkup(address)}" rel="noreferrer">${shown}</a>`;
}

function* table({ caption, columns, rows }: Table): Generator<string> {
  const titles = columns.map(({ title }) => `<th scope="col">${escapeMarkup(title)}</th>`).join('');
  const named = escapeMarkup(caption);
  // On a narrow screen a table scrolls by itself, by keyboard too, and the page does not.
  yield `<div class="wide" role="region" aria-label="${named}" tabindex="0"><table><caption>${named}</caption><thead><tr>${titles}</tr></thead><tbody>\n`;
  for (const row of rows()) yield `<tr>${row.map(field).join('')}</tr>\n`;
  yield '</tbody></table></div>\n';
}

function field({ text, level, to }: Cell): string {
  if (level !== undefined) return `<td>${badge(level)}</td>`;
  const shown = escapeMarkup(text);
  return to === undefined ? `<td>${shown}</td>` : `<td><a href="#${escapeMarkup(to)}">${shown}</a></td>`;
}
