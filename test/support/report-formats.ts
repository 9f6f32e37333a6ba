import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { parse } from 'csv-parse/sync';
import type { ReportData } from '../../lib/report';

/** Reads each report format by a parser that has nothing to do with what writes it, and checks what it must hold. */

const here = (...parts: string[]): string => path.join(__dirname, '..', ...parts);
const readJson = (file: string): object => JSON.parse(readFileSync(file, 'utf8')) as object;

const isScanDocument = addFormats(new Ajv2020({ strict: false })).compile(
  readJson(here('..', 'lib', 'report', 'mqtt-scan-report-1.schema.json')),
);
const isSarif = addFormats(new Ajv({ strict: false })).compile(
  readJson(here('fixtures', 'sarif-schema-2.1.0.json')),
);

export function readScanDocument(text: string): Record<string, unknown> {
  const document: unknown = JSON.parse(text);
  assert.ok(isScanDocument(document), JSON.stringify(isScanDocument.errors?.slice(0, 3)));
  return document as Record<string, unknown>;
}

export interface SarifLog {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly kind: string;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly fingerprints: Readonly<Record<string, string>>;
      }[];
    },
  ];
}

/** A SARIF log that is valid and of which an importer that skips odd results loses none. */
export function readSarif(text: string): SarifLog {
  const log: unknown = JSON.parse(text);
  assert.ok(isSarif(log), JSON.stringify(isSarif.errors?.slice(0, 3)));
  const { runs } = log as unknown as SarifLog;
  for (const { kind, ruleId, ruleIndex } of runs[0].results) {
    assert.equal(kind, 'fail');
    assert.equal(runs[0].tool.driver.rules[ruleIndex]?.id, ruleId);
  }
  return log as unknown as SarifLog;
}

/** What DefectDojo's generic parser takes (dojo/tools/generic/json_parser.py); any other key makes it fail. */
const DEFECTDOJO_KEYS = new Set(
  `title severity description date cwe cve epss_score epss_percentile cvssv3 cvssv3_score cvssv4 cvssv4_score
   mitigation impact steps_to_reproduce severity_justification references active verified false_p out_of_scope
   risk_accepted under_review is_mitigated thread_id mitigated numerical_severity param payload line file_path
   component_name component_version static_finding dynamic_finding scanner_confidence unique_id_from_tool
   vuln_id_from_tool nb_occurences publish_date service planned_remediation_date planned_remediation_version
   effort_for_fixing tags kev_date known_exploited ransomware_used fix_available fix_version endpoints files
   vulnerability_ids cwes`.split(/\s+/),
);
const DEFECTDOJO_TOP = [
  'name',
  'type',
  'version',
  'description',
  'dynamic_tool',
  'static_tool',
  'soc',
  'findings',
];

export function readDefectDojo(text: string): readonly Readonly<Record<string, unknown>>[] {
  const document = JSON.parse(text) as { findings: Record<string, unknown>[] };
  for (const key of Object.keys(document)) assert.ok(DEFECTDOJO_TOP.includes(key), key);
  for (const finding of document.findings) {
    for (const key of Object.keys(finding)) assert.ok(DEFECTDOJO_KEYS.has(key), key);
    for (const key of ['title', 'severity', 'description']) assert.equal(typeof finding[key], 'string');
    assert.match(String(finding.severity), /^(Critical|High|Medium|Low|Info)$/);
  }
  return document.findings;
}

/** Records of a CSV with a byte order mark and CRLF, none of which a spreadsheet would run. */
export function readCsv(text: string): string[][] {
  assert.ok(text.startsWith('\uFEFF'));
  assert.ok(text.endsWith('\r\n'));
  const rows: string[][] = parse(text, { bom: true, record_delimiter: '\r\n' });
  for (const field of rows.slice(1).flat()) {
    const isNumber = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(field);
    assert.ok(isNumber || !/^\s*[=+\-@＝＋－＠\0]/.test(field), JSON.stringify(field));
  }
  return rows;
}

