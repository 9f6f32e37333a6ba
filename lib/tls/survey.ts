import type { TlsFeatures } from '../model';
import { ALERT, isFinalRefusal } from './alerts';
import type { Answer, Asker, Question } from './ask';
import { sha256 } from './certificate';
import { EXTENSION } from './client-hello';
import { OLDER_GROUPS, TLS13_GROUPS } from './groups';
import type { ServerFlight } from './server-flight';
import { readAlpn } from './server-messages';
import { SIGNATURE_SCHEMES, signatureSchemeName } from './signature-schemes';
import {
  authenticationOf,
  keyExchangeOf,
  SIGNED_DHE_SUITES,
  SIGNED_ECDHE_SUITES,
  suiteOf,
  suitesFor,
} from './suites';
import { createShare, OPENABLE_GROUPS, OPENABLE_SUITES } from './tls13-keys';
import { versionName, WIRE_VERSIONS, type WireVersion } from './versions';

/** What one version was found to do, in numbers of the wire. */
export interface VersionFacts {
  readonly version: WireVersion;
  readonly suites: readonly number[];
  readonly groups: readonly number[];
  readonly preference?: 'server' | 'client';
  readonly dhBits?: number;
}

/** A server that accepts everything would be asked for ever. An honest one with all suites of OpenSSL needs 350. */
const MAX_CONNECTIONS = 600;
/** Suites in one hello, where a server does not take all of them at once. */
const CHUNK = 48;
/** What MQTT servers and those that share a port with them go by. */
const ALPN_OFFER = ['mqtt', 'x-amzn-mqtt-ca', 'h2', 'http/1.1'] as const;

export interface SurveyOptions {
  /** Sent as SNI; undefined for addresses. */
  readonly serverName: string | undefined;
  /** Milliseconds of `performance.now()` after which nothing more is asked. */
  readonly deadline: number;
}

/**
 * Finds out what a TLS server speaks, by asking for one thing after the other: all is offered, and what the server
 * chooses is left out the next time, until it chooses nothing.
 */
export class Survey {
  readonly #asker: Asker;
  readonly #options: SurveyOptions;
  readonly #versions = new Map<WireVersion, VersionFacts>();
  /** Chains in DER by the hash of their first certificate. */
  readonly #chains = new Map<string, readonly Buffer[]>();
  readonly #seenExtensions = new Set<number>();
  readonly #suites = new Set<number>();
  readonly #notes = new Set<string>();
  #features: TlsFeatures = {};
  #authorities: readonly Buffer[] | undefined;
  #hasWholeFlight = false;
  #stapled = false;
  #dhBits: number | undefined;
  #needsShare = false;

  constructor(asker: Asker, options: SurveyOptions) {
    this.#asker = asker;
    this.#options = options;
  }

