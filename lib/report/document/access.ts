import type {
  AccessVerdict,
  AuthResult,
  FilterKind,
  LoginName,
  LoginRights,
  ReadRight,
  RightVerdict,
} from '../../model';
import {
  acceptedUsersText,
  counted,
  grouped,
  mqttVersionsText,
  sentInClearText,
  someOf,
  WORDS,
} from '../wording';
import { type Block, type Fact, remark, textTable } from './blocks';
import { ACCESS, FILTER_KINDS, LOGIN_NAMES, PARTS, RIGHTS, SESSION_WORDS } from './words';

/** Most filters that are listed with what came; each is one subscription of the scan. */
const MAX_FILTERS = 40;
const MAX_SAMPLES = 3;
const LOGIN_SHARE = 0.2;

/** Who may connect, read, write and leave a last will. */
export function* accessPart(auth: AuthResult | undefined): Generator<Block> {
  if (auth === undefined) return;
  yield { kind: 'heading', depth: 3, text: PARTS.access };
  yield matrix(auth);
  const facts = accessFacts(auth);
  if (facts.length > 0) yield { kind: 'facts', facts };
  yield* readableFilters(auth);
}

/** A column of the matrix: filters of one kind, or one filter where the kind is not known. */
interface ReadColumn {
  readonly title: string;
  readonly covers: (right: ReadRight) => boolean;
}

function matrix(auth: AuthResult): Block {
  const { authorisation } = auth;
  const columns = readColumns(authorisation.flatMap(({ read }) => read));
  const withWill = authorisation.some(({ will }) => will !== undefined);
  const titles = [
    'Connect',
    ...columns.map(({ title }) => title),
    'Write',
    ...(withWill ? ['Last Will'] : []),
  ];
  const row = (name: string, connect: string, as?: LoginName): string[] => {
    const rights = authorisation.find((one) => one.as === as);
    const verdicts = [
      ...columns.map(({ covers }) => best((rights?.read ?? []).filter(covers).map(({ verdict }) => verdict))),
      rights?.write,
      ...(withWill ? [rights?.will] : []),
    ];
    return [
      name,
      connect,
      ...verdicts.map((verdict) => (verdict === undefined ? WORDS.none : RIGHTS[verdict])),
    ];
  };
  const { anonymous, credentials, clientCertificate, randomLogin, defaultCredentials } = auth;
  const rows = [
    row(LOGIN_NAMES.anonymous, ACCESS[anonymous.verdict], 'anonymous'),
    row(LOGIN_NAMES.credentials, ACCESS[credentials.verdict], 'credentials'),
  ];
  if (clientCertificate !== undefined) {
    rows.push(row(LOGIN_NAMES.certificate, ACCESS[clientCertificate.verdict], 'certificate'));
  }
  if (randomLogin !== undefined) rows.push(row('Random login', ACCESS[randomLogin.verdict]));
  rows.push(row('Published default logins', ACCESS[defaultCredentials.verdict]));
  const share = (1 - LOGIN_SHARE) / titles.length;
  return textTable(
    PARTS.access,
    [{ title: 'Login', share: LOGIN_SHARE }, ...titles.map((title) => ({ title, share }))],
    rows,
  );
}

function readColumns(rights: readonly ReadRight[]): ReadColumn[] {
  const kinds = (Object.keys(FILTER_KINDS) as FilterKind[])
    .filter((kind) => rights.some((right) => right.kind === kind))
    .map((kind) => ({ title: FILTER_KINDS[kind], covers: (right: ReadRight) => right.kind === kind }));
  const filters = new Set(rights.flatMap(({ kind, filter }) => (kind === undefined ? [filter] : [])));
  const named = [...filters].slice(0, 3).map((name) => ({
    title: `Read ${name}`,
    covers: ({ kind, filter }: ReadRight) => kind === undefined && filter === name,
  }));
  return [...kinds, ...named];
}

const VERDICT_ORDER: readonly RightVerdict[] = ['proven', 'granted', 'inconclusive', 'denied', 'not-tested'];

/** What can be done at most: one filter that is let through is enough. */
function best(verdicts: readonly RightVerdict[]): RightVerdict | undefined {
  return VERDICT_ORDER.find((verdict) => verdicts.includes(verdict));
}

