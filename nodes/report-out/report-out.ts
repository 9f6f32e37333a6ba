import { isAbsolute, join } from 'node:path';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { type EndpointReport, ScanError, type ScanInfo, type ScanSummary } from '../../lib/model';
import { assertTimezone, parseFormats, type ReportFormat, writeReport } from '../../lib/report';
import { handleInput, type Send } from '../shared/input-handler';
import {
  isClosing,
  isEndpointReport,
  isRecord,
  isScanSummary,
  type Message,
  scanInfoOf,
} from '../shared/messages';
import { textOption } from '../shared/options';
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
}

const DEFAULTS = {
  directory: 'mqtt-scan-reports',
  basename: 'mqtt_scan_report',
  formats: 'pdf,csv,json',
  timezone: 'Asia/Kuala_Lumpur',
};

export = (RED: NodeAPI): void => {
  RED.nodes.registerType('report-out', function (this: Node, config: Config) {
    RED.nodes.createNode(this, config);
    const status = new StatusLine(this);
    const collector = new ReportCollector();
    const closing = new AbortController();
    const directory = folderOf(textOption(config.directory, DEFAULTS.directory));
    const basename = textOption(config.basename, DEFAULTS.basename);
    const serve = tellEarly(this, () => servePath(textOption(config.serve, '')));
    tellEarly(this, writeOptions);
    const stopServing = serve ? serveReports(RED, serve, { directory, basename }) : undefined;

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
      await write(message, { scan, summary, endpoints: collector.endpointsOf(scan.id) }, send);
      collector.forget(scan.id);
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

    async function write(
      message: Message,
      data: Parameters<typeof writeReport>[0],
      send: Send,
    ): Promise<void> {
      status.working(sharedText(RED, 'status.writing', 'writing'));
      const options = { directory, basename, ...writeOptions(), signal: closing.signal };
      const { number, files } = await writeReport(data, options);
      status.done(`#${number}`);
      message.payload = {
        number,
        files: files.map((file) => (serve ? { ...file, url: reportUrl(RED, serve, file.name) } : file)),
        summary: data.summary,
      };
      leaveSequence(message);
      send(message);
    }

    /** What may be wrong in the settings; read again for each report, so that the error reaches a Catch node. */
    function writeOptions(): { timezone: string; formats: ReportFormat[] } {
      const timezone = textOption(config.timezone, DEFAULTS.timezone);
      assertTimezone(timezone);
      return { timezone, formats: parseFormats(textOption(config.formats, DEFAULTS.formats)) };
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

    /** Relative folders lie in Node-RED's user directory, as users of the file nodes expect. */
    function folderOf(text: string): string {
      return isAbsolute(text) ? text : join(RED.settings.userDir ?? process.cwd(), text);
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
