import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { namesFor } from './addresses';
import { ensureLabCertificates } from './certificates';
import { runCommand } from './cli';
import { DEFAULT_CREDENTIALS } from './open-lab';
import { passwordLine } from './passwords';
import { credentialsFrom, labOptionsFrom } from './settings';

const SECURE = join(__dirname, 'secure');
const BROKERS = ['insecure', 'secure'] as const;

runCommand(async () => {
  const { values } = parseArgs({ options: { name: { type: 'string', multiple: true, default: [] } } });
  const credentials = credentialsFrom(process.env);
  if (credentials.username !== DEFAULT_CREDENTIALS.username) {
    throw new Error(
      `In containers the user is ${DEFAULT_CREDENTIALS.username}, since brokers/secure/acl names it. Unset LAB_USERNAME; LAB_PASSWORD may be chosen.`,
    );
  }
  const { host = '127.0.0.1' } = labOptionsFrom(process.env);
  const names = [...namesFor(host), ...(values.name ?? [])];
  const { caPath } = await ensureLabCertificates(join(SECURE, 'certs'), { names });
  for (const broker of BROKERS)
    await mkdir(join(__dirname, broker, 'data'), { recursive: true, mode: 0o700 });
  await writeFile(join(SECURE, 'passwords'), await passwordLine(credentials), { mode: 0o600 });
  await writeFile(join(__dirname, '.env'), composeEnvironment(credentials.password), { mode: 0o600 });

  process.stdout.write(`Ready: docker compose -f brokers/docker-compose.yml up -d --force-recreate
Login: user ${credentials.username}, password ${credentials.password}
CA:    ${relative(process.cwd(), caPath)}
`);
});

/** What docker-compose.yml takes from brokers/.env: who may read the files, and the password of the health check. */
function composeEnvironment(password: string): string {
  // Single quotes keep compose from interpreting; within them only a quote needs care.
  const lines = [`LAB_PASSWORD='${password.replaceAll("'", "\\'")}'`];
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  if (uid !== undefined && gid !== undefined) lines.push(`LAB_UID=${uid}`, `LAB_GID=${gid}`);
  return `${lines.join('\n')}\n`;
}
