import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { REPORT_FORMATS, type ReportData, type ReportFormat, scanDocument, writeReport } from '../lib/report';
import {
  dataOf,
  findingOf,
  plainEndpoint,
  richEndpoint,
  richSummary,
  tlsEndpoint,
} from '../lib/report/testing';
import {
  findingsIn,
  readCsv,
  readDefectDojo,
  readHtml,
  readJunit,
  readMarkdown,
  readSarif,
  readScanDocument,
} from './support/report-formats';
import { removeFolder, temporaryFolder } from './support/temporary-folders';

describe('report formats', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await temporaryFolder('formats');
  });

  afterEach(async () => {
    await removeFolder(directory);
  });

  const texts = async (
    data: ReportData,
    failFrom?: 'HIGH' | 'LOW',
  ): Promise<Record<ReportFormat, string>> => {
    const { files } = await writeReport(data, {
      directory,
      basename: 'r',
      formats: REPORT_FORMATS,
      timezone: 'Asia/Kuala_Lumpur',
      ...(failFrom && { failFrom }),
    });
    assert.deepEqual(
      files.map(({ name }) => name.slice('r_001.'.length)),
      ['pdf', 'csv', 'json', 'findings.csv', 'sarif.json', 'defectdojo.json', 'junit.xml', 'md', 'html'],
    );
    const read = files.map(async (file) => [file.format, await readFile(file.path, 'utf8')] as const);
    return Object.fromEntries(await Promise.all(read)) as Record<ReportFormat, string>;
  };

  const LAB = dataOf([tlsEndpoint(), plainEndpoint(), richEndpoint()], richSummary());

  it('of the same scan tell the same, each to its own reader', async () => {
    const written = await texts({ ...LAB, scan: { ...LAB.scan, name: 'Hall 3' } });
    const count = findingsIn(LAB);
    assert.equal(count, 4);
    assert.deepEqual(
      readScanDocument(written.json),
      scanDocument(1, { ...LAB, scan: { ...LAB.scan, name: 'Hall 3' } }),
    );
    assert.equal(readCsv(written.csv).length, 1 + 4);
    assert.equal(readCsv(written.findings).length, 1 + count);
    const { results } = readSarif(written.sarif).runs[0];
    assert.equal(results.length, count);
    assert.deepEqual(results.map(({ level }) => level).sort(), ['error', 'error', 'warning', 'warning']);
    const findings = readDefectDojo(written.defectdojo);
    assert.deepEqual(findings.map(({ severity }) => severity).sort(), [
      'Critical',
      'High',
      'Medium',
      'Medium',
    ]);
    const junit = await readJunit(written.junit);
    assert.deepEqual(junit, {
      tests: 6,
      failures: 4,
      skipped: 1,
      cases: 6,
      failed: ['MEDIUM', 'CRITICAL', 'MEDIUM', 'HIGH'],
    });
    for (const text of [readHtml(written.html), readMarkdown(written.md)]) {
      for (const words of [
        'Hall 3',
        'Executive Summary',
        'Total Sensors Detected',
        'What to Do First',
        'Changes since the Last Report',
        'Scan Overview',
        'DHT (Temp & Hum)',
        'Anyone may connect without a login',
        'Whoever reaches the port is in.',
        'Yes, proven',
        'CVE-2024-3935',
        'What Was Not Tested',
        'Glossary',
      ]) {
        const escaped = words.replace('&', text.startsWith('#') ? '&amp;' : '&');
        assert.ok(text.includes(escaped), words);
      }
    }
  });

  it('keep a finding recognisable from scan to scan, and apart from all others', async () => {
    const prints = (written: Record<ReportFormat, string>) =>
      readSarif(written.sarif).runs[0].results.map(({ fingerprints }) => fingerprints['mqttScanFinding/v1']);
    const first = prints(await texts(LAB));
    await removeFolder(directory);
    const reversed = { ...LAB, endpoints: [...LAB.endpoints].reverse() };
    const second = prints(await texts(reversed));
    assert.deepEqual([...second].sort(), [...first].sort());
    assert.equal(new Set(first).size, first.length);
    const twice = plainEndpoint({ risk: { level: 'LOW', findings: [findingOf(), findingOf()] } });
    await removeFolder(directory);
    assert.equal(new Set(prints(await texts(dataOf([twice])))).size, 2);
  });

  it('fail in a pipeline from the level on that was asked for', async () => {
    const { failed } = await readJunit((await texts(LAB, 'HIGH')).junit);
    assert.deepEqual(failed, ['CRITICAL', 'HIGH']);
  });

  it('are valid when nothing was found', async () => {
    const { risk: _, traffic: __, ...closed } = plainEndpoint({ outcome: 'unreachable' });
    for (const data of [dataOf([]), dataOf([closed], { stopped: true, notReached: 3 })]) {
      await removeFolder(directory);
      const written = await texts(data);
      readScanDocument(written.json);
      readSarif(written.sarif);
      assert.deepEqual(readDefectDojo(written.defectdojo), []);
      assert.equal((await readJunit(written.junit)).tests, 0);
      assert.match(readHtml(written.html), /No MQTT broker was found|no weakness|not rated|OK/i);
      readMarkdown(written.md);
    }
  });

  it('say how bad things are in the words of their readers, remarks included', async () => {
    const levels = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'OK'] as const;
    const findings = levels.map((severity) => findingOf({ id: `R-${severity}`, severity }));
    const written = await texts(dataOf([plainEndpoint({ risk: { level: 'CRITICAL', findings } })]));
    assert.deepEqual(
      readSarif(written.sarif).runs[0].results.map(({ level }) => level),
      ['error', 'error', 'warning', 'note', 'note'],
    );
    assert.deepEqual(
      readDefectDojo(written.defectdojo).map(({ severity }) => severity),
      ['Critical', 'High', 'Medium', 'Low', 'Info'],
    );
    assert.deepEqual((await readJunit(written.junit)).failed, ['CRITICAL', 'HIGH', 'MEDIUM']);
  });
});
