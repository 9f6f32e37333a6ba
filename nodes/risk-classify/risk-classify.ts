import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import {
  isAtLeast,
  RISK_LEVELS,
  type RiskLevel,
  ScanError,
  type ScanInfo,
  type ScanSummary,
} from '../../lib/model';
import { type Policy, readPolicy } from '../../lib/risk';
import { DEFAULTS, withRisk } from '../../lib/scan';
import { InFlight } from '../shared/in-flight';
import { handleInput, type Send } from '../shared/input-handler';
import { isClosing, isEndpointReport, type Message, scanInfoOf } from '../shared/messages';
import { choiceOption, textOption } from '../shared/options';
import { REPORT_FOLDER, reportFolder } from '../shared/report-folder';
import { sessions } from '../shared/sessions';
import { StatusLine } from '../shared/status';
import { sharedText, translated } from '../shared/translate';
import { changeAlert, findingAlert, isTold, scanFindingAlert } from './alerts';
import { ScanWatch, ScanWatches } from './scan-watch';

interface Config extends NodeDef {
  readonly policy?: string;
  /** JSON of the user, which builds on the policy. */
  readonly policyTable?: string;
  readonly alertFrom?: string;
  /** Where the reports of earlier scans are. */
  readonly directory?: string;
}

interface Settings {
  readonly policy: Policy;
  readonly alertFrom: RiskLevel;
}

const DEFAULT_ALERT_FROM: RiskLevel = 'HIGH';

export = (RED: NodeAPI): void => {
  RED.nodes.registerType('risk-classify', function (this: Node, config: Config) {
    RED.nodes.createNode(this, config);
    const status = new StatusLine(this);
    const watches = new ScanWatches();
    const inFlight = new InFlight();
    const closing = new AbortController();
    const directory = reportFolder(RED, textOption(config.directory, REPORT_FOLDER));
    const settings = memoized(() => readSettings(config));
    try {
      // A wrong setting is told when the flow is deployed, not only when the first scan comes by.
      settings();
    } catch (thrown) {
      status.failed(sharedText(RED, 'status.error', 'error'));
      this.error(translated(RED, thrown));
    }

    handleInput(RED, {
      node: this,
      status,
      onClose: () => closing.abort(new Error('the node was closed')),
      onInput: (message, send) => {
        const scan = scanInfoOf(message);
        if (scan && isClosing(message)) return conclude(message, scan, send);
        const work = judge(message, scan, send);
        if (scan) inFlight.track(scan.id, work);
        return work;
      },
    });

    async function judge(message: Message, scan: ScanInfo | undefined, send: Send): Promise<void> {
      const { payload } = message;
      if (!isEndpointReport(payload)) {
        throw new ScanError('BAD_INPUT', { reason: 'msg.payload must be an endpoint report' });
      }
      const { policy, alertFrom } = settings();
      const report = withRisk(payload, policy, scan?.startedAt ?? new Date().toISOString());
      const watch = scan && (await watchOf(scan));
      if (scan) sessions.get(scan.id)?.record(report);
      status.working(report.risk?.level ?? 'OK');
      message.payload = report;
      // Without a scan there is no report to compare with, and everything is news.
      const findings = watch ? watch.add(report) : (report.risk?.findings ?? []);
      const alerts = findings
        .filter(({ severity }) => isAtLeast(severity, alertFrom))
        .map((finding) => findingAlert(report, finding, scan));
      send([message, alerts]);
    }

    /** Held back until all endpoints of the scan are through. */
    async function conclude(message: Message, scan: ScanInfo, send: Send): Promise<void> {
      await inFlight.idle(scan.id);
      const { alertFrom } = settings();
      const watch = await watchOf(scan);
      watches.forget(scan.id);
      const summary = sessions.get(scan.id)?.summary() ?? (message.payload as ScanSummary);
      const { verdict, changes, newScanFindings } = watch.conclude(summary);
      message.payload = { ...summary, ...verdict };
      const alerts: NodeMessage[] = [
        ...newScanFindings
          .filter(({ severity }) => isAtLeast(severity, alertFrom))
          .map((finding) => scanFindingAlert(finding, scan)),
        ...changes.items
          .filter((change) => isTold(change, alertFrom))
          .map((change) => changeAlert(change, scan)),
      ];
      status.done(sharedText(RED, 'status.done', 'done'));
      send([message, alerts]);
    }

    function watchOf(scan: ScanInfo): Promise<ScanWatch> {
      const plan = sessions.get(scan.id)?.plan;
      const same = { targets: plan?.targets ?? scan.targets, ports: plan?.ports };
      return watches.of(scan.id, () => ScanWatch.open(settings().policy, directory, same, closing.signal));
    }
  });
};

/** @throws ScanError BAD_OPTION */
function readSettings({ policy, policyTable, alertFrom }: Config): Settings {
  return {
    policy: readPolicy(policyTable ?? '', textOption(policy, DEFAULTS.policy)),
    alertFrom: choiceOption(alertFrom, 'alertFrom', RISK_LEVELS, DEFAULT_ALERT_FROM),
  };
}

/** Calls once and keeps the answer; what is thrown is thrown again each time. */
function memoized<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
