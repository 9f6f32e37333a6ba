import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import type { EndpointReport, Finding } from '../lib/model';
import { REPORT_FORMATS, type ReportData, type ReportFormat, scanDocument, writeReport } from '../lib/report';
import { dataOf, richEndpoint, richSummary, sensorOf, topicOf, trafficOf } from '../lib/report/testing';
import { run } from './support/programs';
import { runs } from './support/property-runs';
import {
  assertNothingHidden,
  findingsIn,
  readCsv,
  readDefectDojo,
  readHtml,
  readJunit,
  readMarkdown,
  readSarif,
} from './support/report-formats';
import { removeFolder, temporaryFolder } from './support/temporary-folders';

/** Texts with which somebody would try to break out of a format. */
const NASTY = [
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '<!--',
  ']]>',
  '&lt;b&gt;&#x202e;',
  '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
  "=cmd|' /C calc'!A0",
  '-1+1;=HYPERLINK("http://x")',
  '@SUM(A1)\t+1',
  '\r\n=1',
  '＝1＋1',
  '"',
  '"",""\r\n',
  '[x](javascript:alert(1))',
  '![x](http://x/y.png)',
  '<http://x>',
  '| a | b |',
  '```\ncode',
  '`',
  '\\',
  '# heading',
  '1. one',
  '***',
  '$x$',
  '\u202eexe.fdp',
  '\u2066\u2069',
  '\u0000\u0007\u001b[31m',
  '\ud800',
  '\udfff',
  '\ufffe\uffff',
  '\u2028\u2029',
  'javascript:alert(1)',
  'https://ok.example/\u202e x',
  '温度 🙂 درجة الحرارة',
  '',
  ' ',
  '%PDF-1.7 endobj stream',
  '(\\)<<>>',
  '__proto__',
];

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...NASTY), fc.constantFrom(...NASTY)).map((two) => two.join('')),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...NASTY), fc.nat(300)).map(([one, times]) => one.repeat(times)),
  },
);
const severity = fc.constantFrom('CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'OK') as fc.Arbitrary<
  Finding['severity']
>;

const finding: fc.Arbitrary<Finding> = fc.record(
  {
    id: text,
    title: text,
    severity,
    evidence: text,
    remediation: text,
    references: fc.array(text, { maxLength: 3 }),
    why: text,
    command: text,
    mqttClause: text,
    cwe: fc.constantFrom([], ['CWE-306']),
  },
  { requiredKeys: ['id', 'title', 'severity', 'evidence', 'remediation', 'references'] },
);

const endpoint: fc.Arbitrary<EndpointReport> = fc
  .record({
    names: fc.array(text, { minLength: 8, maxLength: 8 }),
    findings: fc.array(finding, { maxLength: 3 }),
    topics: fc.array(fc.tuple(text, text, text, fc.boolean()), { maxLength: 4 }),
    port: fc.integer({ min: 1, max: 65_535 }),
  })
  .map(({ names, findings, topics, port }) => {
    const [
      target = '',
      url = '',
      product = '',
      service = '',
      reason = '',
      issuer = '',
      label = '',
      why = '',
    ] = names;
    const base = richEndpoint({ target, url, port });
    return {
      ...base,
      probe: { versions: [4], product: { name: product, confidence: 1, evidence: [] }, service, reason },
      ...(base.tls?.certificate && {
        tls: { ...base.tls, certificate: { ...base.tls.certificate, issuer } },
      }),
      risk: {
        level: 'HIGH' as const,
        findings,
        outcome: { label, meaning: why, evidence: reason, implication: label },
        passed: [{ id: label, title: why }],
        notTested: [{ id: why, title: label, reason }],
      },
      ...trafficOf(
        topics.map(([topic, payload, type, truncated]) => ({
          ...topicOf(topic, payload, sensorOf(type, payload, topic)),
          truncated,
        })),
      ),
    };
  });

const report: fc.Arbitrary<ReportData> = fc
  .record({ endpoints: fc.array(endpoint, { maxLength: 3 }), name: text, change: text, target: text })
  .map(({ endpoints, name, change, target }) => {
    const { changes } = richSummary();
    const items = (changes?.items ?? []).map((item) => ({ ...item, text: change, url: target }));
    const data = dataOf(endpoints, richSummary({ ...(changes && { changes: { ...changes, items } }) }));
    return { ...data, scan: { ...data.scan, name, targets: [target] } };
  });

describe('reports of hostile targets', function () {
  this.timeout(120_000 * Number(process.env.PROPERTY_RUNS ?? 1));
  let directory: string;

  before(async () => {
    directory = await temporaryFolder('fuzz');
  });

  after(async () => {
    await removeFolder(directory);
  });

  const write = async (data: ReportData, formats: readonly ReportFormat[]) => {
    const options = { directory, basename: 'r', formats, timezone: 'UTC', keep: 1 };
    return await writeReport(data, options);
  };

  it('parse again in every text format, and nothing escapes', async () => {
    const formats = REPORT_FORMATS.filter((format) => format !== 'pdf');
    await fc.assert(
      fc.asyncProperty(report, async (data) => {
        const { number, files } = await write(data, formats);
        const texts = new Map<ReportFormat, string>();
        for (const file of files) texts.set(file.format, await readFile(file.path, 'utf8'));
        const textOf = (format: ReportFormat): string => texts.get(format) ?? '';
        const count = findingsIn(data);
        // A lone surrogate is no character; UTF-8 has none.
        const known: unknown = JSON.parse(JSON.stringify(scanDocument(number, data)));
        assert.deepEqual(JSON.parse(textOf('json')), known);
        const rows = data.endpoints.reduce((sum, { traffic }) => {
          const topics = traffic?.topics.filter(({ topic }) => !topic.startsWith('$')) ?? [];
          return sum + Math.max(1, topics.length);
        }, 0);
        assert.equal(readCsv(textOf('csv')).length, 1 + rows);
        assert.equal(readCsv(textOf('findings')).length, 1 + count);
        assert.equal(readSarif(textOf('sarif')).runs[0].results.length, count);
        assert.equal(readDefectDojo(textOf('defectdojo')).length, count);
        const { tests, cases } = await readJunit(textOf('junit'));
        assert.deepEqual(
          [tests, cases],
          [count + 2 * data.endpoints.length, count + 2 * data.endpoints.length],
        );
        readHtml(textOf('html'));
        readMarkdown(textOf('md'));
      }),
      runs(150),
    );
  });

  it('are sound PDFs in which nothing is hidden', async () => {
    await fc.assert(
      fc.asyncProperty(report, async (data) => {
        const { files } = await write(data, ['pdf']);
        const file = files[0]?.path ?? '';
        const [shown, addresses] = await Promise.all([
          run('pdftotext', ['-layout', file, '-'], { cwd: directory }),
          run('pdfinfo', ['-url', file], { cwd: directory }),
          run('qpdf', ['--check', file], { cwd: directory }),
        ]);
        assert.match(shown, /Executive Summary/);
        // pdftotext marks the direction of right-to-left text itself.
        assertNothingHidden(shown.replace(/[\u202a-\u202c]/g, ''));
        assert.doesNotMatch(addresses, /javascript:|\/\/x/);
      }),
      // A smaller example would take long to find.
      { ...runs(8), endOnFailure: true },
    );
  });
});
