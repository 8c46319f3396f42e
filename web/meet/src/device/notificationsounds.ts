/** What is heard when something happens: somebody asks to join, joined, or wrote. */
export type Sound = "knock" | "joined" | "message";

/** The tones of each: Hz, and when it begins, in seconds. */
const tones: Readonly<Record<Sound, readonly (readonly [hz: number, at: number])[]>> = {
  knock: [
    [523, 0],
    [523, 0.18],
    [784, 0.36],
  ],
  joined: [
    [440, 0],
    [660, 0.1],
  ],
  message: [[880, 0]],
};

/** Quiet beside voices. */
const loudness = 0.06;
const toneSeconds = 0.16;

/** Many who come at once are heard once. */
const pauseMs = 3000;

/** Plays notification sounds, each kind at most every three seconds. */
export class NotificationSounds {
  readonly #enabled: () => boolean;
  readonly #playedAt = new Map<Sound, number>();
  #context: AudioContext | undefined;

  constructor(enabled: () => boolean) {
    this.#enabled = enabled;
  }

  /** `sinkId` is the output that was chosen; empty: the default one. */
  play(sound: Sound, sinkId: string): void {
    const now = Date.now();
    if (!this.#enabled() || now - (this.#playedAt.get(sound) ?? 0) < pauseMs) return;
    this.#playedAt.set(sound, now);
    const context = (this.#context ??= new AudioContext());
    // The page has been clicked to join. Where the output is gone, the default one plays.
    if ("setSinkId" in context)
      void (context as AudioContext & { setSinkId(id: string): Promise<void> })
        .setSinkId(sinkId)
        .catch(() => undefined);
    for (const [hz, at] of tones[sound]) {
      const begins = context.currentTime + at;
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(0, begins);
      gain.gain.linearRampToValueAtTime(loudness, begins + 0.01);
      gain.gain.exponentialRampToValueAtTime(0.0001, begins + toneSeconds);
      const oscillator = new OscillatorNode(context, { frequency: hz });
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(begins);
      oscillator.stop(begins + toneSeconds);
    }
  }

  close(): void {
    void this.#context?.close();
    this.#context = undefined;
  }
}
