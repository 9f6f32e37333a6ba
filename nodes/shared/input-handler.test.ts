import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Node, NodeAPI } from 'node-red';
import { ScanError } from '../../lib/model';
import { handleInput, type InputHandler } from './input-handler';
import { StatusLine } from './status';

const RED = { _: (key: string) => key } as unknown as NodeAPI;

/** As much of a node as the handler needs; `errors` is what it was told without a message. */
class FakeNode extends EventEmitter {
  readonly errors: unknown[] = [];

  status(): void {}

  error(error: unknown): void {
    this.errors.push(error);
  }

  /** Gives it a message, and resolves with what `done` was called with, call by call, once it is closed. */
  async given(message: object, done: (error?: Error) => void = () => undefined): Promise<unknown[]> {
    const calls: unknown[] = [];
    this.emit(
      'input',
      message,
      () => undefined,
      (error?: Error) => {
        calls.push(error);
        done(error);
      },
    );
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => this.emit('close', false, resolve));
    return calls;
  }
}

function nodeWith(onInput: InputHandler['onInput']): FakeNode {
  const fake = new FakeNode();
  const node = fake as unknown as Node;
  handleInput(RED, { node, status: new StatusLine(node), onInput });
  return fake;
}

describe('the handler of inputs', () => {
  it('is done once when all goes well', async () => {
    assert.deepEqual(await nodeWith(() => undefined).given({}), [undefined]);
  });

  it('is done once, with the error, when something is thrown', async () => {
    const refusing = nodeWith(() => {
      throw new ScanError('NO_TARGET');
    });
    const [error, ...more] = await refusing.given({});
    assert.ok(error instanceof ScanError);
    assert.deepEqual([error.code, more], ['NO_TARGET', []]);
  });

  it('is done once when the runtime fails behind it, and tells that without the message', async () => {
    const node = nodeWith(() => undefined);
    const calls = await node.given({}, () => {
      throw new Error('cannot be copied');
    });
    assert.deepEqual(calls, [undefined]);
    assert.deepEqual(
      node.errors.map((error) => error instanceof ScanError && error.code),
      ['INTERNAL'],
    );
  });

  it('sends nothing after the node was closed, and tells no error then', async () => {
    const sent: unknown[] = [];
    let go = (): void => undefined;
    const node = nodeWith(async (_message, send) => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      send({ payload: 'late' });
      throw new Error('late');
    });
    const calls: unknown[] = [];
    node.emit(
      'input',
      {},
      (message: unknown) => sent.push(message),
      (error: unknown) => calls.push(error),
    );
    const closed = new Promise<void>((resolve) => node.emit('close', false, resolve));
    go();
    await closed;
    assert.deepEqual([sent, calls, node.errors], [[], [undefined], []]);
  });
});
