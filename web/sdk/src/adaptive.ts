import type { Shown } from "./preferences.js";
import type { StreamKind } from "./types.js";

/** How often elements are looked for, in ms: an element that is made, moved or given another stream tells nobody. */
const LOOK_MS = 500;
/** Looks at which a stream must be out of sight until it counts as hidden: scrolling past is no reason. */
const HIDDEN_LOOKS = 3;
/**
 * A look that comes so long after the one before it, in ms, is late: the page did not get to run. A page that is
 * starved of processor time, as after a takeover when all its pictures come at once, puts them into elements late as
 * well, and would have them paused while it still wants them; so the looks are counted anew from there.
 */
const LATE_MS = 1.5 * LOOK_MS;
/** Sizes are rounded up to these steps, so that an animation does not ask for something else with each frame. */
const STEP = 32;

export interface AdaptiveOwner {
  /** Pictures that are received, by the id of their track. */
  pictures(): ReadonlyMap<string, { readonly participantId: string; readonly kind: StreamKind }>;
  /** What is visible of a stream; undefined: nothing is known, it is received as without adaptive subscription. */
  show(participantId: string, kind: StreamKind, shown: Shown | undefined): void;
}

/** An API of the browser that is missing; none when adaptive subscription is possible. */
export function missingObservers(): string[] {
  return ["IntersectionObserver", "ResizeObserver"].filter((name) => !(name in globalThis));
}

/**
 * Adaptive looks at the video elements of the page: what of each received picture is visible, and how large. A picture
 * without an element counts as hidden, once any has been seen in an element: a page that draws pictures in another way
 * is left alone.
 */
export class Adaptive {
  readonly #owner: AdaptiveOwner;
  readonly #visible = new Map<Element, boolean>();
  readonly #intersections: IntersectionObserver;
  readonly #sizes: ResizeObserver;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #look = (): void => this.#update(false);
  /** Looks at which a picture was out of sight, by track. */
  readonly #hidden = new Map<string, number>();
  readonly #shown = new Map<string, { readonly participantId: string; readonly kind: StreamKind }>();
  #found = false;
  #looked = performance.now();

  constructor(owner: AdaptiveOwner) {
    this.#owner = owner;
    this.#intersections = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) this.#visible.set(target, isIntersecting);
      this.#look();
    });
    this.#sizes = new ResizeObserver(this.#look);
    this.#timer = setInterval(() => {
      this.#countAnewIfLate();
      this.#update(true);
    }, LOOK_MS);
    document.addEventListener("visibilitychange", this.#look);
    this.#look();
  }

  /** Ends it: every picture is received as before. */
  close(): void {
    clearInterval(this.#timer);
    this.#intersections.disconnect();
    this.#sizes.disconnect();
    document.removeEventListener("visibilitychange", this.#look);
    for (const { participantId, kind } of this.#shown.values()) this.#owner.show(participantId, kind, undefined);
  }

  /** Browsers slow down the timers of a page in the background, whose looks are all late; there nothing is visible. */
  #countAnewIfLate(): void {
    const now = performance.now();
    const late = now - this.#looked > LATE_MS;
    this.#looked = now;
    if (late && document.visibilityState !== "hidden") this.#hidden.clear();
  }

  #update(counts: boolean): void {
    const pictures = this.#owner.pictures();
    const elements = this.#elements(pictures);
    this.#found ||= elements.size > 0;
    for (const id of this.#shown.keys())
      if (!pictures.has(id)) {
        this.#shown.delete(id);
        this.#hidden.delete(id);
      }
    if (!this.#found) return;
    for (const [id, picture] of pictures) {
      const size = largest((elements.get(id) ?? []).filter((element) => this.#isVisible(element)));
      const looks = size ? 0 : (this.#hidden.get(id) ?? 0) + (counts ? 1 : 0);
      this.#hidden.set(id, looks);
      if (!size && looks < HIDDEN_LOOKS) continue;
      this.#shown.set(id, picture);
      this.#owner.show(picture.participantId, picture.kind, size ?? "hidden");
    }
  }

  /** The video elements that play pictures, which are observed from now on. */
  #elements(pictures: ReadonlyMap<string, unknown>): Map<string, HTMLVideoElement[]> {
    const found = new Map<string, HTMLVideoElement[]>();
    const present = new Set<Element>();
    for (const element of [document, above()].flatMap((page) => [...(page?.querySelectorAll("video") ?? [])])) {
      // That of another document is no MediaStream of this one.
      const stream = element.srcObject as Partial<MediaStream> | null;
      const ids = (stream?.getVideoTracks?.() ?? []).flatMap(({ id }) => (pictures.has(id) ? [id] : []));
      if (ids.length === 0) continue;
      present.add(element);
      for (const id of ids) found.set(id, [...(found.get(id) ?? []), element]);
      if (this.#visible.has(element)) continue;
      this.#visible.set(element, true); // until the observer tells otherwise
      this.#intersections.observe(element);
      this.#sizes.observe(element);
    }
    for (const element of this.#visible.keys())
      if (!present.has(element)) {
        this.#visible.delete(element);
        this.#intersections.unobserve(element);
        this.#sizes.unobserve(element);
      }
    return found;
  }

  #isVisible(element: HTMLVideoElement): boolean {
    if (document.pictureInPictureElement === element) return true;
    if (element.ownerDocument !== document) return true;
    return document.visibilityState !== "hidden" && this.#visible.get(element) === true;
  }
}

/** What a page shows above other windows is in a document of its own. */
function above(): Document | undefined {
  return (globalThis as { documentPictureInPicture?: { window: Window | null } }).documentPictureInPicture?.window
    ?.document;
}

/** The size of the largest element, in pixels of the screen; undefined for none. */
function largest(elements: readonly HTMLVideoElement[]): { width: number; height: number } | undefined {
  let best: { width: number; height: number } | undefined;
  const ratio = globalThis.devicePixelRatio || 1;
  for (const element of elements) {
    const { width, height } = element.getBoundingClientRect();
    if (width < 1 || height < 1) continue;
    const step = (pixels: number): number => Math.min(16_384, Math.ceil((pixels * ratio) / STEP) * STEP);
    const size = { width: step(width), height: step(height) };
    if (!best || size.width * size.height > best.width * best.height) best = size;
  }
  return best;
}
