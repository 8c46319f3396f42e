import wasmUrl from "@jitsi/rnnoise-wasm/dist/rnnoise.wasm?url";
import { standFor } from "./stands";
import workletUrl from "./rnnoise.worklet?worker&url";

const readyWithinMs = 10_000;

async function bytesOf(url: string): Promise<ArrayBuffer> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${answer.statusText}`);
  return answer.arrayBuffer();
}

let prepared: Promise<{ readonly context: AudioContext; readonly wasm: ArrayBuffer }> | undefined;
let suppressing = 0;

/** One context for all microphones, one after the other: to start one takes long, and the browser has few. */
async function prepare(): Promise<{ readonly context: AudioContext; readonly wasm: ArrayBuffer }> {
  const context = new AudioContext({ sampleRate: 48_000 }); // that of RNNoise
  try {
    const [wasm] = await Promise.all([bytesOf(wasmUrl), context.audioWorklet.addModule(workletUrl)]);
    return { context, wasm };
  } catch (error) {
    prepared = undefined;
    void context.close();
    throw error;
  }
}

/**
 * Returns the track of a microphone without noise, 10 ms later. It stops the track with it. `measured` is told the
 * milliseconds that 10 ms of sound take. Rejects where that cannot be.
 */
export async function suppressNoise(
  microphone: MediaStreamTrack,
  measured: (frameMs: number) => void,
): Promise<MediaStreamTrack> {
  const { context, wasm } = await (prepared ??= prepare());
  suppressing++;
  const source = new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([microphone]) });
  const node = new AudioWorkletNode(context, "noise-suppressor", {
    channelCount: 1,
    channelCountMode: "explicit",
    outputChannelCount: [1],
    processorOptions: { wasm },
  });
  const out = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    source.disconnect();
    node.disconnect();
    if (--suppressing === 0) void context.suspend();
  };
  try {
    source.connect(node).connect(out);
    await Promise.race([
      Promise.all([ready(node, measured), context.resume()]),
      new Promise((_, reject) =>
        setTimeout(() => reject(new Error(`not ready after ${readyWithinMs / 1000} s`)), readyWithinMs),
      ),
    ]);
    const [track] = out.stream.getAudioTracks();
    if (track === undefined) throw new Error("no track");
    return standFor(microphone, track, end);
  } catch (error) {
    end();
    throw error;
  }
}

function ready(node: AudioWorkletNode, measured: (frameMs: number) => void): Promise<void> {
  return new Promise((done, reject) => {
    node.onprocessorerror = () => reject(new Error("the processor failed"));
    node.port.onmessage = ({ data }: MessageEvent<"ready" | number>) => {
      if (data === "ready") done();
      else measured(data);
    };
  });
}
