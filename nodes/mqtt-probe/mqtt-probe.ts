import type { Node, NodeAPI, NodeDef } from 'node-red';
import { type Credentials, ScanError } from '../../lib/model';
import { Scope } from '../../lib/net';
import {
  DEFAULTS,
  type DiscoverOptions,
  discover,
  planScan,
  type ReportClosed,
  ScanSession,
} from '../../lib/scan';
import { takeCredentials } from '../shared/credentials';
import { handleInput, type Send } from '../shared/input-handler';
import { isRecord, type Message } from '../shared/messages';
import { booleanOption, choiceOption } from '../shared/options';
import { profileOf } from '../shared/profile';
import { sessions } from '../shared/sessions';
import { StatusLine } from '../shared/status';
import { sharedText } from '../shared/translate';
import { typedOption } from '../shared/typed-option';
import { configuredScan, requestedScan } from './scan-request';
import { ScanSequence } from './sequence';

interface Config extends NodeDef {
  readonly profile?: string;
  readonly targets?: string;
  readonly targetsType?: string;
  readonly ports?: string;
  readonly portsType?: string;
  readonly reportClosed?: string;
  readonly strictness?: unknown;
}

/** More scans at once than this are a flow that went wrong. */
const MAX_SCANS = 5;
/** Scans that are remembered for a stop; the older ones are long over. */
const MAX_STOPPABLE = 4 * MAX_SCANS;
/** Four progress messages a second. */
const PROGRESS_MS = 250;
const REPORT_CLOSED: readonly ReportClosed[] = ['auto', 'always', 'never'];

export = (RED: NodeAPI): void => {
  RED.nodes.registerType('mqtt-probe', function (this: Node, config: Config) {
    RED.nodes.createNode(this, config);
    const node = this;
    const status = new StatusLine(node);
    const running = new Set<ScanSession>();
    // Later stages may still work on scans whose discovery is over; a stop is for them too.
    const stoppable: ScanSession[] = [];
    let starting = 0;
    const closing = new AbortController();

    handleInput(RED, {
      node,
      status,
      onClose: () => {
        closing.abort();
        for (const session of stoppable) session.stop();
      },
      onInput: (message, send) => {
        // Before anything can fail: an error carries the message to the Catch node.
        const credentials = takeCredentials(message);
        if (message.stop === true) return stop(message);
        return scan(message, credentials, send);
      },
    });

    /** All scans of this node, or the one that `msg.scan.id` names. */
    function stop({ scan: info }: Message): void {
      const id = isRecord(info) ? info.id : undefined;
      for (const session of stoppable) {
        if (id === undefined || id === session.id) session.stop();
      }
    }

    async function scan(message: Message, credentials: Credentials | undefined, send: Send): Promise<void> {
      if (running.size + starting >= MAX_SCANS) throw new ScanError('BUSY', { count: MAX_SCANS });
      starting++;
      const session = await openSession(message, credentials).finally(() => starting--);
      if (closing.signal.aborted) return;
      running.add(session);
      if (stoppable.push(session) > MAX_STOPPABLE) stoppable.shift();
      try {
        await run(session, new ScanSequence(RED, message, session.info), send);
      } finally {
        running.delete(session);
      }
      const [problem] = session.problems;
      if (!problem) return;
      // Whoever catches it can tell it from a scan that has not started.
      message.scan = session.info;
      throw problem;
    }

    async function openSession(message: Message, credentials: Credentials | undefined): Promise<ScanSession> {
      const profile = profileOf(RED, config.profile);
      const [targets, ports] = await Promise.all([
        typedOption(RED, node, message, { name: 'targets', value: config.targets, type: config.targetsType }),
        typedOption(RED, node, message, { name: 'ports', value: config.ports, type: config.portsType }),
      ]);
      const request = requestedScan(message.payload, configuredScan(targets, ports));
      const { resolve, phaseTimeoutMs } = profile;
      const scope = request.scope === undefined ? profile.scope : Scope.parse(request.scope, profile.scope);
      const plan = await planScan(request, { scope, resolve, timeoutMs: phaseTimeoutMs });
      const { name, listenMs } = request;
      return new ScanSession(
        plan,
        { ...profile, scope, credentials: credentials ?? profile.credentials },
        { name, listenMs },
      );
    }

    async function run(session: ScanSession, sequence: ScanSequence, send: Send): Promise<void> {
      const { reportClosed } = DEFAULTS;
      const options: DiscoverOptions = {
        reportClosed: choiceOption(config.reportClosed, 'reportClosed', REPORT_CLOSED, reportClosed),
        strictness: booleanOption(config.strictness, false),
      };
      sessions.add(session);
      const tellProgress = (): void => {
        const progress = session.progress();
        status.working(`${progress.scanned}/${progress.total}`);
        send([null, { topic: 'progress', payload: progress, scan: session.info }]);
      };
      tellProgress();
      const timer = setInterval(tellProgress, PROGRESS_MS);
      try {
        for await (const report of discover(session, options)) send([sequence.endpoint(report), null]);
      } finally {
        clearInterval(timer);
        tellProgress();
      }
      status.done(session.isStopped ? sharedText(RED, 'status.stopped', 'stopped') : endText(session));
      send([sequence.closing(session.summary()), null]);
    }

    function endText(session: ScanSession): string {
      const { openBrokers } = session.progress();
      return sharedText(RED, 'status.brokers', `${openBrokers} open`, { count: openBrokers });
    }
  });
};
