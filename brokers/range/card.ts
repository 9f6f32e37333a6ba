import type { Outcome, RiskLevel, Transport } from '../../lib/model';
import type { LabCredentials } from '../lab-types';
import type { RangeCertificate } from './certificate-kinds';

/** A message that is waiting on a broker of the range. */
export interface RangeMessage {
  readonly topic: string;
  readonly payload: string | Buffer;
  /** Published again and again, not retained: for topics that are live only. */
  readonly live?: boolean;
}

/** A broker on the installed Mosquitto: lines of its configuration beside the listener and the certificate. */
export interface MosquittoRecipe {
  readonly lines: readonly string[];
  /** Written to a password file; none leaves the file out. */
  readonly logins?: readonly LabCredentials[];
  /** Text of the access list; none leaves the file out. */
  readonly acl?: string;
  /** Protocol versions below this are turned away by a front of ours, since Mosquitto has no such setting. */
  readonly oldestVersion?: 5;
}

/** A broker on aedes inside this process. Everything that is not said is allowed. */
export interface EmbeddedRecipe {
  /** Logins that are let in; none takes everyone. `any` takes each user name with each password, but no stranger. */
  readonly logins?: readonly LabCredentials[] | 'any';
  /** True lets strangers in besides the logins. */
  readonly anonymous?: boolean;
  /** Topics that clients may read; what matches none is not delivered. */
  readonly readable?: readonly string[];
  /** Topics that clients may write. */
  readonly writable?: readonly string[];
  /** Filters that are refused as they are written (EMQX refuses `#`, and forgets `+/#`). */
  readonly refusedFilters?: readonly string[];
  /** TLS versions and suites, as Node.js names them. */
  readonly tls?: {
    readonly minVersion?: 'TLSv1' | 'TLSv1.2';
    readonly maxVersion?: 'TLSv1.2';
    readonly ciphers?: string;
  };
}

/** What a scan of the card must say. */
export interface Expected {
  readonly outcome: Outcome;
  readonly level: RiskLevel;
  /** Ids of the rules, all of them, in any order; remarks (severity OK) do not count. */
  readonly findings: readonly string[];
}

/** How the scan goes about it, besides the defaults. */
export interface CardScan {
  /** The login that the user gives to the scan. */
  readonly login?: LabCredentials;
  readonly defaultCredentials?: true;
  readonly writeTest?: true;
}

/** One broker to practise on: what is wrong with it, how that shows, how it is mended. */
export interface RangeCard {
  /** Stable, in kebab case. */
  readonly id: string;
  readonly title: string;
  readonly wrong: string;
  readonly finds: string;
  readonly fix: string;
  readonly transport: Transport;
  /** Where Mosquitto is preferred, and where it is needed: a card without `embedded` cannot run without it. */
  readonly mosquitto?: MosquittoRecipe;
  readonly embedded?: EmbeddedRecipe;
  /** For tls and wss. */
  readonly certificate?: RangeCertificate;
  readonly messages?: readonly RangeMessage[];
  readonly scan?: CardScan;
  readonly expected: Expected;
}
