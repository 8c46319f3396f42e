import type { Diagnosis, Found } from "./diagnosis.js";
import { type FaultContext, faults } from "./fault.js";
import { energyOf } from "./inputsilence.js";
import { SoundLevel } from "./soundlevel.js";

/** For how long a microphone that has given sound may give only zeros: one with a noise gate does in each pause. */
const AFTER_SOUND_MS = 30_000;

export interface SilentMicrophoneOwner {
  /** The track that is sent; undefined while the microphone is off. */
  microphone(): MediaStreamTrack | undefined;
  /** What its sender reports. */
  stats(kind: "audio"): Promise<RTCStatsReport | undefined> | undefined;
  where(): FaultContext;
}

/** SilentMicrophone finds a microphone that gives only zeros. Of a quiet room one that works gives noise. */
export class SilentMicrophone implements Diagnosis {
  readonly every = 500;
  readonly after = 10_000;
  readonly #owner: SilentMicrophoneOwner;
  #track: MediaStreamTrack | undefined;
  #energy: number | undefined;
  #level: SoundLevel | undefined;
  #sounded = false;
  #told = false;
  /** It gave sound, was told as silent, and gave sound again: it is silent by design, between words. */
  #gated = false;
  #silentMs = 0;

  constructor(owner: SilentMicrophoneOwner) {
    this.#owner = owner;
  }

  async look(): Promise<Found> {
    const track = this.#owner.microphone();
    if (track !== this.#track) this.#begin(track);
    if (!track) return undefined;
    const silent = await this.#isSilent(track);
    if (track !== this.#track || silent === undefined) return "unknown";
    this.#silentMs = silent ? this.#silentMs + this.every : 0;
    if (!silent) {
      this.#gated ||= this.#sounded && this.#told;
      this.#sounded = true;
      this.#told = false;
      return undefined;
    }
    if (this.#gated || (this.#sounded && this.#silentMs < AFTER_SOUND_MS - this.after)) return undefined;
    const soundBefore = this.#sounded;
    return () => {
      this.#told = true;
      const details = { label: track.label, soundBefore, forMs: this.#silentMs };
      return faults.startingAudioSilentMicrophone(details, this.#owner.where());
    };
  }

  close(): void {
    this.#level?.close();
    this.#level = undefined;
  }

  #begin(track: MediaStreamTrack | undefined): void {
    this.close();
    this.#track = track;
    this.#energy = undefined;
    this.#sounded = this.#told = this.#gated = false;
    this.#silentMs = 0;
  }

  /** Whether nothing but zeros came since the last look; undefined where the browser does not say. */
  async #isSilent(track: MediaStreamTrack): Promise<boolean | undefined> {
    const report = await this.#owner.stats("audio");
    const energy = report && energyOf(report);
    if (energy !== undefined) {
      const before = this.#energy;
      this.#energy = energy;
      return before === undefined ? undefined : energy === before;
    }
    if (!report || track !== this.#track) return undefined;
    this.#level ??= new SoundLevel(track); // Firefox reports no energy
    const level = this.#level.read();
    return level === undefined ? undefined : level === -Infinity;
  }
}
