import { scan } from '../../lib';

/** Scans what the command line names, window and all, and prints how the endpoints ended: for tests in a child process. */
async function main([
  targets = '',
  ports = '',
  window = '',
  connectTimeoutMs = '1500',
]: readonly string[]): Promise<void> {
  const outcomes: Record<string, number> = {};
  const options = {
    ports,
    window: Number(window),
    connectTimeoutMs: Number(connectTimeoutMs),
    rate: 1e6,
    listen: false,
    reportClosed: 'always',
  } as const;
  const results = scan(targets, options);
  for (let next = await results.next(); ; next = await results.next()) {
    if (next.done) {
      const { endpointsScanned, notReached = 0 } = next.value;
      console.log(JSON.stringify({ endpointsScanned, notReached, outcomes }));
      return;
    }
    const { outcome, probe } = next.value;
    const end = `${outcome} ${probe?.reason ?? probe?.service ?? ''}`.trim();
    outcomes[end] = (outcomes[end] ?? 0) + 1;
  }
}

void main(process.argv.slice(2));
