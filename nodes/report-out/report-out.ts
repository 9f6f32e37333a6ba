import type { Node, NodeAPI, NodeDef } from 'node-red';
import {
  type EndpointReport,
  RISK_LEVELS,
  ScanError,
  type ScanInfo,
  type ScanSummary,
} from '../../lib/model';
import {
  assertTimezone,
  parseFormats,
  type ReportOptions,
  type ReportProgress,
  writeReport,
} from '../../lib/report';
import { handleInput, type Send } from '../shared/input-handler';
import {
  isClosing,
  isEndpointReport,
  isRecord,
  isScanSummary,
  type Message,
  scanInfoOf,
} from '../shared/messages';
import { choiceOption, numberOption, textOption } from '../shared/options';
import { REPORT_FOLDER, reportFolder } from '../shared/report-folder';
import { StatusLine } from '../shared/status';
import { sharedText, translated } from '../shared/translate';
import { ReportCollector } from './collector';
import { reportUrl, servePath, serveReports } from './download-route';

interface Config extends NodeDef {
  readonly directory?: string;
  readonly basename?: string;
  readonly formats?: string;
  readonly timezone?: string;
  readonly serve?: string;
  readonly keep?: string | number;
  readonly failFrom?: string;
}

const DEFAULTS = {
  directory: REPORT_FOLDER,
  basename: 'mqtt_scan_report',
  formats: 'pdf,csv,json',
  timezone: 'Asia/Kuala_Lumpur',
  failFrom: 'MEDIUM',
} as const;

/** Why the writing of reports ended when its user asked for it. */
const STOPPED = new Error('stopped by msg.stop');

export = (RED: NodeAPI): void => {
  RED.nodes.registerType('report-out', function (this: Node, config: Config) {
    RED.nodes.createNode(this, config);
    const status = new StatusLine(this);
    const collector = new ReportCollector();
    const closing = new AbortController();
    let stopping = new AbortController();
    const directory = reportFolder(RED, textOption(config.directory, DEFAULTS.directory));
    const basename = textOption(config.basename, DEFAULTS.basename);
    const serve = tellEarly(this, () => servePath(textOption(config.serve, '')));
    tellEarly(this, writeOptions);
    const stopServing = serve
      ? tellEarly(this, () => serveReports(RED, serve, { directory, basename }))
      : undefined;

    handleInput(RED, {
      node: this,
      status,
      onClose: () => {
        stopServing?.();
        closing.abort(new Error('the node was closed'));
      },
      onInput: (message, send) => {
        const scan = scanInfoOf(message);
        if (scan && isClosing(message)) return closeScan(message, scan, send);
        if (scan && isEndpointReport(message.payload)) return collect(scan.id, message.payload);
        if (message.stop === true) return stop();
        return writeGiven(message, send);
      },
    });

    function collect(scanId: string, report: EndpointReport): void {
      if (!collector.add(scanId, report)) {
        throw new ScanError('BAD_INPUT', { reason: 'the scan has more endpoints than one report can hold' });
      }
    }

    async function closeScan(message: Message, scan: ScanInfo, send: Send): Promise<void> {
      const summary = message.payload as ScanSummary;
      const endpoints = collector.endpointsOf(scan.id);
      if (await write(message, { scan, summary, endpoints }, send)) collector.forget(scan.id);
    }

    /** Ends the reports that are being written; what they are made of stays until it is asked for again. */
    function stop(): void {
      stopping.abort(STOPPED);
      stopping = new AbortController();
    }

    /** A whole scan in one message, as the Join node hands it on: endpoint reports, the summary last. */
    async function writeGiven(message: Message, send: Send): Promise<void> {
      const items: unknown[] = Array.isArray(message.payload) ? message.payload : [];
      const summary = items.find(isScanSummary);
      if (!summary) {
        throw new ScanError('BAD_INPUT', {
          reason: 'msg.payload must be an endpoint report of a scan, or the list of all that belong to one',
        });
      }
      const scan = { id: summary.scanId, startedAt: summary.startedAt, targets: summary.targets };
      await write(message, { scan, summary, endpoints: items.filter(isEndpointReport) }, send);
    }

    /** False when the user stopped it. */
    async function write(
      message: Message,
      data: Parameters<typeof writeReport>[0],
      send: Send,
    ): Promise<boolean> {
      status.working(sharedText(RED, 'status.writing', 'writing'));
      const signal = AbortSignal.any([closing.signal, stopping.signal]);
      const written = await writeReport(data, {
        directory,
        basename,
        ...writeOptions(),
        signal,
        onProgress: showProgress,
      }).catch((thrown: unknown) => {
        if (thrown === STOPPED) return undefined;
        throw thrown;
      });
      if (written === undefined) {
        status.done(sharedText(RED, 'status.stopped', 'stopped'));
        return false;
      }
      const { number, files } = written;
      status.done(`#${number}`);
      message.payload = {
        number,
        files: files.map((file) =>
          serve && stopServing ? { ...file, url: reportUrl(RED, serve, file.name) } : file,
        ),
        summary: data.summary,
      };
      leaveSequence(message);
      send(message);
      return true;
    }

    function showProgress({ format, part }: ReportProgress): void {
      const writing = sharedText(RED, 'status.writing', 'writing');
      status.working(`${writing} ${format} ${Math.floor(part * 100)} %`);
    }

    /** What may be wrong in the settings; read again for each report, so that the error reaches a Catch node. */
    function writeOptions(): Pick<ReportOptions, 'timezone' | 'formats' | 'failFrom' | 'keep'> {
      const timezone = textOption(config.timezone, DEFAULTS.timezone);
      assertTimezone(timezone);
      const formats = parseFormats(textOption(config.formats, DEFAULTS.formats));
      const failFrom = choiceOption(config.failFrom, 'failFrom', RISK_LEVELS, DEFAULTS.failFrom);
      const keep = numberOption(config.keep, {
        name: 'keep',
        min: 0,
        max: 1_000_000,
        fallback: 0,
        whole: true,
      });
      return { timezone, formats, failFrom, ...(keep > 0 && { keep }) };
    }

    /** Tells a wrong setting when the flow is deployed, not only when the first scan ends. */
    function tellEarly<T>(node: Node, read: () => T): T | undefined {
      try {
        return read();
      } catch (thrown) {
        status.failed(sharedText(RED, 'status.error', 'error'));
        node.error(translated(RED, thrown));
        return undefined;
      }
    }
  });
};

/** The scan has become one message again: the sequence in which it came, if any, is the outer one. */
function leaveSequence(message: Message): void {
  const parts: unknown = message.parts;
  delete message.parts;
  delete message.complete;
  if (isRecord(parts) && isRecord(parts.parts)) Object.assign(message, { parts: parts.parts });
}
