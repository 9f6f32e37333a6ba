import { forgetFirst } from './forget-first';

/** What is said of an endpoint that was left out because of its host. */
export const GIVEN_UP = 'the host did not answer on other ports and was given up';

/** Silences in a row after which a host is left alone; lists of ports that people write are shorter. */
const TOO_MANY = 30;
/** Hosts that are remembered; the one that was met first is forgotten first. */
const MAX_HOSTS = 16_384;

/**
 * Gives hosts up that do not answer: thirty connections without one are enough to know that a scan of all ports
 * would take hours and find nothing.
 */
export class HostHealth {
  readonly #silences = new Map<string, number>();

  /** Notes a connection that was accepted or refused. */
  noteAnswer(address: string): void {
    this.#silences.delete(address);
  }

  /** Notes a connection that came to nothing: nobody answered in time, or the network says that nobody is there. */
  noteSilence(address: string): void {
    const silences = (this.#silences.get(address) ?? 0) + 1;
    this.#silences.set(address, silences);
    forgetFirst(this.#silences, MAX_HOSTS);
  }

  /** True for a host that is not worth another connection. */
  isGivenUp(address: string): boolean {
    return (this.#silences.get(address) ?? 0) >= TOO_MANY;
  }
}
