import * as Codes from "./codes.gen.js";
import { closeConnection, during, statsOf } from "./connection.js";
import { faults, VideoSDKError } from "./fault.js";
import { setLocal } from "./feedback.js";
import { Path } from "./path.js";
import type { PublisherOwner } from "./publisher.js";
import type { StreamKind } from "./types.js";
import type { SubscribeOffer } from "./wire.js";
import { newConnection, renewServers } from "./relays.js";

/** How long, in ms, the last pictures of a connection that was given up may be shown. */
const SHOWN_MS = 10_000;

/** A received track, and whose stream it is. */
export interface ReceivedTrack {
  readonly participantId: string;
  readonly kind: StreamKind;
  readonly track: MediaStreamTrack;
  readonly receiver: RTCRtpReceiver;
  stats(): Promise<RTCStatsReport | undefined>;
}

export interface SubscriberOwner extends PublisherOwner {
  /** All tracks that are received now. */
  received(tracks: readonly ReceivedTrack[]): void;
  /** Whether somebody sends something. */
  expects(): boolean;
  /** An offer for this connection has a section for data. */
  dataOffered(pc: RTCPeerConnection): void;
  /** The connection is gone. */
  dataLost(): void;
}

/** Subscriber is the receiving connection: the server offers, we answer. Offers are answered one after another. */
export class Subscriber {
  readonly #owner: SubscriberOwner;
  #pc: RTCPeerConnection | undefined;
  #path: Path | undefined;
  #queue: Promise<void> = Promise.resolve();
  #newest = 0;

  constructor(owner: SubscriberOwner) {
    this.#owner = owner;
  }

  /** Takes an offer. One that a newer offer has replaced meanwhile is left out. */
  offered(offer: SubscribeOffer): void {
    this.#newest = offer.offerId;
    this.#queue = this.#queue.then(() => (offer.offerId === this.#newest ? this.#answer(offer) : undefined));
  }

  stats(): Promise<RTCStatsReport | undefined> {
    return statsOf(this.#pc);
  }

  retry(): void {
    this.#path?.retry();
  }

  /** Whether something arrives over the connection at this moment. */
  hears(): boolean {
    return this.#path?.hears() ?? false;
  }

  /** Closes the connection, and makes no other one for so long. Reports whether there was one. */
  lose(forMs: number): boolean {
    return this.#path?.lose(forMs) ?? false;
  }

  /** The TURN servers have other credentials. */
  renewServers(): void {
    renewServers(this.#pc, this.#owner.relays());
  }

  close(): void {
    this.#newest = -1;
    this.#path?.close();
    closeConnection(this.#pc);
  }

  #create(): RTCPeerConnection {
    const pc = newConnection(this.#owner.relays());
    this.#pc = pc;
    return pc;
  }

  /** From the first answer on: a connection that was refused looks for no path. */
  #watch(pc: RTCPeerConnection): void {
    this.#path ??= new Path("subscribe", {
      fault: (fault) => this.#owner.fault(fault),
      cleared: (fault, forMs) => this.#owner.cleared(fault, forMs),
      where: () => this.#owner.where(),
      checkSignaling: () => this.#owner.checkSignaling(),
      expects: () => this.#owner.expects(),
      restart: () => this.#restart(),
      replace: () => {
        this.#drop();
        return this.#restart();
      },
    });
    this.#path.watch(pc);
  }

  /** Gives up the connection: the server knows nothing of it any more. Its next offer makes another one. */
  forget(): void {
    this.#path?.close();
    this.#path = undefined;
    this.#newest = 0;
    const old = this.#pc; // its last pictures are shown: browsers blacken those of a connection that is closed
    setTimeout(() => closeConnection(old), SHOWN_MS);
    this.#pc = undefined;
    this.#drop();
  }

  #drop(): void {
    closeConnection(this.#pc);
    this.#pc = undefined;
    this.#owner.received([]);
    this.#owner.dataLost();
  }

  async #restart(): Promise<void> {
    await this.#owner.request("restartSubscribe", {});
  }

  /**
   * The connection that an offer belongs to. That the server has begun another one only the offer tells: RFC 8829,
   * 5.2.1.
   */
  #connection(sdp: string): RTCPeerConnection {
    const before = this.#pc?.remoteDescription?.sdp;
    if (before !== undefined && sessionOf(before) !== sessionOf(sdp)) this.#drop();
    return this.#pc ?? this.#create();
  }

  async #answer(offer: SubscribeOffer): Promise<void> {
    const pc = this.#connection(offer.sdp);
    try {
      await during(pc, pc.setRemoteDescription({ type: "offer", sdp: this.#owner.described(offer.sdp) }));
      if (offer.sdp.includes("\nm=application ")) this.#owner.dataOffered(pc);
      const sdp = await setLocal(pc, await during(pc, pc.createAnswer()), offer.sdp);
      this.#owner.received(this.#tracks(pc, offer));
      await this.#owner.request("answer", { offerId: offer.offerId, sdp });
      if (this.#pc === pc) this.#watch(pc);
    } catch (failure) {
      if (
        this.#newest < 0 ||
        this.#pc !== pc ||
        (failure instanceof VideoSDKError && failure.code === Codes.ERROR_OPERATION_ABORTED)
      )
        return; // closed meanwhile
      const details = { connection: "subscribe", problem: String(failure) };
      const causeId = failure instanceof VideoSDKError ? failure.id : "";
      this.#owner.fault(
        faults.meetingMediaConnectionFailedNegotiationFailed(details, { ...this.#owner.where(), causeId }),
      );
    }
  }

  #tracks(pc: RTCPeerConnection, offer: SubscribeOffer): ReceivedTrack[] {
    const byMid = new Map(pc.getTransceivers().map((transceiver) => [transceiver.mid, transceiver.receiver]));
    return offer.streams.flatMap(({ mid, participantId, kind }) => {
      const receiver = byMid.get(mid);
      const stats = (): Promise<RTCStatsReport | undefined> => statsOf(pc, receiver);
      return receiver ? [{ participantId, kind, track: receiver.track, receiver, stats }] : [];
    });
  }
}

/** The session id of a description: RFC 8866, 5.2. */
function sessionOf(sdp: string): string {
  return /^o=\S+ (\S+)/m.exec(sdp)?.[1] ?? "";
}
