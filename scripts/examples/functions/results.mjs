import {
  browserOf,
  clip,
  counted,
  grouped,
  hasRisk,
  isStartOfFlows,
  LEVELS,
  list,
  pieces,
  remembered,
} from './common.mjs';
import { detailsOf, STATUS } from './details.mjs';

/** What is kept to be shown; the reports have all. */
const MAX_ENDPOINTS = 20_000;
const MAX_SENSORS_PER_ENDPOINT = 50;
/** Beyond it an endpoint is one row, with the first of its sensors. */
const MAX_ROWS = 50_000;
const MAX_DETAILS_CHARS = 50_000_000;
const PAGE_ROWS = 50;
const MAX_BROWSERS = 50;
const PUSH_MS = 400;
/** Pages of many browsers that each look at something else take time; scanning is to have most of it. */
const REST_PER_WORK = 10;
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
export function onMessage(msg, { flow, node }) {
  const table = remembered(flow, 'table', emptyTable);
  if (isStartOfFlows(msg)) giveUp(table);
  else if (!msg.scan?.id) return lookAt(msg, table);
  else if (!take(msg, table)) return null;
  table.isListed = false;
  const now = Date.now();
  if (now < table.pushAt) return null;
  const wait = Math.max(PUSH_MS, REST_PER_WORK * table.lastPushMs);
  // A deployment ends the timers of this node, but not the context of the flow: a time tells whether one still runs.
  table.pushAt = now + wait;
  setTimeout(() => {
    const startedAt = Date.now();
    for (const view of table.views.values()) node.send({ ...view.address, payload: pageOf(table, view) });
    table.lastPushMs = Date.now() - startedAt;
  }, wait);
  return null;
}

function emptyTable() {
  return {
    ...{ id: '', startedAt: '', ...emptyScan() },
    ...{ rows: [], selections: new Map(), isListed: true },
    ...{ views: new Map(), pushAt: 0, lastPushMs: 0 },
  };
}

function emptyScan() {
  return {
    endpoints: new Map(),
    rowCount: 0,
    detailsChars: 0,
    leftOut: 0,
    sensorsLeftOut: 0,
    isComplete: false,
  };
}

/** Nobody works on what is being checked. */
function giveUp(table) {
  table.isComplete = true;
  for (const { isFinal, rows, details } of table.endpoints.values()) {
    if (isFinal) continue;
    for (const row of rows) row.level = '–';
    details.verdict = 'The scan was cut off before this was checked.';
  }
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
    // The rows of the scan before are not to stay for as long as they took.
    Object.assign(table, { ...emptyScan(), id, startedAt, pushAt: 0, lastPushMs: 0 });
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
  const others = table.rowCount - (known?.rows.length ?? 0);
  const rows = rowsOf(report, endpoint, isFinal, others < MAX_ROWS ? MAX_SENSORS_PER_ENDPOINT : 1);
  const details = boundedDetails(report, isFinal, table);
  table.rowCount = others + rows.length;
  if (isFinal) table.sensorsLeftOut += Math.max(0, sensorsOf(report).length - rows.length);
  table.endpoints.set(endpoint, { isFinal, rows, details });
  return true;
}

/** The first endpoints that are rated keep their details, which hostile ones can make large. */
function boundedDetails(report, isFinal, table) {
  const none = { isFinal, sections: [], topics: [], findings: [] };
  // What is found first is a line or two, and is replaced when the endpoint is rated.
  if (!isFinal) return detailsOf(report, isFinal);
  if (table.detailsChars >= MAX_DETAILS_CHARS) return { ...none, verdict: 'The details are in the reports.' };
  const details = detailsOf(report, isFinal);
  table.detailsChars += JSON.stringify(details).length;
  return details;
}

const sensorsOf = (report) => list(report.traffic?.topics).filter(({ sensor }) => sensor);

function rowsOf(report, endpoint, isFinal, most) {
  const { outcome, port, transport } = report;
  const address = clip(report.address, 60);
  const level = !isFinal ? 'checking' : hasRisk(outcome) ? (report.risk?.level ?? '–') : '–';
  const rank = LEVELS.includes(level) ? LEVELS.indexOf(level) : 8;
  const place = `${address.replace(/\d+/g, (digits) => digits.padStart(5, '0'))} ${String(port).padStart(5, '0')}`;
  const sensors = sensorsOf(report);
  const shown = sensors.length === 0 ? [{}] : sensors.slice(0, most);
  return shown.map(({ topic = '', sensor }, i) => {
    const row = {
      // The first one is there before its sensors are known, and stays open when they are.
      key: i === 0 ? endpoint : `${endpoint} ${clip(topic, 120)}`,
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

/** The rows that fit, in order, and how many fit each choice; made once for all who look at the same. */
function selectionOf(table, { show, search, sort, down }) {
  if (!table.isListed) {
    table.rows.length = 0;
    for (const { rows } of table.endpoints.values()) table.rows.push(...rows);
    table.selections.clear();
    table.isListed = true;
  }
  const words = search.trim().toLowerCase();
  const key = JSON.stringify([show, words, sort, down]);
  const known = table.selections.get(key);
  if (known) return known;
  const chosen = CHOICES.find(({ id }) => id === show) ?? CHOICES[0];
  const found = words === '' ? table.rows : table.rows.filter((row) => row.words.includes(words));
  const selection = {
    chosen,
    counts: new Map(CHOICES.map(({ id, fits }) => [id, found.filter(fits).length])),
    fitting: found.filter(chosen.fits).sort(inOrder(sort, down)),
  };
  if (table.selections.size >= MAX_BROWSERS) table.selections.clear();
  table.selections.set(key, selection);
  return selection;
}

function pageOf(table, view) {
  const { chosen, counts, fitting } = selectionOf(table, view);
  const pages = Math.max(1, Math.ceil(fitting.length / PAGE_ROWS));
  const page = Math.min(Math.max(1, view.page), pages);
  const rows = fitting.slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS);
  return {
    choices: CHOICES.map(({ id, label }) => {
      const count = counts.get(id);
      return {
        id,
        label,
        count: grouped(count),
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
      const topicPieces = row.topic === '' ? [] : pieces(row.topic, 20);
      return {
        ...row,
        topicPieces,
        isOpen,
        details: isOpen ? table.endpoints.get(endpoint)?.details : undefined,
      };
    }),
    search: view.search,
    page,
    pages,
    hasBefore: page > 1,
    hasAfter: page < pages,
    text: textOf(fitting.length, table.rows.length),
    leftOut: leftOutText(table),
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
  const rows = counted(all, 'row');
  return shown === all ? rows : `${grouped(shown)} of ${rows}`;
}

function leftOutText({ leftOut, sensorsLeftOut }) {
  const parts = [
    leftOut > 0 && counted(leftOut, 'more endpoint'),
    sensorsLeftOut > 0 && counted(sensorsLeftOut, 'more sensor'),
  ].filter(Boolean);
  return parts.length > 0 ? `Not shown: ${parts.join(', ')}. The reports have all.` : '';
}

function emptyText({ id, rows, isComplete }) {
  if (rows.length > 0) return '';
  if (id === '') return 'Nothing yet. Start a scan, and brokers appear here as they are found.';
  return isComplete ? 'Nothing answered on the ports that were scanned.' : 'Looking for brokers …';
}
