import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FlowNode } from './node-red-runtime';

/** A message of a running flow, as an observer has sent it. */
export interface ObservedMessage {
  readonly payload: unknown;
  readonly topic?: string;
  readonly scan?: { readonly id: string };
  readonly complete?: boolean;
  readonly error?: { readonly message: string; readonly code?: string };
  readonly [property: string]: unknown;
}

/** Receives what the observers of a flow see. */
export interface Collector {
  /** What an observer has seen so far, in its order. */
  received(tag: string): ObservedMessage[];
  /** The first message of an observer that passes the test. @throws Error when none comes in time */
  waitFor(
    tag: string,
    test: (message: ObservedMessage) => boolean,
    withinMs?: number,
  ): Promise<ObservedMessage>;
  /** The nodes of an observer; wire anything to `observe-<tag>`. */
  observer(tab: string, tag: string): FlowNode[];
  /** Everything that observers have ever sent, as text. */
  everything(): string;
  /** Forgets what the observers have seen, apart from `everything`. */
  clear(): void;
  stop(): Promise<void>;
}

interface Observation {
  readonly tag: string;
  readonly sequence: number;
  readonly message: ObservedMessage;
}

const POLL_MS = 20;

/** Starts a collector on a free port of this machine. */
export async function startCollector(): Promise<Collector> {
  let observations: Observation[] = [];
  const texts: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      texts.push(body);
      observations.push(JSON.parse(body) as Observation);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  const received = (tag: string): ObservedMessage[] =>
    observations
      .filter((observation) => observation.tag === tag)
      .sort((a, b) => a.sequence - b.sequence)
      .map(({ message }) => message);

  return {
    received,
    waitFor: async (tag, test, withinMs = 15_000) => {
      const deadline = Date.now() + withinMs;
      for (;;) {
        const found = received(tag).find(test);
        if (found) return found;
        if (Date.now() > deadline) throw new Error(`"${tag}" has not seen it: ${summaryOf(received(tag))}`);
        await delay(POLL_MS);
      }
    },
    observer: (tab, tag) => observerNodes(tab, tag, url),
    everything: () => texts.join('\n'),
    clear: () => {
      observations = [];
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Requests may overtake each other, so each message gets a number on its way. */
function observerNodes(tab: string, tag: string, url: string): FlowNode[] {
  const func = `
    const { req, res, ...message } = msg;
    const sequence = (context.get('sequence') ?? 0) + 1;
    context.set('sequence', sequence);
    return { payload: { tag: ${JSON.stringify(tag)}, sequence, message } };`;
  return [
    { id: `observe-${tag}`, type: 'function', z: tab, func, outputs: 1, wires: [[`send-${tag}`]] },
    { id: `send-${tag}`, type: 'http request', z: tab, method: 'POST', ret: 'txt', url, wires: [[]] },
  ];
}

function summaryOf(messages: readonly ObservedMessage[]): string {
  return JSON.stringify(messages).slice(0, 4000);
}
