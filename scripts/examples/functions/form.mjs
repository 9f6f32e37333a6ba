import { browserOf } from './common.mjs';

/**
 * What the form says becomes a scan. Output 1: to the scanner; 2: back to the form, what is wrong and whether a scan
 * runs. The login goes to the scanner and nowhere else.
 */
export function onMessage(msg, { flow }) {
  if (msg.scan?.id) return follow(msg, flow);
  const address = browserOf(msg)?.address ?? {};
  const form = typeof msg.payload === 'object' && msg.payload !== null ? msg.payload : {};
  if (msg.topic === 'stop') return [{ stop: true }, null];
  const problems = msg.topic === 'start' || msg.topic === 'check' ? problemsOf(form) : {};
  const isWrong = Object.keys(problems).length > 0;
  // The page has forgotten the password by then, so the next start is for the user to choose.
  const isNameless = msg.topic === 'start' && isPasswordAlone(form);
  if (isNameless) problems.username = 'A password needs a user name. Enter both, or neither.';
  const answer = {
    ...address,
    payload: { running: flow.get('running')?.isRunning === true, problems, isWrong },
  };
  return [msg.topic === 'start' && !isWrong && !isNameless ? scanOf(form) : null, answer];
}

/** Tells every form when a scan starts and when it has ended. */
function follow({ scan, complete, topic, isRated }, flow) {
  const before = flow.get('running') ?? { startedAt: '' };
  if (before.id === scan.id && before.isRunning === false) return null;
  if (before.id !== scan.id && scan.startedAt < before.startedAt) return null;
  const isOver = complete === true && isRated === true;
  if (!isOver && topic !== 'progress') return null;
  const now = { id: scan.id, startedAt: scan.startedAt, isRunning: !isOver };
  flow.set('running', now);
  if (before.id === now.id && before.isRunning === now.isRunning) return null;
  return [null, { payload: { running: now.isRunning, problems: {}, isWrong: false } }];
}

function scanOf(form) {
  const text = (value) => String(value ?? '').trim();
  const payload = { targets: text(form.target), listen: text(form.listen) === '' ? 5 : Number(form.listen) };
  if (text(form.ports) !== '') payload.ports = text(form.ports);
  if (text(form.username) !== '') {
    payload.credentials = { username: text(form.username), password: String(form.password ?? '') };
  }
  return { payload, depth: form.depth === 'quick' ? 'quick' : 'full' };
}

const isPasswordAlone = ({ username, password }) =>
  String(username ?? '').trim() === '' && String(password ?? '') !== '';

function problemsOf({ target = '', ports = '', listen = '' }) {
  const problems = {
    target: targetProblem(String(target)),
    ports: portsProblem(String(ports)),
    listen: listenProblem(listen),
  };
  return Object.fromEntries(Object.entries(problems).filter(([, text]) => text !== ''));
}

function listenProblem(value) {
  const text = String(value).trim();
  const seconds = Number(text);
  return text === '' || (seconds >= 0 && seconds <= 3600) ? '' : 'Use a number of seconds from 0 to 3600.';
}

function portsProblem(text) {
  const wrong = text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .find((entry) => {
      const [, first, last = first] =
        /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(?:tcp|mqtt|tls|mqtts|ws|wss))?$/i.exec(entry) ?? [];
      return !isPort(first) || !isPort(last) || Number(last) < Number(first);
    });
  return wrong === undefined
    ? ''
    : `“${wrong.slice(0, 30)}” is no port. Ports are numbers from 1 to 65535, for example 1883, 9001/ws.`;
}

const isPort = (port) => Number(port) >= 1 && Number(port) <= 65535;

/** Says at once what the scanner would refuse; names are looked up, and the scope is checked, when the scan starts. */
function targetProblem(text) {
  const entries = text.split(/[\s,;]+/).filter(Boolean);
  if (entries.length === 0) return 'Enter an address, a host name or a network, for example 192.168.1.0/24.';
  for (const entry of entries) {
    const shown = `“${entry.slice(0, 40)}”`;
    if (/:\/\/[^/]*@/.test(entry)) return `${shown} holds a login. Use the fields for it.`;
    const bare = entry
      .replace(/^!/, '')
      .replace(/^(?:mqtts?|wss?|tcp|tls|ssl):\/\//i, '')
      .replace(/\/$/, '');
    if (!isTarget(bare)) return `${shown} is no address, host name, network or range.`;
  }
  return '';
}

function isTarget(text) {
  if (/^\[?[\da-f:.]*:[\da-f:.]*:[\da-f:.]*(?:%\w+)?\]?(?:\/\d{1,3}|:\d{1,5}|\/\w+)*$/i.test(text))
    return isPort(/\]:(\d+)/.exec(text)?.[1] ?? 1);
  const [, host, port] = /^([^:/]+(?:\/\d{1,2})?)(?::(\d{1,5}))?(?:\/.*)?$/.exec(text) ?? [];
  if (host === undefined || (port !== undefined && !isPort(port))) return false;
  const octets = /^[\d.]+$/;
  const [first, last] = host.split('-');
  if (/^[\d.]+(?:\/\d+)?$/.test(host))
    return isAddress(host.split('/')[0]) && Number(host.split('/')[1] ?? 0) <= 32;
  if (/^[\d.]+-[\d.]+$/.test(host))
    return isRange(first, /^\d{1,3}$/.test(last) ? first.replace(/\d+$/, last) : last);
  const labels = host.replace(/\.$/, '').split('.');
  return (
    host.length <= 253 &&
    !octets.test(labels.at(-1)) &&
    labels.every((label) => /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?$/u.test(label))
  );
}

function isRange(first, last) {
  const value = (address) => address.split('.').reduce((sum, part) => 256 * sum + Number(part), 0);
  return isAddress(first) && isAddress(last) && value(first) <= value(last);
}

function isAddress(text) {
  const parts = text.split('.');
  return (
    parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
  );
}
