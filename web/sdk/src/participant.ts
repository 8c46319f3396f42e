import { Emitter, type EventNames } from "./emitter.js";
import { type FaultContext, faults, VideoSDKError } from "./fault.js";
import { captureFrame, NoFrameError } from "./frame.js";
import { checkOptions, type Rule } from "./options.js";
import type { Watched } from "./pictures.js";
import type { Preferences, WishChange } from "./preferences.js";
import { Rates } from "./rates.js";
import { Renderer } from "./render.js";
import { readPicture, readSound, readTransport } from "./stats.js";
import { Stream, type StreamHost } from "./stream.js";
import type {
  CaptureOptions,
  ConnectionChange,
  ConnectionState,
  MetaData,
  Mode,
  PauseReason,
  PictureStats,
  PinState,
  PinType,
  Quality,
  QualityName,
  RenderAudioOptions,
  RenderVideoOptions,
  StreamKind,
  StreamStats,
  TransportStats,
} from "./types.js";
import type { WireParticipant, WireStream, WireStreamState } from "./wire.js";

/** Events of a `Participant`. */
export interface ParticipantEvents {
  /** Media is here: `stream.track` can be played. */
  "stream-enabled": [stream: Stream];
  "stream-disabled": [stream: Stream];
  /** The same as `participant-connection-changed` of the meeting. Ours. */
  "connection-changed": [change: ConnectionChange];
  /** The participant switched a stream, whether or not it is received here. */
  "media-status-changed": [change: { readonly peerId: string; readonly kind: StreamKind; readonly newStatus: boolean }];
  /** The picture that is received has another rank than before, at first than high. `kind` is ours: video or share. */
  "video-quality-changed": [
    change: {
      readonly currentQuality: QualityName;
      readonly prevQuality: QualityName;
      readonly kind: StreamKind;
    },
  ];
  /** Nothing of the stream is received, and it is received again. */
  "stream-paused": [change: { readonly kind: StreamKind; readonly reason: PauseReason }];
  "stream-resumed": [change: { readonly kind: StreamKind; readonly reason: PauseReason }];
  /** Never fires: Klatch offers no end-to-end encryption. */
  "e2ee-state-change": [change: { readonly kind: StreamKind; readonly state: string }];
  /** Never fire: Klatch offers no agents. */
  "agent-state-changed": [state: string];
  "agent-transcription-received": [
    data: {
      readonly segment: { readonly text: string; readonly timestamp: number; readonly type?: string };
      readonly participant: Participant;
    },
  ];
  "agent-metrics": [
    data: {
      readonly latency: object;
      readonly speech: object;
      readonly providers?: object;
      readonly systemInstructions?: object;
    },
  ];
}

/** Published name: the listeners of a participant's events. */
export type ParticipantEvent = { [Name in keyof ParticipantEvents]?: (...args: ParticipantEvents[Name]) => void };
export type AgentParticipantEvent = ParticipantEvent;

