import type { Credentials, Product, ProtocolVersion } from '../model';
import { type ConnectOptions, type RawConnect, randomClientId } from '../wire';
import type { Asker } from './asker';
import { askOddConnects, isAskedEnough } from './fingerprint';
import { EMPTY_ID_CONNECTS } from './odd-connects';
import { candidates, conclude } from './score';
import { NOTES } from './signs';
import { readSysVersion, type SysVersion } from './sys-version';
import type { Told } from './told';
import type { Vector } from './vector';

/** The login with which the broker let us in. */
export interface Entrance {
  readonly protocolVersion: ProtocolVersion;
  readonly credentials?: Credentials | undefined;
}

/** What a closer look told. */
export interface Identity {
  /** Present where the broker told it; without that, the vector is all there is to conclude from. */
  readonly product?: Product;
  readonly emptyClientId?: 'accepted' | 'refused';
}

/** From here on answers contradict the name that the broker gives itself. */
const CONTRADICTED_BITS = -2;
const CONTRADICTED_CONFIDENCE = 0.7;

/**
 * Finds out the product: from what the broker tells, unasked or where it lets us in and is likely to tell, or else from
 * its answers to unusual CONNECTs.
 * @param unasked what it told in its answers so far
 */
export async function identify(
  asker: Asker,
  vector: Vector,
  entrance: Entrance | undefined,
  unasked: Told | undefined,
): Promise<Identity> {
  const entry = entrance && !isAskedEnough(vector) ? new Entry(asker, entrance) : undefined;
  const told = unasked ?? (await askProduct(asker, vector, entry));
  await entry?.askEmptyId();
  return {
    ...(told && { product: toldProduct(told, vector) }),
    ...(entry?.emptyClientId && { emptyClientId: entry.emptyClientId }),
  };
}

async function askProduct(asker: Asker, vector: Vector, entry: Entry | undefined): Promise<Told | undefined> {
  const [leader] = candidates(vector);
  if (entry && leader && leader.bits > 0 && NOTES.get(leader.product)?.tellsVersion) {
    await entry.readVersion(vector);
  }
  if (!entry?.told) {
    // For the version, and for a page of another site.
    const reserve = (entry && !entry.isDone ? 1 : 0) + (vector.has('WebSocket header fields') ? 1 : 0);
    await askOddConnects(asker, vector, reserve);
    const concluded = conclude(vector);
    if (!concluded || NOTES.get(concluded.name)?.tellsVersion) await entry?.readVersion(vector);
  }
  return entry?.told;
}

/** What is done once inside. Version and empty identifier are asked for on one connection where that works. */
class Entry {
  told: Told | undefined;
  emptyClientId: 'accepted' | 'refused' | undefined;
  isDone = false;
  readonly #asker: Asker;
  readonly #entrance: Entrance;

  constructor(asker: Asker, entrance: Entrance) {
    this.#asker = asker;
    this.#entrance = entrance;
  }

  /** The lawful form of an empty identifier is asked for in MQTT 3.1.1, and never on somebody's account. */
  get #takesEmptyId(): boolean {
    return this.#entrance.protocolVersion === 4 && !this.#entrance.credentials;
  }

  async readVersion(vector: Vector): Promise<void> {
    if (this.isDone) return;
    this.isDone = true;
    const first = await this.#read(this.#takesEmptyId ? EMPTY_ID_CONNECTS[4]() : this.#ownConnect());
    if (this.#takesEmptyId) this.#noteEmptyId(first?.code);
    const result = this.emptyClientId === 'refused' ? await this.#read(this.#ownConnect()) : first;
    this.told = result?.told;
    if (result?.unclear !== undefined) vector.set('$SYS/broker/version', result.unclear);
  }

  async askEmptyId(): Promise<void> {
    if (!this.#takesEmptyId || this.emptyClientId || this.#asker.left <= 0) return;
    const result = await this.#asker.ask(EMPTY_ID_CONNECTS[4]());
    if (result.kind === 'mqtt') this.#noteEmptyId(result.connack.code);
  }

  #ownConnect(): ConnectOptions {
    return { ...this.#entrance, clientId: randomClientId() };
  }

  async #read(connect: ConnectOptions | RawConnect): Promise<SysVersion | undefined> {
    if (this.#asker.left <= 0) return undefined;
    const talk = await this.#asker.converse();
    return talk && readSysVersion(talk, connect, this.#asker.patienceMs, this.#asker.context.signal);
  }

  #noteEmptyId(code: number | undefined): void {
    if (code === 0) this.emptyClientId = 'accepted';
    else if (code === 2) this.emptyClientId = 'refused';
  }
}

/** A broker is believed what it says of itself, unless its answers say otherwise: names can be faked. */
function toldProduct({ name, version, evidence }: Told, vector: Vector): Product {
  const bySigns = conclude(vector);
  const own = candidates(vector).find(({ product }) => product === name);
  const isContradicted =
    (own !== undefined && own.bits <= CONTRADICTED_BITS) || (bySigns !== undefined && bySigns.name !== name);
  return {
    name,
    version,
    confidence: isContradicted ? CONTRADICTED_CONFIDENCE : 1,
    evidence: [
      evidence,
      ...(isContradicted ? [`its answers are not those of ${name}`] : []),
      ...(bySigns?.evidence ?? []),
    ],
  };
}