function accessFacts(auth: AuthResult): Fact[] {
  const { anonymous, credentials, defaultCredentials, clientCertificate, randomLogin } = auth;
  const facts: Fact[] = [];
  const note = (label: string, ...values: (string | undefined)[]): void => {
    const said = values.flatMap((value) => (value === undefined || value === '' ? [] : [value]));
    if (said.length > 0) facts.push([label, said]);
  };
  const forms = formsOfNoLogin(auth);
  const named = (verdict: AccessVerdict): string =>
    forms.flatMap((form) => (form.verdict === verdict ? form.name : [])).join(', ');
  const [letIn, untried] = [named('accepted'), named('not-tested')];
  note(
    LOGIN_NAMES.anonymous,
    anonymous.meaning,
    letIn && `Also let in: ${letIn}`,
    untried && `Not tried: ${untried} (${forms.find(({ verdict }) => verdict === 'not-tested')?.meaning})`,
  );
  note(LOGIN_NAMES.credentials, credentials.meaning, credentials.sentInClear ? sentInClearText() : '');
  note(
    LOGIN_NAMES.certificate,
    clientCertificate?.meaning,
    clientCertificate?.isLogin === true ? 'The certificate is a login.' : '',
  );
  note('Random login', randomLogin?.meaning);
  const { accepted, meaning, left } = defaultCredentials;
  note(
    'Default logins',
    meaning,
    accepted.length > 0 ? acceptedUsersText(accepted) : '',
    left === undefined || left === 0 ? '' : `${counted(left, 'login was', 'logins were')} not tried.`,
  );
  const { enhancedAuthentication: enhanced, sessionSafety: session } = auth;
  note('Authentication methods', enhanced?.meaning);
  if (session !== undefined) {
    note(
      'Sessions',
      `Same client identifier twice: ${SESSION_WORDS[session.takeover]}. Session kept after the connection: ${session.persistentSession}. Second connection: ${session.secondConnection}.`,
    );
  }
  return facts;
}

interface FormOfNoLogin {
  readonly name: string;
  readonly verdict: AccessVerdict;
  readonly meaning: string;
}

/** Forms of "no login" beside the plain one: other versions of MQTT where they were left out, and odd ones. */
function formsOfNoLogin({ anonymousVersions = [], anonymousVariants = [] }: AuthResult): FormOfNoLogin[] {
  const versions = anonymousVersions.flatMap(({ protocolVersion, verdict, meaning }) =>
    verdict === 'not-tested' && protocolVersion !== undefined
      ? [{ name: `MQTT ${mqttVersionsText([protocolVersion])}`, verdict, meaning }]
      : [],
  );
  const variants = anonymousVariants.map(({ variant, verdict, meaning }) => ({
    name: variant.replaceAll('-', ' '),
    verdict,
    meaning,
  }));
  return [...versions, ...variants];
}

/** What each subscription brought, where it was let through. */
function* readableFilters({ authorisation }: AuthResult): Generator<Block> {
  const rows = authorisation.flatMap(({ as, read }: LoginRights) =>
    read
      .filter(
        ({ verdict, topics }) => topics !== undefined && (verdict === 'proven' || verdict === 'granted'),
      )
      .map((right) => [
        LOGIN_NAMES[as],
        right.filter,
        RIGHTS[right.verdict],
        right.topics === undefined ? WORDS.none : grouped(right.topics),
        someOf(right.samples ?? [], MAX_SAMPLES) || WORDS.none,
      ]),
  );
  if (rows.length === 0) return;
  yield textTable(
    'Subscriptions that were let through',
    [
      { title: 'Login', share: 0.17 },
      { title: 'Filter', share: 0.2 },
      { title: 'Verdict', share: 0.15 },
      { title: 'Topics', share: 0.1 },
      { title: 'Some of Them', share: 0.38 },
    ],
    rows.slice(0, MAX_FILTERS),
  );
  if (rows.length > MAX_FILTERS) {
    yield remark(`${counted(rows.length - MAX_FILTERS, 'further subscription')} in the JSON report.`);
  }
}
