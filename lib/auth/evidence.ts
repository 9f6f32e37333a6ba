import { isEncrypted, printable, type TlsMaterial } from '../model';
import { type ConnectForm, isOurName } from '../wire';
import {
  CERTIFICATE_OPTIONS,
  MOSQUITTO_VERSIONS,
  PASSWORD_WORD,
  TRUST_OPTIONS,
  USER_WORD,
} from './command-words';
import type { LoginTarget } from './login';

/** Seconds for which a repeated subscription listens. */
const LISTEN_S = 5;

type WhoAsks = Pick<ConnectForm, 'protocolVersion' | 'username' | 'password'>;
type Command = { readonly evidence?: string };

/** The command that repeats a login: it subscribes to a topic of nobody and ends with the answer, or without one. */
export function loginCommand(target: LoginTarget, form: WhoAsks, tls: TlsMaterial | undefined): Command {
  return command('mosquitto_sub', target, form, tls, `-t 'mqttscan/none' -E -W ${LISTEN_S}`);
}

/** The command that repeats a subscription and shows what comes. */
export function readCommand(
  target: LoginTarget,
  form: WhoAsks,
  tls: TlsMaterial | undefined,
  filter: string,
): Command {
  return command('mosquitto_sub', target, form, tls, `-t ${quoted(filter)} -v -W ${LISTEN_S}`);
}

/** The command that repeats the write test, with a second program to see it come back. */
export function writeCommand(
  target: LoginTarget,
  form: WhoAsks,
  tls: TlsMaterial | undefined,
  topic: string,
): string | undefined {
  const heard = command(
    'mosquitto_sub',
    target,
    form,
    tls,
    `-t ${quoted(topic)} -C 1 -W ${LISTEN_S}`,
  ).evidence;
  const said = command('mosquitto_pub', target, form, tls, `-t ${quoted(topic)} -m canary`).evidence;
  return heard && said && `${heard} & sleep 1; ${said}; wait`;
}

/** The clients of mosquitto 2.0 speak over TCP and TLS only. */
function command(
  program: string,
  { endpoint, transport }: LoginTarget,
  { protocolVersion, username, password }: WhoAsks,
  tls: TlsMaterial | undefined,
  end: string,
): Command {
  if (transport === 'ws' || transport === 'wss') return {};
  const words = [
    program,
    '-h',
    endpoint.address,
    '-p',
    String(endpoint.port),
    '-V',
    MOSQUITTO_VERSIONS[protocolVersion],
  ];
  if (isEncrypted(transport)) words.push(TRUST_OPTIONS);
  if (isEncrypted(transport) && (tls?.cert !== undefined || tls?.pfx !== undefined)) {
    words.push(CERTIFICATE_OPTIONS);
  }
  if (username !== undefined) words.push('-u', isOurs(username) ? quoted(username) : USER_WORD);
  // Never the password itself, whosever it is.
  if (password !== undefined) words.push('-P', password === '' ? "''" : PASSWORD_WORD);
  return { evidence: [...words, end].join(' ') };
}

/** True for no name, and for the random names of our own. Whom others are is their business, as their passwords are. */
const isOurs = (username: string): boolean => username === '' || isOurName(username);

/** One word for a POSIX shell, whatever is in it. */
function quoted(text: string): string {
  return `'${printable(text).replaceAll("'", `'\\''`)}'`;
}
