import type { NodeAPI, NodeMessageInFlow } from 'node-red';
import type { EndpointReport, ScanInfo, ScanSummary } from '../../lib/model';
import type { Message } from '../shared/messages';

/** Writes `msg.parts` as the core Split node does, so that the core Join node puts a scan together again. */
export class ScanSequence {
  readonly #RED: NodeAPI;
  readonly #base: Message;
  readonly #scan: ScanInfo;
  readonly #id: string;
  readonly #parent: unknown;
  #index = 0;

  /** @param message what started the scan; all of its properties but the payload live on in every message */
  constructor(RED: NodeAPI, message: Message, scan: ScanInfo) {
    // What an earlier scan or sequence said of itself is not said of this one.
    const { payload, parts, complete, scan: earlier, ...base } = message;
    this.#RED = RED;
    this.#base = base as Message;
    this.#scan = scan;
    this.#id = RED.util.generateId();
    this.#parent = parts;
  }

  /** The message for one endpoint. */
  endpoint(report: EndpointReport): NodeMessageInFlow {
    return this.#next({ topic: report.url, payload: report });
  }

  /** The message that closes the scan. */
  closing(summary: ScanSummary): NodeMessageInFlow {
    return this.#next({ payload: summary, complete: true }, this.#index + 1);
  }

  #next(properties: Record<string, unknown>, count?: number): NodeMessageInFlow {
    const clone = this.#RED.util.cloneMessage(this.#base);
    return Object.assign(clone, properties, {
      _msgid: this.#RED.util.generateId(),
      scan: this.#scan,
      parts: {
        id: this.#id,
        type: 'array',
        index: this.#index++,
        ...(count !== undefined && { count }),
        ...(this.#parent !== undefined && { parts: this.#parent }),
      },
    });
  }
}
