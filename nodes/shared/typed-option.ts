import type { Node, NodeAPI } from 'node-red';
import { printable, ScanError } from '../../lib/model';
import type { Message } from './messages';

/** A property as the editor stores it: a value, and in `<name>Type` where to look for what it names. */
export interface TypedProperty {
  readonly name: string;
  readonly value: unknown;
  readonly type: unknown;
}

/** Types under which the value is a name: of a message's property, of a context, of an environment variable. */
const REFERENCES: ReadonlySet<unknown> = new Set(['msg', 'flow', 'global', 'env']);

/**
 * The value that a property stands for. Nodes of older flows have no type: their value is what it says.
 * @throws ScanError BAD_OPTION
 */
export function typedOption(
  RED: NodeAPI,
  node: Node,
  message: Message,
  { name, value, type = 'str' }: TypedProperty,
): Promise<unknown> {
  if (type === 'str' || type === '') return Promise.resolve(value);
  return new Promise((resolve, reject) => {
    const refuse = (reason: string): void =>
      reject(new ScanError('BAD_OPTION', { option: name, reason: printable(reason) }));
    if (!REFERENCES.has(type)) return refuse(`its type ${type} is not known`);
    // Contexts may be stored elsewhere, so the answer may come later.
    const answered = (error: Error | null, found: unknown): void =>
      error ? refuse(String(error.message ?? error)) : resolve(found);
    try {
      RED.util.evaluateNodeProperty(String(value), String(type), node, message, answered);
    } catch (thrown) {
      refuse(thrown instanceof Error ? thrown.message : String(thrown));
    }
  });
}
