import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ReportData } from '../data';
import { writeReport } from '../report-files';
import { dataOf, findingOf, plainEndpoint, sensorOf, tlsEndpoint, topicOf, trafficOf } from '../testing';
import { withoutBrokenWords } from './table';

const run = promisify(execFile);

describe('the PDF report', () => {
  let directory: string;

  before(async function () {
    try {
      await run('pdftotext', ['-v']);
    } catch (thrown) {
      if (process.env.CI === 'true') throw thrown;
      console.warn('SKIPPED: the PDF tests need pdftotext (package poppler-utils)');
      this.skip();
    }
  });

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'pdf-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  /** The text of every page, lines as they stand on it. */
  async function pagesOf(data: ReportData): Promise<string[]> {
    const options = { directory, basename: 'r', formats: ['pdf'] as const, timezone: 'Asia/Kuala_Lumpur' };
    const { files } = await writeReport(data, options);
    const { stdout } = await run('pdftotext', ['-layout', files[0]?.path ?? '', '-'], { maxBuffer: 1e8 });
    return stdout.split('\f').slice(0, -1);
  }

  it('says what was scanned, how bad it is, and where', async () => {
    const text = (await pagesOf(dataOf([tlsEndpoint(), plainEndpoint()]))).join('\n');
    for (const words of [
      'MQTT Security Scanner',
      'Executive Summary',
      /3 +2 +2\n/,
      /Total Sensors Detected +Open Brokers +Ports Scanned/,
      '12/9/2025, 1:22:13 AM (Asia/Kuala_Lumpur, UTC+08:00)',
      '6.3 s',
      'The worst level found is CRITICAL',
      'Scan Overview',
      /Target +Security +Sensor Type +Latest Reading +Status/,
      /192\.168\.100\.56:1883 +Plain +PIR \(Motion Sensor\) +Motion +Open \/ OK/,
      /192\.168\.100\.56:8883 +TLS +DHT \(Temp & Hum\) +31\.5°C, 56% +Open \/ OK/,
      'Detailed Findings',
      /mqtt:\/\/192\.168\.100\.56:1883 +CRITICAL/,
      /mqtts:\/\/192\.168\.100\.56:8883 +LOW/,
      'Traffic is not encrypted',
      'Offer MQTT over TLS only.',
      'https://cwe.mitre.org/data/definitions/319.html',
      /MQTT Security Scanner · Report 001 +Page 1 of \d/,
    ]) {
      assert.match(text, typeof words === 'string' ? new RegExp(escaped(words)) : words);
    }
    assert.ok(text.indexOf(':1883') < text.indexOf(':8883'), 'the worst endpoint stands first');
  });

  it('breaks no title of a column inside a word', () => {
    assert.deepEqual(withoutBrokenWords([100, 50, 50], [40, 50, 60]), [90, 50, 60]);
    assert.deepEqual(withoutBrokenWords([100, 50], [40, 30]), [100, 50]);
    // Too little for all of them: words are broken.
    assert.deepEqual(withoutBrokenWords([50, 50], [60, 60]), [50, 50]);
  });

  it('says when a scan was stopped, and that nothing was found', async () => {
    const none = { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, OK: 0 };
    const { risk: _, traffic: __, ...closed } = plainEndpoint({ outcome: 'closed' });
    const pages = await pagesOf(
      dataOf([closed], { stopped: true, notReached: 12, risk: none, sensors: 0, openBrokers: 0 }),
    );
    const page = pages.join('');
    assert.match(page, /No MQTT broker was found on the 2 ports scanned/);
    assert.match(page, /12 endpoints were not reached/);
    assert.match(page, /192\.168\.100\.56:1883 +– +– +– +Closed \/ Refused/);
    assert.match(page, new RegExp(`Page 1 of ${pages.length}`));
  });

  it('shows every character of hostile text', async () => {
    const hostile = plainEndpoint({
      ...trafficOf([
        topicOf('a/🙂/中', 'x', sensorOf('T\u202Eepyt', '\u061c\u0007 -1', '')),
        topicOf('b', 'ب'),
      ]),
    });
    const text = (await pagesOf(dataOf([hostile]))).join('').replace(/\s+/g, '');
    assert.ok(text.includes('a/\\u{1F642}/\\u{4E2D}'));
    assert.ok(text.includes('T\\u{202E}epyt'));
    assert.ok(text.includes('\\u{61C}\\u{7}-1'));
    assert.match(text, /[\u0600-\u06FF\uFB50-\uFEFC]/, 'Arabic letters are letters');
  });

  it('cuts what is too long for a page for people, and says how much of it is shown', async () => {
    const hostile = plainEndpoint({
      ...trafficOf([topicOf('a', 'y'.repeat(4096)), topicOf(`long/${'t'.repeat(9000)}`, 'y')]),
      risk: { level: 'HIGH', findings: [findingOf({ evidence: `${'E'.repeat(5000)}END` })] },
    });
    const pages = await pagesOf(dataOf([hostile]));
    const text = pages.join('').replace(/\s+/g, '');
    assert.match(text, /E{2000}…\(2,000of5,003characters;theJSONreporthasmore\)/);
    assert.match(text, /\(300of4,096characters/);
    assert.match(text, /\(600of9,005characters/);
    for (const [index, page] of pages.entries()) {
      assert.match(page, new RegExp(`Page ${index + 1} of ${pages.length}\\s*$`));
      assert.ok(page.trim().split('\n').length > 3, `page ${index + 1} is not empty`);
    }
  });

  it('links web addresses of rules and nothing else', async () => {
    const references = ['https://good.example/a', 'javascript:alert(1)', 'https://bad.example/ x'];
    const endpoint = plainEndpoint({ risk: { level: 'LOW', findings: [findingOf({ references })] } });
    const options = { directory, basename: 'r', formats: ['pdf'] as const, timezone: 'UTC' };
    const { files } = await writeReport(dataOf([endpoint]), options);
    const { stdout } = await run('pdfinfo', ['-url', files[0]?.path ?? '']);
    assert.match(stdout, /https:\/\/good\.example\/a/);
    assert.doesNotMatch(stdout, /javascript|bad\.example/);
  });

  it('stops when it is aborted', async () => {
    const data = dataOf(Array.from({ length: 500 }, () => plainEndpoint()));
    const signal = AbortSignal.timeout(50);
    const options = { directory, basename: 'r', formats: ['pdf'] as const, timezone: 'UTC', signal };
    await assert.rejects(writeReport(data, options), { name: 'TimeoutError' });
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
