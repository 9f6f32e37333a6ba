import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import Ajv from 'ajv';

const FILE = join(__dirname, 'docker-compose.yml');

interface Mount {
  readonly source: string;
  readonly target: string;
  readonly read_only?: boolean;
}
interface Service {
  readonly image: string;
  readonly user: string;
  readonly ports: readonly string[];
  readonly volumes: readonly Mount[];
  readonly healthcheck: { readonly test: readonly string[] };
}

/** What the file uses of the compose specification, and no other key: a misspelt one would be passed over in silence. */
const MOUNT = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'source', 'target', 'bind'],
  properties: {
    type: { const: 'bind' },
    source: { type: 'string', pattern: '^\\./' },
    target: { type: 'string', pattern: '^/mosquitto/' },
    read_only: { type: 'boolean' },
    // Docker would make a missing file a folder that belongs to root.
    bind: {
      type: 'object',
      properties: { create_host_path: { const: false } },
      required: ['create_host_path'],
    },
  },
} as const;
const DURATION = { type: 'string', pattern: '^\\d+s$' } as const;
const SERVICE = {
  type: 'object',
  additionalProperties: false,
  required: [
    'image',
    'user',
    'read_only',
    'cap_drop',
    'security_opt',
    'restart',
    'ports',
    'volumes',
    'healthcheck',
  ],
  properties: {
    image: { type: 'string', pattern: '^eclipse-mosquitto:\\d+\\.\\d+\\.\\d+$' },
    user: { type: 'string', pattern: '^\\$\\{LAB_UID:-\\d+\\}:\\$\\{LAB_GID:-\\d+\\}$' },
    read_only: { const: true },
    cap_drop: { const: ['ALL'] },
    security_opt: { const: ['no-new-privileges:true'] },
    restart: { enum: ['unless-stopped'] },
    tmpfs: { type: 'array', items: { type: 'string', pattern: '^/' } },
    environment: { type: 'object', additionalProperties: { type: 'string' } },
    // Loopback unless told otherwise: the brokers are weak on purpose.
    ports: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'string',
        pattern: '^\\$\\{LAB_HOST:-127\\.0\\.0\\.1\\}:\\$\\{LAB_(PLAIN|TLS)_PORT:-\\d+\\}:\\d+$',
      },
    },
    volumes: { type: 'array', items: MOUNT },
    healthcheck: {
      type: 'object',
      additionalProperties: false,
      required: ['test', 'interval', 'timeout', 'retries'],
      properties: {
        test: { type: 'array', items: { type: 'string' }, minItems: 2 },
        interval: DURATION,
        timeout: DURATION,
        retries: { type: 'integer', minimum: 1 },
      },
    },
  },
} as const;
const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'services'],
  properties: {
    name: { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$' },
    'x-broker': { type: 'object' },
    services: { type: 'object', minProperties: 2, additionalProperties: SERVICE },
  },
} as const;

/** The file with its merge keys (`<<`) carried out, which the reader of mocha leaves to its callers. */
function composeFile(): { services: Readonly<Record<string, Service>> } {
  const yaml = createRequire(require.resolve('mocha/package.json'))('js-yaml') as {
    load(text: string): unknown;
  };
  return merged(yaml.load(readFileSync(FILE, 'utf8'))) as { services: Record<string, Service> };
}

function merged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(merged);
  if (typeof value !== 'object' || value === null) return value;
  const { '<<': base, ...own } = value as Record<string, unknown>;
  const entries = Object.entries(own).map(([key, inner]) => [key, merged(inner)]);
  return { ...(base === undefined ? {} : (merged(base) as object)), ...Object.fromEntries(entries) };
}

describe('docker-compose.yml', () => {
  const file = composeFile();

  it('is a compose file of pinned, checked and confined brokers', () => {
    const validate = new Ajv({ strict: false, allErrors: true }).compile(SCHEMA);
    assert.ok(validate(file), JSON.stringify(validate.errors, undefined, 2));
  });

  for (const [name, { volumes, ports, healthcheck }] of Object.entries(file.services)) {
    it(`gives the ${name} broker each file of its configuration, and a place for its data`, () => {
      const config = readFileSync(join(__dirname, name, 'mosquitto.conf'), 'utf8');
      const targets = new Set(volumes.map(({ target }) => target));
      assert.ok(targets.has('/mosquitto/config/mosquitto.conf'));
      for (const [, path = ''] of config.matchAll(/^\w+ (\/mosquitto\/\S+?)\/?$/gm)) {
        assert.ok(targets.has(path), path);
      }
      const writable = volumes.filter(({ read_only }) => read_only !== true).map(({ target }) => target);
      assert.deepEqual(writable, ['/mosquitto/data']);
    });

    it(`publishes and checks the port on which the ${name} broker listens`, () => {
      const config = readFileSync(join(__dirname, name, 'mosquitto.conf'), 'utf8');
      const [, port = ''] = /^listener (\d+)$/m.exec(config) ?? [];
      assert.match(ports.join(), new RegExp(`:${port}$`));
      assert.match(healthcheck.test.join(' '), new RegExp(`mosquitto_sub .*-p ${port}\\b`));
    });
  }

  it('keeps what npm run lab:certs makes out of git', () => {
    const ignored = readFileSync(join(__dirname, '..', '.gitignore'), 'utf8').split('\n');
    const made = ['secure/certs/', 'secure/passwords', 'insecure/data/', 'secure/data/', '.env'];
    for (const path of made) assert.ok(ignored.includes(`brokers/${path}`), path);
  });

  it('is understood by docker compose', function () {
    // A client without compose is common on build machines; the schema above stands in for it there.
    if (spawnSync('docker', ['compose', 'version']).status !== 0) return this.skip();
    const { status, stderr } = spawnSync('docker', ['compose', '-f', FILE, 'config', '--quiet']);
    assert.equal(status, 0, String(stderr));
  });
});
