import { outcomeOf, verdictOf } from '../auth';
import {
  type Connack,
  type EndpointReport,
  isEncrypted,
  type LoginName,
  type LoginRights,
  type ReadRight,
  type RightVerdict,
  type SensitiveClass,
  type TlsProblem,
} from '../model';
import { type CheckResult, PASSED } from './rule';

/** Topics of one kind that were read, and one of them as an example. */
export interface SeenTopics {
  count: number;
  readonly example: string;
}

/** What rules ask again and again, worked out once per endpoint. */
export class Facts {
  readonly report: EndpointReport;
  /** MQTT answered. */
  readonly spokeMqtt: boolean;
  readonly isEncrypted: boolean;
  /** A CONNECT without a login was accepted. */
  readonly isAnonymous: boolean;
  /** Topics of applications that were read while listening; the broker's own start with `$`. */
  readonly topicsRead: number;
  readonly sensors: number;
  /** Kept by the commands that are made for this endpoint. */
  peer: string | undefined;
  readonly #sensitive = new Map<SensitiveClass, SeenTopics>();
  #retainedSecret: string | undefined;

  constructor(report: EndpointReport) {
    const { outcome, transport, auth, probe, traffic } = report;
    this.report = report;
    this.spokeMqtt = outcome === 'open' || outcome === 'auth-failed';
    this.isEncrypted = isEncrypted(transport);
    this.isAnonymous = auth ? auth.anonymous.verdict === 'accepted' : probe?.openedAs === 'anonymous';
    let topicsRead = 0;
    let sensors = 0;
    for (const { topic, sensor, sensitive } of traffic?.topics ?? []) {
      if (topic.startsWith('$')) continue;
      topicsRead++;
      if (sensor) sensors++;
      for (const { class: kind, severity, retained } of sensitive ?? []) {
        // A user's name alone, a token that has expired, where a weather station stands: told, and no finding.
        if (severity === 'LOW' && kind !== 'network') continue;
        const seen = this.#sensitive.get(kind);
        if (seen) seen.count++;
        else this.#sensitive.set(kind, { count: 1, example: topic });
        if (retained && SECRETS.has(kind)) this.#retainedSecret ??= topic;
      }
    }
    this.topicsRead = topicsRead;
    this.sensors = sensors;
  }

  /** What a check about strangers comes to where none was let in. */
  withoutStrangers(): CheckResult {
    const { auth, probe } = this.report;
    if (auth) {
      const { verdict, meaning } = auth.anonymous;
      if (verdict === 'refused') return PASSED;
      // What the probe was answered may have been answered to a client certificate.
      if (verdict === 'not-tested') return { notTested: meaning };
      const said = meaning ? `: ${meaning}` : '';
      return { notTested: `the answer to a client without a login decides nothing${said}` };
    }
    // Without the access test the probe still tells, when it asked without a login.
    const connack = probe?.openedAs === undefined ? probe?.connack : undefined;
    return connack && isStrangerRefused(connack) ? PASSED : { notTested: REASONS.noAuth };
  }

  /** How we were refused, in words: at the door, or right behind it. */
  get refusal(): string {
    const { auth, probe } = this.report;
    return probe?.reason ?? (auth?.anonymous.meaning || 'refused');
  }

  /** True when somebody was let in, so that there was something to look at inside. */
  get isInside(): boolean {
    const { auth } = this.report;
    return (
      this.isAnonymous ||
      auth?.credentials.verdict === 'accepted' ||
      auth?.clientCertificate?.isLogin === true
    );
  }

  /** As whom what was heard was heard. */
  get heardAs(): LoginName {
    return this.report.traffic?.listenedAs ?? 'anonymous';
  }

  /** True when what was heard was heard with a login or a client certificate, not as a stranger. */
  get heardWithLogin(): boolean {
    return this.heardAs !== 'anonymous';
  }

  /** A topic whose retained message holds a secret. */
  get retainedSecret(): string | undefined {
    return this.#retainedSecret;
  }

  /** Topics with sensitive data of some classes. */
  sensitive(classes: readonly SensitiveClass[]): SeenTopics | undefined {
    let all: SeenTopics | undefined;
    for (const kind of classes) {
      const seen = this.#sensitive.get(kind);
      if (!seen) continue;
      all = { count: (all?.count ?? 0) + seen.count, example: all?.example ?? seen.example };
    }
    return all;
  }

  hasTlsProblem(problem: TlsProblem): boolean {
    return this.report.tls?.problems.includes(problem) ?? false;
  }

  /** First levels of the topics of applications that came to somebody, as far as they are known. */
  rootsReadAs(as: LoginName): string[] {
    const { traffic } = this.report;
    const heard = traffic && this.heardAs === as ? traffic.topics.map(({ topic }) => topic) : [];
    const topics = [...(this.readRight(as, '#')?.samples ?? []), ...heard];
    return [...new Set(topics.map((topic) => topic.split('/', 1)[0] ?? ''))].filter(
      (root) => !root.startsWith('$'),
    );
  }

  rightsOf(as: LoginName): LoginRights | undefined {
    return this.report.auth?.authorisation.find((login) => login.as === as);
  }

  readRight(as: LoginName, filter: string): ReadRight | undefined {
    return this.rightsOf(as)?.read.find((right) => right.filter === filter);
  }

  readVerdict(as: LoginName, filter: string): RightVerdict {
    return this.readRight(as, filter)?.verdict ?? 'not-tested';
  }
}

/** True for an answer to a CONNECT without a login that says: not without one. */
export const isStrangerRefused = (connack: Connack): boolean => verdictOf(outcomeOf(connack)) === 'refused';

/** As whom something was seen, at the beginning of a sentence. */
export const SEEN_AS: Readonly<Record<LoginName, string>> = {
  anonymous: 'Without a login',
  credentials: 'With the login given',
  certificate: 'With the client certificate given',
};

/** Those whom not everybody can be. */
export const WITH_LOGIN = ['credentials', 'certificate'] as const satisfies readonly LoginName[];

/** What nobody but its owner should ever read. */
export const SECRETS: ReadonlySet<SensitiveClass> = new Set([
  'credentials',
  'wifi-key',
  'token',
  'private-key',
  'encryption-key',
  'alarm-code',
] as const);

/** `1 topic`, `2 topics`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Some of a list, for evidence: never more than a few, whatever a target serves. */
export function some(list: readonly string[], limit = 5): string {
  const shown = list.slice(0, limit).join(', ');
  return list.length > limit ? `${shown} and ${list.length - limit} more` : shown;
}

/** Why a check is missing where a whole part of the report is. */
export const REASONS = {
  noAuth: 'the access test was not part of this scan',
  noTls: 'the TLS inspection was not part of this scan',
  noTraffic: 'nobody listened in this scan',
  refused: 'the broker refused us',
  undecided: 'the answer decides nothing',
  rights: 'the test of rights is off',
  twoSessions: 'no two sessions could be opened',
  nothingCame: 'it was granted, and no message came while we listened',
  noFilters: 'these filters were not tried',
  writeTest: 'the write test is off',
  defaults: 'the test of default logins is off',
  strictness: 'malformed packets are off',
  depth: 'the TLS inspection tried one handshake only',
} as const;
