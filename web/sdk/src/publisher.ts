import { closeConnection, during, statsOf } from "./connection.js";
import { faults, VideoSDKError } from "./fault.js";
import { isUnanswered, onResume } from "./faults.gen.js";
import {
  type Encoding,
  type LayerOptions,
  preferCodec,
  sameShape,
  sendEncodings,
  type Shape,
  shapeOf,
  tune,
} from "./layers.js";
import { setLocal } from "./feedback.js";
import { Path, type PathOwner } from "./path.js";
import { kinds } from "./kinds.js";
import type { Sent } from "./mediawatch.js";
import { readSent } from "./stats.js";
import type { VideoCodec } from "./constants.js";
import { surfaceOf } from "./stream.js";
import type { DisplaySurface, Quality, StreamKind } from "./types.js";
import { publishResult, type WireStream } from "./wire.js";
import { newConnection, renewServers } from "./relays.js";

/** Milliseconds until a connection that was refused for the moment is offered again. */
const RENEW_PAUSE = 1_000;

/** What others are told of a share beside its media. */
function shownBy(kind: StreamKind, track: MediaStreamTrack | null): { readonly displaySurface?: DisplaySurface } {
  const displaySurface = kind === "share" && track ? surfaceOf(track) : undefined;
  return displaySurface ? { displaySurface } : {};
}

const noIdle: ReadonlySet<string> = new Set();

export interface PublisherOwner extends Omit<PathOwner, "restart" | "replace" | "expects"> {
  request(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** The ICE servers of a new connection. */
  relays(): RTCIceServer[];
  /** A description of the server, as the preferred protocol has it used. */
  described(sdp: string): string;
}

/** An own stream as it is sent. */
interface Sending {
  readonly track: MediaStreamTrack;
  readonly encoding: Encoding;
}

/**
 * Publisher is the sending connection. It offers all four streams at once when the first is switched on; from then
 * on a stream is switched with replaceTrack and setStream, without SDP.
 */
export class Publisher {
  readonly #owner: PublisherOwner & { dropped(kind: StreamKind): void };
  readonly #sending = new Map<StreamKind, Sending>();
  readonly #senders = new Map<StreamKind, RTCRtpTransceiver>();
  readonly #enabled = new Set<StreamKind>();
  readonly #streams = new Map<StreamKind, WireStream>();
  readonly #options: LayerOptions;
  /** How the media sections of the present connection are made, and what was told of them. */
  readonly #shapes = new Map<StreamKind, Shape>();
  readonly #told = new Set<StreamKind>();
  readonly #offered = new Map<StreamKind, number>();
  /** Rids that nobody takes. */
  readonly #idle = new Map<StreamKind, ReadonlySet<string>>();
  /** Streams of which something was sent and reported since they were switched on, and what was first seen of each. */
  readonly #arrived = new Set<StreamKind>();
  readonly #begun = new Map<StreamKind, Sent>();
  /** Pictures that are sent as VP8, whatever codec their track asks for. */
  readonly #fallback = new Set<StreamKind>();
  #quality: Quality = "high";
  #pc: RTCPeerConnection | undefined;
  #path: Path | undefined;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  /** `dropped` is told of a stream that was on and that the server refuses after a new join. */
  constructor(owner: PublisherOwner & { dropped(kind: StreamKind): void }, options: LayerOptions = {}) {
    this.#owner = owner;
    this.#options = options;
  }

  /** Sends a track as the stream of that kind, and returns the stream as the server announces it. */
  async enable(kind: StreamKind, track: MediaStreamTrack, asked: Encoding): Promise<WireStream> {
    return this.#serially(async () => {
      const encoding = this.#encoding(kind, asked);
      const wanted = shapeOf(kind, encoding, this.#options);
      const present = this.#shapes.get(kind);
      if (this.#pc && present && !sameShape(present, wanted)) {
        this.#shapes.set(kind, wanted);
        await this.#replace(); // no browser changes the encodings of a media section that was negotiated
      }
      this.#shapes.set(kind, wanted);
      const pc = this.#pc ?? (await this.#create());
      await this.#replaceTrack(kind, track);
      this.#enabled.add(kind);
      try {
        const on = { kind, enabled: true, ...shownBy(kind, track) };
        if (pc.remoteDescription) await this.#owner.request("setStream", on);
        else await this.#negotiate(pc, false);
      } catch (refused) {
        this.#enabled.delete(kind);
        await this.#replaceTrack(kind, null);
        throw refused;
      }
      this.#sending.set(kind, { track, encoding });
      await this.#tune(kind);
      this.#tellShape(kind);
      return this.#stream(kind);
    });
  }

