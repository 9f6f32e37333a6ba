import type { AuthResult, LoginRights } from '../../model';
import { acceptedUsersText, sentInClearText, WORDS } from '../wording';
import { type Block, type Fact, textTable } from './blocks';
import { ACCESS, PARTS, RIGHTS } from './words';

/** Most filters that the table has a column for; each is one subscription of the scan. */
const MAX_FILTERS = 4;

/** Who may connect, read and write. */
export function* accessPart(auth: AuthResult | undefined): Generator<Block> {
  if (auth === undefined) return;
  const { anonymous, credentials, defaultCredentials, authorisation } = auth;
  yield { kind: 'heading', depth: 3, text: PARTS.access };
  const filters = [...new Set(authorisation.flatMap(({ read }) => read.map(({ filter }) => filter)))];
  const shown = filters.slice(0, MAX_FILTERS);
  const rights = (as: LoginRights['as']): string[] => rightsOf(authorisation, as, shown);
  const unknown = [...shown.map(() => WORDS.none), WORDS.none];
  const rest = 0.76 / (shown.length + 2);
  yield textTable(
    PARTS.access,
    [
      { title: 'Login', share: 0.24 },
      ...['Connect', ...shown.map((filter) => `Read ${filter}`), 'Write'].map((title) => ({
        title,
        share: rest,
      })),
    ],
    [
      ['Anybody (no login)', ACCESS[anonymous.verdict], ...rights('anonymous')],
      ['Login given', ACCESS[credentials.verdict], ...rights('credentials')],
      ['Published default logins', ACCESS[defaultCredentials.verdict], ...unknown],
    ],
  );
  const facts: Fact[] = [];
  const note = (label: string, ...values: string[]): void => {
    const said = values.filter((value) => value !== '');
    if (said.length > 0) facts.push([label, said]);
  };
  note('Anybody', anonymous.meaning);
  note('Login given', credentials.meaning, credentials.sentInClear ? sentInClearText() : '');
  const { accepted, meaning } = defaultCredentials;
  note('Default logins', meaning, accepted.length > 0 ? acceptedUsersText(accepted) : '');
  if (facts.length > 0) yield { kind: 'facts', facts };
}

function rightsOf(all: readonly LoginRights[], as: LoginRights['as'], filters: readonly string[]): string[] {
  const rights = all.find((one) => one.as === as);
  const read = filters.map((filter) => rights?.read.find((one) => one.filter === filter)?.verdict);
  return [...read, rights?.write].map((verdict) => (verdict === undefined ? WORDS.none : RIGHTS[verdict]));
}
