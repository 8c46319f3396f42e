import { useRef, useSyncExternalStore } from "react";

/** What a hook returns: values that may change, and methods that do not. */
export interface Source<V extends object> {
  subscribe(listener: () => void): () => void;
  /** The values as they are now. */
  values(): V;
  /** What tells that a value has changed, where its identity does not; absent: the value. */
  mark?(key: keyof V & string): unknown;
  /** Methods of constant identity, beside the values. */
  readonly methods: object;
}

/** An object whose values are read from the source when they are asked for, never from an earlier rendering. */
class Facade<V extends object> {
  readonly object: V;
  /** What was read of it, and what it was worth. */
  readonly #read: Map<keyof V & string, unknown>;
  readonly #source: Source<V>;

  constructor(source: Source<V>, keys: Iterable<keyof V & string>) {
    this.#source = source;
    this.#read = new Map();
    for (const key of keys) this.#read.set(key, this.#worth(key));
    const object: PropertyDescriptorMap = {};
    for (const key of Object.keys(source.values()) as (keyof V & string)[])
      object[key] = {
        enumerable: true,
        get: () => {
          this.#read.set(key, this.#worth(key));
          return this.#source.values()[key];
        },
      };
    this.object = Object.assign(Object.defineProperties({}, object), source.methods) as V;
  }

  isOf(source: Source<V>): boolean {
    return this.#source === source;
  }

  isCurrent(): boolean {
    for (const [key, worth] of this.#read) if (!Object.is(this.#worth(key), worth)) return false;
    return true;
  }

  keys(): Iterable<keyof V & string> {
    return this.#read.keys();
  }

  #worth(key: keyof V & string): unknown {
    return this.#source.mark === undefined ? this.#source.values()[key] : this.#source.mark(key);
  }
}

/**
 * Returns the values and methods of a source as one object, which is another one after a change of a value that the
 * component has read. Changes of other values do not render it again.
 */
export function useTracked<V extends object>(source: Source<V>): V {
  const kept = useRef<Facade<V> | undefined>(undefined);
  const current = (): V => {
    const before = kept.current;
    if (before !== undefined && before.isOf(source) && before.isCurrent()) return before.object;
    kept.current = new Facade(source, before?.keys() ?? []);
    return kept.current.object;
  };
  return useSyncExternalStore(source.subscribe, current, current);
}
