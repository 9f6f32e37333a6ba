import { clip, counted, grouped, hasRisk, isStartOfFlows, LEVELS, list } from './common.mjs';

const MEANING = {
  CRITICAL: 'Act now',
  HIGH: 'Act soon',
  MEDIUM: 'This needs attention',
  LOW: 'There are small weaknesses',
  OK: 'No weakness was found',
};

/** From the messages of a scan to its progress (output 1) and to its cards, verdict and chart (output 2). */
export function onMessage(msg, { env, flow, node }) {
  if (isStartOfFlows(msg)) return atStart(flow.get('scan'), env.get('TIMEZONE'));
  const info = msg.scan;
  if (!info?.id) return null;
  let scan = flow.get('scan') ?? { startedAt: '' };
  if (scan.id !== info.id) {
    // The newest scan is shown; an older one that still runs is not.
    if (info.startedAt < scan.startedAt) return null;
    scan = newScan(info);
  }
  if (scan.isFinished) return null;
  const isClosing = msg.complete === true;
  // The scanner itself closes a scan before the later nodes have done their work.
  if (isClosing && msg.isRated !== true) return null;
  if (msg.topic === 'progress') scan.progress = msg.payload;
  else if (isClosing) finish(scan, msg.payload);
  else note(scan, msg.payload, msg.isRated === true);
  flow.set('scan', scan);
  const zone = env.get('TIMEZONE');
  if (isClosing || msg.topic === 'progress') return shown(scan, zone);
  // Endpoints come by the hundred.
  if (Date.now() < (scan.nextAt ?? 0)) return null;
  scan.nextAt = Date.now() + 250;
  setTimeout(() => {
    if (!scan.isFinished) node.send(shown(scan, zone));
  }, 250);
  return null;
}

/** What was still running when the flows were started anew will never end by itself. */
function atStart(scan, zone) {
  if (!scan?.id) return [{ payload: {} }, { payload: { levels: bars(noLevels()) } }];
  scan.isFinished = true;
  return shown(scan, zone);
}

const noLevels = () => Object.fromEntries(LEVELS.map((level) => [level, 0]));

function newScan({ id, startedAt, targets, name }) {
  return {
    id,
    startedAt,
    targets: list(targets),
    name,
    levels: noLevels(),
    found: 0,
    rated: 0,
    /** Sensors that strangers can read. */
    exposed: 0,
    open: 0,
    failed: 0,
    last: '',
  };
}

function note(scan, report, isRated) {
  if (typeof report?.outcome !== 'string') return;
  scan.last = clip(report.url, 80);
  if (!isRated) {
    scan.found++;
    return;
  }
  scan.rated++;
  if (report.traffic?.listenedAs === 'anonymous')
    scan.exposed += list(report.traffic.topics).filter((topic) => topic.sensor).length;
  if (report.outcome === 'open') scan.open++;
  if (report.outcome === 'auth-failed') scan.failed++;
  if (hasRisk(report.outcome) && report.risk) scan.levels[report.risk.level]++;
}

function finish(scan, summary) {
  scan.isFinished = true;
  scan.summary = summary;
  scan.levels = { ...scan.levels, ...summary.risk };
}

