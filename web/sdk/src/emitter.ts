import { requireListener } from "./argument.js";
import { requireEvent } from "./eventnames.js";
import { log } from "./log.js";

/** A listener's undo: call it to stop listening. */
export type Unsubscribe = () => void;

/** Every event of a class; the compiler sees that none is missing. */
export type EventNames<Events> = Readonly<Record<keyof Events & string, true>>;

type Listener<Args extends unknown[]> = (...args: Args) => void;
/** A listener of the published types, which name no payload. */
export type AnyListener = (...args: any[]) => void;

/**
 * Emitter delivers events to listeners in the order they were added. `Events` maps a name to the tuple of the
 * listener's arguments. A listener that throws harms nobody else: what it threw is reported to the page as an
 * uncaught error of its own.
 */
export class Emitter<Events extends { [Name in keyof Events]: unknown[] }> {
  readonly #owner: string;
  readonly #names: EventNames<Events>;
  #listeners: { [Name in keyof Events]?: Listener<Events[Name]>[] } = Object.create(null);

  /** @internal `owner` is what listeners call it, for faults. */
  constructor(owner: string, names: EventNames<Events>) {
    this.#owner = owner;
    this.#names = names;
  }

  /**
   * Adds a listener and returns its undo. Adding one twice calls it twice. Throws 3073 for an event that does not
   * exist. The second form takes listeners as the published types do.
   */
  on<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): Unsubscribe;
  on(event: keyof Events, listener: AnyListener): Unsubscribe;
  on<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): Unsubscribe {
    requireEvent(`${this.#owner}.on`, event, this.#names);
    requireListener(`${this.#owner}.on`, listener);
    this.#listeners[event] = [...(this.#listeners[event] ?? []), listener];
    this.listened(String(event));
    return () => this.off(event, listener);
  }

  /** @internal A listener of the event was added. */
  protected listened(_event: string): void {}

  /** Adds a listener for the next such event only. */
  once<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): Unsubscribe;
  once(event: keyof Events, listener: AnyListener): Unsubscribe;
  once<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): Unsubscribe {
    const undo = this.on(event, (...args) => {
      undo();
      listener(...args);
    });
    return undo;
  }

  /** Removes a listener; without one, all of that event. */
  off<Name extends keyof Events>(event: Name, listener?: Listener<Events[Name]>): void;
  off(event: keyof Events, listener?: AnyListener): void;
  off<Name extends keyof Events>(event: Name, listener?: Listener<Events[Name]>): void {
    requireEvent(`${this.#owner}.off`, event, this.#names);
    const list = this.#listeners[event] ?? [];
    const at = listener ? list.indexOf(listener) : -1;
    // A new array: an emit that runs at this moment keeps the one it started with.
    this.#listeners[event] = listener ? list.filter((_, i) => i !== at) : [];
  }

  /** @internal */
  listenerCount(event: keyof Events): number {
    return this.#listeners[event]?.length ?? 0;
  }

  /** @internal */
  emit<Name extends keyof Events>(event: Name, ...args: Events[Name]): void {
    log("DEBUG", this.#owner, event, ...args);
    for (const listener of this.#listeners[event] ?? []) {
      try {
        listener(...args);
      } catch (thrown) {
        uncaught(thrown);
      }
    }
  }
}

/** Hands over what was thrown to window.onerror and the console, with its own stack. */
export function uncaught(thrown: unknown): void {
  queueMicrotask(() => {
    throw thrown;
  });
}
