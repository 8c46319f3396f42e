import { Adaptive, missingObservers } from "./adaptive.js";
import type { Calls } from "./calls.js";
import type { DataChannels } from "./data.js";
import type { Emitter } from "./emitter.js";
import { faults } from "./fault.js";
import { kinds } from "./kinds.js";
import { Pictures } from "./pictures.js";
import { Preferences } from "./preferences.js";
import type { PublisherOwner } from "./publisher.js";
import type { Roster } from "./roster.js";
import { Subscriber } from "./subscriber.js";
import type { MeetingEvents } from "./meetingevents.js";
import type { StreamKind } from "./types.js";
import type { SubscribeOffer } from "./wire.js";

/** What receiving asks of its meeting. */
export interface ReceivingOwner {
  readonly calls: Calls;
  readonly events: Emitter<MeetingEvents>;
  readonly roster: Roster;
  readonly data: DataChannels;
  request(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** The connection to the server, from one join until the meeting is left. */
export interface ReceivingConnection extends PublisherOwner {
  /** Whether the meeting was left, or joined again, meanwhile. */
  isOver(): boolean;
}

/** Receiving is what comes from the others: the connection that carries it, and what of it this client wants. */
export class Receiving {
  readonly #owner: ReceivingOwner;
  #preferences: Preferences;
  #subscriber: Subscriber | undefined;
  #pictures: Pictures | undefined;
  #adaptive: Adaptive | undefined;
  /** Adaptive subscription was asked for; it lasts over a new join. */
  #isAdaptive = false;

  constructor(owner: ReceivingOwner) {
    this.#owner = owner;
    this.#preferences = this.#newPreferences();
  }

  /** Of the present participation. */
  get preferences(): Preferences {
    return this.#preferences;
  }

  connect(connection: ReceivingConnection): void {
    this.#subscriber = new Subscriber({
      ...connection,
      received: (tracks) => {
        if (!connection.isOver()) this.#owner.roster.receive(tracks);
      },
      dataOffered: (pc) => {
        if (!connection.isOver()) this.#owner.data.attach(pc);
      },
      dataLost: () => {
        if (!connection.isOver()) this.#owner.data.detach();
      },
      expects: () =>
        [...this.#owner.roster.participants.values()].some((one) => kinds.some((kind) => one.isAnnounced(kind))),
    });
    const { participants } = this.#owner.roster;
    this.#pictures = new Pictures(function* () {
      for (const participant of participants.values()) yield* participant.watched();
    });
    if (this.#isAdaptive) this.#adapt();
  }

  close(): void {
    this.#adaptive?.close();
    this.#pictures?.close();
    this.#preferences.close();
    this.#subscriber?.close();
  }

  /** Forgets the participation before. */
  reset(): void {
    this.#subscriber = undefined;
    this.#preferences = this.#newPreferences();
  }

  offered(offer: SubscribeOffer): void {
    this.#subscriber?.offered(offer);
  }

  stats(): Promise<RTCStatsReport | undefined> | undefined {
    return this.#subscriber?.stats();
  }

  /** Whether something arrives from the server at this moment. */
  hears(): boolean {
    return this.#subscriber?.hears() ?? false;
  }

  /** The signaling connection is back, in the same session. */
  resumed(): void {
    this.#subscriber?.retry();
    this.#preferences.changed();
  }

  lose(forMs: number): boolean {
    return this.#subscriber?.lose(forMs) ?? false;
  }

  /** The TURN servers have other credentials. */
  renewServers(): void {
    this.#subscriber?.renewServers();
  }

  /** The server has lost the session, and the connection with it. */
  forget(): void {
    this.#subscriber?.forget();
  }

  pauseAll(method: string, asked: StreamKind | "all" | undefined, paused: boolean): Promise<void> {
    const { calls, events } = this.#owner;
    const kind = asked === "all" ? undefined : asked;
    return calls.run(
      method,
      async () => {
        if (kind !== undefined && !kinds.includes(kind)) {
          const wrong = { method, parameter: "kind", got: String(kind), allowed: [...kinds, "all"] };
          throw calls.error(faults.invalidParameterNotAllowed, wrong);
        }
        const meant = kind === undefined ? kinds : [kind];
        const preferences = this.#preferences;
        const named = { kind: kind ?? "all" } as const;
        if (paused && meant.every((one) => preferences.isKindPaused(one)))
          throw calls.error(faults.pauseAllStreamsFailedAlreadyPaused, named);
        if (!paused && !meant.some((one) => preferences.isKindPaused(one) || preferences.hasPaused(one)))
          throw calls.error(faults.resumeAllStreamsFailedNotPaused, named);
        await preferences.setKinds(meant, paused);
        events.emit(paused ? "paused-all-streams" : "resumed-all-streams", named);
      },
      { lane: "pauseAll" },
    );
  }

  enableAdaptive(method: string): Promise<void> {
    const { calls } = this.#owner;
    return calls.run(method, async () => {
      if (this.#isAdaptive)
        throw calls.error((_: object, at) => faults.adaptiveSubscriptionEnableFailedAlreadyEnabled(at), {});
      const missing = missingObservers();
      if (missing.length > 0)
        throw calls.error(faults.adaptiveSubscriptionNotEnabledBySdkNoObserver, {
          missing,
          userAgent: navigator.userAgent,
        });
      this.#isAdaptive = true;
      this.#adapt();
    });
  }

  disableAdaptive(method: string): Promise<void> {
    const { calls } = this.#owner;
    return calls.run(method, async () => {
      if (!this.#isAdaptive)
        throw calls.error((_: object, at) => faults.adaptiveSubscriptionDisableFailedAlreadyDisabled(at), {});
      this.#isAdaptive = false;
      this.#adaptive?.close();
      this.#adaptive = undefined;
    });
  }

  #adapt(): void {
    this.#adaptive = new Adaptive({
      pictures: () => this.#owner.roster.pictures(),
      show: (participantId, kind, shown) => this.#preferences.show(participantId, kind, shown),
    });
  }

  #newPreferences(): Preferences {
    return new Preferences({
      request: (method, params) => this.#owner.request(method, params),
      isOn: (participantId, kind) => this.#owner.roster.participants.get(participantId)?.isAnnounced(kind) ?? false,
      participantIds: () => this.#owner.roster.participants.keys(),
    });
  }
}
