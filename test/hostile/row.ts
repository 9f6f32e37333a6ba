import type { AuthOptions } from '../../lib/auth';
import type { ErrorCode, Outcome, Transport } from '../../lib/model';
import type { Resolve } from '../../lib/net';
import type { Script } from './scripts';

/** How long one thing may take, in milliseconds. */
export interface Pace {
  readonly connectMs: number;
  readonly phaseMs: number;
  readonly listenMs: number;
  /** What opening, reading and closing the connections costs, over and above all waiting. */
  readonly workMs: number;
}

/** With many targets the machine is busy: an honest CONNACK may take its time, and each flood waits for its turn to be heard. */
export const ONE: Pace = { connectMs: 300, phaseMs: 300, listenMs: 300, workMs: 400 };
export const SEVERAL: Pace = { connectMs: 800, phaseMs: 800, listenMs: 600, workMs: 10_000 };

/** What `lib/auth` waits for messages before it calls a right granted. */
const RIGHTS_MS = 500;
/** What taking leave of a session may take. */
const LEAVE_MS = 250;
/** Endpoints that `scan` examines side by side. */
const EXAMINED_AT_ONCE = 64;

/** How many phases may run into their deadline, one after the other. */
export interface Deadline {
  /** While finding out what it is: all endpoints at once. */
  readonly probing: number;
  /** In TLS, access and listening. */
  readonly examining: number;
  /** Whether there is a session in which to listen. */
  readonly listens: boolean;
}

/** Milliseconds after which the scan of so many targets must be over. */
export function deadlineMs({ probing, examining, listens }: Deadline, count: number, pace: Pace): number {
  const listening = listens ? RIGHTS_MS + 2 * LEAVE_MS + pace.listenMs : 0;
  const rounds = Math.ceil(count / EXAMINED_AT_ONCE);
  return probing * pace.phaseMs + rounds * (examining * pace.phaseMs + listening);
}

/** One way to be hostile. */
export interface Row {
  /** The number in the table of hostile behaviours. */
  readonly row: number;
  readonly behaviour: string;
  readonly script: Script;
  /** What the scan says of every target, or the error with which it refuses to start. */
  readonly expect: readonly Outcome[] | { readonly error: ErrorCode };
  /** Must be found in every report, as JSON. */
  readonly evidence?: RegExp;
  readonly deadline: Deadline;
  /** Fixes the transport; otherwise the scanner tries TCP, then TLS. */
  readonly transport?: Transport;
  readonly auth?: Partial<AuthOptions>;
  /** Targets that are host names, and the name server that they are asked of. */
  readonly names?: NameServer;
}

export interface NameServer {
  readonly names: (count: number) => readonly string[];
  /** A new name server for each scan. */
  readonly start: () => Resolve;
  /** Endpoints that each name leads to; one unless told. */
  readonly addresses?: number;
}

/** Ends while probing, after so many phases that run into their deadline. */
export const probe = (probing: number): Deadline => ({ probing, examining: 0, listens: false });

/** Lets us in; so many phases of probing and of the session run into their deadline besides. */
export const session = (examining = 0, probing = 0): Deadline => ({ probing, examining, listens: true });

/** Runs into the deadline of a TLS handshake while probing, and once more when it is inspected. */
export const tlsSilence: Deadline = { probing: 1, examining: 1, listens: false };
export const tlsFailure: Deadline = { probing: 1, examining: 1, listens: false };
