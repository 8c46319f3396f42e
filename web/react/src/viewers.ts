import type { Session } from "./session.js";

/** An element that shows the camera of somebody: whether it is in sight, and its size in CSS pixels. */
export interface Viewer {
  visible: boolean;
  width: number;
  height: number;
}

/** Pixels of a side that the server takes. docs/protocol.md */
const MAX_PIXELS = 16_384;

/** The elements that show a participant. One camera may be shown by several: it is received as the largest needs. */
class Shown {
  readonly viewers = new Set<Viewer>();
  readonly #session: Session;
  readonly #id: string;
  /** We have paused the stream; what somebody else has paused stays so. */
  #paused = false;
  #asked = "";

  constructor(session: Session, id: string) {
    this.#session = session;
    this.#id = id;
  }

  /** Asks for what the elements need now; what cannot be asked for at the moment is asked for with the next change. */
  update(): void {
    const { view } = this.#session.snapshot();
    const person = view.people.find((p) => p.id === this.#id);
    const participant = this.#session.participant(this.#id);
    if (!view.inside || view.connection !== "CONNECTED" || !person || !participant || person.local) return;
    const seen = [...this.viewers].filter(({ visible }) => visible);
    const stream = person.streams.video;
    if (stream !== undefined && this.viewers.size > 0 && seen.length === 0 && !this.#paused && !stream.paused) {
      this.#paused = true;
      stream.pause().catch(() => undefined);
    }
    if (this.#paused && (seen.length > 0 || this.viewers.size === 0)) {
      this.#paused = false;
      if (stream?.paused) stream.resume().catch(() => undefined);
    }
    const ratio = globalThis.devicePixelRatio || 1;
    const pixels = (of: "width" | "height"): number =>
      Math.min(MAX_PIXELS, Math.round(Math.max(0, ...seen.map((viewer) => viewer[of])) * ratio));
    const [width, height] = [pixels("width"), pixels("height")];
    const asked = `${width}x${height}`;
    if (width < 1 || height < 1 || asked === this.#asked) return;
    this.#asked = asked;
    void Promise.resolve(participant.setViewPort(width, height)).catch(() => undefined);
  }
}

const bySession = new WeakMap<Session, Map<string, Shown>>();

/** Shows a participant in one more element, until it is called; `changed` is called when the viewer was changed. */
export function show(session: Session, id: string, viewer: Viewer): (() => void) & { changed: () => void } {
  const all = bySession.get(session) ?? new Map<string, Shown>();
  bySession.set(session, all);
  const shown = all.get(id) ?? new Shown(session, id);
  all.set(id, shown);
  shown.viewers.add(viewer);
  const close = (): void => {
    shown.viewers.delete(viewer);
    shown.update();
    if (shown.viewers.size === 0 && all.get(id) === shown) all.delete(id);
  };
  return Object.assign(close, { changed: () => shown.update() });
}