/** @internal What a participant asks of its meeting. */
export interface ParticipantHost {
  /** Runs a public call: it needs the meeting joined, and its fault fires the `error` event too. */
  call<T>(method: string, run: () => Promise<T>): Promise<T>;
  request(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Switches an own device. */
  own(kind: "audio" | "video", on: boolean): Promise<void>;
  ownStats(kind: StreamKind): Promise<RTCStatsReport | undefined> | undefined;
  /** Of the connection that sends, or of that which receives. */
  transportStats(own: boolean): Promise<RTCStatsReport | undefined> | undefined;
  readonly preferences: Preferences;
  /** A mode as the app calls it. */
  modeName(mode: Mode): Mode;
  where(): FaultContext;
}

/** Media of one kind that is here. */
interface Media {
  readonly track: MediaStreamTrack;
  readonly receiver?: RTCRtpReceiver;
  stats?(): Promise<RTCStatsReport | undefined>;
}

/** A stream that the server has lost, and what of it has come back. */
interface Held {
  announced?: boolean;
  media?: Media | undefined;
}

/** How long, in ms, a stream that the server has lost is shown as it was. */
const HOLD_MS = 5_000;
/** How often, in ms, is looked whether one that comes back shows something. */
const LOOK_MS = 40;

const participantEvents: EventNames<ParticipantEvents> = {
  "stream-enabled": true,
  "stream-disabled": true,
  "connection-changed": true,
  "media-status-changed": true,
  "video-quality-changed": true,
  "stream-paused": true,
  "stream-resumed": true,
  "e2ee-state-change": true,
  "agent-state-changed": true,
  "agent-transcription-received": true,
  "agent-metrics": true,
};

const qualities: readonly Quality[] = ["low", "med", "high"];
const qualityNames: Readonly<Record<Quality, QualityName>> = { low: "LOW", med: "MEDIUM", high: "HIGH" };

/** Pixels of a side that the server takes. docs/protocol.md */
const MAX_PIXELS = 16_384;

/** How long a first call for statistics measures, in ms: a rate needs two samples. */
const MEASURE_MS = 500;

const pinTypes: Readonly<Record<PinType, PinState>> = {
  SHARE_AND_CAM: { cam: true, share: true },
  CAM: { cam: true, share: false },
  SHARE: { cam: false, share: true },
};

/** A participant of the meeting: oneself or somebody else. */
export class Participant extends Emitter<ParticipantEvents> {
  /** Oneself: `meeting.localParticipant`. */
  readonly local: boolean;
  /** Streams whose media is here, by stream id. */
  readonly streams: Map<string, Stream>;

  readonly #host: ParticipantHost;
  readonly #streams = new Map<string, Stream>();
  readonly #announced = new Map<StreamKind, WireStream>();
  readonly #media = new Map<StreamKind, Media>();
  readonly #rates = new Rates();
  readonly #renderer: Renderer;
  readonly #lastQuality = new Map<StreamKind, Quality>();
  /** What the server last said of what is received. */
  readonly #states = new Map<StreamKind, WireStreamState>();
  readonly #held = new Map<StreamKind, Held>();
  #release: ReturnType<typeof setTimeout> | undefined;
  /** Why a stream was told as paused. */
  readonly #pausedFor = new Map<StreamKind, PauseReason>();
  #id: string;
  #displayName: string;
  readonly #consumes = new Map<StreamKind, boolean>();
  #mode: Mode;
  #metaData: MetaData | undefined;
  #pinState: PinState = { cam: false, share: false };
  #connectionState: ConnectionState;

