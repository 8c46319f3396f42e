/** The most samples that an AnalyserNode returns: Web Audio API, 1.8. More than half a second of them. */
const SAMPLES = 32_768;

/** SoundLevel listens to a track without playing it. */
export class SoundLevel {
  readonly #context = new AudioContext();
  readonly #analyser = this.#context.createAnalyser();
  readonly #samples: Float32Array<ArrayBuffer>;

  /** `window` is how many of the last samples count: a power of 2. */
  constructor(track: MediaStreamTrack, window = SAMPLES) {
    this.#analyser.fftSize = window;
    this.#samples = new Float32Array(window);
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(this.#analyser);
  }

  /**
   * The level of the last samples in dBFS, as their root mean square; -Infinity: all are zero. Undefined while the
   * browser does not let the context run, or for less time than the samples last.
   */
  read(): number | undefined {
    const { currentTime, sampleRate, state } = this.#context;
    if (state !== "running" || currentTime * sampleRate < this.#samples.length) return undefined;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return 10 * Math.log10(this.#samples.reduce((sum, sample) => sum + sample * sample, 0) / this.#samples.length);
  }

  close(): void {
    void this.#context.close().catch(() => undefined);
  }
}