  /** Newest first. */
  get versions(): readonly VersionFacts[] {
    return WIRE_VERSIONS.flatMap((version) => this.#versions.get(version) ?? []);
  }

  get chains(): readonly (readonly Buffer[])[] {
    return [...this.#chains.values()];
  }

  get features(): TlsFeatures {
    return this.#features;
  }

  /** CAs of which a client certificate is asked for; undefined when none was asked for. */
  get authorities(): readonly Buffer[] | undefined {
    return this.#authorities;
  }

  /** True when a flight was read to its end, so that what was not in it is known not to be there. */
  get hasWholeFlight(): boolean {
    return this.#hasWholeFlight;
  }

  /** What was not asked to its end. */
  get notes(): readonly string[] {
    return [...this.#notes];
  }

  /** The first question: what a server of TLS 1.2 or older answers, read to its end. */
  first(): Promise<Answer> {
    return this.#question(0x0303, suitesFor(0x0303), { until: isDone, compression: true });
  }

  /**
   * Asks for everything.
   * @param first what `first` came to
   * @param speaksTls13 whether TLS 1.3 is known to be spoken: then no answer means that the question was wrong
   */
  async run(first: Answer, speaksTls13: boolean): Promise<void> {
    this.#note(first.flight);
    const startsWith = first.flight.hello?.version;
    await Promise.all(
      WIRE_VERSIONS.map((version) =>
        version === 0x0304
          ? this.#surveyTls13(speaksTls13)
          : this.#surveyOlder(version, version === startsWith ? first : undefined),
      ),
    );
    await Promise.all([
      this.#compareNames(),
      this.#askForProtocol(),
      this.#tryFallback(),
      this.#collectSchemesOfTls13(),
    ]);
    this.#conclude();
  }

  async #surveyOlder(version: WireVersion, first: Answer | undefined): Promise<void> {
    const answer =
      first ?? (await this.#ask(version, suitesFor(version), { until: isDone, compression: true }));
    const offer = await this.#acceptedOffer(version, answer);
    if (!offer) return;
    // Curves and signatures do not wait for the suites: there are two connections.
    const isEcdhe = keyExchangeOf(offer.chosen) === 'ecdhe';
    const [suites, groups] = await Promise.all([
      this.#eliminateSuites(version, offer.chunks, offer.chosen),
      isEcdhe ? this.#eliminateGroups(version) : [],
      version === 0x0303 ? this.#collectSchemes() : undefined,
    ]);
    const allGroups =
      !isEcdhe && suites.some((suite) => keyExchangeOf(suite) === 'ecdhe')
        ? await this.#eliminateGroups(version)
        : groups;
    const preference = await this.#preference(version, suites);
    this.#versions.set(version, {
      version,
      suites,
      groups: allGroups,
      ...(preference && { preference }),
      ...(this.#dhBits !== undefined &&
        suites.some((s) => keyExchangeOf(s) === 'dhe') && { dhBits: this.#dhBits }),
    });
  }

  /**
   * Whether a version is accepted, and in which portions its suites are to be offered. Some servers do not take
   * hundreds of suites at once, and do not say so: they get a few well-known ones first.
   */
  async #acceptedOffer(
    version: WireVersion,
    answer: Answer | undefined,
  ): Promise<{ readonly chosen: number; readonly chunks: readonly (readonly number[])[] } | undefined> {
    const all = suitesFor(version);
    if (!answer) return undefined;
    const { hello, alert } = answer.flight;
    if (hello) return hello.version === version ? { chosen: hello.suite, chunks: [all] } : undefined;
    if (answer.failure?.kind === 'silent') {
      this.#notes.add(`${versionName(version)}: the server did not answer`);
      return undefined;
    }
    if (alert !== undefined && isFinalRefusal(alert)) return undefined;
    const few = await this.#ask(version, WELL_KNOWN, { until: isDone, compression: true });
    if (few?.flight.hello?.version !== version) return undefined;
    const rest = all.filter((suite) => !WELL_KNOWN.includes(suite));
    const chunks = Array.from({ length: Math.ceil(rest.length / CHUNK) }, (_, i) =>
      rest.slice(i * CHUNK, (i + 1) * CHUNK),
    );
    return { chosen: few.flight.hello.suite, chunks: [WELL_KNOWN, ...chunks] };
  }

  async #surveyTls13(isKnown: boolean): Promise<void> {
    const version = 0x0304;
    let answer = await this.#ask(version, suitesFor(version));
    if (isKnown && answer && !answer.flight.hello) {
      // A server that does not ask for another group wants a share at once.
      this.#needsShare = true;
      answer = await this.#ask(version, suitesFor(version));
    }
    const hello = answer?.flight.hello;
    if (hello?.version !== version) return;
    const [suites, groups] = await Promise.all([
      this.#eliminateSuites(version, [suitesFor(version)], hello.suite),
      this.#eliminateGroups(version, hello.group),
    ]);
    const [preference] = await Promise.all([this.#preference(version, suites), this.#readEncrypted(groups)]);
    this.#versions.set(version, { version, suites, groups, ...(preference && { preference }) });
  }

  /** Reads the flight that TLS 1.3 encrypts: certificates, and whether one of ours is asked for. */
  async #readEncrypted(groups: readonly number[]): Promise<void> {
    const group = groups.find((code) => OPENABLE_GROUPS.includes(code));
    if (group === undefined) return;
    const answer = await this.#ask(0x0304, OPENABLE_SUITES, {
      groups: [group],
      share: createShare(group),
      until: isDone,
    });
    if (answer && !answer.flight.isDone) this.#notes.add('TLSv1.3: the encrypted part of the handshake');
  }

