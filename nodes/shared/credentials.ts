import { type Credentials, ScanError } from '../../lib/model';
import { isRecord, type Message } from './messages';

/**
 * Takes a login out of `msg.payload.credentials`, before anything else looks at the message: from here on it
 * lives in the session only. An empty user name is no login.
 * @throws ScanError BAD_INPUT
 */
export function takeCredentials(message: Message): Credentials | undefined {
  const { payload } = message;
  if (!isRecord(payload) || !('credentials' in payload)) return undefined;
  const { credentials, ...rest } = payload;
  message.payload = rest;
  if (credentials === undefined || credentials === null) return undefined;
  const given = isRecord(credentials) ? credentials : {};
  const { username = '', password = '' } = given;
  if (!isRecord(credentials) || typeof username !== 'string' || typeof password !== 'string') {
    throw new ScanError('BAD_INPUT', {
      reason: 'msg.payload.credentials must be an object with username and password',
    });
  }
  return username === '' ? undefined : { username, password };
}
