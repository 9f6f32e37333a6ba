import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Transport } from '../../lib/model';
import { endpointUrl } from '../../lib/model';
import type { IssuedCertificate } from '../create-certificate';
import { findMosquitto } from '../find-mosquitto';
import type { EmbeddedRecipe, MosquittoRecipe, RangeCard } from './card';
import { RANGE } from './cards';
import { createRangeCa, createRangeCertificate } from './certificate-kinds';
import { type RunningCard, startEmbeddedCard } from './embedded-broker';
import { startMosquittoCard } from './mosquitto-broker';

export interface RangeOptions {
  /** First three numbers of the addresses; the fourth is the card's place in the range. */
  readonly network?: string;
  /** Cards to start; all when left out. */
  readonly only?: readonly string[];
  /** The Mosquitto to run; `null` does without. Looked for when left out. */
  readonly mosquitto?: string | null;
}

/** A card whose broker runs. */
export interface RangeBroker {
  readonly card: RangeCard;
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly make: 'Mosquitto' | 'embedded';
}

/** Brokers to practise on. */
export interface Range {
  readonly brokers: readonly RangeBroker[];
  /** Cards that need Mosquitto where there is none. */
  readonly leftOut: readonly RangeCard[];
  /** The certificate (PEM) that vouches for those brokers that have a good one. */
  readonly ca: string;
  readonly caPath: string;
  /** Ends all brokers and removes their files. */
  stop(): Promise<void>;
}

/** 127/8 is loopback as a whole (RFC 1122 §3.2.1.3), so that the range looks like a network of its own. */
const RANGE_NETWORK = '127.0.20';

/** The usual ports, so that a scan without settings finds the range; WebSocket ports are named in targets. */
const PORTS: Readonly<Record<Transport, number>> = { tcp: 1883, tls: 8883, ws: 9001, wss: 9443 };
const PORT_BEHIND = 11883;

/** Starts the practice range: one broker per card, each on a loopback address of its own. */
export async function startRange(options: RangeOptions = {}): Promise<Range> {
  const { network = RANGE_NETWORK, only } = options;
  const program = options.mosquitto === undefined ? await findMosquitto() : (options.mosquitto ?? undefined);
  const wanted = RANGE.map((card, index) => ({ card, host: `${network}.${index + 1}` })).filter(
    ({ card }) => only === undefined || only.includes(card.id),
  );
  const now = new Date();
  const ca = await createRangeCa(now);
  const directory = await mkdtemp(join(tmpdir(), 'mqtt-scanner-range-'));
  const caPath = join(directory, 'ca.crt');
  await writeFile(caPath, ca.cert);

  const sharing = wanted.filter(({ card }) => card.certificate === 'shared').map(({ host }) => host);
  let shared: Promise<IssuedCertificate> | undefined;
  const certificateOf = (card: RangeCard, host: string): Promise<IssuedCertificate> | undefined => {
    if (card.certificate === undefined) return undefined;
    if (card.certificate !== 'shared') return createRangeCertificate(card.certificate, [host], ca, now);
    shared ??= createRangeCertificate('shared', sharing, ca, now);
    return shared;
  };

  const running: RunningCard[] = [];
  const brokers: RangeBroker[] = [];
  const leftOut: RangeCard[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.splice(0).map((broker) => broker.stop()));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    for (const { card, host } of wanted) {
      const port = PORTS[card.transport];
      const certificate = await certificateOf(card, host);
      if (program !== undefined && isMosquitto(card)) {
        const place = { program, directory: join(directory, card.id), host, port, portBehind: PORT_BEHIND };
        running.push(await startMosquittoCard(card, { ...place, certificate, ca: ca.cert }));
      } else if (isEmbedded(card)) {
        running.push(await startEmbeddedCard(card, host, port, certificate));
      } else {
        leftOut.push(card);
        continue;
      }
      const make = program !== undefined && isMosquitto(card) ? 'Mosquitto' : 'embedded';
      brokers.push({ card, host, port, url: endpointUrl(card.transport, host, port), make });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { brokers, leftOut, ca: ca.cert, caPath, stop };
}

function isMosquitto(card: RangeCard): card is RangeCard & { readonly mosquitto: MosquittoRecipe } {
  return card.mosquitto !== undefined;
}

function isEmbedded(card: RangeCard): card is RangeCard & { readonly embedded: EmbeddedRecipe } {
  return card.embedded !== undefined;
}
