import { signal } from "@preact/signals";
import type { Place } from "./address";
import { look, type Found } from "./look";
import { open as openPlayer, type From, type Player } from "./player";
import type { Problem } from "./problem";

/**
 * waiting: nothing to play yet. missing: for long enough that it may be the wrong address. lost: it played, and the server
 * is gone. ended: played to its end, and no more will come.
 */
export type Phase = "waiting" | "missing" | "unreachable" | "playing" | "lost" | "ended" | "failed";

/** How long the picture may stand still until the page says so: longer than a hiccup, and than a segment. */
const patienceMs = 8_000;

/** After how many looks the page says that there may be nothing. */
const missingAfter = 10;

/** The state of the page. It looks until there is something to play, plays it, and looks again when it was lost. */
export class Theatre {
  readonly phase = signal<Phase>("waiting");
  readonly problem = signal<Problem | null>(null);
  readonly from = signal<From>("edge");
  /** Whether more will come. */
  readonly complete = signal(false);
  /** The browser plays without sound until somebody clicks. */
  readonly hushed = signal(false);
  /** Nothing new has come in for a while. */
  readonly stalled = signal(false);
  #player: Player | undefined;
  #video: HTMLVideoElement | undefined;
  #life = new AbortController();
  /** Counts openings: what an older player still has to say is no news. */
  #opening = 0;

  constructor(
    readonly place: Place,
    private readonly open: typeof openPlayer = openPlayer,
    private readonly pauseMs = 2_000,
    private readonly patience = patienceMs,
  ) {}

  /** Takes the element to play in and begins to look; the result stops everything. */
  start(video: HTMLVideoElement): () => void {
    this.#video = video;
    this.#life = new AbortController();
    const onEnded = (): void => {
      if (this.complete.value) this.phase.value = "ended";
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onWaiting = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => (this.stalled.value = true), this.patience);
    };
    const onPlaying = (): void => {
      clearTimeout(timer);
      this.stalled.value = false;
    };
    const listeners = { ended: onEnded, waiting: onWaiting, playing: onPlaying, pause: onPlaying };
    for (const [name, listener] of Object.entries(listeners)) video.addEventListener(name, listener);
    void this.#find();
    return () => {
      for (const [name, listener] of Object.entries(listeners)) video.removeEventListener(name, listener);
      clearTimeout(timer);
      this.#life.abort();
      this.#close();
    };
  }

  /** Plays from the start, or goes back to the live edge. */
  async play(from: From): Promise<void> {
    this.from.value = from;
    await this.#open();
  }

  /** Gives the sound back: a click allows it. */
  unhush(): void {
    this.hushed.value = false;
    if (this.#video !== undefined) this.#video.muted = false;
  }

  async #find(): Promise<void> {
    const { signal } = this.#life;
    const lost = this.phase.value === "lost";
    try {
      for (let tries = 1; ; tries++) {
        const found = await look(this.place.full, signal);
        if (found.kind === "ready") {
          // What is over has no edge.
          if (found.ended && !lost) this.from.value = "start";
          this.complete.value = found.ended;
          return await this.#open();
        }
        if (found.kind === "refused") return this.#fail(found.problem);
        if (!lost) this.phase.value = phaseOf(found, tries);
        await sleep(this.pauseMs, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #open(): Promise<void> {
    const video = this.#video;
    if (video === undefined) return;
    const at = this.phase.value === "lost" && this.from.value === "start" ? video.currentTime : 0;
    this.#close();
    const opening = ++this.#opening;
    const current = (): boolean => opening === this.#opening && !this.#life.signal.aborted;
    this.phase.value = "playing";
    const url = this.from.value === "start" || this.complete.value ? this.place.full : this.place.live;
    const player = await this.open(video, url, this.from.value, {
      complete: () => void (current() && (this.complete.value = true)),
      lost: () => {
        if (!current()) return;
        this.phase.value = "lost";
        void this.#find();
      },
      failed: (problem) => void (current() && this.#fail(problem)),
    });
    if (!current()) return player.close();
    this.#player = player;
    if (at > 0) video.addEventListener("loadedmetadata", () => (video.currentTime = at), { once: true });
    await this.#roll(video);
  }

  /** Begins to play; without sound where the browser insists on a click first. */
  async #roll(video: HTMLVideoElement): Promise<void> {
    try {
      await video.play();
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "NotAllowedError") return; // closed or replaced meanwhile
      video.muted = true;
      this.hushed.value = true;
      await video.play().catch(() => undefined); // the controls have a play button
    }
  }

  #fail(problem: Problem): void {
    this.problem.value = problem;
    this.phase.value = "failed";
    this.#close();
  }

  #close(): void {
    this.#opening++;
    this.#player?.close();
    this.#player = undefined;
  }
}

export function phaseOf(found: Extract<Found, { kind: "absent" | "unreachable" }>, tries: number): Phase {
  if (found.kind === "unreachable") return "unreachable";
  return tries > missingAfter ? "missing" : "waiting";
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("aborted", "AbortError"));
    });
  });
}
