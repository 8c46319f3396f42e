// A way of media to the server and back: one participant of the test sends on it and another one receives.

import type { FaultContext, VideoSDKError } from "./fault.js";
import type { ConnectionName } from "./observer.js";
import type { PreCallKit } from "./precallkit.js";
import type { Signal } from "./signal.js";
import type { PreferredProtocol } from "./types.js";
import { type Fault, preCallFaults } from "./faults.gen.js";
import type { SubscribeOffer, WireEvent } from "./wire.js";

/** How long a way may take until media arrive. ICE has then tried all that it will. */
const WAY_TIMEOUT_MS = 12_000;
const POLL_MS = 100;
const LEAVE_TIMEOUT_MS = 1_000;

/** Which way. */
export interface WayOptions {
  readonly protocol: PreferredProtocol;
  /** Through a TURN server alone. */
  readonly relayed: boolean;
}

/** The test that a way belongs to. */
export interface TestContext {
  readonly kit: PreCallKit;
  readonly serverUrl: string;
  readonly token: string;
  readonly testId: string;
  /** What is sent. */
  readonly tracks: readonly MediaStreamTrack[];
  readonly signal: AbortSignal;
}

/** Fails when the test is stopped. */
export class Stopped extends Error {}

/** Rejects with Stopped as soon as the test is stopped. */
export function unlessStopped<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined); // after the race nobody waits for it
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(new Stopped());
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One participant of the test. */
export class End {
  readonly #signal: Signal;
  readonly at: FaultContext;
  readonly #context: TestContext;
  #onEvent: (event: WireEvent) => void = () => undefined;
  #failed: ((fault: VideoSDKError) => void) | undefined;
  /** Rejects with what ends the participation before its time. */
  readonly ended: Promise<never>;
  #joined = false;
  iceServers: readonly RTCIceServer[] = [];

  constructor(context: TestContext) {
    this.#context = context;
    const { kit, serverUrl } = context;
    const address = kit.readAddress(serverUrl, location);
    this.at = { meetingId: "", sessionId: "", participantId: "", server: address.base };
    this.ended = new Promise((_, reject) => (this.#failed = reject));
    this.ended.catch(() => undefined);
    const fail = (fault: Fault): void => this.#failed?.(new kit.VideoSDKError(fault));
    this.#signal = new kit.Signal(
      address,
      {
        event: (event) => {
          if (event.name === "meeting-left" && event.data.fault) fail(event.data.fault);
          else this.#onEvent(event);
        },
        cut: () => undefined,
        pausing: () => undefined,
        unreachable: () => undefined,
        reached: () => undefined,
        resumed: () => undefined,
        rejoining: fail,
        rejoined: () => undefined,
        refused: fail,
        closed: fail,
      },
      () => this.at,
      { joinAttempts: 2 },
    );
  }

  async join(mode: string, onEvent: (event: WireEvent) => void = () => undefined): Promise<void> {
    const { kit, token, testId } = this.#context;
    this.#onEvent = onEvent;
    const client = {
      sdkType: "js",
      sdkVersion: kit.version,
      platform: navigator.platform,
      browserUserAgent: navigator.userAgent,
    };
    const params = { token, meetingId: "", preCallTest: testId, name: "", mode, client };
    const { welcome } = await this.#signal.join(() => params);
    this.#joined = true;
    this.iceServers = (welcome?.iceServers ?? []).map(({ urls, username, credential }) => ({
      urls: [...urls],
      ...(username !== undefined && { username }),
      ...(credential !== undefined && { credential }),
    }));
  }

  request(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return this.#signal.request(method, params);
  }

  /** Leaves; the answer is waited for, so that the next way finds room in the test. */
  async leave(): Promise<void> {
    if (this.#joined) {
      const left = this.#signal.request("leave").catch(() => undefined);
      await Promise.race([left, pause(LEAVE_TIMEOUT_MS)]);
    }
    this.#signal.close();
  }
}

/** A way that carries media. */
export class Way {
  readonly #context: TestContext;
  readonly #options: WayOptions;
  readonly #sender: End;
  readonly #receiver: End;
  readonly #connections: RTCPeerConnection[] = [];
  #sending: RTCPeerConnection | undefined;
  #receiving: RTCPeerConnection | undefined;
  #closed = false;

