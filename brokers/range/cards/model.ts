import type { MosquittoRecipe, RangeCard } from '../card';
import { RANGE_LOGIN, SENSOR_ACL, SENSOR_MESSAGES } from './messages';

const HARDENED: MosquittoRecipe = {
  lines: ['allow_anonymous false', 'tls_version tlsv1.2'],
  logins: [RANGE_LOGIN],
  acl: SENSOR_ACL,
};
const BASE = {
  transport: 'tls',
  mosquitto: HARDENED,
  embedded: { logins: [RANGE_LOGIN], readable: ['sensors/#'], writable: ['sensors/#'] },
  certificate: 'good',
  messages: SENSOR_MESSAGES,
} as const satisfies Partial<RangeCard>;

/** Brokers to copy. */
export const MODEL_CARDS: readonly RangeCard[] = [
  {
    ...BASE,
    id: 'hardened',
    title: 'The model',
    wrong: 'Nothing: TLS 1.2 or newer, a certificate that holds, logins, an access list.',
    finds: 'What the login that was given reads.',
    fix: 'Check that the account needs all of it.',
    scan: { login: RANGE_LOGIN },
    expected: { outcome: 'open', level: 'LOW', findings: ['DATA-READABLE'] },
  },
  {
    ...BASE,
    id: 'hardened-unknown',
    title: 'The model, from outside',
    wrong: 'Nothing that can be seen without a login.',
    finds: 'That what lies behind the login was not checked.',
    fix: 'Scan again with a login.',
    expected: { outcome: 'auth-failed', level: 'MEDIUM', findings: ['AUTH-NOT-CHECKED'] },
  },
  {
    ...BASE,
    id: 'hardened-quiet',
    title: 'An account without more rights than it needs',
    wrong: 'Nothing: the account may only write its own readings.',
    finds: 'Nothing.',
    fix: 'Nothing to mend.',
    mosquitto: { ...HARDENED, acl: `user ${RANGE_LOGIN.username}\ntopic write sensors/faris/pir_insecure\n` },
    embedded: { logins: [RANGE_LOGIN], readable: [], writable: ['sensors/faris/pir_insecure'] },
    scan: { login: RANGE_LOGIN },
    expected: { outcome: 'open', level: 'OK', findings: [] },
  },
];