  async #eliminateSuites(
    version: WireVersion,
    chunks: readonly (readonly number[])[],
    first: number,
  ): Promise<number[]> {
    const found = [first];
    for (const chunk of chunks) {
      let left = chunk.filter((suite) => !found.includes(suite));
      while (left.length > 0) {
        const until = wantsKeyExchange(this.#dhBits, this.#chains);
        const chosen = await this.#choice(version, left, { until });
        if (chosen === undefined) break;
        found.push(chosen);
        left = left.filter((suite) => suite !== chosen);
      }
    }
    return found;
  }

  /** The suite that is chosen of an offer; undefined when none is. */
  async #choice(
    version: WireVersion,
    offer: readonly number[],
    more: Partial<Question>,
  ): Promise<number | undefined> {
    const answer = await this.#ask(version, offer, more);
    if (!answer) return undefined;
    const { hello } = answer.flight;
    if (!hello) this.#noteFailure(version, answer);
    if (hello?.version !== version) return undefined;
    if (offer.includes(hello.suite)) return hello.suite;
    this.#notes.add(`${versionName(version)}: the server chose a suite that was not offered`);
    return undefined;
  }

  async #eliminateGroups(version: WireVersion, first?: number): Promise<number[]> {
    const isTls13 = version === 0x0304;
    const suites = isTls13 ? suitesFor(version) : ECDHE_SUITES;
    const found: number[] = first === undefined ? [] : [first];
    let left = (isTls13 ? TLS13_GROUPS : OLDER_GROUPS).filter((group) => group !== first);
    while (left.length > 0) {
      const answer = await this.#ask(version, suites, {
        groups: left,
        ...(!isTls13 && { until: hasKeyExchange }),
      });
      const flight = answer?.flight;
      const chosen = isTls13 ? flight?.hello?.group : flight?.keyExchange?.group;
      if (chosen === undefined || !left.includes(chosen)) {
        if (answer && !flight?.hello) this.#noteFailure(version, answer);
        break;
      }
      found.push(chosen);
      left = left.filter((group) => group !== chosen);
    }
    return found;
  }

  /** Offers what was chosen first as the last: who chooses it again has an order of his own. */
  async #preference(
    version: WireVersion,
    suites: readonly number[],
  ): Promise<'server' | 'client' | undefined> {
    if (suites.length < 2) return undefined;
    const chosen = await this.#choice(version, [...suites].reverse(), {});
    if (chosen === undefined) return undefined;
    return chosen === suites.at(-1) ? 'client' : 'server';
  }

  async #collectSchemes(): Promise<void> {
    await this.#eliminateSchemes((signatureSchemes) =>
      this.#ask(0x0303, [...SIGNED_ECDHE_SUITES, ...SIGNED_DHE_SUITES], {
        signatureSchemes,
        until: hasKeyExchange,
      }),
    );
  }

  /** Only where TLS 1.2 has not told them: each costs a key agreement. */
  async #collectSchemesOfTls13(): Promise<void> {
    const group = this.#versions.get(0x0304)?.groups.find((code) => OPENABLE_GROUPS.includes(code));
    if (group === undefined || this.#features.signatureAlgorithms) return;
    await this.#eliminateSchemes((signatureSchemes) =>
      this.#ask(0x0304, OPENABLE_SUITES, {
        signatureSchemes,
        groups: [group],
        share: createShare(group),
        until: (flight) => flight.signatureScheme !== undefined,
      }),
    );
  }

  async #eliminateSchemes(ask: (left: readonly number[]) => Promise<Answer | undefined>): Promise<void> {
    const found: number[] = [];
    let left = SIGNATURE_SCHEMES;
    while (left.length > 0) {
      const chosen = (await ask(left))?.flight.signatureScheme;
      if (chosen === undefined || !left.includes(chosen)) break;
      found.push(chosen);
      left = left.filter((scheme) => scheme !== chosen);
    }
    if (found.length > 0) {
      this.#features = { ...this.#features, signatureAlgorithms: found.map(signatureSchemeName) };
    }
  }

  /** Whether the answer is another one when no name is asked for. */
  async #compareNames(): Promise<void> {
    const best = this.#best();
    if (this.#options.serverName === undefined || !best) return;
    const named = await this.#whole(best, {});
    const unnamed = await this.#whole(best, { serverName: undefined });
    const [ofNamed, ofUnnamed] = [named, unnamed].map(
      (answer) => answer?.flight.certificate?.certificates[0],
    );
    if (!ofNamed) return;
    const isRefused = unnamed?.flight.alert !== undefined;
    if (!ofUnnamed && !isRefused) return;
    const withoutServerName = !ofUnnamed ? 'refused' : ofUnnamed.equals(ofNamed) ? 'same' : 'different';
    this.#features = { ...this.#features, withoutServerName };
  }

  async #askForProtocol(): Promise<void> {
    const best = this.#best();
    if (!best) return;
    const answer = await this.#whole(best, { alpn: ALPN_OFFER });
    const { hello, encryptedExtensions } = answer?.flight ?? {};
    const extensions = best.version === 0x0304 ? encryptedExtensions : hello?.extensions;
    if (!extensions) return;
    try {
      this.#features = { ...this.#features, alpn: readAlpn(extensions) ?? '' };
    } catch {
      this.#notes.add('ALPN: the server chose something that cannot be read');
    }
  }

  /** The newest version below TLS 1.3 in which flights are in clear; else TLS 1.3. */
  #best(): VersionFacts | undefined {
    return this.versions.find(({ version }) => version < 0x0304) ?? this.versions[0];
  }

  /** One whole flight, whatever the version. */
  #whole({ version, suites, groups }: VersionFacts, more: Partial<Question>): Promise<Answer | undefined> {
    if (version !== 0x0304) return this.#ask(version, suites, { until: hasCertificate, ...more });
    const group = groups.find((code) => OPENABLE_GROUPS.includes(code));
    const share = group === undefined ? undefined : createShare(group);
    return this.#ask(version, OPENABLE_SUITES, {
      ...(group !== undefined && { groups: [group] }),
      share,
      until: hasCertificate,
      ...more,
    });
  }

  /** A second attempt with an older version than the newest that both know must be refused (RFC 7507 §3). */
  async #tryFallback(): Promise<void> {
    const [, older] = this.versions;
    if (!older) return;
    const answer = await this.#ask(older.version, older.suites, { fallback: true });
    if (!answer || (!answer.flight.hello && answer.flight.alert === undefined)) return;
    const fallbackScsv = answer.flight.alert === ALERT.inappropriateFallback;
    this.#features = { ...this.#features, fallbackScsv };
  }

  #conclude(): void {
    const isOlder = this.versions.some(({ version }) => version < 0x0304);
    const hasCbc = [...this.#suites].some((suite) => suiteOf(suite).name.includes('_CBC_'));
    const has = (extension: number): boolean => this.#seenExtensions.has(extension);
    this.#features = {
      ...this.#features,
      ...(isOlder && {
        compression: this.#features.compression ?? false,
        secureRenegotiation: has(EXTENSION.renegotiationInfo),
        extendedMasterSecret: has(EXTENSION.extendedMasterSecret),
        sessionTickets: has(EXTENSION.sessionTicket),
      }),
      ...(isOlder && hasCbc && { encryptThenMac: has(EXTENSION.encryptThenMac) }),
      ...(this.#hasWholeFlight && { ocspStapling: this.#stapled }),
    };
  }

  /** A question within the bounds of the survey; undefined when it is not asked any more. */
  async #ask(
    version: WireVersion,
    suites: readonly number[],
    more: Partial<Question> = {},
  ): Promise<Answer | undefined> {
    if (performance.now() > this.#options.deadline) {
      this.#notes.add('the time was over before everything was asked');
      return undefined;
    }
    if (this.#asker.connections >= MAX_CONNECTIONS) {
      this.#notes.add(`everything was asked that fits into ${MAX_CONNECTIONS} connections`);
      return undefined;
    }
    const answer = await this.#question(version, suites, more);
    this.#note(answer.flight);
    return answer;
  }

  #question(version: WireVersion, suites: readonly number[], more: Partial<Question>): Promise<Answer> {
    const share = this.#needsShare && version === 0x0304 ? createShare(X25519) : undefined;
    return this.#asker.ask({
      version,
      suites,
      serverName: this.#options.serverName,
      groups: version === 0x0304 ? TLS13_GROUPS : OLDER_GROUPS,
      signatureSchemes: SIGNATURE_SCHEMES,
      ...(share && { share }),
      ...more,
    });
  }

  /** Takes from a flight what is of interest whatever was asked. */
  #note(flight: ServerFlight): void {
    const { hello, certificate, keyExchange, authorities, isDone: isWhole } = flight;
    if (!hello) return;
    this.#suites.add(hello.suite);
    for (const extension of hello.extensions.keys()) this.#seenExtensions.add(extension);
    if (hello.compression !== 0) this.#features = { ...this.#features, compression: true };
    this.#dhBits ??= keyExchange?.dhBits;
    this.#authorities ??= authorities;
    this.#stapled ||= flight.isStapled;
    this.#hasWholeFlight ||= isWhole && certificate !== undefined;
    const [leaf] = certificate?.certificates ?? [];
    if (leaf && this.#chains.size < MAX_CHAINS) {
      const key = sha256(leaf);
      if (!this.#chains.has(key)) this.#chains.set(key, certificate?.certificates ?? []);
    }
    if (certificate?.isCut) this.#notes.add('the chain was cut: it is longer than any honest one');
  }

  /** A refusal is an answer; silence and refused connections are none. */
  #noteFailure(version: WireVersion, { failure }: Answer): void {
    if (failure?.kind === 'silent' || failure?.kind === 'unreachable') {
      this.#notes.add(`${versionName(version)}: not asked to the end (${failure.evidence})`);
    }
  }
}