  /** @internal */
  constructor(of: Omit<WireParticipant, "streams" | "joinedAt">, local: boolean, host: ParticipantHost) {
    super("participant", participantEvents);
    this.#id = of.id;
    this.#displayName = of.displayName;
    this.#mode = of.mode;
    this.#metaData = of.metaData;
    this.#connectionState = of.connectionState ?? "CONNECTED";
    this.local = local;
    this.#host = host;
    this.streams = this.#streams;
    this.#renderer = new Renderer({
      className: `participant-video-${of.id}`,
      local,
      track: (kind) => this.stream(kind)?.track,
      // It is kept, and told to the server with the next change, where it cannot be told now.
      want: (kind, most) => void host.preferences.set(this.id, kind, most, "quality").catch(() => undefined),
      where: () => host.where(),
    });
  }

  /** Of oneself it is "" until the server has given one, where none was asked for. */
  get id(): string {
    return this.#id;
  }
  get displayName(): string {
    return this.#displayName;
  }
  get mode(): Mode {
    return this.#host.modeName(this.#mode);
  }
  /** @internal By its present name, whatever the app calls it. */
  get presentMode(): Mode {
    return this.#mode;
  }
  /** What the participant gave to `initMeeting`; without it an empty object. */
  get metaData(): MetaData {
    return this.#metaData ?? {};
  }
  get pinState(): PinState {
    return this.#pinState;
  }
  /** RECONNECTING while the server cannot reach somebody else; of oneself see `meeting.state`. Ours. */
  get connectionState(): ConnectionState {
    return this.#connectionState;
  }
  get isLocal(): boolean {
    return this.local;
  }
  get micOn(): boolean {
    return this.#announced.has("audio");
  }
  get webcamOn(): boolean {
    return this.#announced.has("video");
  }
  get screenShareOn(): boolean {
    return this.#announced.has("share");
  }
  get screenShareAudioOn(): boolean {
    return this.#announced.has("shareAudio");
  }

  /** Which size of the camera is received, or while none is, the best that was asked for. Of oneself: that is sent. */
  get quality(): Quality {
    return this.#quality("video");
  }
  /** Which size of the shared screen is received, or while none is, the best that was asked for. */
  get screenShareQuality(): Quality {
    return this.#quality("share");
  }

  /** The stream of a kind, if its media is here. Ours. */
  stream(kind: StreamKind): Stream | undefined {
    return [...this.#streams.values()].find((stream) => stream.kind === kind);
  }

  /** Asks the participant to unmute: `mic-requested` fires there. Of oneself: unmutes. */
  enableMic(): Promise<void> {
    return this.#switch("audio", true, "participant.enableMic");
  }
  /** Mutes the participant at once. */
  disableMic(): Promise<void> {
    return this.#switch("audio", false, "participant.disableMic");
  }
  /** Asks the participant to switch the camera on. Of oneself: switches it on. */
  enableWebcam(): Promise<void> {
    return this.#switch("video", true, "participant.enableWebcam");
  }
  /** Switches the participant's camera off at once. */
  disableWebcam(): Promise<void> {
    return this.#switch("video", false, "participant.disableWebcam");
  }

  /** Removes the participant from the meeting. */
  remove(): Promise<void> {
    return this.#ask("participant.remove", "removeParticipant", {});
  }

  /** Pins for everybody. Default SHARE_AND_CAM. */
  pin(type: PinType = "SHARE_AND_CAM"): Promise<void> {
    return this.#pin("participant.pin", type, true);
  }
  unpin(type: PinType = "SHARE_AND_CAM"): Promise<void> {
    return this.#pin("participant.unpin", type, false);
  }

  /** Receives the microphone: with `autoConsume: false`, or after stopConsumingMicStreams. */
  consumeMicStreams(): Promise<void> {
    return this.#consume("audio", true, "participant.consumeMicStreams");
  }
  consumeWebcamStreams(): Promise<void> {
    return this.#consume("video", true, "participant.consumeWebcamStreams");
  }
  stopConsumingMicStreams(): Promise<void> {
    return this.#consume("audio", false, "participant.stopConsumingMicStreams");
  }
  stopConsumingWebcamStreams(): Promise<void> {
    return this.#consume("video", false, "participant.stopConsumingWebcamStreams");
  }

  /**
   * An element that shows the camera or the shared screen, and follows its changes; hidden while there is none. There
   * is one for each of the two: a further call returns the same one, with the styles and the quality of that call.
   * Throws 3073.
   */
  renderVideo(options?: RenderVideoOptions): HTMLDivElement {
    return this.#renderer.video(options);
  }

  /**
   * An element that plays the microphone or the sound of the shared screen, and follows its changes; one for each of
   * the two. That of oneself is muted. Throws 3073.
   */
  renderAudio(options?: RenderAudioOptions): HTMLAudioElement {
    return this.#renderer.audio(options);
  }

  /**
   * The present camera picture as JPEG in base64, at its own size unless told: `data:image/jpeg;base64,` before it
   * makes an address for `<img>`. Rejects with 3062 while there is no picture, 3069 when it cannot be read, 3073.
   */
  captureImage(options?: CaptureOptions | null): Promise<string> {
    const method = "participant.captureImage";
    return this.#host.call(method, async () => {
      const at = this.#host.where();
      const pixels: Rule = (value, parameter) => this.#requirePixels(method, parameter, value);
      checkOptions<CaptureOptions>({ method, at }, "options", options, { width: pixels, height: pixels });
      const track = this.stream("video")?.track;
      if (!track) {
        const named = { method, participantId: this.id, name: this.displayName };
        throw new VideoSDKError(faults.webcamNotEnabledCameraOff(named, at));
      }
      try {
        return await captureFrame(track, options?.width ?? undefined, options?.height ?? undefined);
      } catch (failure) {
        const named = { method, participantId: this.id, name: this.displayName };
        if (failure instanceof NoFrameError)
          throw new VideoSDKError(faults.captureImageFailedNoFrame({ ...named, waitedMs: failure.waitedMs }, at));
        const { name: domName, message: domMessage } = failure as Error;
        throw new VideoSDKError(faults.captureImageFailedNotDrawn({ ...named, domName, domMessage }, at));
      }
    });
  }

  /**
   * The best size of the camera that is received. It is kept while the stream is off. Rejects with 3068 (an own
   * camera), 3073 or 4073.
   */
  setQuality(quality: Quality): Promise<void> {
    return this.#setQuality("participant.setQuality", "video", quality);
  }
  setScreenShareQuality(quality: Quality): Promise<void> {
    return this.#setQuality("participant.setScreenShareQuality", "share", quality);
  }

  /**
   * How large the picture is shown, in pixels of the screen: the size that is received fits it. It is kept while the
   * stream is off. `kind` is ours: video (default) or share. Rejects with 3068, 3073 or 4073.
   */
  setViewPort(width: number, height: number, kind: "video" | "share" = "video"): Promise<void> {
    const method = "participant.setViewPort";
    return this.#host.call(method, async () => {
      this.#requireOther(method, kind);
      if (kind !== "video" && kind !== "share") {
        const wrong = { method, parameter: "kind", got: String(kind), allowed: ["video", "share"] };
        throw new VideoSDKError(faults.invalidParameterNotAllowed(wrong, this.#host.where()));
      }
      for (const [parameter, value] of Object.entries({ width, height })) this.#requirePixels(method, parameter, value);
      const size = { width: Math.round(width), height: Math.round(height) };
      await this.#host.preferences.set(this.id, kind, size, "quality");
    });
  }

  /**
   * Empty while no such stream is sent or received. An own picture has one entry for each size, largest first. A first
   * call takes half a second, in which it measures the bit rate.
   */
  getVideoStats(): Promise<PictureStats[]> {
    return this.#pictureStats("video");
  }
  getShareStats(): Promise<PictureStats[]> {
    return this.#pictureStats("share");
  }
  getAudioStats(): Promise<StreamStats[]> {
    return this.#soundStats("audio");
  }
  getShareAudioStats(): Promise<StreamStats[]> {
    return this.#soundStats("shareAudio");
  }

  /**
   * Of the two connections to the server, which carry all streams; null while there is none, and of others, whose
   * connections only the server knows.
   */
  async getTransportStats(): Promise<TransportStats | null> {
    if (!this.local) return null;
    const stats = await measured(async () => {
      const [send, receive] = await Promise.all([this.#host.transportStats(true), this.#host.transportStats(false)]);
      return readTransport(send, receive, this.#rates);
    });
    return stats ?? null;
  }

  /** @internal */
  connection(change: ConnectionChange): void {
    this.#connectionState = change.state;
    this.releaseSoon();
    this.emit("connection-changed", change);
  }

  #requirePixels(method: string, parameter: string, value: unknown): void {
    if (typeof value === "number" && value >= 1 && value <= MAX_PIXELS) return;
    const wrong = { method, parameter, got: String(value), want: `a number from 1 to ${MAX_PIXELS}` };
    throw new VideoSDKError(faults.invalidParameterOutOfRange(wrong, this.#host.where()));
  }

  #quality(kind: "video" | "share"): Quality {
    const asked = this.local ? undefined : this.#host.preferences.of(this.id, kind).quality;
    return this.#states.get(kind)?.quality ?? this.#lastQuality.get(kind) ?? asked ?? "high";
  }

  #setQuality(method: string, kind: "video" | "share", quality: Quality): Promise<void> {
    return this.#host.call(method, async () => {
      if (!qualities.includes(quality)) {
        const wrong = { method, parameter: "quality", got: String(quality), allowed: [...qualities] };
        throw new VideoSDKError(faults.invalidParameterNotAllowed(wrong, this.#host.where()));
      }
      this.#requireOther(method, kind);
      await this.#host.preferences.set(this.id, kind, { quality }, "quality");
    });
  }

  /** Throws 3068 for an own stream. */
  #requireOther(method: string, kind: StreamKind): void {
    if (this.local) throw new VideoSDKError(faults.actionNotSupportedOwnStream({ method, kind }, this.#host.where()));
  }

  /** Throws 3068 for a stream that is an own one or not received. */
  #requireReceived(method: string, kind: StreamKind): void {
    this.#requireOther(method, kind);
    const missing = { method, participantId: this.id, kind };
    if (!this.stream(kind)) throw new VideoSDKError(faults.actionNotSupportedNotReceived(missing, this.#host.where()));
  }

  #pause(kind: StreamKind, paused: boolean, method: string): Promise<void> {
    return this.#host.call(method, async () => {
      this.#requireReceived(method, kind);
      if (this.#host.preferences.isPaused(this.id, kind) === paused) {
        const already = { method, state: paused ? "paused" : "active" };
        throw new VideoSDKError(faults.alreadyInRequestedStateAlready(already, this.#host.where()));
      }
      const about: WishChange = paused ? "pause" : "resume";
      await this.#host.preferences.set(this.id, kind, { paused }, about);
    });
  }

  #isPaused(kind: StreamKind): boolean {
    // What this client has asked for it knows before the server tells.
    const reason = this.#pausedFor.get(kind);
    return this.#host.preferences.isPaused(this.id, kind) || (reason !== undefined && reason !== "requested");
  }

  /** @internal What the server now sends of a stream. */
  forwarded(state: WireStreamState): void {
    const { kind, quality } = state;
    const before = this.#states.get(kind)?.quality ?? this.#lastQuality.get(kind) ?? "high";
    this.#states.set(kind, state);
    if (quality) this.#lastQuality.set(kind, quality);
    const was = this.#pausedFor.get(kind);
    if (state.state === "paused") {
      const reason = this.#reasonOf(state);
      this.#pausedFor.set(kind, reason);
      if (reason !== was) this.emit("stream-paused", { kind, reason });
      return;
    }
    this.#pausedFor.delete(kind);
    if (was) this.emit("stream-resumed", { kind, reason: was });
    if (quality && quality !== before)
      this.emit("video-quality-changed", {
        currentQuality: qualityNames[quality],
        prevQuality: qualityNames[before],
        kind,
      });
  }

  #reasonOf({ kind, reason = "requested" }: WireStreamState): PauseReason {
    const { preferences } = this.#host;
    if (reason !== "requested" || preferences.isPaused(this.id, kind)) return reason;
    return preferences.of(this.id, kind).shown === "hidden" ? "visibility" : reason;
  }

  /** @internal Received pictures whose state somebody listens to. */
  *watched(): Generator<Watched> {
    for (const stream of this.#streams.values()) {
      const { kind, isWatched, paused } = stream;
      if (this.local || !isWatched || (kind !== "video" && kind !== "share")) continue;
      const stats = (): Promise<RTCStatsReport | undefined> | undefined => this.#media.get(kind)?.stats?.();
      yield { key: stream, kind, paused, stats, tell: (state) => stream.tell(state) };
    }
  }

  /** @internal */
  isAnnounced(kind: StreamKind): boolean {
    return this.#announced.has(kind);
  }

  #consume(kind: StreamKind, enabled: boolean, method: string): Promise<void> {
    return this.#host.call(method, async () => {
      if (this.local) {
        throw new VideoSDKError(faults.invalidParameterOwnStream({ method }, this.#host.where()));
      }
      await this.#host.request("consume", { participantId: this.id, kind, enabled });
      this.#consumes.set(kind, enabled);
    });
  }

  /** @internal Asks a server that has lost the session for what was consumed. */
  async restore(): Promise<void> {
    for (const [kind, enabled] of this.#consumes)
      await this.#host.request("consume", { participantId: this.id, kind, enabled });
  }

  /** @internal Oneself becomes who the server says one is. */
  become({ id, displayName, mode, metaData }: WireParticipant): void {
    this.#id = id;
    this.#displayName = displayName;
    this.#mode = mode;
    this.#metaData = metaData;
  }

  /** @internal The meeting was left: no stream is on. */
  reset(): void {
    const kinds = [...this.#announced.keys(), ...this.#media.keys()];
    for (const kept of [this.#streams, this.#announced, this.#media, this.#states, this.#pausedFor]) kept.clear();
    this.#rates.forget("");
    for (const kind of kinds) this.#renderer.update(kind);
  }

  /** @internal */
  setMode(mode: Mode): void {
    this.#mode = mode;
  }

  /** @internal */
  setPinState(state: PinState): void {
    this.#pinState = state;
  }

  /**
   * @internal The server has lost its streams. Who looks on shall see a picture that stands still for a moment, and not
   * one that goes and comes: a stream stays until it is back and shows something, or for HOLD_MS after the participant
   * can be reached.
   */
  hold(): void {
    for (const kind of this.#announced.keys()) this.#held.set(kind, {});
  }

  /** @internal */
  releaseSoon(): void {
    clearTimeout(this.#release);
    if (this.#connectionState !== "CONNECTED") return;
    for (const kind of this.#held.keys()) this.#look(kind);
    this.#release = setTimeout(() => {
      for (const kind of this.#held.keys()) this.#unhold(kind);
    }, HOLD_MS);
  }

  /** @internal */
  left(): void {
    clearTimeout(this.#release);
    this.#held.clear();
  }

  #unhold(kind: StreamKind): void {
    const held = this.#held.get(kind);
    if (!held) return;
    this.#held.delete(kind);
    if (!held.announced) this.announce(kind, undefined);
    this.receive(kind, held.media);
  }

  /** Goes over to a stream that is back, when it shows something. */
  #look(kind: StreamKind): void {
    const held = this.#held.get(kind);
    if (!held?.announced || !held.media || this.#connectionState !== "CONNECTED") return;
    // W3C WebRTC, 5.3: there are none until something of it was played out.
    if (held.media.receiver?.getSynchronizationSources().length === 0) setTimeout(() => this.#look(kind), LOOK_MS);
    else this.#unhold(kind);
  }

  /** @internal The server says that the stream is on, or off. */
  announce(kind: StreamKind, wire: WireStream | undefined): void {
    const held = this.#held.get(kind);
    if (held) held.announced = !!wire;
    if (held && !wire) return this.#unhold(kind);
    const before = this.#announced.get(kind);
    const was = before !== undefined;
    if (wire) this.#announced.set(kind, wire);
    else this.#announced.delete(kind);
    if (before?.id !== wire?.id) {
      this.#states.delete(kind);
      this.#pausedFor.delete(kind);
      this.#lastQuality.delete(kind);
    }
    if (wire && !was && !this.local) this.#host.preferences.changed();
    if (was !== !!wire) this.emit("media-status-changed", { peerId: this.id, kind, newStatus: !!wire });
    this.#reconcile(kind);
    this.#look(kind);
  }

  /** @internal Media of that kind is here, or no longer. */
  receive(kind: StreamKind, media: Media | undefined): void {
    const held = this.#held.get(kind);
    if (held) {
      held.media = media;
      return this.#look(kind);
    }
    if (media) this.#media.set(kind, media);
    else this.#media.delete(kind);
    this.#reconcile(kind);
  }

  /** A stream shows when it is announced and its media is here; the two arrive in either order. */
  #reconcile(kind: StreamKind): void {
    const wire = this.#announced.get(kind);
    const media = this.#media.get(kind);
    const stream = this.stream(kind);
    if (wire && media) {
      if (stream?.track === media.track) return;
      const shown = stream ?? new Stream(wire, media.track, this.#hostOf(kind));
      shown.update(media.track);
      this.#streams.set(shown.id, shown);
      this.#renderer.update(kind);
      this.emit("stream-enabled", shown);
    } else if (stream) {
      this.#streams.delete(stream.id);
      this.#rates.forget(`${kind} `);
      this.#renderer.update(kind);
      this.emit("stream-disabled", stream);
      if (!this.local && (kind === "video" || kind === "share")) stream.tell("ended");
    }
  }

  #hostOf(kind: StreamKind): StreamHost {
    return {
      pause: (paused, method) => this.#pause(kind, paused, method),
      isPaused: () => this.#isPaused(kind),
      pauseReason: () => this.#pausedFor.get(kind),
    };
  }

  #ask(method: string, request: string, params: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#host.call(
      method,
      async () => void (await this.#host.request(request, { participantId: this.id, ...params })),
    );
  }

  #switch(kind: "audio" | "video", enabled: boolean, method: string): Promise<void> {
    return this.local ? this.#host.own(kind, enabled) : this.#ask(method, "requestStream", { kind, enabled });
  }

  #pin(method: string, type: PinType, on: boolean): Promise<void> {
    const named = pinTypes[type] as PinState | undefined;
    if (!named) {
      const wrong = { method, parameter: "type", got: String(type), allowed: Object.keys(pinTypes) };
      return this.#host.call(method, () =>
        Promise.reject(new VideoSDKError(faults.invalidParameterNotAllowed(wrong, this.#host.where()))),
      );
    }
    const { cam, share } = this.#pinState;
    return this.#ask(method, "pin", { state: { cam: named.cam ? on : cam, share: named.share ? on : share } });
  }

  #report(kind: StreamKind): Promise<RTCStatsReport | undefined> | undefined {
    return this.local ? this.#host.ownStats(kind) : this.#media.get(kind)?.stats?.();
  }

  async #soundStats(kind: "audio" | "shareAudio"): Promise<StreamStats[]> {
    const stats = await measured(async () => {
      const report = await this.#report(kind);
      return report && readSound(kind, report, this.#rates);
    });
    return stats ?? [];
  }

  async #pictureStats(kind: "video" | "share"): Promise<PictureStats[]> {
    const stats = await measured(async () => {
      const report = await this.#report(kind);
      const { quality } = this.#host.preferences.of(this.id, kind);
      const layers = {
        current: qualities.indexOf(this.#quality(kind)),
        preferred: quality && qualities.indexOf(quality),
      };
      return report && readPicture(kind, report, this.#rates, layers);
    });
    return stats ?? [];
  }
}

/** Reads statistics, a second time after MEASURE_MS where a rate was missing. */
async function measured<T>(
  read: () => Promise<{ readonly stats: T; readonly complete: boolean } | undefined>,
): Promise<T | undefined> {
  const first = await read();
  if (!first || first.complete) return first?.stats;
  await new Promise((resolve) => setTimeout(resolve, MEASURE_MS));
  return (await read())?.stats;
}