function shown(scan, zone) {
  const { progress, summary } = scan;
  const time = (iso) => new Date(iso).toLocaleString('en-US', { timeZone: zone });
  const worst = LEVELS.find((level) => scan.levels[level] > 0);
  const isCutOff = scan.isFinished === true && !summary;
  const isStopped = summary ? summary.stopped === true : isCutOff || progress?.state === 'stopped';
  const state = isStopped ? 'stopped' : summary ? 'done' : 'running';
  const words = {
    stopped: isCutOff ? 'Cut off' : 'Stopped',
    done: 'Done',
    running: progress?.state === 'done' ? 'Checking what was found' : 'Scanning',
  };
  return [
    {
      payload: {
        state,
        word: words[state],
        // What was found is still to be checked when every address has been asked.
        percent: state === 'done' ? 100 : Math.min(progress?.percent ?? 0, 99),
        text: summary ? endText(summary, scan.exposed) : runText(progress, isCutOff),
        now: nowText(scan),
        targets: clip(`${scan.name ? `${scan.name}: ` : ''}${scan.targets.join(', ')}`, 120),
        when: `Started ${time(scan.startedAt)} (${zone})`,
        took: summary
          ? `took ${((Date.parse(summary.finishedAt) - Date.parse(summary.startedAt)) / 1000).toFixed(1)} s`
          : '',
      },
    },
    {
      payload: {
        scanned: grouped(summary ? summary.endpointsScanned : (progress?.scanned ?? 0)),
        open: grouped(summary ? summary.openBrokers : Math.max(scan.open, progress?.openBrokers ?? 0)),
        failed: grouped(summary ? summary.authFailures : Math.max(scan.failed, progress?.authFailures ?? 0)),
        sensors: grouped(scan.exposed),
        level: worst ?? '–',
        verdict: verdictText(scan, worst),
        score: summary?.score ? String(summary.score.value) : '',
        levels: bars(scan.levels),
      },
    },
  ];
}

function bars(levels) {
  const most = Math.max(1, ...Object.values(levels));
  return LEVELS.map((level) => ({
    level,
    count: grouped(levels[level]),
    width: `${(100 * levels[level]) / most}%`,
  }));
}

function endText({ endpointsScanned, openPorts, sensors, stopped, notReached }, exposed) {
  const behind = Math.max(0, sensors - exposed);
  const login = behind === 0 ? '' : ` (${behind === sensors ? 'read' : `${behind} of them`} with the login)`;
  const text = `${counted(endpointsScanned, 'endpoint')}, ${counted(openPorts, 'open port')}, ${counted(sensors, 'sensor')}${login}`;
  return stopped && notReached > 0 ? `${text}; ${counted(notReached, 'endpoint')} not reached` : text;
}

/** Count, rate and the time that is left at this rate. */
function runText(progress, isCutOff) {
  if (!progress) return '';
  const { scanned, total, openPorts, elapsedMs } = progress;
  const text = `${grouped(scanned)} of ${counted(total, 'endpoint')}, ${counted(openPorts, 'open port')}`;
  if (isCutOff || progress.state !== 'running' || elapsedMs < 500 || scanned === 0) return text;
  const rate = (1000 * scanned) / elapsedMs;
  return `${text}, ${grouped(Math.round(rate))} a second, ${duration((total - scanned) / rate)} left`;
}

function duration(seconds) {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function nowText({ progress, summary, isFinished, found, rated, last }) {
  if (summary) return '';
  if (isFinished)
    return 'Node-RED started its flows anew before the scan had ended, so there is no report. Start it again.';
  const waiting = Math.max(0, found - rated);
  if (progress?.state === 'running' && waiting === 0) return 'Looking for brokers.';
  if (waiting === 0) return 'Writing the report.';
  const looking = progress?.state === 'running' ? 'Looking for brokers, and checking' : 'Checking';
  return `${looking} TLS, access and traffic of ${counted(waiting, 'endpoint')}${last ? `, last ${last}` : ''}.`;
}

function verdictText({ levels, summary, progress, isFinished }, worst) {
  if (worst) {
    const parts = LEVELS.filter((level) => levels[level] > 0).map(
      (level) => `${grouped(levels[level])} ${level}`,
    );
    return `${MEANING[worst]}. ${summary ? '' : 'So far '}${parts.join(', ')}.`;
  }
  if (!summary && isFinished) return 'Nothing was rated before the scan was cut off.';
  if (!summary) return progress ? 'Nothing is rated yet.' : '';
  const brokers = summary.openBrokers + summary.authFailures;
  if (brokers > 0) return 'The brokers found were not rated.';
  return summary.stopped
    ? 'No MQTT broker was found before the scan was stopped.'
    : 'No MQTT broker was found.';
}