const X25519 = 0x001d;
/** More server certificates than kinds of keys are no honest configuration. */
const MAX_CHAINS = 6;

const isDone = (flight: ServerFlight): boolean => flight.isDone;
const hasCertificate = (flight: ServerFlight): boolean => flight.certificate !== undefined;
const hasKeyExchange = (flight: ServerFlight): boolean => flight.keyExchange !== undefined;

/** Suites with ECDHE of which a server tells the curve. */
const ECDHE_SUITES = suitesFor(0x0303).filter((suite) => keyExchangeOf(suite) === 'ecdhe');

/** What nearly every server knows some of. */
const WELL_KNOWN: readonly number[] = [
  0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca8, 0xcca9, 0x009e, 0x009f, 0xc023, 0xc024, 0xc027, 0xc028, 0xc009,
  0xc00a, 0xc013, 0xc014, 0x009c, 0x009d, 0x003c, 0x003d, 0x002f, 0x0035, 0x0033, 0x0039, 0xc0ac, 0xc0ae,
  0xc0a8, 0x00a8, 0x000a, 0x0005, 0x0004,
];

/**
 * Reads on behind the ServerHello where there is something new: the prime of the first DHE suite, the certificate of
 * the first suite that needs another key.
 */
function wantsKeyExchange(
  dhBits: number | undefined,
  chains: ReadonlyMap<string, readonly Buffer[]>,
): (flight: ServerFlight) => boolean {
  const kindsKnown = chains.size;
  return (flight) => {
    const { hello, certificate, keyExchange } = flight;
    if (!hello) return false;
    if (dhBits === undefined && keyExchangeOf(hello.suite) === 'dhe') return keyExchange !== undefined;
    const mayBeAnother =
      kindsKnown < 2 && authenticationOf(hello.suite) !== 'other' && hello.version < 0x0304;
    return !mayBeAnother || certificate !== undefined;
  };
}
