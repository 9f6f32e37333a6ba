import { clip, list, remembered } from './common.mjs';
import { isWithinScan } from './within-scan.mjs';

const SCANS_A_MINUTE = 5;
const MAX_JOBS = 20;
const MAX_ENDPOINTS = 1000;
const MAX_CHARS = 20_000;
const MAX_BODY = 1_000_000;
const EXAMPLE = '{"targets": "192.168.1.0/24"}';
/** What a client did wrong, by the code of the scanner's error. */
const STATUS = {
  OUT_OF_SCOPE: 403,
  NO_TARGET: 422,
  BAD_TARGET: 422,
  BAD_PORT: 422,
  BAD_INPUT: 422,
  BAD_OPTION: 422,
  TOO_MANY_TARGETS: 422,
  NAME_NOT_RESOLVED: 422,
  BUSY: 429,
};
const TYPES = {
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

/** The scans that were asked for by HTTP. Outputs: 1 answers, 2 requests to the scanner, 3 report files to be read. */
export function onMessage(msg, { context, env, RED }) {
  const state = remembered(context, 'state', () => ({ jobs: new Map(), startedAt: [] }));
  if (msg.error) return failed(msg, state);
  // Messages of a scan may carry the request of another flow, which called it by link.
  if (msg.res && !msg.scan) return request(msg, state, { env, RED });
  return follow(msg, state);
}

function request(msg, state, { env, RED }) {
  const key = env.get('API_KEY') || env.get('MQTT_SCANNER_API_KEY') || '';
  const { headers, method, params } = msg.req;
  const given = String(headers['x-api-key'] ?? /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '');
  if (key === '' || !isSame(given, key)) {
    const message =
      key === ''
        ? 'The flow has no API key yet, so every request is refused.'
        : 'Send the API key of the flow as X-API-Key.';
    return answer(msg, 401, problem('NO_KEY', message), { 'WWW-Authenticate': 'Bearer' });
  }
  if (method === 'POST') return start(msg, state, RED);
  if (params.id === undefined)
    return answer(msg, 200, { scans: [...state.jobs.values()].filter(isKnown).reverse().map(statusOf) });
  const job = state.jobs.get(params.id);
  if (!job || !isKnown(job)) return answer(msg, 404, problem('NO_SCAN', 'There is no scan of this id.'));
  if (method === 'DELETE') return stop(msg, job);
  if (params.what === undefined) return answer(msg, 200, statusOf(job));
  if (!['result', 'report'].includes(params.what))
    return answer(msg, 404, problem('NO_RESOURCE', 'Ask for result or report.'));
  if (job.state === 'running') return answer(msg, 409, problem('RUNNING', 'The scan is still running.'));
  if (job.state === 'failed') return answer(msg, 409, { id: job.id, error: job.error });
  if (params.what === 'result')
    return answer(msg, 200, { ...statusOf(job), endpoints: job.endpoints, notListed: job.notListed });
  const format = String(msg.req.query.format ?? 'pdf');
  const file = job.files.find((candidate) => candidate.format === format);
  if (!file)
    return answer(
      msg,
      404,
      problem('NO_FORMAT', `Known formats: ${job.files.map((each) => each.format).join(', ')}.`),
    );
  const headersOf = {
    'Content-Type': TYPES[format] ?? 'application/octet-stream',
    'Content-Disposition': `attachment; filename="${file.name}"`,
    'X-Content-Type-Options': 'nosniff',
  };
  return [null, null, { ...msg, job: job.id, filename: file.path, statusCode: 200, headers: headersOf }];
}

/** A scan is known from the answer on that names its id; until then it may still be refused. */
const isKnown = ({ state }) => state !== 'starting';

/** The end comes as that of every scan: with a report of what was found until then. */
function stop(msg, job) {
  if (job.state !== 'running') return answer(msg, 409, problem('NOT_RUNNING', 'The scan has ended already.'));
  const [accepted] = answer(msg, 202, statusOf(job));
  return [accepted, { stop: true, scan: { id: job.scanId } }, null];
}

/** As long for a wrong key as for the right one. */
function isSame(given, key) {
  let differs = given.length ^ key.length;
  for (let i = 0; i < key.length; i++)
    differs |= given.charCodeAt(i % Math.max(1, given.length)) ^ key.charCodeAt(i);
  return differs === 0;
}

function start(msg, state, RED) {
  const { body, refused } = parsed(msg.payload);
  if (refused) return answer(msg, ...refused);
  const wrong = wrongIn(body);
  if (wrong) return answer(msg, 422, problem('BAD_INPUT', wrong));
  const now = Date.now();
  state.startedAt = state.startedAt.filter((at) => now - at < 60_000);
  if (state.startedAt.length >= SCANS_A_MINUTE) {
    const wait = Math.ceil((60_000 - (now - state.startedAt[0])) / 1000);
    return answer(msg, 429, problem('RATE', `At most ${SCANS_A_MINUTE} scans a minute.`), {
      'Retry-After': String(wait),
    });
  }
  state.startedAt.push(now);
  const id = RED.util.generateId();
  const job = {
    id,
    state: 'starting',
    waiting: { req: msg.req, res: msg.res },
    endpoints: [],
    notListed: 0,
    files: [],
  };
  state.jobs.set(id, job);
  const [oldest] = [...state.jobs.values()].filter(
    (each) => each.state !== 'running' && each.state !== 'starting',
  );
  if (state.jobs.size > MAX_JOBS && oldest) state.jobs.delete(oldest.id);
  const { targets, ports, listen, credentials, name } = body;
  const payload = { targets, name: `${name ? `${clip(name, 60)} ` : ''}(${id})` };
  for (const [key, value] of Object.entries({ ports, listen, credentials }))
    if (value !== undefined) payload[key] = value;
  // The login is in the session of the scan from now on, and nowhere else.
  delete body.credentials;
  return [null, { payload, origin: 'api', job: id }, null];
}

/** The node takes the body as it comes, for Node-RED answers broken JSON with a page of HTML. */
function parsed(payload) {
  // Where the path is written in other letters, Node-RED has read the body already.
  if (!Buffer.isBuffer(payload)) return { body: payload };
  if (payload.length > MAX_BODY)
    return { refused: [413, problem('TOO_LARGE', `The body must have at most ${MAX_BODY} bytes.`)] };
  try {
    return { body: JSON.parse(payload.toString()) };
  } catch (error) {
    const message = `The body is not valid JSON${placeOf(error, payload.toString())}. Send an object, such as ${EXAMPLE}.`;
    return { refused: [400, problem('BAD_JSON', message)] };
  }
}

/** Where JSON goes wrong. The text itself, which may hold a login, is not repeated. */
function placeOf({ message }, text) {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return /end of JSON/.test(message) ? ': it ends too early' : '';
  const lines = text.slice(0, Number(position)).split('\n');
  return `: look at line ${lines.length}, column ${lines.at(-1).length + 1}`;
}

function wrongIn(body) {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return `The body must be a JSON object, such as ${EXAMPLE}.`;
  const unknown = Object.keys(body).find(
    (key) => !['targets', 'ports', 'listen', 'credentials', 'name'].includes(key),
  );
  if (unknown !== undefined)
    return `"${clip(unknown, 40)}" is not known. Known: targets, ports, listen, credentials, name.`;
  const { targets, ports, listen, credentials, name } = body;
  const texts = Array.isArray(targets) ? targets : [targets];
  if (texts.some((text) => typeof text !== 'string') || texts.join('').trim() === '')
    return '"targets" must be a text or a list of texts.';
  if (texts.join().length > MAX_CHARS) return `"targets" must have at most ${MAX_CHARS} characters.`;
  if (ports !== undefined && typeof ports !== 'string')
    return '"ports" must be a text, such as "1883, 8883".';
  if (listen !== undefined && !(typeof listen === 'number' && listen >= 0 && listen <= 3600))
    return '"listen" must be a number of seconds from 0 to 3600.';
  if (credentials !== undefined && !isLogin(credentials))
    return '"credentials" must be an object such as {"username": "auditor", "password": "…"}.';
  if (name !== undefined && typeof name !== 'string') return '"name" must be a text.';
  return undefined;
}

/** A misspelt property would start a scan without the login. */
function isLogin(value) {
  if (typeof value !== 'object' || value === null) return false;
  const { username, password = '', ...others } = value;
  const isNamed = typeof username === 'string' && username !== '';
  return isNamed && typeof password === 'string' && Object.keys(others).length === 0;
}

/** What the scanner tells of a scan that was asked for here. */
function follow(msg, { jobs }) {
  if (msg.topic === 'progress' && msg.scan?.name) {
    const job = jobs.get(/\(([0-9a-f]+)\)$/.exec(msg.scan.name)?.[1]);
    if (!job) return null;
    job.progress = msg.payload;
    if (job.state !== 'starting') return null;
    job.state = 'running';
    job.scanId = msg.scan.id;
    const { waiting, id } = job;
    job.waiting = undefined;
    return answer(waiting, 202, { id }, { Location: `${waiting.req.path.replace(/\/$/, '')}/${id}` });
  }
  const job = jobs.get(msg.job);
  if (!job) return null;
  const { payload } = msg;
  if (typeof payload?.number === 'number') {
    Object.assign(job, {
      number: payload.number,
      summary: payload.summary,
      files: list(payload.files),
      state: payload.summary.stopped ? 'stopped' : 'done',
    });
  } else if (typeof payload?.outcome === 'string' && job.endpoints.length < MAX_ENDPOINTS)
    job.endpoints.push(payload);
  else if (typeof payload?.outcome === 'string') job.notListed++;
  return null;
}

/** Before the scan has started the client gets the error at once; afterwards it is the end of the scan. */
function failed(msg, { jobs }) {
  const job = jobs.get(msg.job);
  if (!job) return null;
  // Requests carry their response; scans do not.
  if (msg.res) return answer(msg, 410, problem('NO_FILE', 'The file of this report is no longer there.'));
  const { code = 'INTERNAL', message } = msg.error;
  const error = { code, message: clip(message, 400) };
  if (isKnown(job)) {
    if (isWithinScan(msg)) job.warning = error;
    else Object.assign(job, { state: 'failed', error });
    return null;
  }
  jobs.delete(job.id);
  return answer(job.waiting, STATUS[code] ?? 500, { error });
}

function statusOf({ id, state, progress, summary, number, files, warning, error }) {
  const { scanned, total, percent } = progress ?? {};
  return {
    id,
    state,
    progress: { scanned, total, percent },
    number,
    summary,
    formats: files.map(({ format }) => format),
    warning,
    error,
  };
}

const problem = (code, message) => ({ error: { code, message } });

function answer({ req, res }, statusCode, payload, headers = {}) {
  return [
    { req, res, statusCode, payload, headers: { 'Cache-Control': 'no-store', ...headers } },
    null,
    null,
  ];
}
