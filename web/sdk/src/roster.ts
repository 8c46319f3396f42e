import { kinds } from "./kinds.js";
import type { Emitter } from "./emitter.js";
import { Participant, type ParticipantHost } from "./participant.js";
import type { ReceivedTrack } from "./subscriber.js";
import type { MeetingEvents } from "./meetingevents.js";
import type { ConnectionChange, LeaveReason, Mode, PinState, StreamKind } from "./types.js";
import type { Welcome, WireEvent, WireParticipant } from "./wire.js";

export interface RosterOwner {
  readonly local: Participant;
  readonly host: ParticipantHost;
  readonly events: Emitter<MeetingEvents>;
  /** The server does not take that own stream any more. */
  switchedOff(kind: StreamKind, on?: boolean): void;
}

const unpinned: PinState = { cam: false, share: false };

/** Roster is who is in the meeting and how they stand out: who speaks, presents, is pinned, is shown large. */
export class Roster {
  readonly participants = new Map<string, Participant>();
  readonly pins = new Map<string, PinState>();
  readonly #owner: RosterOwner;
  #speakerId: string | null = null;
  #presenterId: string | null = null;
  #mainId: string | null = null;
  #received: readonly ReceivedTrack[] = [];

  constructor(owner: RosterOwner) {
    this.#owner = owner;
  }

  get speakerId(): string | null {
    return this.#speakerId;
  }
  get presenterId(): string | null {
    return this.#presenterId;
  }
  get mainId(): string | null {
    return this.#mainId;
  }

  /** Forgets the participation before. */
  reset(): void {
    this.participants.clear();
    this.pins.clear();
    this.#owner.local.setPinState(unpinned);
    this.#speakerId = this.#presenterId = this.#mainId = null;
    this.#received = [];
  }

  /** Takes over the state at the moment of entering. */
  enter(welcome: Welcome): void {
    this.#owner.local.become(welcome.participant);
    for (const participant of welcome.participants) this.#add(participant);
    for (const { participantId, state } of welcome.pins) this.#setPin(participantId, state);
    this.#speakerId = welcome.activeSpeakerId || null;
    this.#presenterId = welcome.presenterId || null;
  }

  /** The server has lost the streams of the others. They stay as they are for the time that they need to come back. */
  hold(): void {
    for (const participant of this.participants.values()) participant.hold();
  }

