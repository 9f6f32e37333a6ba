import { readFile } from 'node:fs/promises';
import type { EndpointReport } from '../../lib/model';
import { REPORT_FORMATS, type ReportFormat, writeReport } from '../../lib/report';
import {
  dataOf,
  findingOf,
  plainEndpoint,
  richEndpoint,
  richSummary,
  sensorOf,
  tlsEndpoint,
  topicOf,
  trafficOf,
} from '../../lib/report/testing';
import { removeFolder, temporaryFolder } from '../support/temporary-folders';
import { measured, median, print } from './measure';

/** Reports of a normal scan, of 10,000 endpoints with 50,000 findings, of one chatty endpoint, and a long PDF. */
export async function report(): Promise<void> {
  const directory = await temporaryFolder('bench');
  const write = async (endpoints: readonly EndpointReport[], formats: readonly ReportFormat[]) =>
    writeReport(dataOf(endpoints, richSummary()), { directory, basename: 'r', formats, timezone: 'UTC' });
  try {
    const lab = [plainEndpoint(), tlsEndpoint(), richEndpoint()];
    await write(lab, ['pdf']);
    const times: number[] = [];
    for (let run = 0; run < 7; run += 1) {
      times.push((await measured(async () => void (await write(lab, REPORT_FORMATS)))).ms);
    }
    console.log(
      `Normal report in all ${REPORT_FORMATS.length} formats\n    median ${median(times)} ms of ${times.length} runs`,
    );

    const many = Array.from({ length: 10_000 }, (_, index) => manyFindings(index));
    await compare('CSV and JSON of 10,000 endpoints with 50,000 findings', () =>
      write(many, ['csv', 'json']),
    );
    await compare('SARIF, DefectDojo, JUnit, findings.csv of the same', () =>
      write(many, ['sarif', 'defectdojo', 'junit', 'findings']),
    );
    await compare('Markdown and HTML of the same', () => write(many, ['md', 'html']));

    const payload = 'x'.repeat(4096);
    const chatty = plainEndpoint(
      trafficOf(Array.from({ length: 1000 }, (_, index) => topicOf(`t/${index}`, payload))),
    );
    await compare('One endpoint with 1,000 topics of 4 KB, PDF, CSV and JSON', () =>
      write([chatty], ['pdf', 'csv', 'json']),
    );

    const long = Array.from({ length: 620 }, (_, index) => longEndpoint(index));
    const { files } = await compare('A long PDF', () => write(long, ['pdf']));
    console.log(`    ${await pagesOf(files[0]?.path ?? '')} pages`);
  } finally {
    await removeFolder(directory);
  }
}

type Written = Awaited<ReturnType<typeof writeReport>>;

async function compare(what: string, work: () => Promise<Written>): Promise<Written> {
  globalThis.gc?.();
  const before = Math.round(process.memoryUsage.rss() / 1e6);
  let written: Written | undefined;
  const cost = await measured(async () => {
    written = await work();
  });
  if (written === undefined) throw new Error('nothing was written');
  const bytes = written.files.reduce((sum, file) => sum + file.bytes, 0);
  print(what, cost, `${cost.peakRssMb - before} MB above idle; ${(bytes / 1e6).toFixed(1)} MB written`);
  return written;
}

function manyFindings(index: number): EndpointReport {
  const address = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
  return plainEndpoint({
    target: address,
    address,
    url: `mqtt://${address}:1883`,
    risk: {
      level: 'CRITICAL',
      findings: ['A', 'B', 'C', 'D', 'E'].map((id) =>
        findingOf({ id: `RULE-${id}`, evidence: `${id} on ${address}` }),
      ),
    },
  });
}

function longEndpoint(index: number): EndpointReport {
  const topics = Array.from({ length: 8 }, (_, t) =>
    topicOf(
      `site/${index}/device/${t}/state`,
      `{"v":${index * t}}`,
      sensorOf('Temperature', `${t}.${index}°C`, ''),
    ),
  );
  const { probe, auth, tls, risk } = richEndpoint();
  const port = 1000 + index;
  return plainEndpoint({
    port,
    url: `mqtts://192.168.100.56:${port}`,
    transport: 'tls',
    probe,
    auth,
    tls,
    risk,
    ...trafficOf(topics),
  } as Partial<EndpointReport>);
}

/** Pages of a PDF by the number of its page tree. */
async function pagesOf(file: string): Promise<string> {
  return /\/Type \/Pages\s*\/Count (\d+)/.exec(await readFile(file, 'latin1'))?.[1] ?? 'unknown';
}
