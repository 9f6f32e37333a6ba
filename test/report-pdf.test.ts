import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { EndpointReport } from '../lib/model';
import { type ReportData, writeReport } from '../lib/report';
import {
  dataOf,
  plainEndpoint,
  richEndpoint,
  richSummary,
  sensorOf,
  tlsEndpoint,
  topicOf,
  trafficOf,
} from '../lib/report/testing';
import { run } from './support/programs';
import { removeFolder, temporaryFolder } from './support/temporary-folders';
import { orSkip, UnavailableError } from './support/unavailable';

const LAB = dataOf([tlsEndpoint(), plainEndpoint(), richEndpoint()], richSummary());

describe('the PDF as others see it', function () {
  this.timeout(60_000);
  let directory: string;

  before(async function () {
    for (const program of ['pdftotext', 'pdfinfo', 'pdffonts', 'pdfdetach', 'qpdf']) {
      await orSkip(this, async () => {
        await run(program, ['-v'], { cwd: '.' }).catch((thrown: NodeJS.ErrnoException) => {
          // Some end with an error after they have said their version.
          if (thrown.code === 'ENOENT') throw new UnavailableError(`${program} is not installed`);
        });
      });
    }
  });

  beforeEach(async () => {
    directory = await temporaryFolder('pdf');
  });

  afterEach(async () => {
    await removeFolder(directory);
  });

  const write = async (data: ReportData): Promise<string> => {
    const options = { directory, basename: 'r', formats: ['pdf', 'csv', 'json'] as const, timezone: 'UTC' };
    return (await writeReport(data, options)).files[0]?.path ?? '';
  };
  const tool = (program: string, ...args: string[]): Promise<string> =>
    run(program, args, { cwd: directory });
  const pagesOf = async (file: string): Promise<string[]> =>
    (await tool('pdftotext', '-layout', file, '-')).split('\f').slice(0, -1);

  it('has every number of the JSON report', async () => {
    const pages = await pagesOf(await write(LAB));
    const text = pages.join('\n');
    const { summary, endpoints } = LAB;
    const page = pages.find((one) => one.includes('Total Sensors Detected')) ?? '';
    assert.match(
      page,
      new RegExp(`${summary.sensors} +${summary.openBrokers} +${summary.endpointsScanned}\\n`),
    );
    for (const [level, count] of Object.entries({ CRITICAL: 1, HIGH: 1, MEDIUM: 2, LOW: 0, OK: 0 })) {
      assert.match(page, new RegExp(`${level} +${count}\\n`));
    }
    assert.match(page, /1 new, 2 fixed, 3 unchanged findings/);
    for (const { url, risk, traffic, tls } of endpoints) {
      assert.ok(text.includes(url), url);
      for (const { id, title, cvss } of risk?.findings ?? []) {
        assert.ok(text.includes(title) && text.includes(id), id);
        if (cvss) assert.ok(text.includes(`CVSS ${cvss.score.toFixed(1)}`));
      }
      if (risk?.score) assert.match(text, new RegExp(`Score +${risk.score.value} of 100`));
      if (tls?.score) assert.match(text, new RegExp(`TLS score +${tls.score.value} of 100`));
      if (traffic) assert.ok(text.includes(`${traffic.messages} message`));
    }
  });

  it('has its summary on one page, and page numbers that are right in the table of contents', async () => {
    const pages = await pagesOf(await write(LAB));
    const [, contents = '', summary = ''] = pages;
    for (const words of [
      'Executive Summary',
      'Open Brokers',
      'Findings by severity',
      'What to Do First',
      '3. ',
    ]) {
      assert.ok(summary.includes(words), words);
    }
    const lines = [...contents.matchAll(/^ *(\S.*?\S) {2,}(\d+)$/gm)];
    assert.ok(lines.length >= 12);
    for (const [, title = '', page] of lines) {
      assert.ok((pages[Number(page) - 1] ?? '').includes(title), `${title} on page ${page}`);
    }
  });

  it('is tagged and archivable: language, title, embedded fonts, alternative text, bookmarks, its data inside', async () => {
    const file = await write(LAB);
    const info = await tool('pdfinfo', file);
    assert.match(info, /Title: +MQTT Security Report 001/);
    assert.match(info, /Tagged: +yes/);
    assert.match(info, /JavaScript: +no/);
    const xmp = await tool('pdfinfo', '-meta', file);
    assert.match(xmp, /<pdfaid:part>3<\/pdfaid:part>/);
    assert.match(xmp, /<pdfaid:conformance>A<\/pdfaid:conformance>/);
    assert.match(xmp, /<pdfuaid:part>1<\/pdfuaid:part>/);
    const fonts = (await tool('pdffonts', file)).trim().split('\n').slice(2);
    assert.equal(fonts.length, 2);
    for (const font of fonts) assert.match(font, /DejaVu.* yes +yes +yes +\d+ +0$/);
    const structure = await tool('pdfinfo', '-struct', file);
    for (const tag of [
      'Document',
      'Sect',
      'H1',
      'H2',
      'H3',
      'TOC',
      'TOCI',
      'Link',
      'L',
      'LI',
      'LBody',
      'Table',
      'TH',
      'TD',
    ]) {
      assert.match(structure, new RegExp(`^ *${tag}\\b`, 'm'), tag);
    }
    assert.match(structure, /Figure/);

    const objects = JSON.parse(
      await tool('qpdf', '--json', '--json-key=qpdf', '--json-key=outlines', file),
    ) as {
      qpdf: unknown[];
      outlines: { title: string; kids: { title: string }[] }[];
    };
    const dump = JSON.stringify(objects.qpdf);
    assert.match(dump, /"\/Lang":"u:en"/);
    assert.match(dump, /"\/DisplayDocTitle":true/);
    assert.match(dump, /"\/Alt":"u:Number of findings by severity\. CRITICAL: 1, HIGH: 1, MEDIUM: 2/);
    assert.match(dump, /"\/AFRelationship":"\/Data"/);
    assert.match(dump, /"\/GTS_PDFA1"/);
    assert.deepEqual(
      objects.outlines.map(({ title }) => title),
      [
        'Executive Summary',
        'Changes since the Last Report',
        'Scan Overview',
        'Findings across Endpoints',
        'Detailed Findings',
        'What Passed',
        'What Was Not Tested',
        'Appendix',
      ],
    );
    assert.equal(objects.outlines.find(({ title }) => title === 'Detailed Findings')?.kids.length, 3);

    await tool('qpdf', '--check', file);
    await tool('pdfdetach', '-saveall', '-o', directory, file);
    for (const ending of ['json', 'csv']) {
      assert.deepEqual(
        await readFile(path.join(directory, `report.${ending}`)),
        await readFile(path.join(directory, `r_001.${ending}`)),
      );
    }
  });

  it('has no link that leads nowhere', async () => {
    const file = await write(LAB);
    const { qpdf } = JSON.parse(await tool('qpdf', '--json', '--json-key=qpdf', file)) as { qpdf: unknown[] };
    const names = new Set<string>();
    const links = new Set<string>();
    const visit = (value: unknown): void => {
      if (Array.isArray(value)) value.forEach(visit);
      else if (typeof value === 'object' && value !== null) {
        for (const [key, member] of Object.entries(value)) {
          if (key === '/Names' && Array.isArray(member)) {
            for (const name of member) if (typeof name === 'string') names.add(name);
          }
          visit(member);
        }
        const action = value as { '/S'?: string; '/D'?: string };
        if (action['/S'] === '/GoTo' && typeof action['/D'] === 'string') links.add(action['/D']);
      }
    };
    visit(qpdf);
    assert.ok(links.size > 12);
    for (const link of links) assert.ok(names.has(link), link);
  });

  it('repeats the header of a table on every page, and says what it leaves out', async () => {
    const topics = Array.from({ length: 250 }, (_, index) =>
      topicOf(`t/${index}`, '1', sensorOf('S', `r${index}`, '')),
    );
    const endpoints: EndpointReport[] = Array.from({ length: 9 }, () => plainEndpoint(trafficOf(topics)));
    const pages = await pagesOf(await write(dataOf(endpoints)));
    const overview = pages.filter((page) => /:1883 +Plain +S/.test(page));
    assert.ok(overview.length > 40);
    for (const page of overview) assert.match(page, /Target +Security +Sensor Type/);
    const text = pages.join('');
    assert.equal(text.match(/:1883 +Plain +S /g)?.length, 2000);
    assert.match(text, /250 further rows are left out/);
    assert.equal(text.match(/50 further topics are left out/g)?.length, 9);
  });
});