  /** The best quality in which the camera is sent. Rejects with what the browser said. */
  async setQuality(quality: Quality): Promise<void> {
    await this.#serially(async () => {
      const before = this.#quality;
      this.#quality = quality;
      try {
        await this.#tune("video", true);
      } catch (refused) {
        this.#quality = before;
        throw refused;
      }
    });
  }

  get quality(): Quality {
    return this.#quality;
  }

  /** The server tells which encodings somebody takes. */
  encodings(kind: StreamKind, all: readonly { readonly rid: string; readonly active: boolean }[]): void {
    this.#idle.set(kind, new Set(all.filter(({ active }) => !active).map(({ rid }) => rid)));
    void this.#serially(() => this.#tune(kind));
  }

  /**
   * Encodings that are not sent. The smallest goes on until the server has reported the stream: a source that gives
   * nothing, and packets that do not arrive, show only while something is sent.
   */
  #idleOf(kind: StreamKind, encodings: readonly RTCRtpEncodingParameters[]): ReadonlySet<string> {
    const idle = this.#idle.get(kind) ?? noIdle;
    if (this.#arrived.has(kind)) return idle;
    const smallest = encodings[0]?.rid;
    return new Set([...idle].filter((rid) => rid !== smallest));
  }

  /** Stops sending; the stream keeps its place. `told` is false where the server itself switched it off. */
  async disable(kind: StreamKind, told = true): Promise<void> {
    // At once and not in turn: after muting nothing may be heard, however slow the network is.
    this.#sending.delete(kind);
    this.#arrived.delete(kind);
    this.#begun.delete(kind);
    const off = this.#replaceTrack(kind, null);
    await this.#serially(async () => {
      await off;
      const pc = this.#pc;
      if (!this.#enabled.delete(kind) || !told || !pc) return; // without a connection: the next one is made without it
      try {
        await this.#owner.request("setStream", { kind, enabled: false });
      } catch (failure) {
        if (this.#pc === pc) throw failure; // else it went down with the connection
      }
    });
  }

  /**
   * Lets others see the stream as off, while its source gives nothing. The track stays, so that what it gives is sent.
   */
  async pause(kind: StreamKind): Promise<void> {
    await this.#serially(async () => {
      if (this.#enabled.delete(kind)) await this.#owner.request("setStream", { kind, enabled: false });
    });
  }

  /** Lets others see it as on again. */
  async resume(kind: StreamKind): Promise<WireStream> {
    return this.#serially(async () => {
      const sending = this.#sending.get(kind);
      if (sending && !this.#enabled.has(kind)) {
        await this.#owner.request("setStream", { kind, enabled: true, ...shownBy(kind, sending.track) });
        this.#enabled.add(kind);
      }
      return this.#stream(kind);
    });
  }

  /** Sends another track in place of the present one. */
  async replace(kind: StreamKind, track: MediaStreamTrack, asked: Encoding): Promise<WireStream> {
    return this.#serially(async () => {
      const encoding = this.#encoding(kind, asked);
      await this.#replaceTrack(kind, track);
      this.#sending.set(kind, { track, encoding });
      await this.#tune(kind);
      return this.#stream(kind);
    });
  }

  /**
   * Sends a picture as VP8 from now on, over another connection. Returns the codec before and the stream after;
   * undefined where nothing changes.
   */
  async fallBack(kind: StreamKind): Promise<{ readonly previous: VideoCodec; readonly wire: WireStream } | undefined> {
    return this.#serially(async () => {
      const sending = this.#sending.get(kind);
      const previous = sending?.encoding.codec;
      if (!sending || previous === undefined || previous === "VP8") return undefined;
      this.#fallback.add(kind);
      const encoding = this.#encoding(kind, sending.encoding);
      this.#sending.set(kind, { track: sending.track, encoding });
      this.#shapes.set(kind, shapeOf(kind, encoding, this.#options));
      await this.#replace();
      return { previous, wire: this.#stream(kind) };
    });
  }

  #encoding(kind: StreamKind, asked: Encoding): Encoding {
    return this.#fallback.has(kind) && asked.codec !== undefined ? { ...asked, codec: "VP8" } : asked;
  }

  stats(kind: StreamKind): Promise<RTCStatsReport | undefined> {
    return statsOf(this.#pc, this.#senders.get(kind)?.sender);
  }

  /** By what the largest encoding that is sent is meant to be smaller than its source. */
  scale(kind: StreamKind): number {
    const active = (this.#senders.get(kind)?.sender.getParameters().encodings ?? []).filter((one) => one.active);
    return Math.min(...active.map(({ scaleResolutionDownBy = 1 }) => scaleResolutionDownBy));
  }

  transportStats(): Promise<RTCStatsReport | undefined> {
    return statsOf(this.#pc);
  }

  /** What was sent of a kind over the present connection; undefined while that has no path, or nobody takes it. */
  async sent(kind: StreamKind): Promise<Sent | undefined> {
    const sender = this.#senders.get(kind)?.sender;
    if (!sender || this.#pc?.connectionState !== "connected") return undefined;
    const { encodings } = sender.getParameters();
    if (this.#idle.has(kind) && encodings.every(({ active }) => !active)) return undefined;
    const report = await statsOf(this.#pc, sender);
    if (!report) return undefined;
    const sent = readSent(report);
    const before = this.#begun.get(kind);
    if (!before) this.#begun.set(kind, sent);
    else if (!this.#arrived.has(kind) && sent.media > before.media && sent.reportedAt > before.reportedAt) {
      this.#arrived.add(kind);
      if (this.#idle.has(kind)) void this.#serially(() => this.#tune(kind));
    }
    return sent;
  }

  /** Signaling is there again: look for a path, or publish again what was on before `forget`. */
  retry(): void {
    if (this.#pc || this.#sending.size === 0) this.#path?.retry();
    else void this.#serially(() => this.#renew());
  }

  /**
   * Gives up the connection: the server knows nothing of it any more. What is on goes on, and is sent again after
   * `retry`.
   */
  forget(): void {
    this.#path?.close();
    this.#path = undefined;
    this.#drop();
  }

  #drop(): void {
    closeConnection(this.#pc);
    this.#pc = undefined;
    this.#senders.clear();
    this.#streams.clear();
    this.#idle.clear();
    this.#arrived.clear();
    this.#begun.clear();
    this.#told.clear();
  }

  /** Makes another connection for what is on. */
  async #replace(): Promise<void> {
    if (this.#sending.size === 0) return this.forget();
    this.#drop();
    await this.#renew();
  }

  async #renew(): Promise<void> {
    if (this.#pc || this.#sending.size === 0) return;
    const pc = await this.#create();
    try {
      await this.#negotiate(pc, false);
      for (const kind of this.#sending.keys()) await this.#tune(kind);
    } catch (failure) {
      if (this.#pc !== pc) return; // lost again
      this.forget();
      if (!(failure instanceof VideoSDKError)) return;
      if (isUnanswered(failure) || onResume(failure) !== "end") return this.#renewLater(failure.retryAfterMs);
      this.#owner.fault(failure.toJSON());
      for (const kind of this.#sending.keys()) this.#owner.dropped(kind);
    }
  }

  #renewLater(ms: number): void {
    clearTimeout(this.#renewal);
    this.#renewal = setTimeout(() => this.retry(), Math.max(ms, RENEW_PAUSE));
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
    clearTimeout(this.#renewal);
    this.#path?.close();
    closeConnection(this.#pc);
  }

  #serially<T>(run: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(run);
    this.#queue = next.catch(() => undefined);
    return next;
  }

  /** Gives the sender of a kind another track. That of a connection that is closed sends none. */
  async #replaceTrack(kind: StreamKind, track: MediaStreamTrack | null): Promise<void> {
    const pc = this.#pc;
    const sender = this.#senders.get(kind)?.sender;
    if (!pc || !sender) return;
    try {
      await during(pc, sender.replaceTrack(track));
    } catch (failure) {
      if (pc.signalingState !== "closed") throw failure;
    }
  }

  #stream(kind: StreamKind): WireStream {
    const stream = this.#streams.get(kind);
    if (!stream) throw this.#negotiationFailed(`the answer carries no ${kind} stream`);
    return stream;
  }

  async #create(): Promise<RTCPeerConnection> {
    const pc = newConnection(this.#owner.relays());
    for (const kind of kinds) {
      const shape = this.#shapes.get(kind) ?? shapeOf(kind, this.#sending.get(kind)?.encoding, this.#options);
      this.#shapes.set(kind, shape);
      this.#senders.set(kind, this.#addTransceiver(pc, kind, shape));
    }
    this.#pc = pc;
    for (const [kind, { track }] of this.#sending) await this.#replaceTrack(kind, track);
    return pc;
  }

  #addTransceiver(pc: RTCPeerConnection, kind: StreamKind, shape: Shape): RTCRtpTransceiver {
    const media = kind === "audio" || kind === "shareAudio" ? "audio" : "video";
    const init: RTCRtpTransceiverInit = { direction: "sendonly", sendEncodings: sendEncodings(shape) };
    let transceiver: RTCRtpTransceiver;
    try {
      transceiver = pc.addTransceiver(media, init);
    } catch {
      // A scalability mode that the browser does not know; Media Capture and WebRTC SVC, 5.1.
      transceiver = pc.addTransceiver(media, { direction: "sendonly" });
    }
    // RED repeats each packet of speech in the next one, where the server takes it: RFC 2198.
    const first = shape.codec ?? (kind === "audio" ? "red" : undefined);
    if (first === undefined) return transceiver;
    const codecs = RTCRtpSender.getCapabilities(media)?.codecs ?? [];
    const ordered = preferCodec(first, codecs);
    if (ordered) transceiver.setCodecPreferences(ordered);
    return transceiver;
  }

  /** Sets the encodings of a stream that is on. A browser that does not take them sends without: that is no reason. */
  async #tune(kind: StreamKind, strict = false): Promise<void> {
    const sending = this.#sending.get(kind);
    const sender = this.#senders.get(kind)?.sender;
    if (!sending || !sender) return;
    const { track, encoding } = sending;
    // Read once: what setParameters takes are the parameters that were returned last (W3C WebRTC, section 5.2).
    const params: RTCRtpSendParameters & { degradationPreference?: RTCDegradationPreference } = sender.getParameters();
    if (encoding.degradation) params.degradationPreference = encoding.degradation;
    const { width, height } = track.getSettings();
    const size = width && height ? { width, height } : undefined;
    const quality = kind === "video" ? this.#quality : "high";
    tune(params, { kind, encoding, size, quality, idle: this.#idleOf(kind, params.encodings) });
    try {
      await sender.setParameters(params);
    } catch (refused) {
      if (strict) throw refused;
    }
  }

  /** Tells once for each connection where a stream is not sent in the way that the application asked for. */
  #tellShape(kind: StreamKind): void {
    const shape = this.#shapes.get(kind);
    const sender = this.#senders.get(kind)?.sender;
    if (!shape || !sender || this.#told.has(kind)) return;
    this.#told.add(kind);
    const at = this.#owner.where();
    const { codec, encodings: layers, lacking, scalabilityMode } = shape;
    const codecs = codec === undefined ? [] : (RTCRtpSender.getCapabilities("video")?.codecs ?? []);
    if (codec !== undefined && !preferCodec(codec, codecs)) {
      const names = codecs.map(({ mimeType }) => mimeType.split("/")[1] ?? "");
      const encodes = [...new Set(names)].filter((name) => !/^(rtx|red|ulpfec|flexfec.*)$/i.test(name));
      return this.#owner.fault(faults.videoProduceCodecNotSupportedNotEncoded({ kind, codec, encodes }, at));
    }
    const { encodings } = sender.getParameters() as { encodings: { scalabilityMode?: string }[] };
    if (scalabilityMode !== undefined && codec !== undefined) {
      if (!lacking && encodings[0]?.scalabilityMode === scalabilityMode) return;
      const wanted = lacking ?? scalabilityMode;
      return this.#owner.fault(faults.multistreamNotSupportedCodec({ kind, codec, scalabilityMode: wanted }, at));
    }
    if (!shape.insisted || encodings.length >= layers) return;
    const offered = this.#offered.get(kind) ?? 1;
    this.#owner.fault(
      offered < layers
        ? faults.multistreamNotSupportedBrowser({ kind, layers, encodings: offered }, at)
        : faults.multistreamNotSupportedServer({ kind, layers, taken: encodings.length }, at),
    );
  }

  /** From the first answer on: a connection that was refused looks for no path. */
  #watch(pc: RTCPeerConnection): void {
    this.#path ??= new Path("publish", {
      fault: (fault) => this.#owner.fault(fault),
      cleared: (fault, forMs) => this.#owner.cleared(fault, forMs),
      where: () => this.#owner.where(),
      checkSignaling: () => this.#owner.checkSignaling(),
      expects: (sends) => sends && this.#sending.size > 0, // the server gives feedback on what it hears
      restart: () => this.#serially(async () => this.#pc && this.#negotiate(this.#pc, true)),
      replace: () => this.#serially(() => this.#replace()),
    });
    this.#path.watch(pc);
  }

  async #negotiate(pc: RTCPeerConnection, iceRestart: boolean): Promise<void> {
    let sdp: string;
    try {
      const offer = await during(pc, pc.createOffer({ iceRestart }));
      sdp = await setLocal(pc, offer);
      // The answer takes away those that the server does not take.
      for (const [kind, { sender }] of this.#senders)
        if (!pc.remoteDescription) this.#offered.set(kind, sender.getParameters().encodings.length);
    } catch (failure) {
      throw this.#negotiationFailed(String(failure));
    }
    const streams = [...this.#senders].map(([kind, { mid, sender }]) => ({
      mid: mid ?? "",
      kind,
      enabled: this.#enabled.has(kind),
      ...shownBy(kind, sender.track),
    }));
    try {
      const answer = publishResult(await this.#owner.request("publish", { sdp, streams }), "publish");
      for (const stream of answer.streams) this.#streams.set(stream.kind, stream);
      const description = { type: "answer", sdp: startFast(this.#owner.described(answer.sdp)) } as const;
      await during(pc, pc.setRemoteDescription(description));
      if (this.#pc === pc) this.#watch(pc);
    } catch (failure) {
      // Back to where the next offer can start; RFC 8829, 4.1.10.2.
      if (pc.signalingState === "have-local-offer") await during(pc, pc.setLocalDescription({ type: "rollback" }));
      throw failure instanceof VideoSDKError ? failure : this.#negotiationFailed(String(failure));
    }
  }

  #negotiationFailed(problem: string): VideoSDKError {
    const details = { connection: "publish", problem };
    return new VideoSDKError(faults.meetingMediaConnectionFailedNegotiationFailed(details, this.#owner.where()));
  }
}

// Where Chromium's bandwidth estimate starts. Its own default, 300, makes it shrink a 720p picture before the first
// feedback arrives, and growing back takes a minute. Other browsers ignore the parameter.
const START = "x-google-start-bitrate=1000";

/** Gives every video codec of an answer that start. libwebrtc, media/base/media_constants.cc. */
export function startFast(sdp: string): string {
  const faster = (section: string): string =>
    section
      .replace(/^a=rtpmap:(\d+) (?:VP8|VP9|H264|AV1)\/.*\r\n/gm, (line, payloadType: string) =>
        section.includes(`a=fmtp:${payloadType} `) ? line : `${line}a=fmtp:${payloadType} ${START}\r\n`,
      )
      .replace(/^a=fmtp:\d+ (?!apt=|x-google)/gm, `$&${START};`);
  return sdp
    .split(/(?=^m=)/m)
    .map((section) => (section.startsWith("m=video") ? faster(section) : section))
    .join("");
}
