import type { Node, NodeAPI, NodeMessage } from 'node-red';
import type { ScanError } from '../../lib/model';
import type { Message } from './messages';
import type { StatusLine } from './status';
import { sharedText, translated } from './translate';

export type Send = (messages: NodeMessage | (NodeMessage | NodeMessage[] | null)[]) => void;

export interface InputHandler {
  readonly node: Node;
  readonly status: StatusLine;
  /** Handles one message; what it throws reaches the flow's Catch node. */
  readonly onInput: (message: Message, send: Send) => Promise<void> | void;
  /** Ends what the node has running; inputs that are still being handled then come to their end. */
  readonly onClose?: () => void;
}

/**
 * The one place where a node meets the runtime: calls `done` exactly once per input, turns whatever is thrown
 * into an error with a code and a readable text, sends nothing after the node was closed, and waits on close
 * for the inputs in progress.
 */
export function handleInput(RED: NodeAPI, { node, status, onInput, onClose }: InputHandler): void {
  const running = new Set<Promise<void>>();
  let closed = false;

  const failureOf = async (message: Message, send: Send): Promise<ScanError | undefined> => {
    try {
      await onInput(message, (messages) => {
        if (!closed) send(messages);
      });
      return undefined;
    } catch (thrown) {
      if (closed) return undefined;
      status.failed(sharedText(RED, 'status.error', 'error'));
      return translated(RED, thrown);
    }
  };

  node.on('input', (message, send, done) => {
    const work = failureOf(message as Message, send as Send)
      .then(done)
      // The runtime copies the message for Catch and Complete nodes; one that cannot be copied must not end the process.
      .catch((thrown: unknown) => node.error(translated(RED, thrown)))
      .finally(() => running.delete(work));
    running.add(work);
  });

  node.on('close', (_removed: boolean, done: () => void) => {
    closed = true;
    status.close();
    onClose?.();
    void Promise.allSettled(running).then(() => done());
  });
}
