import { setMaxListeners } from 'node:events';
import type { Node, NodeAPI } from 'node-red';
import { type Credentials, type EndpointReport, ScanError } from '../../lib/model';
import type { StageContext } from '../../lib/net';
import { planScan, probeStage, type ScanSession, type Stage } from '../../lib/scan';
import { takeCredentials } from './credentials';
import { InFlight } from './in-flight';
import { handleInput, type Send } from './input-handler';
import { isClosing, isEndpointReport, isRecord, type Message, scanInfoOf } from './messages';
import { type Profile, profileOf } from './profile';
import { Semaphore } from './semaphore';
import { sessions } from './sessions';
import { StatusLine } from './status';
import { sharedText } from './translate';

/** What a stage may need to know of the message that it works for. */
export interface StageInput {
  readonly message: Message;
  readonly session: ScanSession | undefined;
  readonly send: Send;
}

export interface StageNodeOptions {
  readonly profileId: string | undefined;
  /** The port for a target that names none, when the node is used alone. */
  readonly defaultPort: string;
  /** Builds the stage from the node's settings. @throws ScanError BAD_OPTION */
  readonly stage: (input: StageInput) => Stage | Promise<Stage>;
}

/** Endpoints that one node works on at the same time. */
const MAX_CONCURRENT = 64;

/**
 * A node in the middle of the pipeline: enriches every endpoint that comes by, holds the closing message of a
 * scan back until its own work for that scan is done, and, fed with `host:port`, examines that endpoint alone.
 */
export function stageNode(RED: NodeAPI, node: Node, options: StageNodeOptions): void {
  const status = new StatusLine(node);
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const signals = new WeakMap<ScanSession, AbortSignal>();
  const inFlight = new InFlight();
  const places = new Semaphore(MAX_CONCURRENT);

  handleInput(RED, {
    node,
    status,
    onClose: () => closing.abort(new Error('the node was closed')),
    onInput: (message, send) => {
      // A request may hold credentials; a report has results of that name, which are to stay.
      const report = isEndpointReport(message.payload) ? message.payload : undefined;
      const credentials = report ? undefined : takeCredentials(message);
      const scan = scanInfoOf(message);
      const named = scan && sessions.get(scan.id);
      if (scan && isClosing(message)) return passClosing(message, scan.id, named, send);
      // The id of a scan opens what that scan has found, and nothing else: its login is not for other targets.
      const session = report && named?.hasFound(report) ? named : undefined;
      const work = examine({ message, session, send }, credentials);
      if (scan) inFlight.track(scan.id, work);
      return work;
    },
  });

  async function examine(input: StageInput, credentials: Credentials | undefined): Promise<void> {
    const { message, session, send } = input;
    session?.backlog.enter();
    try {
      const stage = await options.stage(input);
      const context = contextFor(session, credentials);
      const report = await places.run(() => enrich(message.payload, stage, context));
      session?.record(report);
      status.working(report.url.slice(report.url.indexOf('//') + 2));
      message.payload = report;
      message.topic = report.url;
      send(message);
    } finally {
      session?.backlog.leave();
    }
  }

  function enrich(payload: unknown, stage: Stage, context: StageContext): Promise<EndpointReport> {
    if (!isEndpointReport(payload)) return examineAlone(payload, stage, context);
    return enrichReport(payload, stage, context);
  }

  async function enrichReport(
    report: EndpointReport,
    stage: Stage,
    context: StageContext,
  ): Promise<EndpointReport> {
    try {
      return await stage(report, context);
    } catch (thrown) {
      // After a stop the endpoint goes on with what is known of it.
      if (context.signal.aborted) return report;
      throw thrown;
    }
  }

  async function examineAlone(
    payload: unknown,
    stage: Stage,
    context: StageContext,
  ): Promise<EndpointReport> {
    const { resolve } = profileOf(RED, options.profileId);
    const plan = await planScan(
      { targets: singleTarget(payload), ports: options.defaultPort },
      { scope: context.scope, resolve, timeoutMs: context.phaseTimeoutMs },
    );
    const [endpoint] = plan.space;
    if (!endpoint?.named) throw onlyOneTarget();
    const pinned = { ...context, pinned: plan.pinned };
    return enrichReport(await probeStage(endpoint, pinned), stage, pinned);
  }

  function contextFor(session: ScanSession | undefined, credentials: Credentials | undefined): StageContext {
    const own = ownProfile(session !== undefined);
    const base = session?.context ?? own;
    if (!base) throw new ScanError('PROFILE_MISSING');
    const tls = own?.tls ?? base.tls;
    const signal = session ? signalFor(session) : closing.signal;
    return { ...base, tls, credentials: credentials ?? base.credentials, signal };
  }

  /** Ends with the scan or with the node; one for all endpoints of a scan. */
  function signalFor(session: ScanSession): AbortSignal {
    const signal = signals.get(session) ?? AbortSignal.any([session.signal, closing.signal]);
    setMaxListeners(0, signal);
    signals.set(session, signal);
    return signal;
  }

  /** Inside a scan the profile of `mqtt-probe` serves when this node has none of its own. */
  function ownProfile(isOptional: boolean): Profile | undefined {
    return isOptional && !options.profileId ? undefined : profileOf(RED, options.profileId);
  }

  async function passClosing(
    message: Message,
    scanId: string,
    session: ScanSession | undefined,
    send: Send,
  ): Promise<void> {
    await inFlight.idle(scanId);
    if (session) message.payload = session.summary();
    status.done(sharedText(RED, 'status.done', 'done'));
    send(message);
  }
}

/** `"host:port"`, or `{ targets: "host:port" }`. */
function singleTarget(payload: unknown): string {
  const target = isRecord(payload) ? payload.targets : payload;
  if (typeof target !== 'string') {
    throw new ScanError('BAD_INPUT', {
      reason: 'msg.payload must be an endpoint report, or a text such as "192.168.1.10:8883"',
    });
  }
  if (/[\s,;]/.test(target.trim())) throw onlyOneTarget();
  return target;
}

function onlyOneTarget(): ScanError {
  return new ScanError('BAD_INPUT', {
    reason: 'this node takes one target a message; use mqtt-probe for several',
  });
}
