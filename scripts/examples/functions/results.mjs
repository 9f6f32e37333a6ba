import { browserOf, clip, LEVELS, list } from './common.mjs';
import { detailsOf, STATUS } from './details.mjs';

/** Endpoints that are kept to be shown; the reports have all. */
const MAX_ENDPOINTS = 20_000;
const MAX_SENSORS_PER_ENDPOINT = 50;
const PAGE_ROWS = 50;
const MAX_BROWSERS = 50;
const PUSH_MS = 400;
const COLUMNS = [
  { id: 'place', label: 'Target' },
  { id: 'security', label: 'Security' },
  { id: 'sensor', label: 'Sensor Type' },
  { id: 'reading', label: 'Latest Reading' },
  { id: 'status', label: 'Status' },
  { id: 'order', label: 'Risk Level' },
];
const CHOICES = [
  { id: 'all', label: 'All', fits: () => true },
  { id: 'open', label: 'Open', fits: ({ outcome }) => outcome === 'open' },
  { id: 'failed', label: 'Auth failed', fits: ({ outcome }) => outcome === 'auth-failed' },
  ...LEVELS.map((id) => ({ id, label: id, fits: ({ level }) => level === id })),
];
const NEW_VIEW = { show: 'all', search: '', sort: 'order', down: false, page: 1, open: '' };

/**
 * Keeps the endpoints of the newest scan and gives each browser the page of rows that it looks at, at most
 * PAGE_ROWS of them, whatever the size of the scan. What a browser looks at, and in which order, is kept here.
 */
export function onMessage(msg, { context, node }) {
  const table = context.get('table') ?? emptyTable();
  context.set('table', table);
  if (!msg.scan?.id) return lookAt(msg, table);
  if (!take(msg, table)) return null;
  table.isSorted = false;
  const now = Date.now();
  if (now < table.pushAt) return null;
  table.pushAt = now + PUSH_MS;
  setTimeout(() => {
    for (const view of table.views.values()) node.send({ ...view.address, payload: pageOf(table, view) });
  }, PUSH_MS);
  return null;
}

function emptyTable() {
  return {
    id: '',
    startedAt: '',
    endpoints: new Map(),
    rows: [],
    views: new Map(),
    leftOut: 0,
    isSorted: true,
    pushAt: 0,
  };
}

/** A browser says what it wants to see. */
function lookAt(msg, table) {
  const { views } = table;
  const browser = browserOf(msg);
  if (!browser) return null;
  const view = views.get(browser.id) ?? { ...NEW_VIEW, address: browser.address };
  views.delete(browser.id);
  views.set(browser.id, view);
  if (views.size > MAX_BROWSERS) views.delete(views.keys().next().value);
  const asked = typeof msg.payload === 'object' && msg.payload !== null ? msg.payload : {};
  if (CHOICES.some(({ id }) => id === asked.show)) Object.assign(view, { show: asked.show, page: 1 });
  if (typeof asked.search === 'string') Object.assign(view, { search: clip(asked.search, 200), page: 1 });
  if (COLUMNS.some(({ id }) => id === asked.sort)) {
    Object.assign(view, { down: asked.sort === view.sort && !view.down, sort: asked.sort, page: 1 });
  }
  if (Number.isInteger(asked.page)) view.page = asked.page;
  if (typeof asked.open === 'string') view.open = asked.open === view.open ? '' : asked.open;
  return { ...view.address, payload: pageOf(table, view) };
}

/** True when the message changes what there is to show. */
function take(msg, table) {
  const { id, startedAt } = msg.scan;
  if (table.id !== id) {
    if (startedAt < table.startedAt) return false;
    Object.assign(table, { id, startedAt, endpoints: new Map(), leftOut: 0, isComplete: false });
    if (msg.topic === 'progress') return true;
  }
  if (msg.topic === 'progress') return false;
  if (msg.complete === true) {
    // The scanner itself closes a scan before the later nodes have done their work.
    table.isComplete = msg.isRated === true;
    return table.isComplete;
  }
  const report = msg.payload;
  if (typeof report?.outcome !== 'string') return false;
  const endpoint = `${report.transport} ${report.address} ${report.port} ${clip(report.target, 300)}`;
  const known = table.endpoints.get(endpoint);
  const isFinal = msg.isRated === true;
  if (known?.isFinal && !isFinal) return false;
  if (!known && table.endpoints.size >= MAX_ENDPOINTS) {
    if (isFinal) table.leftOut++;
    return isFinal;
  }
  table.endpoints.set(endpoint, {
    isFinal,
    rows: rowsOf(report, endpoint, isFinal),
    details: detailsOf(report, isFinal),
  });
  return true;
}

