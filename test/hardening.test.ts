import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureLabCertificates, type LabCertificates } from '../brokers/certificates';
import { findMosquitto } from '../brokers/find-mosquitto';
import { placeConfig } from '../brokers/mosquitto-config';
import { runMosquitto } from '../brokers/mosquitto-process';
import { passwordLine } from '../brokers/passwords';
import { createRangeCa, createRangeCertificate } from '../brokers/range/certificate-kinds';
import { dial } from '../brokers/test-client';
import { securePublications } from '../esp32/simulated/payloads';
import type { EndpointReport } from '../lib/model';
import { RULES } from '../lib/risk';
import { scan } from '../lib/scan';
import { findingIds } from './support/finding-ids';
import { anotherNetwork } from './support/loopback';
import { removeFolder, temporaryFolder } from './support/temporary-folders';
import { orSkip, UnavailableError } from './support/unavailable';

const GUIDE = join(__dirname, '..', 'docs', 'hardening.md');
const LOGIN = { username: 'labuser', password: 'a pass phrase of this test' };
/** Who leaves readings on the broker, where the login of the scan may not. */
const DEVICE = { username: 'device', password: 'another pass phrase' };
const LISTEN_MS = 700;

/** A step of the guide, as it is written there. */
interface Step {
  readonly title: string;
  readonly conf: string;
  readonly acl: string | undefined;
  readonly findings: readonly string[];
  readonly gone: readonly string[];
  readonly level: string;
}

function steps(): Step[] {
  return readFileSync(GUIDE, 'utf8')
    .split(/^## /m)
    .filter((section) => section.startsWith('Step '))
    .map((section) => {
      const block = (language: string): string | undefined =>
        new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(section)?.[1];
      const line = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(section)?.[1] ?? '';
      const ids = (name: string): string[] =>
        [...line(name).matchAll(/`([^`]+)`/g)].map(([, id = '']) => id).sort();
      return {
        title: section.split('\n', 1)[0] ?? '',
        conf: block('conf') ?? '',
        acl: block('acl'),
        findings: ids('Findings'),
        gone: ids('Gone'),
        level: line('Level'),
      };
    });
}

describe('hardening guide', function () {
  this.timeout(60_000);
  const guide = steps();
  const host = `${anotherNetwork()}.1`;
  let program = '';
  let directory = '';
  let certificates: LabCertificates;

  before(async function () {
    program = await orSkip(this, async () => {
      const found = await findMosquitto();
      if (found === undefined) throw new UnavailableError('mosquitto is not installed');
      return found;
    });
    directory = await temporaryFolder('hardening');
    certificates = await ensureLabCertificates(join(directory, 'certs'), { names: [host] });
    const now = new Date();
    const { cert, key } = await createRangeCertificate('self-signed', [host], await createRangeCa(now), now);
    await writeFile(join(directory, 'self-signed.crt'), cert);
    await writeFile(join(directory, 'self-signed.key'), key, { mode: 0o600 });
    const logins = await Promise.all([LOGIN, DEVICE].map(passwordLine));
    await writeFile(join(directory, 'passwords'), logins.join(''), { mode: 0o600 });
    await mkdir(join(directory, 'data'));
  });
  after(async () => {
    if (directory !== '') await removeFolder(directory);
  });

  it('names only findings that there are, and says of each where it goes', () => {
    assert.ok(guide.length >= 5);
    const known = new Set(RULES.map(({ id }) => id));
    for (const [index, { title, findings, gone }] of guide.entries()) {
      for (const id of [...findings, ...gone]) assert.ok(known.has(id), `${title}: ${id}`);
      const before = guide[index - 1]?.findings ?? [];
      assert.deepEqual(
        gone,
        before.filter((id) => !findings.includes(id)),
        title,
      );
    }
  });

  for (const step of guide) {
    it(step.title, async () => {
      const port = Number(/^listener (\d+)/m.exec(step.conf)?.[1]);
      const report = await scanned(step, port);
      assert.deepEqual(findingIds(report), step.findings, step.title);
      assert.equal(report.risk?.level, step.level);
    });
  }

  async function scanned(step: Step, port: number): Promise<EndpointReport> {
    const { ca, certPath, keyPath } = certificates;
    const placed = placeConfig(step.conf, {
      host,
      port,
      configDirectory: directory,
      dataDirectory: join(directory, 'data'),
      certificates: {
        'server.crt': certPath,
        'server.key': keyPath,
        'self-signed.crt': join(directory, 'self-signed.crt'),
        'self-signed.key': join(directory, 'self-signed.key'),
      },
    });
    const config = join(directory, 'mosquitto.conf');
    await writeFile(config, placed);
    if (step.acl) {
      const rules = `${step.acl}\nuser ${DEVICE.username}\ntopic readwrite #\n`;
      await writeFile(join(directory, 'acl'), rules, { mode: 0o600 });
    }
    const broker = await runMosquitto(program, config, host, port);
    try {
      const url = `${port === 8883 ? 'mqtts' : 'mqtt'}://${host}:${port}`;
      await leaveReadings(url);
      const hasLogin = /^password_file/m.test(step.conf);
      const options = { tls: { ca }, auth: { writeTest: true }, listen: { listenMs: LISTEN_MS } };
      for await (const report of scan(url, { ...options, ...(hasLogin && { credentials: LOGIN }) }))
        return report;
      throw new Error('The scan brought no report.');
    } finally {
      await broker.stop();
    }
  }
});

async function leaveReadings(url: string): Promise<void> {
  // The self-signed certificate of step 2 is one of the things that are wrong; the broker is a child of ours.
  const device = await dial(url, { ...DEVICE, rejectUnauthorized: false });
  for (const { topic, payload } of securePublications(1, 0)) {
    await device.publishAsync(topic, payload, { retain: true, qos: 1 });
  }
  await device.endAsync();
}
