import type { Emitter } from "./emitter.js";
import type { MeetingEvents } from "./meetingevents.js";
import type { EntryRequest, MetaData, Restrictions, StreamKind } from "./types.js";
import type { Welcome, WireEvent } from "./wire.js";

/** What moderation asks of its meeting. */
export interface ModerationOwner {
  readonly events: Emitter<MeetingEvents>;
  /** What this participant may do. */
  permissions(): readonly string[];
  respond(participantId: string, decision: "allowed" | "denied"): Promise<void>;
  /** An own stream may not be on any more. */
  forbidden(kind: StreamKind): void;
}

const none: Restrictions = { audio: false, video: false, share: false, chat: false };
const rights = ["audio", "video", "share", "chat"] as const;

/** Moderation is what those who moderate a meeting decide: who gets in, and what participants may do. */
export class Moderation {
  readonly #owner: ModerationOwner;
  #locked = false;
  #restrictions = none;
  /** Who asks to enter. */
  readonly #entries = new Set<string>();

  constructor(owner: ModerationOwner) {
    this.#owner = owner;
  }

  get locked(): boolean {
    return this.#locked;
  }

  get restrictions(): Restrictions {
    return this.#restrictions;
  }

  /** Whether the restrictions keep an own stream off. */
  forbids(kind: StreamKind): boolean {
    const right = kind === "shareAudio" ? "share" : kind;
    return this.#restrictions[right] && !this.#owner.permissions().includes("allow_mod");
  }

  /** Forgets the participation before. */
  reset(): void {
    this.#locked = false;
    this.#restrictions = none;
    this.#entries.clear();
  }

  /** Takes over the state on joining. */
  enter({ locked, restrictions }: Welcome): void {
    this.#locked = locked;
    this.#restrictions = restrictions;
  }

  /** Tells who asks to enter. */
  tell({ entries }: Welcome): void {
    for (const entry of entries) this.#requested(entry);
  }

  /** Takes over the state of a new session, or of the same one on another node, and tells what differs. */
  reenter({ locked, restrictions }: Welcome): void {
    this.#lockChanged({ locked, by: "" });
    this.#restrictionsChanged({ restrictions, by: "" });
  }

  /** Tells who asks to enter now, and who no longer does. */
  retell(welcome: Welcome): void {
    for (const id of this.#entries)
      if (!welcome.entries.some(({ participantId }) => participantId === id)) this.#withdrawn(id);
    this.tell(welcome);
  }

  /** Takes an event of the server; false when it is about something else. */
  event({ name, data }: WireEvent): boolean {
    switch (name) {
      case "entry-requested":
        this.#requested(data);
        return true;
      case "entry-responded":
        this.#entries.delete(data.participantId);
        this.#owner.events.emit("entry-responded", data.participantId, data.decision);
        return true;
      case "entry-withdrawn":
        this.#withdrawn(data.participantId);
        return true;
      case "lock-changed":
        this.#lockChanged(data);
        return true;
      case "restrictions-changed":
        this.#restrictionsChanged(data);
        return true;
      default:
        return false;
    }
  }

  #requested({ participantId, name, metaData }: Welcome["entries"][number]): void {
    if (this.#entries.has(participantId)) return;
    this.#entries.add(participantId);
    const request: EntryRequest = {
      participantId,
      name,
      metaData: metaData as MetaData | undefined,
      allow: () => this.#owner.respond(participantId, "allowed"),
      deny: () => this.#owner.respond(participantId, "denied"),
    };
    this.#owner.events.emit("entry-requested", request);
  }

  #withdrawn(participantId: string): void {
    this.#entries.delete(participantId);
    this.#owner.events.emit("entry-withdrawn", participantId);
  }

  #lockChanged(change: { readonly locked: boolean; readonly by: string }): void {
    if (change.locked === this.#locked) return;
    this.#locked = change.locked;
    this.#owner.events.emit("lock-changed", change);
  }

  #restrictionsChanged(change: { readonly restrictions: Restrictions; readonly by: string }): void {
    const before = this.#restrictions;
    if (rights.every((right) => change.restrictions[right] === before[right])) return;
    this.#restrictions = change.restrictions;
    // Here and not with stream-disabled, which does not tell who it was over REST.
    for (const kind of ["audio", "video", "share", "shareAudio"] as const)
      if (this.forbids(kind)) this.#owner.forbidden(kind);
    this.#owner.events.emit("restrictions-changed", change);
  }
}
