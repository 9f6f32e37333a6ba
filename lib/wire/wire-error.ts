/** What a peer did that no MQTT broker may do, or that no client should bear. */
export type Violation =
  | 'malformed-length'
  | 'forbidden-packet-type'
  | 'oversize'
  | 'malformed-packet'
  | 'unexpected-packet';

/** The peer broke the protocol. The connection must be given up. */
export class WireError extends Error {
  readonly violation: Violation;

  constructor(violation: Violation, message: string) {
    super(message);
    this.name = 'WireError';
    this.violation = violation;
  }
}
