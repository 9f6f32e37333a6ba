import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IssuedCertificate } from '../create-certificate';
import type { LabCredentials } from '../lab-types';
import { runMosquitto } from '../mosquitto-process';
import { passwordLine } from '../passwords';
import { dial } from '../test-client';
import type { MosquittoRecipe, RangeCard, RangeMessage } from './card';
import type { RunningCard } from './embedded-broker';
import { startVersionFront } from './version-front';

/** What a card on Mosquitto is started with. */
export interface MosquittoPlace {
  readonly program: string;
  /** For its configuration; no other card's. */
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  /** Where Mosquitto listens when a front of ours stands before it. */
  readonly portBehind: number;
  readonly certificate?: IssuedCertificate | undefined;
  readonly ca: string;
}

/** Runs a card on the installed Mosquitto, and leaves the card's messages on it. */
export async function startMosquittoCard(
  card: RangeCard & { readonly mosquitto: MosquittoRecipe },
  place: MosquittoPlace,
): Promise<RunningCard> {
  const { mosquitto: recipe, messages = [], transport } = card;
  const { program, host } = place;
  const port = recipe.oldestVersion === undefined ? place.port : place.portBehind;
  // Whoever leaves the messages may write; nobody else knows this login.
  const author: LabCredentials = { username: 'author', password: randomBytes(16).toString('hex') };
  const configPath = await writeFiles(recipe, place, port, author);
  const broker = await runMosquitto(program, configPath, host, port);
  try {
    await leave(messages, `${transport === 'tls' ? 'mqtts' : 'mqtt'}://${host}:${port}`, author);
    if (recipe.oldestVersion === undefined) return broker;
    const front = await startVersionFront(host, place.port, port, recipe.oldestVersion);
    return {
      stop: async () => {
        await front.close();
        await broker.stop();
      },
    };
  } catch (error) {
    await broker.stop();
    throw error;
  }
}

async function writeFiles(
  { lines, logins = [], acl }: MosquittoRecipe,
  { directory, host, certificate, ca }: MosquittoPlace,
  port: number,
  author: LabCredentials,
): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const config = [`listener ${port} ${host}`, ...lines, 'persistence false', 'user root'];
  if (certificate !== undefined) {
    config.push(`certfile ${await write('server.crt', certificate.cert)}`);
    config.push(`keyfile ${await write('server.key', certificate.key)}`);
    config.push(`cafile ${await write('ca.crt', ca)}`);
  }
  // Without a password file Mosquitto takes every login, which is part of what an open broker is.
  if (logins.length > 0 || acl !== undefined) {
    const entries = await Promise.all([...logins, author].map(passwordLine));
    config.push(`password_file ${await write('passwords', entries.join(''))}`);
  }
  if (acl !== undefined) {
    config.push(`acl_file ${await write('acl', `${acl}\nuser ${author.username}\ntopic readwrite #\n`)}`);
  }
  return write('mosquitto.conf', `${config.join('\n')}\n`);
}

async function leave(messages: readonly RangeMessage[], url: string, author: LabCredentials): Promise<void> {
  if (messages.length === 0) return;
  // Some certificates are wrong on purpose, and the broker is a child of this process.
  const client = await dial(url, { ...author, rejectUnauthorized: false });
  for (const { topic, payload, live = false } of messages) {
    await client.publishAsync(topic, payload, { retain: !live, qos: 1 });
  }
  await client.endAsync();
}
