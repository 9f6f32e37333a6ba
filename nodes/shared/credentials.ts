import { type Credentials, ScanError } from '../../lib/model';
import { assertCredentials } from '../../lib/scan';
import { isRecord, type Message } from './messages';

/**
 * Takes a login out of `msg.payload.credentials`, before anything else looks at the message: from here on it
 * lives in the session only. An empty user name is no login.
 * @throws ScanError BAD_INPUT, BAD_OPTION
 */
export function takeCredentials(message: Message): Credentials | undefined {
  const { payload } = message;
  const credentials = isRecord(payload) ? payload.credentials : undefined;
  removeLogins(payload, 0);
  // What came by HTTP is in the request too, which travels with the message.
  if (isRecord(message.req)) removeLogins(message.req.body, 0);
  if (credentials === undefined || credentials === null) return undefined;
  const given = isRecord(credentials) ? credentials : {};
  const { username = '', password = '' } = given;
  if (!isRecord(credentials) || typeof username !== 'string' || typeof password !== 'string') {
    throw new ScanError('BAD_INPUT', {
      reason: 'msg.payload.credentials must be an object with username and password',
    });
  }
  if (username === '') return undefined;
  assertCredentials({ username, password });
  return { username, password };
}

/** Deep enough for every form in which a login may have been put by mistake. */
const MAX_DEPTH = 4;
/** A login stands at the front; a list of ten thousand targets is not searched for one. */
const MAX_LOOKED_AT = 100;

/** Takes `credentials` out of an object and of what is in it, wherever else the same object may be referred to. */
function removeLogins(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  if (Buffer.isBuffer(value)) return;
  Reflect.deleteProperty(value, 'credentials');
  for (const inner of Object.values(value).slice(0, MAX_LOOKED_AT)) removeLogins(inner, depth + 1);
}