  /**
   * Takes over the state of a new session of the same meeting, or of the same one on another node, after `hold`: who is
   * not there any more has left, who is new has joined.
   */
  reenter(welcome: Welcome): void {
    const { local } = this.#owner;
    this.#compareMode(local, welcome.participant);
    local.become(welcome.participant);
    const there = new Map(welcome.participants.map((wire) => [wire.id, wire]));
    for (const [id, participant] of this.participants) {
      const wire = there.get(id);
      if (!wire) this.#left(id, { code: 1001, name: "WEBSOCKET_DISCONNECTED" });
      else {
        const { connectionState: state = "CONNECTED" } = wire;
        this.#compareMode(participant, wire);
        for (const stream of wire.streams) participant.announce(stream.kind, stream);
        if (state !== participant.connectionState) this.#connectionChanged(id, { state });
        participant.releaseSoon();
      }
    }
    for (const [id, wire] of there) if (!this.participants.has(id)) this.#joined(wire);
    const pinned = new Set(welcome.pins.map(({ participantId }) => participantId));
    for (const participantId of this.pins.keys())
      if (!pinned.has(participantId)) this.#pinChanged({ participantId, state: unpinned, pinnedBy: "" });
    for (const pin of welcome.pins) {
      const { cam, share } = this.pins.get(pin.participantId) ?? unpinned;
      if (cam !== pin.state.cam || share !== pin.state.share) this.#pinChanged(pin);
    }
    this.#speakerChanged(welcome.activeSpeakerId);
    const presenter = this.#presenterId ? this.#find(this.#presenterId) : undefined;
    if (welcome.presenterId || !presenter?.screenShareOn) return this.#presenterChanged(welcome.presenterId);
    // It is shared again in a moment; where it is not, nobody else tells.
    const stop = presenter.on("media-status-changed", () => {
      if (presenter.screenShareOn) return;
      stop();
      if (this.#presenterId === presenter.id) this.#presenterChanged("");
    });
  }

  /** Tells what `enter` took over. */
  tell(): void {
    const { events } = this.#owner;
    for (const participant of this.participants.values()) events.emit("participant-joined", participant);
    if (this.#speakerId) events.emit("speaker-changed", this.#speakerId);
    if (this.#presenterId) events.emit("presenter-changed", this.#presenterId);
    this.#chooseMain();
  }

  /** Takes an event of the server; false when it is not about the roster. */
  event({ name, data }: WireEvent): boolean {
    switch (name) {
      case "participant-joined":
        this.#joined(data.participant);
        return true;
      case "participant-left":
        this.#left(data.participantId, data.reason);
        return true;
      case "participant-mode-changed":
        this.#modeChanged(data.participantId, data.mode);
        return true;
      case "participant-connection-changed":
        this.#connectionChanged(data.participantId, { state: data.state, lost: data.lost });
        return true;
      case "stream-enabled":
        // Of oneself the call has said so already, and may have said otherwise since.
        this.participants.get(data.participantId)?.announce(data.stream.kind, data.stream);
        return true;
      case "stream-disabled": {
        const { participantId, stream, by } = data;
        const { local } = this.#owner;
        if (participantId !== local.id) this.participants.get(participantId)?.announce(stream.kind, undefined);
        // Our own switching off comes back as an event too; only somebody else's needs an act.
        else if (by !== "") this.#owner.switchedOff(stream.kind, local.isAnnounced(stream.kind));
        return true;
      }
      case "stream-state":
        this.participants.get(data.participantId)?.forwarded(data);
        return true;
      case "speaker-changed":
        this.#speakerChanged(data.participantId);
        return true;
      case "presenter-changed":
        this.#presenterChanged(data.participantId);
        return true;
      case "pin-state-changed":
        this.#pinChanged(data);
        return true;
      default:
        return false;
    }
  }

  /** The pictures that are received, by the id of their track. */
  pictures(): Map<string, { readonly participantId: string; readonly kind: StreamKind }> {
    const pictures = this.#received.filter(({ kind }) => kind === "video" || kind === "share");
    return new Map(pictures.map(({ participantId, kind, track }) => [track.id, { participantId, kind }]));
  }

  /** The sounds that are received, of streams that are on. */
  sounds(): readonly ReceivedTrack[] {
    return this.#received.filter(
      ({ participantId, kind }) =>
        (kind === "audio" || kind === "shareAudio") && this.participants.get(participantId)?.isAnnounced(kind),
    );
  }

  /** Takes all tracks that are received now. */
  receive(tracks: readonly ReceivedTrack[]): void {
    const before = this.#received;
    this.#received = tracks;
    for (const { participantId, kind } of before) {
      const still = tracks.some((one) => one.participantId === participantId && one.kind === kind);
      if (!still) this.participants.get(participantId)?.receive(kind, undefined);
    }
    for (const { participantId, kind, ...media } of tracks) this.participants.get(participantId)?.receive(kind, media);
  }

  #add(wire: WireParticipant): Participant {
    const participant = new Participant(wire, false, this.#owner.host);
    this.participants.set(wire.id, participant);
    for (const stream of wire.streams) participant.announce(stream.kind, stream);
    return participant;
  }

  #joined(wire: WireParticipant): void {
    const participant = this.#add(wire);
    this.#owner.events.emit("participant-joined", participant);
    // After the event, so that its listeners can listen to the participant before its streams show.
    for (const { participantId, kind, ...media } of this.#received) {
      if (participantId === wire.id) participant.receive(kind, media);
    }
    this.#chooseMain();
  }

  #left(participantId: string, reason: LeaveReason): void {
    const participant = this.participants.get(participantId);
    if (!participant) return;
    this.participants.delete(participantId);
    participant.left();
    this.#owner.host.preferences.forget(participantId);
    this.pins.delete(participantId);
    this.#owner.events.emit("participant-left", participant, reason);
    this.#chooseMain();
  }

  #modeChanged(participantId: string, mode: Mode): void {
    const participant = this.#find(participantId);
    participant?.setMode(mode);
    if (participant?.local && mode !== "SEND_AND_RECV") for (const kind of kinds) this.#owner.switchedOff(kind);
    const change = { participantId, mode: this.#owner.host.modeName(mode) };
    this.#owner.events.emit("participant-mode-changed", change);
    this.#owner.events.emit("participant-mode-change", change);
  }

  #compareMode({ id, presentMode }: Participant, { mode }: WireParticipant): void {
    if (mode !== presentMode) this.#modeChanged(id, mode);
  }

  #speakerChanged(id: string): void {
    if ((id || null) === this.#speakerId) return;
    this.#speakerId = id || null;
    this.#owner.events.emit("speaker-changed", this.#speakerId);
    this.#chooseMain();
  }

  #presenterChanged(id: string): void {
    if ((id || null) === this.#presenterId) return;
    this.#presenterId = id || null;
    this.#owner.events.emit("presenter-changed", this.#presenterId);
    this.#chooseMain();
  }

  #connectionChanged(participantId: string, change: ConnectionChange): void {
    const participant = this.participants.get(participantId);
    if (!participant) return;
    participant.connection(change);
    this.#owner.events.emit("participant-connection-changed", { participantId, ...change });
  }

  #pinChanged(pin: Welcome["pins"][number]): void {
    this.#setPin(pin.participantId, pin.state);
    this.#owner.events.emit("pin-state-changed", { ...pin, peerId: pin.participantId });
  }

  #setPin(participantId: string, state: PinState): void {
    this.#find(participantId)?.setPinState(state);
    if (state.cam || state.share) this.pins.set(participantId, state);
    else this.pins.delete(participantId);
  }

  #find(id: string): Participant | undefined {
    return id === this.#owner.local.id ? this.#owner.local : this.participants.get(id);
  }

  #chooseMain(): void {
    const candidates = [this.#presenterId, this.#speakerId, this.#mainId, ...this.participants.keys()];
    const main = candidates.map((id) => (id ? this.#find(id) : undefined)).find(Boolean) ?? this.#owner.local;
    if (main.id === this.#mainId) return;
    this.#mainId = main.id;
    this.#owner.events.emit("main-participant-changed", main);
  }
}
