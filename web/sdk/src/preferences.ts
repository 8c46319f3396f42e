import * as Codes from "./codes.gen.js";
import { VideoSDKError } from "./fault.js";
import type { Quality, StreamKind } from "./types.js";

/** Milliseconds in which changes that nobody waits for are collected into one request. */
const COLLECT_MS = 100;
/** Milliseconds until a request that nobody waits for is made again after it failed. */
const AGAIN_MS = 1_000;
/** Streams in one request. docs/protocol.md */
const MOST = 500;

/** What this client wants of one stream that it receives. */
interface Wish {
  quality?: Quality;
  width?: number;
  height?: number;
  /** pause() or resume() of the stream; undefined follows pauseAllStreams. */
  paused?: boolean;
  /** Adaptive subscription: its elements as they are now; undefined does not know. */
  shown?: Shown;
}

/** What of a stream is visible, in pixels of the screen. */
export type Shown = "hidden" | { readonly width: number; readonly height: number };

export type WishChange = "quality" | "pause" | "resume";

export interface PreferencesOwner {
  request(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Whether the server knows the stream now. */
  isOn(participantId: string, kind: StreamKind): boolean;
  /** Who else is there. */
  participantIds(): Iterable<string>;
}

type Key = string;
const keyOf = (participantId: string, kind: StreamKind): Key => `${kind} ${participantId}`;

const gone: ReadonlySet<number> = new Set([
  Codes.SET_QUALITY_FAILED,
  Codes.PAUSE_STREAM_FAILED,
  Codes.RESUME_STREAM_FAILED,
]);

/**
 * Preferences is what this client wants of the streams that it receives, and what the server was told of it. A wish
 * for a stream that is off is kept and told when it is on; all are told anew to a server that has lost the session.
 */
export class Preferences {
  readonly #owner: PreferencesOwner;
  readonly #wishes = new Map<Key, Wish>();
  /** What was sent last, of those that differ from no preference. */
  readonly #told = new Map<Key, string>();
  readonly #pausedKinds = new Set<StreamKind>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(owner: PreferencesOwner) {
    this.#owner = owner;
  }

  /** What is wanted of a stream now. */
  of(participantId: string, kind: StreamKind): Readonly<Wish> {
    return this.#wishes.get(keyOf(participantId, kind)) ?? {};
  }

  /** Whether pause() or pauseAllStreams() holds for a stream. */
  isPaused(participantId: string, kind: StreamKind): boolean {
    return this.of(participantId, kind).paused ?? this.#pausedKinds.has(kind);
  }

  /** Whether pauseAllStreams() holds for a kind. */
  isKindPaused(kind: StreamKind): boolean {
    return this.#pausedKinds.has(kind);
  }

