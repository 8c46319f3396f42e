/** Suppresses noise, frame by frame, in the thread of the sound. */

/** What is used of https://webaudio.github.io/web-audio-api/#AudioWorkletGlobalScope. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: { processorOptions: { wasm: ArrayBuffer } }) => AudioWorkletProcessor,
): void;

/** RNNoise takes 10 ms at 48 kHz, as 16-bit integers in floats. */
const frame = 480;
const scale = 32_768;
/** Every second it is told what it takes. */
const framesPerReport = 100;

/** The names that the build of @jitsi/rnnoise-wasm 0.2.1 gives to what it exports. */
interface Exports {
  readonly c: WebAssembly.Memory;
  /** __wasm_call_ctors */
  readonly d: () => void;
  /** rnnoise_create */
  readonly f: () => number;
  /** malloc */
  readonly g: (bytes: number) => number;
  /** rnnoise_process_frame */
  readonly j: (state: number, out: number, input: number) => number;
}

class NoiseSuppressor extends AudioWorkletProcessor {
  readonly #exports: Exports;
  readonly #state: number;
  readonly #in: number;
  readonly #out: number;
  readonly #input = new Float32Array(frame);
  readonly #output = new Float32Array(frame);
  #at = 0;
  #frames = 0;
  #busyMs = 0;

  constructor({ processorOptions: { wasm } }: { processorOptions: { wasm: ArrayBuffer } }) {
    super();
    let memory: WebAssembly.Memory | undefined;
    const grow = (bytes: number): boolean => {
      const more = bytes - (memory?.buffer.byteLength ?? 0);
      return memory !== undefined && memory.grow(Math.ceil(more / 65_536)) >= 0;
    };
    const copy = (to: number, from: number, bytes: number): void => {
      if (memory !== undefined) new Uint8Array(memory.buffer).copyWithin(to, from, from + bytes);
    };
    const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), { a: { a: grow, b: copy } });
    this.#exports = instance.exports as unknown as Exports;
    memory = this.#exports.c;
    this.#exports.d();
    this.#state = this.#exports.f();
    this.#in = this.#exports.g(frame * 4);
    this.#out = this.#exports.g(frame * 4);
    this.port.postMessage("ready");
  }

  process([input]: Float32Array[][], [output]: Float32Array[][]): boolean {
    const [from, to] = [input?.[0], output?.[0]];
    if (to === undefined) return true;
    for (let i = 0; i < to.length; i++) {
      to[i] = this.#output[this.#at] ?? 0;
      this.#input[this.#at] = (from?.[i] ?? 0) * scale;
      if (++this.#at === frame) this.#suppress();
    }
    return true;
  }

  #suppress(): void {
    const began = Date.now();
    const { c: memory, j: processFrame } = this.#exports;
    new Float32Array(memory.buffer, this.#in, frame).set(this.#input);
    processFrame(this.#state, this.#out, this.#in);
    const heard = new Float32Array(memory.buffer, this.#out, frame);
    for (let i = 0; i < frame; i++) this.#output[i] = (heard[i] ?? 0) / scale;
    this.#at = 0;
    // There is no finer clock here. Its steps even out over many frames.
    this.#busyMs += Date.now() - began;
    if (++this.#frames < framesPerReport) return;
    this.port.postMessage(this.#busyMs / this.#frames);
    [this.#frames, this.#busyMs] = [0, 0];
  }
}

registerProcessor("noise-suppressor", NoiseSuppressor);