  constructor(context: TestContext, options: WayOptions) {
    this.#context = context;
    this.#options = options;
    this.#sender = new End(context);
    this.#receiver = new End(context);
  }

  /** Sends, and resolves when all that is sent arrives again. Throws the VideoSDKError of why it does not. */
  async open(): Promise<void> {
    const { kit, signal, tracks } = this.#context;
    const began = Date.now();
    const observers: InstanceType<PreCallKit["Observer"]>[] = [];
    const connect = (name: ConnectionName, from: End): RTCPeerConnection => {
      const relays = kit.relaysFor(from.iceServers, this.#options.protocol);
      const pc = kit.newConnection(relays, this.#options.relayed ? "relay" : "all");
      this.#connections.push(pc);
      observers.push(new kit.Observer(pc, name));
      return pc;
    };
    try {
      const failed = Promise.race([this.#sender.ended, this.#receiver.ended]);
      failed.catch(() => undefined);
      const answering: { failure?: unknown } = {};
      const work = async (): Promise<void> => {
        await this.#receiver.join("RECV_ONLY", (event) => {
          if (event.name !== "subscribe-offer") return;
          this.#answer(event.data, connect).catch((failure: unknown) => (answering.failure ??= failure));
        });
        await this.#sender.join("SEND_AND_RECV");
        const pc = connect("publish", this.#sender);
        this.#sending = pc;
        await this.#offer(pc);
        while (!this.#closed && !(await this.#arrives(tracks.length))) {
          if (answering.failure !== undefined) throw answering.failure;
          if (Date.now() - began > WAY_TIMEOUT_MS) throw await this.#why(observers, Date.now() - began);
          await pause(POLL_MS);
        }
      };
      await unlessStopped(signal, Promise.race([work(), failed]));
    } catch (failure) {
      if (failure instanceof Stopped || failure instanceof kit.VideoSDKError) throw failure;
      const details = { connection: "publish", problem: String(failure) }; // the browser took none of the descriptions
      throw new kit.VideoSDKError(kit.faults.meetingMediaConnectionFailedNegotiationFailed(details, this.#sender.at));
    } finally {
      for (const observer of observers) observer.close();
    }
  }

  async #offer(pc: RTCPeerConnection): Promise<void> {
    const { kit, tracks } = this.#context;
    for (const track of tracks) {
      const { maxBitrateBps: maxBitrate } = kit.encodingOf(track, track.kind as "audio" | "video");
      pc.addTransceiver(track, { direction: "sendonly", sendEncodings: [{ maxBitrate }] });
    }
    const sdp = await kit.setLocal(pc, await pc.createOffer());
    const streams = pc.getTransceivers().map(({ mid, sender }) => ({ kind: sender.track?.kind, mid, enabled: true }));
    const answer = (await this.#sender.request("publish", { sdp, streams })) as { readonly sdp: string };
    await pc.setRemoteDescription({ type: "answer", sdp: kit.withProtocol(answer.sdp, this.#options.protocol) });
  }

  async #answer(offer: SubscribeOffer, connect: (name: ConnectionName, from: End) => RTCPeerConnection): Promise<void> {
    const { kit } = this.#context;
    const pc = (this.#receiving ??= connect("subscribe", this.#receiver));
    await pc.setRemoteDescription({ type: "offer", sdp: kit.withProtocol(offer.sdp, this.#options.protocol) });
    const sdp = await kit.setLocal(pc, await pc.createAnswer(), offer.sdp);
    await this.#receiver.request("answer", { offerId: offer.offerId, sdp });
  }

  async #arrives(wanted: number): Promise<boolean> {
    const report = await this.stats(this.#receiving);
    const kinds = new Set<string>();
    for (const { type, kind, packetsReceived = 0 } of report) {
      if (type === "inbound-rtp" && packetsReceived > 0 && kind) kinds.add(kind);
    }
    return kinds.size >= wanted;
  }

  /** Why nothing arrives. */
  async #why(observers: readonly InstanceType<PreCallKit["Observer"]>[], afterMs: number): Promise<VideoSDKError> {
    const { kit } = this.#context;
    const { faults, VideoSDKError } = kit;
    const at = this.#sender.at;
    const names = ["publish", "subscribe"];
    const open = this.#connections.findIndex((pc) => pc.connectionState !== "connected");
    const connection = names[Math.max(open, 0)] ?? "publish";
    if (open < 0) {
      // Both are up. The server has no report that says more than that nothing came.
      const sent = (await this.stats(this.#sending)).find(({ type }) => type === "outbound-rtp");
      const details = { kind: sent?.kind ?? "audio", packetsSent: sent?.packetsSent ?? 0, forMs: afterMs };
      return new VideoSDKError(faults.mediaConnectionLostMediaNotArriving({ connection, ...details }, at));
    }
    const why = await (observers[open] ?? observers[0])?.why(at);
    if (this.#options.relayed && why?.reason !== "TURN_AUTH_FAILED" && why?.reason !== "DTLS_FAILED") {
      const servers = kit.relaysFor(this.#sender.iceServers, this.#options.protocol).flatMap(({ urls }) => urls);
      const make = preCallFaults(kit.build).mediaConnectionLostRelayUnreachable;
      return new VideoSDKError(make({ connection, servers, afterMs }, at));
    }
    if (why?.reason === "UDP_BLOCKED" && this.#options.protocol === "TCP_ONLY") {
      const { address: _, ...details } = why.details;
      return new VideoSDKError(faults.mediaConnectionLostNoPath(details, at)); // here it is TCP that does not pass
    }
    if (why) return new VideoSDKError(why);
    const none = { connection, localCandidates: [], remoteCandidates: [], pairs: [], afterMs };
    return new VideoSDKError(faults.mediaConnectionLostNoPath(none, at));
  }

  /** What a connection of the way has counted. */
  async stats(pc: RTCPeerConnection | undefined): Promise<Stat[]> {
    const report = await pc?.getStats();
    return report ? [...(report as ReadonlyMap<string, Stat>).values()] : [];
  }

  async counted(): Promise<{ readonly sent: Stat[]; readonly received: Stat[] }> {
    const [sent, received] = await Promise.all([this.stats(this.#sending), this.stats(this.#receiving)]);
    return { sent, received };
  }

  /** Rejects with what ends the way while media flow. */
  get ended(): Promise<never> {
    return Promise.race([this.#sender.ended, this.#receiver.ended]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const pc of this.#connections) pc.close();
    await Promise.all([this.#sender.leave(), this.#receiver.leave()]);
  }
}

/** Fields we read of W3C webrtc-stats; no browser gives all of them. */
export interface Stat extends RTCStats {
  readonly kind?: string;
  readonly nominated?: boolean;
  readonly state?: string;
  readonly currentRoundTripTime?: number;
  readonly roundTripTime?: number;
  readonly availableOutgoingBitrate?: number;
  readonly localCandidateId?: string;
  readonly protocol?: string;
  readonly candidateType?: string;
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
  readonly packetsSent?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly framesSent?: number;
  readonly framesDecoded?: number;
  readonly framesReceived?: number;
  readonly framesDropped?: number;
  readonly frameWidth?: number;
  readonly frameHeight?: number;
  readonly freezeCount?: number;
  readonly totalFreezesDuration?: number;
  readonly qualityLimitationReason?: string;
  readonly codecId?: string;
  readonly mimeType?: string;
}