function rowsOf(report, endpoint, isFinal) {
  const { outcome, port, transport } = report;
  const address = clip(report.address, 60);
  const isRated = ['open', 'auth-failed', 'tls-error'].includes(outcome);
  const level = !isFinal ? 'checking' : isRated ? (report.risk?.level ?? '–') : '–';
  const rank = LEVELS.includes(level) ? LEVELS.indexOf(level) : 8;
  const place = `${address.replace(/\d+/g, (digits) => digits.padStart(5, '0'))} ${String(port).padStart(5, '0')}`;
  const sensors = list(report.traffic?.topics).filter(({ sensor }) => sensor);
  const shown = sensors.length === 0 ? [{}] : sensors.slice(0, MAX_SENSORS_PER_ENDPOINT);
  return shown.map(({ topic = '', sensor }) => {
    const row = {
      key: `${endpoint} ${clip(topic, 120)}`,
      endpoint,
      target: `${address.includes(':') ? `[${address}]` : address}:${port}`,
      security: transport === 'tls' || transport === 'wss' ? 'TLS' : 'Plain',
      sensor: clip(sensor?.type, 60),
      topic: clip(topic, 120),
      reading: clip(sensor?.text, 80),
      status: STATUS[outcome]?.[0] ?? clip(outcome, 30),
      outcome,
      level,
      place,
      order: `${rank} ${place} ${clip(topic, 120)}`,
    };
    const words = [
      row.target,
      report.target,
      row.security,
      row.sensor,
      row.topic,
      row.reading,
      row.status,
      level,
    ];
    return { ...row, words: clip(words.join(' '), 500).toLowerCase() };
  });
}

function pageOf(table, view) {
  if (!table.isSorted) {
    table.rows.length = 0;
    for (const { rows } of table.endpoints.values()) table.rows.push(...rows);
    table.isSorted = true;
  }
  const chosen = CHOICES.find(({ id }) => id === view.show) ?? CHOICES[0];
  const search = view.search.trim().toLowerCase();
  const found = search === '' ? table.rows : table.rows.filter(({ words }) => words.includes(search));
  const fitting = found.filter(chosen.fits).sort(inOrder(view.sort, view.down));
  const pages = Math.max(1, Math.ceil(fitting.length / PAGE_ROWS));
  const page = Math.min(Math.max(1, view.page), pages);
  const rows = fitting.slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS);
  return {
    choices: CHOICES.map(({ id, label, fits }) => {
      const count = found.filter(fits).length;
      return {
        id,
        label,
        count: count.toLocaleString('en-US'),
        isOn: id === chosen.id,
        isShown: count > 0 || id === chosen.id || !LEVELS.includes(id),
      };
    }),
    columns: COLUMNS.map(({ id, label }) => {
      const isOn = id === view.sort;
      return {
        id,
        label,
        mark: isOn ? (view.down ? '▾' : '▴') : '',
        sort: isOn ? (view.down ? 'descending' : 'ascending') : 'none',
      };
    }),
    rows: rows.map(({ words, place, order, endpoint, ...row }) => {
      const isOpen = row.key === view.open;
      return { ...row, isOpen, details: isOpen ? table.endpoints.get(endpoint)?.details : undefined };
    }),
    search: view.search,
    page,
    pages,
    hasBefore: page > 1,
    hasAfter: page < pages,
    text: textOf(fitting.length, table.rows.length),
    leftOut:
      table.leftOut > 0
        ? `${table.leftOut.toLocaleString('en-US')} more endpoints are not shown. The reports have all.`
        : '',
    empty: emptyText(table),
  };
}

function inOrder(column, down) {
  const sign = down ? -1 : 1;
  return (a, b) => {
    if (a[column] !== b[column]) return a[column] < b[column] ? -sign : sign;
    return a.order < b.order ? -1 : a.order > b.order ? 1 : 0;
  };
}

function textOf(shown, all) {
  const rows = `${all.toLocaleString('en-US')} row${all === 1 ? '' : 's'}`;
  return shown === all ? rows : `${shown.toLocaleString('en-US')} of ${rows}`;
}

function emptyText({ id, rows, isComplete }) {
  if (rows.length > 0) return '';
  if (id === '') return 'Nothing yet. Start a scan, and brokers appear here as they are found.';
  return isComplete ? 'Nothing answered on the ports that were scanned.' : 'Looking for brokers …';
}