export interface JunitSuites {
  readonly tests: number;
  readonly failures: number;
  readonly skipped: number;
  readonly cases: number;
  readonly failed: readonly string[];
}

interface XmlElement {
  readonly $: Readonly<Record<string, string>>;
  readonly testsuite?: readonly XmlElement[];
  readonly testcase?: readonly XmlElement[];
  readonly failure?: readonly XmlElement[];
}

interface XmlLibrary {
  parseStringPromise(text: string, options: { strict: boolean }): Promise<{ testsuites: XmlElement }>;
}

/** The library with which Node-RED's own XML node reads; it comes without types. */
const xml = require('xml2js') as XmlLibrary;

export async function readJunit(text: string): Promise<JunitSuites> {
  const { testsuites } = await xml.parseStringPromise(text, { strict: true });
  const cases = (testsuites.testsuite ?? []).flatMap(({ testcase }) => testcase ?? []);
  return {
    tests: Number(testsuites.$.tests),
    failures: Number(testsuites.$.failures),
    skipped: Number(testsuites.$.skipped),
    cases: cases.length,
    failed: cases.flatMap(({ failure }) => (failure ?? []).map(({ $ }) => String($.type))),
  };
}

interface HtmlNode {
  readonly nodeName: string;
  readonly value?: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly HtmlNode[];
}

/** The parser that browsers' rules prescribe (WHATWG); part of Node-RED's HTML node. */
const { parse: parseHtml } = require('parse5') as { parse: (text: string) => HtmlNode };

const HTML_TAGS = new Set(
  `#document #documentType html head meta title style body main header nav section h1 h2 h3 h4 h5 p b br ul ol li dl div
   dt dd table caption thead tbody tr th td span a code pre #text`.split(/\s+/),
);

/** The text of an HTML report in which nothing can run and nothing is fetched. */
export function readHtml(text: string): string {
  const words: string[] = [];
  const ids = new Set<string>();
  const links: string[] = [];
  const visit = (node: HtmlNode): void => {
    assert.ok(HTML_TAGS.has(node.nodeName), node.nodeName);
    for (const { name, value } of node.attrs ?? []) {
      assert.doesNotMatch(name, /^on|^src$|^srcdoc$|^action$/);
      if (name === 'id') {
        assert.ok(!ids.has(value), `${value} twice`);
        ids.add(value);
      }
      if (name === 'href') links.push(value);
    }
    if (node.nodeName === '#text') words.push(node.value ?? '');
    for (const child of node.childNodes ?? []) visit(child);
  };
  visit(parseHtml(text));
  for (const link of links) {
    if (link.startsWith('#')) assert.ok(ids.has(link.slice(1)), link);
    else assert.match(link, /^https:\/\/[!-~]+$/);
  }
  assertNothingHidden(text);
  return words.join('');
}

/** Markdown in which a target's text is text: no HTML, no link of its own, no table that falls apart. */
export function readMarkdown(text: string): string {
  let columns = 0;
  for (const line of text.split('\n')) {
    // Escapes and code spans from left to right: a backslash in a code span is one.
    const plain = line.replace(/\\[!-~]|(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
    assert.doesNotMatch(plain.replaceAll(/\]\(<https:[^<>]*>\)/g, ''), /<|\]\(/, line);
    if (!plain.startsWith('|')) columns = 0;
    else {
      const pipes = plain.split('|').length;
      if (columns > 0) assert.equal(pipes, columns, line);
      columns = pipes;
    }
  }
  assertNothingHidden(text);
  return text;
}

/** Nothing that is invisible or turns text around. */
export function assertNothingHidden(text: string): void {
  assert.doesNotMatch(text, /[\p{Bidi_Control}\p{Cs}]|[^\P{Cc}\n\r\f\t]/u);
}

/** How many findings a scan has, those of the whole scan among them. */
export function findingsIn({ summary, endpoints }: ReportData): number {
  return endpoints.reduce(
    (sum, { risk }) => sum + (risk?.findings.length ?? 0),
    summary.findings?.length ?? 0,
  );
}
