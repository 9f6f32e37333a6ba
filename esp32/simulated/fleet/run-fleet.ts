import { endRequested } from '../../../brokers/cli';
import { type FleetOptions, startFleet } from './fleet';

/** Runs a fleet until the user ends it. */
export async function runFleet(options: Omit<FleetOptions, 'onTrouble'>): Promise<void> {
  const end = endRequested();
  const fleet = startFleet({
    ...options,
    onTrouble: (reason) => process.stderr.write(`${options.url}: ${reason}; trying again\n`),
  });
  const counts = new Map<string, number>();
  for (const { model } of fleet.members) counts.set(model, (counts.get(model) ?? 0) + 1);
  const ill = fleet.members.filter(({ fault }) => fault !== undefined).length;
  process.stdout.write(`${fleet.members.length} simulated devices publish to ${options.url}:
  ${[...counts].map(([model, count]) => `${model} ${count}`).join(', ')}
  ${ill} of them with a fault
Stop: Ctrl-C
`);
  await end;
  await fleet.stop();
}
