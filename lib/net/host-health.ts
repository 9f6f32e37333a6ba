import { forgetFirst } from './forget-first';
import { USUAL_PORTS } from './usual-ports';

/** What is said of an endpoint that was left out because of its host. */
export const GIVEN_UP = 'the host did not answer on other ports and was given up';

/** Silences in a row after which a host is left alone; lists of ports that people write are shorter. */
const TOO_MANY = 30;
/** Hosts that are remembered, and open ports; what was met first is forgotten first. */
const MAX_HOSTS = 16_384;
const MAX_PORTS = 65_536;

/**
 * Gives hosts up that do not answer: thirty connections without one are enough to know that a scan of all ports
 * would take hours and find nothing. The usual ports of brokers are asked all the same, since a firewall that drops what
 * it does not let through makes a host silent on all others; and what was open stays so.
 */
export class HostHealth {
  readonly #silences = new Map<string, number>();
  readonly #open = new Map<string, true>();

  /** Notes a connection that was accepted, if the port is told, or refused. */
  noteAnswer(address: string, openPort?: number): void {
    this.#silences.delete(address);
    if (openPort === undefined) return;
    this.#open.set(`${address} ${openPort}`, true);
    forgetFirst(this.#open, MAX_PORTS);
  }

  /** Notes a connection that came to nothing: nobody answered in time, or the network says that nobody is there. */
  noteSilence(address: string): void {
    const silences = (this.#silences.get(address) ?? 0) + 1;
    this.#silences.set(address, silences);
    forgetFirst(this.#silences, MAX_HOSTS);
  }

  /** True for a host that is not worth another connection, to this port at least. */
  isGivenUp(address: string, port: number): boolean {
    const isSilent = (this.#silences.get(address) ?? 0) >= TOO_MANY;
    return isSilent && !USUAL_PORTS.has(port) && !this.#open.has(`${address} ${port}`);
  }
}
