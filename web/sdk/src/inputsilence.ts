/** How often the microphone is looked at, in ms. */
const LOOK_MS = 1_000;
/** Looks in a row without any sound until it counts as silent. Of a quiet room a microphone gives noise, not zeros. */
const LOOKS = 5;

export interface InputSilenceOwner {
  /** The sound that the microphone has given so far, as energy; undefined while it is off or nobody listens. */
  energy(): Promise<number | undefined>;
  changed(state: "detected" | "resolved"): void;
}

/** InputSilence looks whether the own microphone, which is on, gives anything but zeros. */
export class InputSilence {
  readonly #owner: InputSilenceOwner;
  readonly #timer: ReturnType<typeof setInterval>;
  #last: number | undefined;
  #looks = 0;
  #told = false;

  constructor(owner: InputSilenceOwner) {
    this.#owner = owner;
    this.#timer = setInterval(() => void this.#look().catch(() => undefined), LOOK_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const energy = await this.#owner.energy();
    const silent = energy !== undefined && energy === this.#last;
    this.#last = energy;
    this.#looks = silent ? this.#looks + 1 : 0;
    const now = this.#told ? silent : this.#looks >= LOOKS;
    if (now === this.#told) return;
    this.#told = now;
    this.#owner.changed(now ? "detected" : "resolved");
  }
}

/** The energy of the sound that a sender has been given: W3C WebRTC statistics, 8.8. */
export function energyOf(report: RTCStatsReport): number | undefined {
  for (const one of (report as ReadonlyMap<string, { type: string; totalAudioEnergy?: number }>).values())
    if (one.type === "media-source") return one.totalAudioEnergy;
  return undefined;
}
