import type { Diagnosis, Found } from "./diagnosis.js";
import { type FaultContext, faults } from "./fault.js";
import type { StreamKind } from "./types.js";

/** Elements of the SDK's own that the browser has refused to play. */
const refused = new Set<HTMLMediaElement>();

/** Plays; where the browser wants the user to act before there is sound, it plays after the next press of a button. */
export function play(element: HTMLMediaElement): void {
  const began = (): void => void refused.delete(element);
  element.play().then(began, (failure: unknown) => {
    if (!(failure instanceof DOMException) || failure.name !== "NotAllowedError") return;
    refused.add(element);
    for (const event of ["pointerup", "keydown"])
      document.addEventListener(event, () => void element.play().then(began, () => undefined), { once: true });
  });
}

export interface AutoplayOwner {
  /** The sounds that are received. */
  sounds(): Iterable<{ readonly participantId: string; readonly kind: StreamKind; readonly track: MediaStreamTrack }>;
  where(): FaultContext;
}

/** Autoplay finds sounds that the browser does not play, because the person has done nothing in the page yet. */
export class Autoplay implements Diagnosis {
  readonly every = 1_000;
  readonly after = 1_000;
  readonly #owner: AutoplayOwner;

  constructor(owner: AutoplayOwner) {
    this.#owner = owner;
  }

  async look(): Promise<Found> {
    const elements = [...refused, ...document.querySelectorAll<HTMLMediaElement>("audio, video")].filter(
      ({ paused, muted, srcObject }) => paused && !muted && srcObject instanceof MediaStream,
    );
    for (const { participantId: publisherId, kind, track } of elements.length > 0 ? this.#owner.sounds() : []) {
      const waiting = new Set(
        elements.filter(({ srcObject }) => (srcObject as MediaStream).getAudioTracks().includes(track)),
      );
      if (waiting.size === 0) continue;
      if (!(await isBlocked())) return undefined;
      return () =>
        faults.clientImpairedAutoplayBlocked({ publisherId, kind, elements: waiting.size }, this.#owner.where());
    }
    return undefined;
  }
}

/** One sample of silence. */
const SILENCE = "data:audio/wav;base64,UklGRiYAAABXQVZFZm10IBAAAAABAAEAgD4AAAB9AAACABAAZGF0YQIAAAAAAA==";

/** Whether the browser plays no sound now: an element that is paused may be so because the page wants it. */
async function isBlocked(): Promise<boolean> {
  try {
    await new Audio(SILENCE).play();
    return false;
  } catch (failure) {
    return failure instanceof DOMException && failure.name === "NotAllowedError";
  }
}
