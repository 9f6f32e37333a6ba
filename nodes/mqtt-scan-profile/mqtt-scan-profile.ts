import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { Credentials, TlsMaterial } from '../../lib/model';
import { CREDENTIALS_OVER } from '../../lib/net';
import { assertCredentials, DEFAULTS, LIMITS } from '../../lib/scan';
import { isRecord } from '../shared/messages';
import { choiceOption, numberOption, textOption } from '../shared/options';
import { createProfile, type Profile } from '../shared/profile';
import { serveProfileTest } from './test-route';

interface Config extends NodeDef {
  readonly scope?: string;
  readonly window?: unknown;
  readonly rate?: unknown;
  readonly connectTimeout?: unknown;
  readonly phaseTimeout?: unknown;
  readonly tls?: string;
  readonly credentialsOver?: unknown;
}

interface ProfileCredentials {
  username?: string;
  password?: string;
}

type ProfileConfigNode = Node<ProfileCredentials> & { profile: () => Profile };

export = (RED: NodeAPI): void => {
  serveProfileTest(RED);
  RED.nodes.registerType<ProfileConfigNode, Config, object, ProfileCredentials>(
    'mqtt-scan-profile',
    function (this: ProfileConfigNode, config: Config) {
      RED.nodes.createNode(this, config);
      let built: Profile | undefined;
      // Built when first used: a mistake then reaches the Catch node of the flow that uses it.
      this.profile = () => {
        built ??= buildProfile(RED, config, this.credentials);
        return built;
      };
    },
    { credentials: { username: { type: 'text' }, password: { type: 'password' } } },
  );
};

function buildProfile(RED: NodeAPI, config: Config, credentials: ProfileCredentials | undefined): Profile {
  return createProfile({
    scope: textOption(config.scope, DEFAULTS.scope),
    window: numberOption(config.window, {
      name: 'window',
      ...LIMITS.window,
      fallback: DEFAULTS.window,
    }),
    rate: numberOption(config.rate, { name: 'rate', ...LIMITS.rate, fallback: DEFAULTS.rate }),
    connectTimeoutMs: numberOption(config.connectTimeout, {
      name: 'connectTimeout',
      ...LIMITS.connectTimeoutMs,
      fallback: DEFAULTS.connectTimeoutMs,
    }),
    phaseTimeoutMs: numberOption(config.phaseTimeout, {
      name: 'phaseTimeout',
      ...LIMITS.phaseTimeoutMs,
      fallback: DEFAULTS.phaseTimeoutMs,
    }),
    tls: tlsMaterial(RED, config.tls),
    credentials: givenCredentials(credentials),
    credentialsOver: choiceOption(
      config.credentialsOver,
      'credentialsOver',
      CREDENTIALS_OVER,
      DEFAULTS.credentialsOver,
    ),
  });
}

function givenCredentials({ username, password }: ProfileCredentials = {}): Credentials | undefined {
  if (!username) return undefined;
  const given = { username, password: password ?? '' };
  assertCredentials(given);
  return given;
}

/** Asks the core node `tls-config` for its part; what it keeps inside is its own business. */
function tlsMaterial(RED: NodeAPI, id: string | undefined): TlsMaterial | undefined {
  const node: unknown = id ? RED.nodes.getNode(id) : undefined;
  if (!isRecord(node) || typeof node.addTLSOptions !== 'function') return undefined;
  const options: unknown = node.addTLSOptions({});
  if (!isRecord(options)) return undefined;
  const { ca, cert, key, pfx, passphrase, servername } = options;
  return {
    ...(isGiven(ca) && { ca }),
    ...(isGiven(cert) && { cert }),
    ...(isGiven(key) && { key }),
    ...(isGiven(pfx) && { pfx }),
    ...(typeof passphrase === 'string' && { passphrase }),
    ...(typeof servername === 'string' && servername !== '' && { servername }),
  };
}

function isGiven(value: unknown): value is string | Buffer {
  return Buffer.isBuffer(value) || (typeof value === 'string' && value !== '');
}
