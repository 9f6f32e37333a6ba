import { clip, counted, hasRisk, remembered } from './common.mjs';

const MAX_LINES = 100;
const WORDS = {
  open: 'let us in',
  'auth-failed': 'wants a login',
  'tls-error': 'no secure connection came about',
  'not-mqtt': 'does not speak MQTT',
  closed: 'is closed',
  unreachable: 'does not answer',
};

/** What happens, as lines of text; the whole bounded window is sent, at most twice a second. */
export function onMessage(msg, { env, flow, node }) {
  const log = remembered(flow, 'log', () => ({ lines: [], scan: '', count: 0 }));
  const line = lineOf(msg, log);
  if (!line) return null;
  const zone = env.get('TIMEZONE');
  log.count++;
  log.lines.unshift({
    id: log.count,
    time: new Date().toLocaleTimeString('en-US', { timeZone: zone }),
    ...line,
  });
  log.lines.length = Math.min(log.lines.length, MAX_LINES);
  if (Date.now() < (log.nextAt ?? 0)) return null;
  log.nextAt = Date.now() + 500;
  setTimeout(() => {
    node.send({ payload: { lines: log.lines, zone } });
  }, 500);
  return null;
}

function lineOf(msg, log) {
  const { payload, scan } = msg;
  if (msg.error)
    return { kind: 'error', text: clip(String(msg.error.message).replace(/^\w*Error: /, ''), 300) };
  if (typeof payload?.number === 'number')
    return { kind: 'report', text: `Report ${String(payload.number).padStart(3, '0')} was written.` };
  if (payload?.level && payload.url && !payload.outcome) {
    const text = clip(payload.text ?? payload.finding?.title, 200);
    const level = `${clip(payload.level, 10)}: `;
    // Those of new findings begin with it.
    return {
      kind: 'alert',
      text: `${text.startsWith(level) ? '' : level}${text} (${clip(payload.url, 80)})`,
    };
  }
  if (!scan?.id) return null;
  if (msg.topic === 'progress') {
    if (log.scan === scan.id) return null;
    log.scan = scan.id;
    return {
      kind: 'start',
      text: `Scan of ${clip(scan.targets.join(', '), 120)} started: ${counted(payload.total, 'endpoint')}.`,
    };
  }
  if (msg.complete === true) {
    if (msg.isRated !== true) return null;
    return {
      kind: 'end',
      text: `Scan ${payload.stopped ? 'was stopped' : 'is done'}: ${counted(payload.openBrokers, 'open broker')}.`,
    };
  }
  if (typeof payload?.outcome !== 'string') return null;
  if (msg.isRated === true && !hasRisk(payload.outcome)) return null;
  if (msg.isRated !== true)
    return {
      kind: 'found',
      text: `${clip(payload.url, 80)} ${WORDS[payload.outcome] ?? clip(payload.outcome, 20)}.`,
    };
  return {
    kind: 'rated',
    text: `${clip(payload.url, 80)} is rated ${clip(payload.risk?.level ?? '–', 10)}.`,
  };
}
