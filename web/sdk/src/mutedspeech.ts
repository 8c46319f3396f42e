import type { Diagnosis, Found } from "./diagnosis.js";
import { type FaultContext, faults } from "./fault.js";
import { SoundLevel } from "./soundlevel.js";

const SAMPLE_MS = 100;
/** Samples of a reading: 43 ms at 48 kHz. */
const WINDOW = 2_048;
/** What is as loud as speech, in dBFS, and by how much it exceeds the noise of the room. */
const LOUD_DB = -45;
const OVER_NOISE_DB = 15;
/** No room is quieter: zeros are a noise gate. */
const QUIET_DB = -80;
/** How fast the estimate of that noise grows: it falls at once. */
const NOISE_DB_PER_SAMPLE = 0.3;
/** Whoever mutes may still finish a sentence. */
const AFTER_MUTING_MS = 1_500;
/** How much of RECENT_MS must be loud: a cough and a key are shorter. */
const LOUD_MS = 1_000;
const RECENT_MS = 3_000;

export interface MutedSpeechOwner {
  /** The track of a microphone that is muted and still open; undefined otherwise. */
  mutedMicrophone(): MediaStreamTrack | undefined;
  where(): FaultContext;
}

/**
 * MutedSpeech finds somebody who speaks while muted: the microphone stays open then. A clone of its track is listened
 * to, in the page alone. It is found once until the microphone is unmuted: a conversation in the room is no fault.
 */
export class MutedSpeech implements Diagnosis {
  readonly every = 500;
  readonly after = 0;
  /** Until nobody has spoken for so long. */
  readonly until = 8_000;
  readonly #owner: MutedSpeechOwner;
  #track: MediaStreamTrack | undefined;
  #clone: MediaStreamTrack | undefined;
  #level: SoundLevel | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #noise = Infinity;
  /** When it was loud, and how loud: the last RECENT_MS. */
  #loud: { readonly at: number; readonly db: number }[] = [];
  #found = false;
  #over = false;

  constructor(owner: MutedSpeechOwner) {
    this.#owner = owner;
  }

  look(): Found {
    const track = this.#owner.mutedMicrophone();
    if (track !== this.#track) this.#begin(track);
    if (!track) return undefined;
    const now = Date.now();
    this.#loud = this.#loud.filter(({ at }) => now - at < RECENT_MS);
    const loudMs = this.#loud.length * SAMPLE_MS;
    const spoke = loudMs >= LOUD_MS && !this.#over;
    if (!spoke) {
      if (this.#found && loudMs === 0) this.#over = true;
      return undefined;
    }
    const levelDb = Math.round(Math.max(...this.#loud.map(({ db }) => db)));
    return () => {
      this.#found = true;
      return faults.clientImpairedSpeakingWhileMuted({ label: track.label, loudMs, levelDb }, this.#owner.where());
    };
  }

  close(): void {
    clearInterval(this.#timer);
    this.#level?.close();
    this.#clone?.stop();
    this.#level = this.#clone = undefined;
  }

  #begin(track: MediaStreamTrack | undefined): void {
    this.close();
    this.#track = track;
    this.#noise = Infinity;
    this.#loud = [];
    this.#found = this.#over = false;
    if (!track) return;
    this.#clone = track.clone();
    this.#clone.enabled = true;
    this.#level = new SoundLevel(this.#clone, WINDOW);
    const mutedAt = Date.now();
    this.#timer = setInterval(() => {
      const db = this.#level?.read();
      if (db === undefined || Date.now() - mutedAt < AFTER_MUTING_MS) return;
      this.#noise = Math.max(QUIET_DB, Math.min(db, this.#noise + NOISE_DB_PER_SAMPLE));
      if (db > LOUD_DB && db > this.#noise + OVER_NOISE_DB) this.#loud.push({ at: Date.now(), db });
    }, SAMPLE_MS);
  }
}
