import { computed, signal } from "@preact/signals";
import type { Place } from "./address";
import type { Late } from "./late";
import { probe, type ProbeResult } from "./probe";
import { open as openPlayer, type From, type Player } from "./player";
import { unreachable, type Problem } from "./problem";
import { Renewal } from "./renewal";
import { openWhep, type WhepPlace } from "./whep";

/**
 * waiting: nothing to play yet. missing: for long enough that it may be the wrong address. lost: it played, and the
 * server is gone. ended: played to its end, and no more will come.
 */
export type Phase = "waiting" | "missing" | "unreachable" | "playing" | "lost" | "ended" | "failed";

/** How long the picture may stand still until the page says so: longer than a hiccup, and than a segment. */
const patienceMs = 8_000;

/**
 * How much later than need be is not live any more, in seconds: more than a player makes good by itself within a
 * moment.
 */
const notLive = 2;

/**
 * How much later than need be a viewer may become by no doing of their own until the page goes to the live edge, in
 * seconds.
 */
const tooLate = 6;

/** How often the page looks how late it is. */
const lateEveryMs = 500;

/** After how many tries without an answer the page plays another way. */
const whepTries = 3;

/** After how many looks the page says that there may be nothing. */
const missingAfter = 10;

/** The state of the page. It looks until there is something to play, plays it, and looks again when it was lost. */
export class WatchSession {
  readonly phase = signal<Phase>("waiting");
  readonly problem = signal<Problem | null>(null);
  readonly from = signal<From>("edge");
  /** Over what it plays. */
  readonly over = signal<"whep" | "hls">("hls");
  /** Why it plays HLS though the link asked for WHEP. */
  readonly fallback = signal<Problem | null>(null);
  /** Whether more will come. */
  readonly complete = signal(false);
  /** The browser plays without sound until somebody clicks. */
  readonly muted = signal(false);
  /** Nothing new has come in for a while. */
  readonly stalled = signal(false);
  /** How late what is shown is, while more comes. */
  readonly late = signal<Late | undefined>(undefined);
  /** Whether what is shown is as new as it can be. */
  readonly live = computed(() => this.from.value === "edge" && (this.late.value?.extra ?? 0) < notLive);
  #player: Player | undefined;
  #video: HTMLVideoElement | undefined;
  #life = new AbortController();
  /** Counts openings: what an older player still has to say is no news. */
  #opening = 0;
  /** Whether the viewer has paused or gone back: then it is where they want to be. */
  #held = false;
  #position = 0;

  readonly #renewal: Renewal;
  readonly #whep: WhepPlace | undefined;

  constructor(
    place: Place & { readonly whep?: WhepPlace | undefined },
    private readonly open: typeof openPlayer = openPlayer,
    private readonly pauseMs = 2_000,
    private readonly patience = patienceMs,
    private readonly lateEvery = lateEveryMs,
    private readonly openLive: typeof openWhep = openWhep,
  ) {
    this.#renewal = new Renewal(place);
    this.#whep = place.whep;
  }

  get place(): Place {
    return this.#renewal.place;
  }

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
    const onPause = (): void => {
      onPlaying();
      this.#held = true;
    };
    // A player only ever goes forward by itself.
    const onSeeking = (): void => void (this.#held ||= video.currentTime < this.#position - 1);
    const listeners = { ended: onEnded, waiting: onWaiting, playing: onPlaying, pause: onPause, seeking: onSeeking };
    for (const [name, listener] of Object.entries(listeners)) video.addEventListener(name, listener);
    const watching = setInterval(() => this.#lookHowLate(video), this.lateEvery);
    if (this.#whep !== undefined) {
      this.over.value = "whep";
      void this.#openWhep(this.#whep, 1);
    } else void this.#find();
    void this.#renewal.run(this.#life.signal);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) video.removeEventListener(name, listener);
      clearTimeout(timer);
      clearInterval(watching);
      this.#life.abort();
      this.#close();
    };
  }

  /** Plays from the start, or goes back to the live edge. */
  async play(from: From): Promise<void> {
    this.from.value = from;
    await this.#open();
  }

  /** Goes to what happens now, from wherever it is. */
  async goLive(): Promise<void> {
    if (this.from.value !== "edge" || this.#player === undefined || this.#video === undefined)
      return await this.play("edge");
    this.#player.catchUp();
    this.#held = false;
    await this.#roll(this.#video);
  }

  /** Gives the sound back: a click allows it. */
  unmute(): void {
    this.muted.value = false;
    if (this.#video !== undefined) this.#video.muted = false;
  }

  #lookHowLate(video: HTMLVideoElement): void {
    const late = this.phase.value === "playing" && !this.complete.value ? this.#player?.late() : undefined;
    this.late.value = late;
    this.#position = video.currentTime;
    if (late !== undefined && late.extra > tooLate && this.from.value === "edge" && !this.#held)
      this.#player?.catchUp();
  }

  async #find(): Promise<void> {
    const { signal } = this.#life;
    const lost = this.phase.value === "lost";
    try {
      for (let tries = 1; ; tries++) {
        const found = await probe(this.place.full, signal);
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

  /** Plays without delay; where that does not work, HLS, if the link names one. */
  async #openWhep(place: WhepPlace, tries: number): Promise<void> {
    const video = this.#video;
    if (video === undefined) return;
    this.#close();
    const opening = ++this.#opening;
    const current = (): boolean => opening === this.#opening && !this.#life.signal.aborted;
    if (this.phase.value !== "lost") this.phase.value = "waiting";
    let begun = false;
    const player = await this.openLive(video, place, {
      begun: () => {
        if (!current()) return;
        begun = true;
        this.phase.value = "playing";
      },
      lost: () => {
        if (!current()) return;
        if (!begun && tries >= whepTries) return this.#fallBack(unreachable);
        this.phase.value = begun || this.phase.value === "lost" ? "lost" : "unreachable";
        void sleep(this.pauseMs, this.#life.signal).then(
          () => this.#openWhep(place, begun ? 1 : tries + 1),
          () => undefined,
        );
      },
      failed: (problem) => void (current() && this.#fallBack(problem)),
    });
    if (!current()) return player.close();
    this.#player = player;
    await this.#roll(video);
  }

  #fallBack(problem: Problem): void {
    if (this.place.id === "whep") return this.#fail(problem);
    this.#close();
    this.fallback.value = problem;
    this.over.value = "hls";
    this.phase.value = "waiting";
    void this.#find();
  }

  async #open(): Promise<void> {
    const video = this.#video;
    if (video === undefined) return;
    const at = this.phase.value === "lost" && this.from.value === "start" ? video.currentTime : 0;
    this.#close();
    this.#held = false;
    this.#position = 0;
    const opening = ++this.#opening;
    const current = (): boolean => opening === this.#opening && !this.#life.signal.aborted;
    this.phase.value = "playing";
    const url = this.from.value === "start" || this.complete.value ? this.place.full : this.place.live;
    const player = await this.open(
      video,
      url,
      this.from.value,
      {
        complete: () => void (current() && (this.complete.value = true)),
        lost: () => {
          if (!current()) return;
          this.phase.value = "lost";
          void this.#find();
        },
        failed: (problem) => void (current() && this.#fail(problem)),
      },
      this.#renewal.fresh,
    );
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
      this.muted.value = true;
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
    this.late.value = undefined;
  }
}

export function phaseOf(found: Extract<ProbeResult, { kind: "absent" | "unreachable" }>, tries: number): Phase {
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
