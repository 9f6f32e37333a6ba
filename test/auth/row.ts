import type { AuthOptions } from '../../lib/auth';
import type { Credentials, TlsMaterial } from '../../lib/model';
import type { Facts } from './facts';

/** A broker that is running for the rows of the table. */
export interface RunningBroker {
  /** `127.0.0.1:1883`, `ws://127.0.0.1:9001`. */
  readonly target: string;
  stop(): Promise<void>;
}

/** One broker in one configuration. */
export interface BrokerCase {
  readonly name: string;
  readonly start: () => Promise<RunningBroker>;
  readonly rows: readonly Row[];
}

/** One login, and what is to be found out with it. */
export interface Row {
  readonly login: string;
  /** Where it is not the broker's first listener. */
  readonly target?: () => string;
  readonly credentials?: Credentials;
  readonly tls?: () => TlsMaterial;
  readonly auth?: Partial<AuthOptions>;
  /** Before the row is run, where the broker is to be changed for it. */
  readonly prepare?: () => Promise<void>;
  readonly expect: Facts;
}
