import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A node as it stands in a flow file. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

const IMPORT = /^import \{[^}]*\} from '\.\/(.+)';\n/gm;

export type Wires = readonly (readonly string[])[];
/** Where on the sheet: x and y. */
export type Place = readonly [number, number];

/** Makes the nodes of one example. Ids follow from names, so that a change of one node is a change of one node. */
export class FlowBuilder {
  readonly nodes: FlowNode[] = [];
  readonly #example: string;
  readonly #tab: string;

  constructor(example: string, tab = 'tab') {
    this.#example = example;
    this.#tab = tab;
  }

  /** The id of a node by its key. */
  id(key: string): string {
    return createHash('sha256').update(`${this.#example}:${key}`).digest('hex').slice(0, 16);
  }

  /** A node without a place: a tab or a configuration node. */
  config(key: string, type: string, properties: object): void {
    this.nodes.push({ id: this.id(key), type, ...properties });
  }

  /** A node at a place of the sheet. @param wires keys, by output */
  node(key: string, type: string, [x, y]: Place, properties: object, wires: Wires = []): void {
    const ids = wires.map((targets) => targets.map((target) => this.id(target)));
    this.nodes.push({ id: this.id(key), type, z: this.id(this.#tab), ...properties, x, y, wires: ids });
  }

  comment(key: string, at: Place, name: string, info = ''): void {
    this.node(key, 'comment', at, { name, info });
  }

  /** A function node with the code of a file in `functions/`. */
  function(key: string, at: Place, name: string, file: string, wires: Wires, outputs = wires.length): void {
    const common = { outputs, timeout: 0, noerr: 0, initialize: startCode(file), finalize: '', libs: [] };
    this.node(key, 'function', at, { name, func: functionCode(file), ...common }, wires);
  }

  /** A pair of link nodes. */
  link(key: string, name: string, from: Place, to: Place, targets: readonly string[]): void {
    const [out, into] = [`${key}-out`, `${key}-in`];
    this.node(out, 'link out', from, { name, mode: 'link', links: [this.id(into)] }, []);
    this.node(into, 'link in', to, { name, links: [this.id(out)] }, [targets]);
  }
}

/** The code of a function node: a module of `functions/` with what it imports, and a call of its `onMessage`. */
export function functionCode(file: string): string {
  const code = moduleCode(`${file}.mjs`, new Set());
  const [, used = '{}'] = /function onMessage\(msg(?:, (\{[^}]*\}))?\)/.exec(code) ?? [];
  return `${code}\n\nreturn onMessage(msg, ${used});\n`;
}

/** The code that runs when the flows start: a call of `onStart` of `<file>-start.mjs`, where there is one. */
function startCode(file: string): string {
  const module = `${file}-start.mjs`;
  if (!existsSync(join(__dirname, 'functions', module))) return '';
  const code = moduleCode(module, new Set());
  const [, used = '{}'] = /function onStart\((\{[^}]*\})\)/.exec(code) ?? [];
  return `${code}\n\nonStart(${used});\n`;
}

function moduleCode(file: string, seen: Set<string>): string {
  if (seen.has(file)) return '';
  seen.add(file);
  const source = readFileSync(join(__dirname, 'functions', file), 'utf8');
  const imports = [...source.matchAll(IMPORT)].map(([, name = '']) => name);
  const own = source
    .replace(IMPORT, '')
    .replace(/^export /gm, '')
    .trim();
  return [...imports.map((name) => moduleCode(name, seen)), own].filter(Boolean).join('\n\n');
}

export function pageFile(name: string): string {
  return readFileSync(join(__dirname, 'page', name), 'utf8');
}