  /** Whether some stream of the kind was paused by its own pause(). */
  hasPaused(kind: StreamKind): boolean {
    return [...this.#wishes].some(([key, { paused }]) => paused === true && key.startsWith(`${kind} `));
  }

  /** Changes what is wanted of a stream, and tells the server at once. A refusal changes nothing. */
  async set(participantId: string, kind: StreamKind, change: Partial<Wish>, about: WishChange): Promise<void> {
    const key = keyOf(participantId, kind);
    const before = this.#wishes.get(key);
    this.#wishes.set(key, { ...before, ...change });
    if (!this.#owner.isOn(participantId, kind)) return;
    try {
      await this.#send([[key, participantId, kind]], about);
    } catch (refused) {
      if (before) this.#wishes.set(key, before);
      else this.#wishes.delete(key);
      throw refused;
    }
  }

  /** Takes what adaptive subscription sees; the server is told soon. */
  show(participantId: string, kind: StreamKind, shown: Shown | undefined): void {
    const key = keyOf(participantId, kind);
    const wish = { ...this.#wishes.get(key) };
    if (JSON.stringify(wish.shown) === JSON.stringify(shown)) return;
    if (shown) wish.shown = shown;
    else delete wish.shown;
    this.#wishes.set(key, wish);
    this.changed();
  }

  /** Pauses or resumes all streams of the kinds, those included that begin later. */
  async setKinds(kinds: readonly StreamKind[], paused: boolean): Promise<void> {
    for (const kind of kinds) {
      if (paused) this.#pausedKinds.add(kind);
      else this.#pausedKinds.delete(kind);
      for (const [key, wish] of this.#wishes) if (key.startsWith(`${kind} `)) delete wish.paused;
    }
    await this.#sendChanged();
  }

  /** A stream went on, or something else changed: tell the server soon. */
  changed(): void {
    this.#after(COLLECT_MS);
  }

  /** The server has lost the session: it knows no preference any more. */
  restore(): void {
    this.#told.clear();
    this.changed();
  }

  /** A participant has left; whoever comes back under the id is somebody else. */
  forget(participantId: string): void {
    for (const key of [...this.#wishes.keys(), ...this.#told.keys()])
      if (key.slice(key.indexOf(" ") + 1) === participantId) {
        this.#wishes.delete(key);
        this.#told.delete(key);
      }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #after(ms: number): void {
    if (this.#closed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sendChanged().catch(() => this.#after(AGAIN_MS));
    }, ms);
  }

  /** Tells what differs from what was told. Streams that went away meanwhile are left out the next time. */
  async #sendChanged(): Promise<void> {
    for (;;) {
      const all = this.#streams().filter(([key, participantId, kind]) => this.#differs(key, participantId, kind));
      if (all.length === 0) return;
      try {
        await this.#send(all.slice(0, MOST));
      } catch (failure) {
        if (failure instanceof VideoSDKError && gone.has(failure.code)) return this.#after(AGAIN_MS);
        throw failure;
      }
    }
  }

  /** Streams that are on and of which something is wanted or was told. */
  #streams(): [Key, string, StreamKind][] {
    return [...this.#known()].filter(([, participantId, kind]) => this.#owner.isOn(participantId, kind));
  }

  *#known(): Generator<[Key, string, StreamKind]> {
    const keys = new Set([...this.#wishes.keys(), ...this.#told.keys(), ...this.#inPausedKinds()]);
    for (const key of keys) {
      const at = key.indexOf(" ");
      yield [key, key.slice(at + 1), key.slice(0, at) as StreamKind];
    }
  }

  *#inPausedKinds(): Generator<Key> {
    for (const kind of this.#pausedKinds) for (const id of this.#owner.participantIds()) yield keyOf(id, kind);
  }

  #differs(key: Key, participantId: string, kind: StreamKind): boolean {
    return (this.#told.get(key) ?? "{}") !== JSON.stringify(this.#preference(participantId, kind));
  }

  /** What the server is asked for. */
  #preference(participantId: string, kind: StreamKind): Readonly<Record<string, unknown>> {
    const { quality, width, height, shown } = this.of(participantId, kind);
    const asked = width !== undefined && height !== undefined ? { width, height } : {};
    const size = shown === undefined || shown === "hidden" ? asked : shown;
    return {
      ...(quality && { quality }),
      ...size,
      ...((this.isPaused(participantId, kind) || shown === "hidden") && { paused: true }),
    };
  }

  async #send(all: readonly [Key, string, StreamKind][], change?: WishChange): Promise<void> {
    const wanted = all.map(
      ([key, participantId, kind]) => [key, { participantId, kind }, this.#preference(participantId, kind)] as const,
    );
    const before = wanted.map(([key]) => [key, this.#told.get(key)] as const);
    // Before the answer: what is under way is not sent a second time.
    for (const [key, , preference] of wanted) this.#told.set(key, JSON.stringify(preference));
    try {
      await this.#owner.request("prefer", {
        streams: wanted.map(([, stream, preference]) => ({ ...stream, ...preference })),
        ...(change && { change }),
      });
    } catch (failure) {
      for (const [key, told] of before) {
        if (told === undefined) this.#told.delete(key);
        else this.#told.set(key, told);
      }
      throw failure;
    }
  }
}
