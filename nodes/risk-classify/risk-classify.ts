import type { Node, NodeAPI, NodeDef } from 'node-red';
import { type EndpointReport, isAtLeast, RISK_LEVELS, type RiskLevel, ScanError } from '../../lib/model';
import { policyNamed } from '../../lib/risk';
import { DEFAULTS, withRisk } from '../../lib/scan';
import { handleInput } from '../shared/input-handler';
import { isClosing, isEndpointReport, scanInfoOf } from '../shared/messages';
import { choiceOption, textOption } from '../shared/options';
import { sessions } from '../shared/sessions';
import { StatusLine } from '../shared/status';
import { sharedText } from '../shared/translate';

interface Config extends NodeDef {
  readonly policy?: string;
  readonly alertFrom?: string;
}

const DEFAULT_ALERT_FROM: RiskLevel = 'HIGH';

export = (RED: NodeAPI): void => {
  RED.nodes.registerType('risk-classify', function (this: Node, config: Config) {
    RED.nodes.createNode(this, config);
    const status = new StatusLine(this);
    handleInput(RED, {
      node: this,
      status,
      onInput: (message, send) => {
        const scan = scanInfoOf(message);
        const session = scan && sessions.get(scan.id);
        if (isClosing(message)) {
          if (session) message.payload = session.summary();
          status.done(sharedText(RED, 'status.done', 'done'));
          return send([message, null]);
        }
        if (!isEndpointReport(message.payload)) {
          throw new ScanError('BAD_INPUT', { reason: 'msg.payload must be an endpoint report' });
        }
        const alertFrom = choiceOption(config.alertFrom, 'alertFrom', RISK_LEVELS, DEFAULT_ALERT_FROM);
        const report = withRisk(
          message.payload,
          policyNamed(textOption(config.policy, DEFAULTS.policy)),
          scan?.startedAt ?? new Date().toISOString(),
        );
        session?.record(report);
        status.working(report.risk?.level ?? 'OK');
        message.payload = report;
        const alerts = alertsOf(report, alertFrom).map((payload) => ({
          topic: report.url,
          payload,
          ...(scan && { scan }),
        }));
        send([message, alerts]);
      },
    });
  });
};

/** What the second output sends for each finding that is bad enough. */
function alertsOf({ target, address, port, url, risk }: EndpointReport, alertFrom: RiskLevel) {
  return (risk?.findings ?? [])
    .filter(({ severity }) => isAtLeast(severity, alertFrom))
    .map((finding) => ({ target, address, port, url, level: finding.severity, finding }));
}
