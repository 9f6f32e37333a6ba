import { endRequested, runCommand } from '../../brokers/cli';
import { startEmbeddedLab } from '../../brokers/embedded';
import type { Lab } from '../../brokers/lab-types';
import { claimPort } from '../../brokers/ports';
import { labOptionsFrom } from '../../brokers/settings';
import { exampleFor, scanButtonId } from './example-flow';
import { describeScan, newestNumber, reportAfter } from './first-scan';
import { FOLDERS } from './folders';
import { endOfLog, NodeRed } from './node-red';
import { isFirstStart, prepareUserDirectory } from './user-directory';

runCommand(async () => {
  const stopping = new AbortController();
  const end = endRequested().then(() => stopping.abort());
  // What was started, in reverse order: the sum of all ends is the end of this process.
  const started: (() => Promise<void>)[] = [];
  try {
    const port = await claimPort('127.0.0.1', nodeRedPort(), 'NODE_RED_PORT');
    const lab = await startEmbeddedLab({ ...labOptionsFrom(process.env), directory: FOLDERS.lab });
    started.unshift(() => lab.stop());
    say(`Lab:        ${lab.insecure.url} (anonymous), ${lab.secure.url} (login ${lab.credentials.username})`);
    const nodeRed = await startNodeRed(port, lab);
    started.unshift(() => nodeRed.stop());
    say(`Editor:     ${nodeRed.url}/\nDashboard:  ${nodeRed.url}/ui/\n\nScanning 127.0.0.1 …`);
    await Promise.race([firstScan(nodeRed, stopping.signal), nodeRedFailed(nodeRed), end]);
    if (!stopping.signal.aborted) say('Everything keeps running. Press Ctrl-C to stop it.');
    await Promise.race([end, nodeRedFailed(nodeRed)]);
    say('\nStopping …');
  } finally {
    for (const stop of started) await stop();
  }
});

function nodeRedPort(): number {
  const text = process.env.NODE_RED_PORT || '1880';
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Error(`NODE_RED_PORT is "${text}"; it must be a port number from 1 to 65535.`);
}

async function startNodeRed(port: number, lab: Lab): Promise<NodeRed> {
  const firstStart = isFirstStart();
  const nodeRed = await NodeRed.start(prepareUserDirectory(), port);
  if (!firstStart) return nodeRed;
  try {
    await nodeRed.deploy(exampleFor(lab));
    return nodeRed;
  } catch (error) {
    await nodeRed.stop();
    throw error;
  }
}

async function firstScan(nodeRed: NodeRed, signal: AbortSignal): Promise<void> {
  const before = await newestNumber();
  if (!(await nodeRed.inject(scanButtonId()))) {
    say('The example flow was changed, so no scan was started. Start one from the dashboard or the editor.');
    return;
  }
  try {
    say(`\n${describeScan(await reportAfter(before, signal))}`);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function nodeRedFailed(nodeRed: NodeRed): Promise<never> {
  await nodeRed.failed();
  throw new Error(`Node-RED has ended. The end of its log (${FOLDERS.log}):\n${endOfLog()}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
