/** Until so many dials went unanswered, each of them is tried again: it costs seconds at most. */
const ALWAYS_BELOW = 1000;
/** Beyond that, only where at least one dial in so many is answered: a dead network is not visited twice. */
const ANSWERED_ONE_IN = 10;

/**
 * Decides whether an unanswered dial is worth a second one. Packets get lost, and a busy host drops the SYN of
 * those who come in a burst; but most addresses of most networks are simply not in use.
 */
export class RetryAdvice {
  #answered = 0;
  #unanswered = 0;

  /** Notes a dial that was accepted or refused: somebody is there. */
  noteAnswer(): void {
    this.#answered++;
  }

  /** Notes a dial to which nobody answered, and says whether to try again. */
  noteSilence(): boolean {
    this.#unanswered++;
    return this.#unanswered < ALWAYS_BELOW || this.#answered * ANSWERED_ONE_IN >= this.#unanswered;
  }
}
