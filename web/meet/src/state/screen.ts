import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import { promote } from "../layout/grid";
import type { Layout, Prefs } from "./prefs";
import type { RoomState } from "./room";

/** Where the picture goes, beside its window. */
export type Placement = "fullScreen" | "pictureInPicture";

export type Panel = "chat" | "people" | "problems" | "egress";
export type Dialog = "settings" | "invite" | "shortcuts" | "more" | "leave" | "live" | "connection";

/** What this person looks at: the open panel, the layout, the page and order of the grid. */
export class Screen {
  readonly panel = signal<Panel | null>(null);
  readonly dialog = signal<Dialog | null>(null);
  /** Page of the grid, from 0. */
  readonly page = signal(0);
  /** How many tiles the grid shows at once; the grid view tells. */
  readonly pageSize = signal(Infinity);
  /** Whether the emoji of reactions are offered. */
  readonly reacting = signal(false);
  /** Whether the page fills the screen. */
  readonly full = signal(false);
  /** What the browser refused to do with the picture, and why, until that is read. */
  readonly refused = signal<{ readonly what: Placement; readonly problem: string } | null>(null);
  /** Whom this person keeps large, for itself. */
  readonly focusId = signal<string | null>(null);
  /** Of whom the numbers of the connection are shown. */
  readonly connectionId = signal("");
  /** Whose shared screen this person looks at, where there are several; null for the newest. */
  readonly shareId = signal<string | null>(null);
  /** Layout asked for in spite of a pin for everybody; null follows the pin. */
  readonly #view = signal<Layout | null>(null);
  readonly #order = signal<readonly string[]>([]);

  /** A screen share is always large; somebody pinned for everybody is, until one asks for the grid. */
  readonly layout = computed<Layout>(() => {
    const { people } = this.room.value;
    if (people.some((p) => p.on.share)) return "speaker";
    return this.#view.value ?? (people.some((p) => p.pin.cam) ? "speaker" : this.prefs.layout.value);
  });

  constructor(
    private readonly room: ReadonlySignal<RoomState>,
    private readonly prefs: Prefs,
  ) {
    effect(() => {
      const next = arrange(this.#order.peek(), room.value, this.pageSize.value);
      if (next.join("\n") !== this.#order.peek().join("\n")) this.#order.value = next;
    });
  }

  /** Ids in the order of the grid. */
  get order(): ReadonlySignal<readonly string[]> {
    return this.#order;
  }

  /** Back to how a meeting begins. */
  reset(): void {
    this.focusId.value = null;
    this.shareId.value = null;
    this.#view.value = null;
    this.page.value = 0;
    this.reacting.value = false;
    this.refused.value = null;
  }

  /** Follows what the browser does; the undo leaves full screen, with the meeting. */
  watchFull(): () => void {
    const changed = (): void => void (this.full.value = document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", changed);
    return () => {
      document.removeEventListener("fullscreenchange", changed);
      if (document.fullscreenElement) void document.exitFullscreen();
      this.full.value = false;
    };
  }

  /** Rejects where the browser refuses. */
  toggleFull(): Promise<void> {
    return this.full.value ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  }

  togglePanel(panel: Panel): void {
    this.panel.value = this.panel.value === panel ? null : panel;
  }

  toggleLayout(): void {
    const next = this.layout.value === "grid" ? "speaker" : "grid";
    this.#view.value = next;
    this.prefs.layout.value = next;
  }

  /** Keeps somebody large here, in the speaker layout; the same again lets go. */
  focus(id: string): void {
    this.focusId.value = this.focusId.value === id ? null : id;
    if (this.focusId.value !== null && this.layout.value === "grid") this.toggleLayout();
  }

  /** A new screen share is what everybody wants to see, whom one kept large before or not. */
  shareBegan(): void {
    this.focusId.value = null;
    this.shareId.value = null;
  }

  /** Shows one of several shared screens large. */
  chooseShare(id: string): void {
    this.focusId.value = null;
    this.shareId.value = id;
  }

  /** A new pin for everybody counts, whatever was looked at before. */
  pinned(): void {
    this.#view.value = null;
  }

  /** Shows the numbers of somebody's connection. */
  showConnection(id: string): void {
    this.connectionId.value = id;
    this.dialog.value = "connection";
  }

  left(id: string): void {
    if (this.dialog.value === "connection" && this.connectionId.value === id) this.dialog.value = null;
    if (this.focusId.value === id) this.focusId.value = null;
    if (this.shareId.value === id) this.shareId.value = null;
  }
}

/** Newcomers last, who speaks in sight, all others where they were. */
export function arrange(
  order: readonly string[],
  { people, speakerId }: RoomState,
  pageSize: number,
): readonly string[] {
  const ids = new Set(people.map((p) => p.id));
  const kept = order.filter((id) => ids.has(id));
  const known = new Set(kept);
  const all = [...kept, ...people.map((p) => p.id).filter((id) => !known.has(id))];
  const spokeAt = (id: string): number => people.find((p) => p.id === id)?.spokeAt ?? 0;
  const fixed = new Set(people.filter((p) => p.local).map((p) => p.id));
  return promote(all, speakerId, pageSize, spokeAt, fixed);
}
