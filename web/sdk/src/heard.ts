import type { WireMessage } from "./wire.js";

/** How many messages of a topic are remembered: as many as a session keeps unless it is set otherwise. */
const MAX_REMEMBERED = 1000;

/** Which messages of a topic have been told here, so that none is told twice, and those that were missed are found. */
export class Heard {
  /** Whether the persisted messages from before the subscription are in it. */
  isComplete = false;
  /** When they were sent, by id, in ms; oldest first. */
  readonly #messages = new Map<string, number>();
  /** When the newest message was sent that is not remembered any more, in ms. */
  #forgotten = -Infinity;

  /** Notes a message, and returns whether it is a new one. */
  add({ id, timestamp }: WireMessage): boolean {
    if (this.#messages.has(id)) return false;
    this.#messages.set(id, Date.parse(timestamp));
    for (const [oldest, sent] of this.#messages) {
      if (this.#messages.size <= MAX_REMEMBERED) break;
      this.#messages.delete(oldest);
      this.#forgotten = Math.max(this.#forgotten, sent);
    }
    return true;
  }

  /** Returns those of the persisted messages that came after the last one told. All are, where none of them was. */
  missed(persisted: readonly WireMessage[]): readonly WireMessage[] {
    const last = persisted.findLastIndex(
      ({ id, timestamp }) => this.#messages.has(id) || Date.parse(timestamp) <= this.#forgotten,
    );
    return persisted.slice(last + 1);
  }
}
