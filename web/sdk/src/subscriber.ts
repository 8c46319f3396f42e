import * as Codes from "./codes.gen.js";
import { faults, VideoSDKError } from "./fault.js";
import { Path } from "./path.js";
import type { PublisherOwner } from "./publisher.js";
import type { StreamKind } from "./types.js";
import type { SubscribeOffer } from "./wire.js";

/** A received track, and whose stream it is. */
export interface ReceivedTrack {
  readonly participantId: string;
  readonly kind: StreamKind;
  readonly track: MediaStreamTrack;
  readonly receiver: RTCRtpReceiver;
}

export interface SubscriberOwner extends PublisherOwner {
  /** All tracks that are received now. */
  received(tracks: readonly ReceivedTrack[]): void;
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

  retry(): void {
    this.#path?.retry();
  }

  close(): void {
    this.#newest = -1;
    this.#path?.close();
    this.#pc?.close();
  }

  #create(): RTCPeerConnection {
    const pc = new RTCPeerConnection({ iceServers: [...this.#owner.iceServers()], bundlePolicy: "max-bundle" });
    this.#pc = pc;
    return pc;
  }

  /** From the first answer on: a connection that was refused looks for no path. */
  #watch(pc: RTCPeerConnection): void {
    this.#path ??= new Path(pc, "subscribe", {
      fault: (fault) => this.#owner.fault(fault),
      where: () => this.#owner.where(),
      restart: async () => void (await this.#owner.request("restartSubscribe", {})),
    });
  }

  /** Gives up the connection: the server knows nothing of it any more. Its next offer makes another one. */
  forget(): void {
    this.#path?.close();
    this.#pc?.close();
    this.#path = this.#pc = undefined;
    this.#newest = 0;
    this.#owner.received([]);
  }

  async #answer(offer: SubscribeOffer): Promise<void> {
    const pc = this.#pc ?? this.#create();
    try {
      await pc.setRemoteDescription({ type: "offer", sdp: offer.sdp });
      const answer = await pc.createAnswer();
      await pc.setLocalDescription(answer);
      this.#owner.received(this.#tracks(pc, offer));
      await this.#owner.request("answer", { offerId: offer.offerId, sdp: answer.sdp ?? "" });
      if (this.#pc === pc) this.#watch(pc);
    } catch (failure) {
      if (this.#newest < 0 || this.#pc !== pc || (failure instanceof VideoSDKError && failure.code === Codes.ERROR_OPERATION_ABORTED)) return; // closed meanwhile
      const details = { connection: "subscribe", problem: String(failure) };
      const causeId = failure instanceof VideoSDKError ? failure.id : "";
      this.#owner.fault(faults.meetingMediaConnectionFailedNegotiationFailed(details, { ...this.#owner.where(), causeId }));
    }
  }

  #tracks(pc: RTCPeerConnection, offer: SubscribeOffer): ReceivedTrack[] {
    const byMid = new Map(pc.getTransceivers().map((transceiver) => [transceiver.mid, transceiver.receiver]));
    return offer.streams.flatMap(({ mid, participantId, kind }) => {
      const receiver = byMid.get(mid);
      return receiver ? [{ participantId, kind, track: receiver.track, receiver }] : [];
    });
  }
}
