import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Node, NodeAPI, NodeDef, NodeInitializer, NodeMessageInFlow } from 'node-red';
import helper from 'node-red-node-test-helper';
import anonAuthTest from '../../nodes/anon-auth-test/anon-auth-test';
import mqttProbe from '../../nodes/mqtt-probe/mqtt-probe';
import mqttScanProfile from '../../nodes/mqtt-scan-profile/mqtt-scan-profile';
import reportOut from '../../nodes/report-out/report-out';
import retainedClear from '../../nodes/retained-clear/retained-clear';
import riskClassify from '../../nodes/risk-classify/risk-classify';
import tlsInspect from '../../nodes/tls-inspect/tls-inspect';
import topicSniffer from '../../nodes/topic-sniffer/topic-sniffer';

/** A node of a flow under test. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly wires?: string[][];
  readonly [property: string]: unknown;
}

/** A message as a test looks at it. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever a flow may have put into a message
export type AnyMessage = Record<string, any>;

const TAB = 'tab';

/** Core nodes that a test needs beside ours. */
function coreNodes(): NodeInitializer[] {
  const files = ['common/24-complete.js', 'common/25-catch.js', 'sequence/17-split.js'];
  return files.map((file) => require(`@node-red/nodes/core/${file}`));
}

/** Stands in for the core node, which the test helper cannot load: the part of it that other nodes use. */
function tlsConfig(RED: NodeAPI): void {
  RED.nodes.registerType('tls-config', function (this: Node, config: NodeDef & { ca?: string }) {
    RED.nodes.createNode(this, config);
    Object.assign(this, { addTLSOptions: (options: object) => ({ ...options, ca: config.ca }) });
  });
}

/** What a node's HTTP route answers. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A flow in the node test helper: our nodes, and sinks that keep what reaches them. */
export class Flow {
  readonly #received = new Map<string, AnyMessage[]>();
  readonly #httpNode: RequestListener;

  private constructor(httpNode: RequestListener) {
    this.#httpNode = httpNode;
  }

  /**
   * Loads a flow. Nodes of type `helper` keep their messages; `caught` and `completed` keep those of the Catch
   * and Complete nodes that watch everything.
   * @param settings of Node-RED, besides its own
   */
  static async load(
    nodes: readonly FlowNode[],
    credentials: Record<string, object> = {},
    settings: object = {},
  ): Promise<Flow> {
    helper.init(require.resolve('node-red'), settings as never);
    const ours = [
      anonAuthTest,
      mqttProbe,
      mqttScanProfile,
      reportOut,
      retainedClear,
      riskClassify,
      tlsInspect,
      topicSniffer,
    ];
    const scanned = nodes
      .filter(({ type }) => type !== 'helper' && !type.endsWith('profile'))
      .map(({ id }) => id);
    const flow = [
      { id: TAB, type: 'tab' },
      { id: 'catcher', type: 'catch', z: TAB, scope: null, uncaught: false, wires: [['caught']] },
      { id: 'completer', type: 'complete', z: TAB, scope: scanned, wires: [['completed']] },
      { id: 'caught', type: 'helper', z: TAB },
      { id: 'completed', type: 'helper', z: TAB },
      ...nodes.map((node) => (isConfig(node) ? node : { z: TAB, ...node })),
    ];
    let httpNode: RequestListener = () => undefined;
    const keepHttpNode: NodeInitializer = (RED) => {
      httpNode = RED.httpNode;
    };
    await helper.load([keepHttpNode, ...ours, tlsConfig, ...coreNodes()], flow, credentials);
    const loaded = new Flow(httpNode);
    for (const { id, type } of flow) {
      if (type === 'helper') helper.getNode(id).on('input', (message) => loaded.of(id).push(message));
    }
    return loaded;
  }

  /** What a sink has received so far. */
  of(sink: string): AnyMessage[] {
    const messages = this.#received.get(sink) ?? [];
    this.#received.set(sink, messages);
    return messages;
  }

  /** Puts a value into a context that a node sees. */
  keep(node: string, scope: 'flow' | 'global', key: string, value: unknown): void {
    helper.getNode(node).context()[scope].set(key, value);
  }

  send(node: string, message: object): void {
    helper.getNode(node).receive(message as NodeMessageInFlow);
  }

  /** Waits until a sink has received a message that fits, and returns it. */
  async until(
    sink: string,
    fits: (message: AnyMessage) => boolean = () => true,
    timeoutMs = 8000,
  ): Promise<AnyMessage> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = this.of(sink).find(fits);
      if (found) return found;
      if (Date.now() > deadline) {
        const caught = this.of('caught').map(({ error }) => error?.message);
        assert.fail(`no such message reached ${sink} within ${timeoutMs} ms; caught: ${caught.join(', ')}`);
      }
      await delay(10);
    }
  }

  /** Waits for the message that closes a scan. */
  closing(sink: string, timeoutMs?: number): Promise<AnyMessage> {
    return this.until(sink, ({ complete }) => complete === true, timeoutMs);
  }

  /** Everything that left a node anywhere: messages, status lines and log entries, as one text. */
  everything(statusOf: readonly string[]): string {
    const statuses = statusOf.map((id) => {
      const { status } = helper.getNode(id) as unknown as { status: { args?: unknown[][] } };
      return status.args ?? [];
    });
    return JSON.stringify([[...this.#received.values()], statuses, helper.log().args]);
  }

  /** Asks the HTTP routes of the nodes; the path is sent as it is, whatever it looks like. */
  async get(path: string): Promise<Answer> {
    const server = createServer(this.#httpNode).listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const request = get({ host: '127.0.0.1', port, path, agent: false });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
    } finally {
      server.close();
    }
  }

  /** Stops the flow as a deployment does. */
  async unload(): Promise<void> {
    await helper.unload();
  }
}

function isConfig({ type }: FlowNode): boolean {
  return type === 'mqtt-scan-profile' || type === 'tls-config';
}

/** The profile that tests use: short waits, loopback only. */
export function profile(overrides: object = {}): FlowNode {
  return {
    id: 'profile',
    type: 'mqtt-scan-profile',
    scope: 'loopback',
    window: '100',
    rate: '5000',
    connectTimeout: '500',
    phaseTimeout: '1000',
    ...overrides,
  };
}

/** A sink that keeps its messages. */
export function sink(id: string): FlowNode {
  return { id, type: 'helper' };
}
