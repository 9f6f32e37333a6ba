import { clip, counted, LEVELS, list } from './common.mjs';

const MAX_REPORTS = 50;
const NUMBERS = [
  ['openBrokers', 'open broker'],
  ['authFailures', 'auth failure'],
  ['sensors', 'sensor'],
];

/** The last reports, newest first: their numbers, what changed since the last scan of the same targets, the files. */
export function onMessage(msg, { env, flow }) {
  // A store of `contextStorage` that is kept on disk keeps the list over a restart.
  const store = env.get('HISTORY_STORE') || undefined;
  const before = list(flow.get('reports', store));
  if (msg.topic === 'hello')
    return before.length > 0 ? { payload: shown(before, env.get('TIMEZONE')) } : null;
  const { number, files, summary } = msg.payload ?? {};
  if (typeof number !== 'number' || !summary) return null;
  const { startedAt, finishedAt, risk } = summary;
  const targets = clip(list(summary.targets).join(', '), 80);
  const numbers = Object.fromEntries(
    [...NUMBERS.map(([key]) => key), 'endpointsScanned'].map((key) => [key, summary[key]]),
  );
  const report = {
    number: String(number).padStart(3, '0'),
    startedAt,
    seconds: (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000,
    targets,
    level: LEVELS.find((level) => risk[level] > 0) ?? '–',
    isStopped: summary.stopped === true,
    numbers,
    changes: changesText(
      numbers,
      before.find((other) => other.targets === targets),
      summary.changes,
    ),
    links: list(files)
      .filter(({ url }) => url)
      .map(({ format, url, name }) => ({ format: String(format).toUpperCase(), url, name })),
  };
  const reports = [report, ...before].slice(0, MAX_REPORTS);
  flow.set('reports', reports, store);
  return { payload: shown(reports, env.get('TIMEZONE')) };
}

function shown(reports, zone) {
  return {
    zone,
    reports: reports.map(
      ({ number, startedAt, seconds, targets, level, isStopped, numbers, changes, links }) => ({
        number,
        targets,
        level,
        changes,
        links,
        when: new Date(startedAt).toLocaleString('en-US', { timeZone: zone }),
        took: `${seconds.toFixed(1)} s${isStopped ? ', stopped' : ''}`,
        text: [
          counted(numbers.endpointsScanned, 'endpoint'),
          ...NUMBERS.map(([key, word]) => counted(numbers[key], word)),
        ].join(', '),
      }),
    ),
  };
}

function changesText(numbers, previous, changes) {
  if (changes?.comparedWith) {
    const { findings, comparedWith } = changes;
    return `${counted(findings.new, 'new finding')}, ${findings.fixed} fixed, ${findings.unchanged} unchanged since report ${String(comparedWith.number).padStart(3, '0')}.`;
  }
  if (!previous) return 'First scan of these targets.';
  const differences = NUMBERS.map(([key, word]) => [numbers[key] - previous.numbers[key], word]).filter(
    ([change]) => change !== 0,
  );
  const since = `since report ${previous.number}`;
  if (differences.length === 0) return `The same numbers as ${since.slice('since '.length)}.`;
  return `${differences.map(([change, word]) => `${change > 0 ? '+' : '−'}${counted(Math.abs(change), word)}`).join(', ')} ${since}.`;
}
