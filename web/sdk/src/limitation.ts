/** How often the encoder is looked at, in ms. */
const LOOK_MS = 2_000;
/** Looks in a row until a limit counts as begun or over: each stream begins with a limit, and grows out of it. */
const LOOKS = 3;

export interface LimitationOwner {
  /** What limits the own picture now: none, bandwidth, cpu; undefined while none is sent. */
  reason(): Promise<string | undefined>;
  changed(type: "bandwidth" | "cpu", state: "detected" | "resolved"): void;
}

/** Limitation looks whether the own picture is sent as it was meant to be. */
export class Limitation {
  readonly #owner: LimitationOwner;
  readonly #timer: ReturnType<typeof setInterval>;
  #told: "bandwidth" | "cpu" | undefined;
  #seen: string | undefined;
  #looks = 0;

  constructor(owner: LimitationOwner) {
    this.#owner = owner;
    this.#timer = setInterval(() => void this.#look().catch(() => undefined), LOOK_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const reason = (await this.#owner.reason()) ?? "none";
    this.#looks = reason === this.#seen ? this.#looks + 1 : 1;
    this.#seen = reason;
    if (this.#looks < LOOKS) return;
    const now = reason === "bandwidth" || reason === "cpu" ? reason : undefined;
    if (now === this.#told) return;
    if (this.#told) this.#owner.changed(this.#told, "resolved");
    this.#told = now;
    if (now) this.#owner.changed(now, "detected");
  }
}
