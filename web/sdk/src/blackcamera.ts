import type { Diagnosis, Found } from "./diagnosis.js";
import { type FaultContext, faults } from "./fault.js";

/** Of 255. A covered lens gives noise, which the reduction averages; a dark room has something brighter. */
const BLACK = 24;
const WIDTH = 32;
const HEIGHT = 18;
const FRAME_TIMEOUT_MS = 2_000;
/** Looks that are left out while the picture is not black: each takes a frame out of the camera. */
const LOOKS_BETWEEN = 4;

export interface BlackCameraOwner {
  /** The track that is sent; undefined while the camera is off. */
  camera(): MediaStreamTrack | undefined;
  where(): FaultContext;
}

/** BlackCamera finds a camera whose picture is black: a closed shutter, a covered lens, a driver that gives nothing. */
export class BlackCamera implements Diagnosis {
  readonly every = 2_000;
  readonly after = 8_000;
  readonly #owner: BlackCameraOwner;
  #track: MediaStreamTrack | undefined;
  #rest = 0;

  constructor(owner: BlackCameraOwner) {
    this.#owner = owner;
  }

  async look(): Promise<Found> {
    const track = this.#owner.camera();
    if (track !== this.#track) this.#rest = 0;
    this.#track = track;
    if (!track) return undefined;
    if (track.muted || document.visibilityState === "hidden" || this.#rest-- > 0) return "unknown";
    this.#rest = 0;
    const brightest = await brightestOf(track);
    if (brightest === undefined || track !== this.#owner.camera()) return "unknown";
    if (brightest > BLACK) {
      this.#rest = LOOKS_BETWEEN;
      return undefined;
    }
    return (forMs) =>
      faults.startingVideoBlackCamera({ label: track.label, brightest, forMs }, this.#owner.where());
  }
}

/** The brightest channel of a frame, reduced to a few pixels; undefined where none comes or the page may not read it. */
async function brightestOf(track: MediaStreamTrack): Promise<number | undefined> {
  const video = document.createElement("video");
  video.muted = video.playsInline = true;
  const came = new Promise<boolean>((resolve) => {
    video.onloadeddata = () => resolve(true);
    setTimeout(() => resolve(false), FRAME_TIMEOUT_MS);
  });
  try {
    video.srcObject = new MediaStream([track]);
    video.play().catch(() => undefined);
    if (!(await came)) return undefined;
    const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    if (!pen) return undefined;
    pen.imageSmoothingQuality = "high";
    pen.drawImage(video, 0, 0, WIDTH, HEIGHT);
    return pen.getImageData(0, 0, WIDTH, HEIGHT).data.reduce((most, v, i) => (i % 4 === 3 ? most : Math.max(most, v)), 0);
  } finally {
    video.srcObject = null;
  }
}
