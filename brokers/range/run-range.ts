import { endRequested } from '../cli';
import { type Range, type RangeBroker, startRange } from './start-range';

/** Runs the practice range until the user ends it. */
export async function runRange(network: string | undefined): Promise<void> {
  const end = endRequested();
  const range = await startRange(network ? { network } : {});
  process.stdout.write(welcome(range));
  await end;
  await range.stop();
  process.stdout.write('Range stopped.\n');
}

function welcome({ brokers, leftOut, caPath }: Range): string {
  const missing = leftOut.map(({ title }) => title).join('; ');
  return `Practice range is running: ${brokers.length} brokers.

${brokers.map(entry).join('\n\n')}

${missing && `Left out, since Mosquitto is not installed: ${missing}\n\n`}CA    ${caPath}
Scan  ${targets(brokers)}
Stop: Ctrl-C
`;
}

function entry({ card, url, make }: RangeBroker): string {
  const { scan, expected } = card;
  const lines = [
    `${url}  ${card.title} (${make})`,
    `  Wrong   ${card.wrong}`,
    `  Finds   ${card.finds}`,
    `          ${[expected.level, ...expected.findings].join(' ')}`,
    `  Mend    ${card.fix}`,
  ];
  if (scan?.login) lines.push(`  Login   ${scan.login.username} / ${scan.login.password}`);
  return lines.join('\n');
}

/** The whole network for the usual ports; WebSocket must be named. */
function targets(brokers: readonly RangeBroker[]): string {
  const network = brokers[0]?.host.replace(/\d+$/, '0/26') ?? '';
  const sockets = brokers.filter(({ card }) => /^ws/.test(card.transport)).map(({ url }) => url);
  return [network, ...sockets].join(', ');
}
