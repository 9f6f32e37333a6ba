import type { RiskLevel } from '../../model';

/** All measures are PDF points, 1/72 inch; y runs downwards from the top of the page. */
export const PAGE = { width: 595.28, height: 841.89, margin: 48 } as const;

export const LEFT = PAGE.margin;
export const RIGHT = PAGE.width - PAGE.margin;
export const CONTENT_WIDTH = RIGHT - LEFT;
export const TOP = PAGE.margin;
/** Where content ends; the footer stands below. */
export const BOTTOM = PAGE.height - 58;
export const FOOTER_Y = PAGE.height - 40;

export const COLOURS = {
  ink: '#1f2937',
  muted: '#5b6472',
  faint: '#d5dae1',
  zebra: '#f4f6f9',
  accent: '#123a5f',
  onAccent: '#ffffff',
  cardFill: '#f7f9fb',
  noteFill: '#fff6e0',
  noteLine: '#d9a514',
  link: '#1a56a8',
  idle: '#66707f',
} as const;

/** Backgrounds on which white words keep a contrast of at least 4.5:1 (WCAG 2.2 §1.4.3). */
export const LEVEL_COLOURS: Readonly<Record<RiskLevel, string>> = {
  CRITICAL: '#a31515',
  HIGH: '#b8410b',
  MEDIUM: '#8a5a00',
  LOW: '#1d5fa8',
  OK: '#18703a',
};

export type FontName = 'regular' | 'bold';

/** How a piece of text looks. */
export interface TextStyle {
  readonly font: FontName;
  readonly size: number;
  readonly colour: string;
  /** Distance from one line to the next. */
  readonly leading: number;
}

function style(font: FontName, size: number, colour: string, leading = size * 1.4): TextStyle {
  return { font, size, colour, leading };
}

export const STYLES = {
  coverProduct: style('bold', 10.5, COLOURS.onAccent, 15),
  coverTitle: style('bold', 28, COLOURS.onAccent, 36),
  coverName: style('regular', 13, COLOURS.onAccent, 19),
  chapter: style('bold', 17, COLOURS.accent, 24),
  section: style('bold', 11.5, COLOURS.ink, 17),
  part: style('bold', 9.5, COLOURS.accent, 14),
  body: style('regular', 9, COLOURS.ink, 13.5),
  lead: style('bold', 10.5, COLOURS.ink, 15.5),
  strong: style('bold', 9, COLOURS.ink, 13.5),
  label: style('regular', 8.5, COLOURS.muted, 13.5),
  small: style('regular', 7.5, COLOURS.muted, 11),
  link: style('regular', 8.5, COLOURS.link, 13.5),
  cellLink: style('regular', 8, COLOURS.link, 11.5),
  contents: style('regular', 9.5, COLOURS.ink, 16),
  contentsChapter: style('bold', 9.5, COLOURS.ink, 16),
  cell: style('regular', 8, COLOURS.ink, 11.5),
  headCell: style('bold', 8, COLOURS.onAccent, 11.5),
  cardNumber: style('bold', 24, COLOURS.accent, 30),
  cardLabel: style('regular', 8.5, COLOURS.muted, 12),
  badge: style('bold', 7.5, COLOURS.onAccent, 10),
  footer: style('regular', 7.5, COLOURS.muted, 10),
} as const;
