import assert from 'node:assert/strict';
import { findMosquitto } from '../brokers/find-mosquitto';
import type { Lab, LabCredentials } from '../brokers/lab-types';
import { startMosquittoLab } from '../brokers/mosquitto';
import type { EndpointReport } from '../lib/model';
import { scan } from '../lib/scan';
import { findingIds } from './support/finding-ids';
import { removeFolder, temporaryFolder } from './support/temporary-folders';
import { orSkip, UnavailableError } from './support/unavailable';

/** Long enough for a reading of each sensor, which are retained. */
const LISTEN_MS = 800;

describe("the containers' configurations under a scan", function () {
  this.timeout(30_000);
  let directory = '';
  let lab: Lab | undefined;

  before(async function () {
    await orSkip(this, async () => {
      if ((await findMosquitto()) === undefined) throw new UnavailableError('mosquitto is not installed');
    });
    directory = await temporaryFolder('range-lab');
    lab = await startMosquittoLab({ plainPort: 0, tlsPort: 0, directory, intervalMs: 300 });
  });
  after(async () => {
    await lab?.stop();
    if (directory !== '') await removeFolder(directory);
  });

  const said = async (url: string, ca: string, credentials?: LabCredentials): Promise<unknown> => {
    const options = { tls: { ca }, listen: { listenMs: LISTEN_MS }, ...(credentials && { credentials }) };
    for await (const report of scan(url, options)) return summaryOf(report);
    throw new Error('The scan brought no report.');
  };
  const summaryOf = (report: EndpointReport): unknown => ({
    level: report.risk?.level,
    outcome: report.outcome,
    findings: findingIds(report),
    sensors: report.traffic?.topics.flatMap(({ sensor }) => sensor?.type ?? []).sort() ?? [],
  });

  it('insecure: CRITICAL, and the motion sensor is read', async () => {
    assert.ok(lab);
    assert.deepEqual(await said(lab.insecure.url, lab.ca), {
      level: 'CRITICAL',
      outcome: 'open',
      findings: ['ACL-READ-ALL', 'ACL-SYS-READ', 'AUTH-ANON', 'NET-PLAINTEXT'],
      sensors: ['PIR (Motion Sensor)'],
    });
  });

  it('secure, with its login: LOW, and two sensors are read', async () => {
    assert.ok(lab);
    assert.deepEqual(await said(lab.secure.url, lab.ca, lab.credentials), {
      level: 'LOW',
      outcome: 'open',
      findings: ['DATA-READABLE'],
      sensors: ['DHT (Temp & Hum)', 'LDR (Light Sensor)'],
    });
  });

  it('secure, without a login: MEDIUM, and nothing is read', async () => {
    assert.ok(lab);
    assert.deepEqual(await said(lab.secure.url, lab.ca), {
      level: 'MEDIUM',
      outcome: 'auth-failed',
      findings: ['AUTH-NOT-CHECKED'],
      sensors: [],
    });
  });
});
