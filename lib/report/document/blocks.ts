import type { RiskLevel } from '../../model';

/** A fact's name and its values, one below the other. */
export type Fact = readonly [label: string, values: readonly string[]];

/** One field of a table. A level is shown as its word; the colour only helps to find it. */
export interface Cell {
  readonly text: string;
  readonly level?: RiskLevel;
  /** `id` of the heading or finding that it leads to. */
  readonly to?: string;
}

export interface Column {
  readonly title: string;
  /** Share of the width; those of a table add up to 1. */
  readonly share: number;
}

export interface Bar {
  readonly level: RiskLevel;
  readonly count: number;
}

export interface Cover {
  readonly kind: 'cover';
  readonly product: string;
  readonly title: string;
  /** What the user calls the scan. */
  readonly name: string | undefined;
  readonly facts: readonly Fact[];
  readonly notes: readonly Fact[];
}

export interface Heading {
  readonly kind: 'heading';
  readonly depth: 1 | 2 | 3;
  readonly text: string;
  readonly id?: string;
  readonly level?: RiskLevel;
  /** True when the table of contents names it. */
  readonly listed?: boolean;
  readonly newPage?: boolean;
}

export interface FindingBlock {
  readonly kind: 'finding';
  readonly id: string;
  readonly level: RiskLevel;
  readonly title: string;
  readonly rule: string;
  readonly facts: readonly Fact[];
  /** Shell command with which to see it again. */
  readonly command: string | undefined;
  readonly references: readonly string[];
}

export interface Table {
  readonly kind: 'table';
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: () => Iterable<readonly Cell[]>;
}

export interface Action {
  readonly level: RiskLevel;
  readonly title: string;
  readonly text: string;
  /** Where in the report the finding stands. */
  readonly to: string | undefined;
}

/**
 * A report for people, piece by piece: what it says and in which order is decided once, in this folder, and a format
 * only decides how each kind of piece looks.
 */
export type Block =
  | Cover
  | { readonly kind: 'contents'; readonly title: string }
  | Heading
  | { readonly kind: 'cards'; readonly cards: readonly (readonly [label: string, value: number])[] }
  | {
      readonly kind: 'chart';
      readonly caption: string;
      readonly bars: readonly Bar[];
      /** The chart in words. */
      readonly alt: string;
    }
  | { readonly kind: 'actions'; readonly items: readonly Action[] }
  | { readonly kind: 'text'; readonly tone: 'body' | 'lead' | 'note' | 'remark'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | FindingBlock
  | Table;

/** A field without level and link. */
export function cell(text: string): Cell {
  return { text };
}

export function paragraph(text: string): Block {
  return { kind: 'text', tone: 'body', text };
}

export function remark(text: string): Block {
  return { kind: 'text', tone: 'remark', text };
}

/** A table whose fields are plain texts. */
export function textTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): Table {
  return { kind: 'table', caption, columns, rows: () => rows.map((row) => row.map(cell)) };
}
