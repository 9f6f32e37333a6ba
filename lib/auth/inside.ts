import type { LoginName, LoginRights } from '../model';
import { asStranger } from '../net';
import type { AccessTest } from './access-test';
import type { Door } from './door';
import { type Reader, type Standing, testReading, watchStanding } from './reading';
import { testWriting } from './writing';

/** What was seen as one login. */
export interface Inside {
  readonly reader: Reader;
  readonly standing: Standing;
  readonly rights?: LoginRights;
}

/** As whom to look inside. A certificate counts where it is what opens the door. */
export function readersOf({ target, context }: AccessTest, door: Door): Reader[] {
  const { anonymous, anonymousVersions, credentials, clientCertificate } = door;
  const readers: Reader[] = [];
  // MQTT 5 tells more: a code and a reason for each filter, and to which filter a message belongs.
  const [preferred = 4] = target.versions;
  const best = target.versions.includes(5) ? 5 : preferred;
  if (anonymous.verdict === 'accepted') {
    const open = anonymousVersions.filter(({ verdict }) => verdict === 'accepted');
    const isBest = open.some(({ protocolVersion }) => protocolVersion === best);
    const protocolVersion = isBest ? best : (anonymous.protocolVersion ?? preferred);
    readers.push({ as: 'anonymous', form: { protocolVersion }, context: asStranger(context) });
  }
  if (credentials.verdict === 'accepted' && context.credentials) {
    const { username, password } = context.credentials;
    readers.push({ as: 'credentials', form: { protocolVersion: best, username, password }, context });
  }
  if (clientCertificate?.isLogin) {
    readers.push({ as: 'certificate', form: { protocolVersion: best }, context });
  }
  return readers;
}

/**
 * What each login may read.
 * @param isInTurn whether one follows the other, since the broker bears no two connections
 */
export function lookInside(
  test: AccessTest,
  readers: readonly Reader[],
  isInTurn: boolean,
): Promise<Inside[]> {
  return inTurnOrBeside(isInTurn, readers, (reader) => readAs(reader, test));
}

async function readAs(reader: Reader, { target, probe, options }: AccessTest): Promise<Inside> {
  if (!options.authorisation) return { reader, standing: await watchStanding(target, reader) };
  const { read, maySubscribe, ...standing } = await testReading(target, reader, probe.product);
  const rights: LoginRights = {
    as: reader.as,
    read,
    write: 'not-tested',
    ...(maySubscribe !== undefined && { maySubscribe }),
  };
  return { reader, standing, rights };
}

/** The same with what each may write, one after the other: it takes two connections each. */
export function lookAtWriting(test: AccessTest, logins: readonly Inside[]): Promise<Inside[]> {
  return inTurnOrBeside(true, logins, (login) => writeAs(login, test));
}

async function writeAs(login: Inside, { target, options }: AccessTest): Promise<Inside> {
  const { reader, standing, rights } = login;
  if (!options.writeTest || standing.session === 'disconnected') return login;
  const written = await testWriting(target, reader);
  // What came back was subscribed to.
  const heard = written.write === 'proven' && rights ? { maySubscribe: true } : {};
  return { ...login, rights: { as: reader.as, read: [], ...rights, ...written, ...heard } };
}

export const seenAs = (logins: readonly Inside[], as: LoginName): Inside | undefined =>
  logins.find(({ reader }) => reader.as === as);

async function inTurnOrBeside<T, R>(
  isInTurn: boolean,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  if (!isInTurn) return Promise.all(items.map(work));
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
