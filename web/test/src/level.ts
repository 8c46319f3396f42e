/** Measures how loud a stream is, some times a second. */
export class Level {
  readonly #audio = new AudioContext();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(stream: MediaStream, changed: (level: number) => void) {
    const analyser = this.#audio.createAnalyser();
    this.#audio.createMediaStreamSource(stream).connect(analyser);
    const wave = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(wave);
      const power = wave.reduce((sum, x) => sum + x * x, 0) / wave.length;
      // Loudness is heard in decibels: -60 dB is nothing, 0 dB is as loud as it gets.
      changed(power === 0 ? 0 : Math.min(1, Math.max(0, 1 + (10 * Math.log10(power)) / 60)));
    }, 100);
  }

  close(): void {
    clearInterval(this.#timer);
    void this.#audio.close().catch(() => undefined);
  }
}
