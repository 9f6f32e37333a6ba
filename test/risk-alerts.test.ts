import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedLab } from '../brokers/embedded';
import type { Lab } from '../brokers/lab-types';
import { type AnyMessage, Flow, type FlowNode, profile, sink } from './support/flow';
import { removeFolder, temporaryFolder } from './support/temporary-folders';

describe('alerts of scheduled scans', function () {
  this.timeout(60_000);
  let lab: Lab;
  let labFolder: string;
  let reports: string;
  let flow: Flow | undefined;

  before(async () => {
    labFolder = await temporaryFolder('alerts-lab');
    lab = await startEmbeddedLab({ plainPort: 0, tlsPort: 0, directory: labFolder, intervalMs: 200 });
  });
  after(async () => {
    await lab?.stop();
    await removeFolder(labFolder);
  });
  beforeEach(async () => {
    reports = await temporaryFolder('alerts-reports');
  });
  afterEach(async () => {
    await flow?.unload();
    flow = undefined;
    await removeFolder(reports);
  });

  /** A flow as after a restart of Node-RED: nothing but the folder of reports is remembered. */
  async function load(settings: object = {}): Promise<Flow> {
    await flow?.unload();
    const nodes: FlowNode[] = [
      { id: 'tls', type: 'tls-config', ca: lab.ca },
      profile({ tls: 'tls' }),
      { id: 'probe', type: 'mqtt-probe', profile: 'profile', wires: [['inspect'], []] },
      { id: 'inspect', type: 'tls-inspect', profile: 'profile', depth: 'certificate', wires: [['auth']] },
      { id: 'auth', type: 'anon-auth-test', wires: [['sniffer']] },
      { id: 'sniffer', type: 'topic-sniffer', listen: '1', wires: [['risk'], []] },
      {
        id: 'risk',
        type: 'risk-classify',
        directory: reports,
        ...settings,
        wires: [['rated', 'report'], ['alerts']],
      },
      { id: 'report', type: 'report-out', directory: reports, formats: 'json', wires: [['written']] },
      ...['rated', 'alerts', 'written'].map(sink),
    ];
    flow = await Flow.load(nodes);
    return flow;
  }

  async function scanned(
    settings: object = {},
    targets = lab.insecure.url,
  ): Promise<{ alerts: AnyMessage[]; summary: AnyMessage }> {
    const loaded = await load(settings);
    loaded.send('probe', { payload: { targets } });
    const { payload } = await loaded.until('written', () => true, 20_000);
    return { alerts: loaded.of('alerts').map((message) => message.payload), summary: payload.summary };
  }

  const idsOf = (alerts: readonly AnyMessage[]): string[] =>
    alerts.map(({ kind, finding, findingId }) => `${kind} ${finding?.id ?? findingId ?? ''}`.trim()).sort();

  it('come at the first scan for each finding that is bad enough, and at the next two for none', async () => {
    const first = await scanned();
    const expected = ['finding-new ACL-READ-ALL', 'finding-new AUTH-ANON', 'finding-new NET-PLAINTEXT'];
    assert.deepEqual(idsOf(first.alerts), expected);
    for (const { url, level, text } of first.alerts) {
      assert.equal(url, lab.insecure.url);
      assert.match(level, /^(CRITICAL|HIGH)$/);
      assert.match(text, new RegExp(`^${level}: .*\\.$`));
    }
    for (let i = 0; i < 2; i++) {
      const { alerts, summary } = await scanned();
      assert.deepEqual(idsOf(alerts), []);
      assert.equal(summary.changes.comparedWith.number, i + 1);
      assert.deepEqual(summary.changes.items, []);
    }
  });

  it('tell of a sensor that has stopped, once', async () => {
    await scanned();
    const path = join(reports, 'mqtt_scan_report_001.json');
    const before = JSON.parse(await readFile(path, 'utf8'));
    // The report tells of one sensor more than there is: it was there, and is no longer.
    const [endpoint] = before.endpoints;
    const [known] = endpoint.traffic.topics.filter(({ sensor }: AnyMessage) => sensor);
    endpoint.traffic.topics.push({ ...known, topic: 'sensors/gone' });
    await writeFile(path, JSON.stringify(before));
    const { alerts } = await scanned();
    assert.deepEqual(idsOf(alerts), ['sensor-stopped']);
    assert.deepEqual(alerts[0]?.topics, ['sensors/gone']);
    assert.deepEqual(idsOf((await scanned()).alerts), []);
  });

  it('follow the user’s own table, which the report names', async () => {
    const policyTable = JSON.stringify({
      name: 'ours',
      severities: { 'ACL-READ-ALL': 'LOW' },
      mute: [{ rule: 'NET-PLAINTEXT', endpoints: [lab.insecure.url], reason: 'known', until: '2999-12-31' }],
    });
    const { alerts, summary } = await scanned({ policyTable });
    assert.deepEqual(idsOf(alerts), ['finding-new AUTH-ANON']);
    assert.equal(summary.policy.name, 'ours');
  });

  it('say what is wrong with a table', async () => {
    const loaded = await load({ policyTable: '{"severities":{"NO-SUCH":"LOW"}}' });
    loaded.send('probe', { payload: { targets: lab.insecure.url } });
    const { error } = await loaded.until('caught', ({ error: { code } }) => code === 'BAD_OPTION');
    assert.match(error.message, /policyTable.*no rule "NO-SUCH"/);
  });

  it('come with the summary of the whole scan: one listener refuses, another lets in', async () => {
    const { alerts, summary } = await scanned(
      { alertFrom: 'MEDIUM' },
      `${lab.insecure.url} ${lab.secure.url}`,
    );
    const finding = summary.findings.find(({ id }: AnyMessage) => id === 'AUTH-DOWNGRADE-LISTENER');
    assert.equal(finding.endpoints[0], lab.insecure.url);
    assert.ok(idsOf(alerts).includes('finding-new AUTH-DOWNGRADE-LISTENER'));
    assert.equal(typeof summary.score.value, 'number');
  });
});
