import { VirtualBackgroundProcessor } from "@shiguredo/virtual-background";
import type { Speed } from "./speed";
import { standFor } from "./stands";

/** So long the pictures are counted, again and again. */
const windowMs = 2000;
/** The first ones take longer: the graphics processor is being prepared. */
const warmUpFrames = 3;
/** The models are 6 MB. */
const loadWithinMs = 60_000;
const blurRadius = 15;

export interface BackgroundOwner {
  measured(speed: Speed): void;
  /** It goes on as it is, and shows nothing new. */
  failed(problem: string): void;
}

/** A module of one function that adds vectors. */
const simd = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/** Returns what this browser lacks; none where it can. */
export function missing(): string[] {
  const has = {
    "WebAssembly SIMD": () => WebAssembly.validate(simd),
    OffscreenCanvas: () => "OffscreenCanvas" in globalThis,
    "WebGL 2": () => new OffscreenCanvas(1, 1).getContext("webgl2") !== null,
    "MediaStreamTrackProcessor or requestVideoFrameCallback": () => VirtualBackgroundProcessor.isSupported(),
  };
  const lacks = Object.entries(has).find(([, test]) => !test());
  return lacks === undefined ? [] : [lacks[0]];
}

interface Segmentation {
  setOptions(options: { readonly modelSelection: 0 | 1 }): void;
  send(input: object): Promise<void>;
}

/** One for each track: one that is stopped ends its track, while that is still sent. */
async function processor(by: BackgroundOwner): Promise<VirtualBackgroundProcessor> {
  const folder = new URL(MODEL_FOLDER, import.meta.url).href;
  await Promise.all(MODEL_FILES.map((file) => fetched(`${folder}/${file}`)));
  const fresh = new VirtualBackgroundProcessor(folder);
  const { segmentation } = fresh as unknown as { segmentation: Segmentation };
  segmentation.setOptions({ modelSelection: 1 }); // for wide pictures; it would load the other model first
  measure(segmentation, by);
  return fresh;
}

/** Rejects where a file is not there: the library would wait for it for ever. It is in the cache then. */
async function fetched(url: string): Promise<void> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${answer.statusText}`);
  await answer.arrayBuffer();
}

/** Times what the library does with each picture, which it does not tell. */
function measure(segmentation: Segmentation, by: BackgroundOwner): void {
  const send = segmentation.send.bind(segmentation);
  let began = 0;
  let ended = 0;
  let frames = -warmUpFrames;
  let busyMs = 0;
  segmentation.send = async (input) => {
    const at = performance.now();
    // It begins, or the camera was off.
    if (at - ended > 5 * windowMs) frames = -warmUpFrames;
    if (frames <= 0) [began, busyMs] = [at, 0];
    try {
      await send(input);
    } catch (error) {
      by.failed(error instanceof Error ? error.message : String(error));
      throw error;
    }
    const now = performance.now();
    ended = now;
    busyMs += now - at;
    const forMs = now - began;
    if (++frames <= 0 || forMs < windowMs) return;
    by.measured({ framesPerSecond: (frames * 1000) / forMs, frameMs: busyMs / frames, forMs });
    [began, frames, busyMs] = [now, 0, 0];
  };
}

/** Returns the track with another background. It stops the track with it. Rejects where that cannot be. */
export async function changeBackground(
  camera: MediaStreamTrack,
  picture: ImageBitmap | OffscreenCanvas | null,
  by: BackgroundOwner,
): Promise<MediaStreamTrack> {
  const lacks = missing();
  if (lacks.length > 0) throw new Error(`this browser has no ${lacks.join(", ")}`);
  const using = await processor(by);
  const begun = using.startProcessing(
    camera as MediaStreamVideoTrack,
    picture === null ? { blurRadius } : { backgroundImage: picture },
  );
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error(`no picture after ${loadWithinMs / 1000} s`)), loadWithinMs),
  );
  const track = await Promise.race([begun, late]);
  return standFor(camera, track, () => using.stopProcessing());
}

/** What stands behind people who have chosen no picture of their own. */
export function defaultPicture(): OffscreenCanvas {
  const canvas = new OffscreenCanvas(1280, 720);
  const drawing = canvas.getContext("2d");
  if (drawing === null) return canvas;
  const sky = drawing.createLinearGradient(0, 0, 0, 720);
  for (const [at, color] of [
    [0, "#274a7a"],
    [0.6, "#5f83b8"],
    [1, "#8aa7cf"],
  ] as const)
    sky.addColorStop(at, color);
  drawing.fillStyle = sky;
  drawing.fillRect(0, 0, 1280, 720);
  for (const [y, color, height] of [
    [520, "#3b5f93", 140],
    [600, "#2c4a78", 110],
    [670, "#1d3560", 70],
  ] as const) {
    drawing.fillStyle = color;
    drawing.beginPath();
    drawing.moveTo(0, 720);
    for (let x = 0; x <= 1280; x += 20) drawing.lineTo(x, y + (Math.sin(x / height) * height) / 3);
    drawing.lineTo(1280, 720);
    drawing.fill();
  }
  return canvas;
}
