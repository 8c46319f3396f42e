import { Emitter, type EventNames } from "./emitter.js";
import { type FaultContext, faults, VideoSDKError } from "./fault.js";
import { captureFrame } from "./frame.js";
import { readStats, type Sample } from "./stats.js";
import { Stream } from "./stream.js";
import type { MetaData, Mode, ParticipantEvents, PinState, PinType, StreamKind, StreamStats } from "./types.js";
import type { WireParticipant, WireStream } from "./wire.js";

/** @internal What a participant asks of its meeting. */
export interface ParticipantHost {
  /** Runs a public call: it needs the meeting joined, and its fault fires the `error` event too. */
  call<T>(method: string, run: () => Promise<T>): Promise<T>;
  request(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Switches an own device. */
  own(kind: "audio" | "video", on: boolean): Promise<void>;
  ownStats(kind: StreamKind): Promise<RTCStatsReport> | undefined;
  where(): FaultContext;
}

/** Media of one kind that is here. */
interface Media {
  readonly track: MediaStreamTrack;
  readonly receiver?: RTCRtpReceiver;
}

const participantEvents: EventNames<ParticipantEvents> = {
  "stream-enabled": true,
  "stream-disabled": true,
  "media-status-changed": true,
};

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
  readonly streams: ReadonlyMap<string, Stream>;

  readonly #host: ParticipantHost;
  readonly #streams = new Map<string, Stream>();
  readonly #announced = new Map<StreamKind, WireStream>();
  readonly #media = new Map<StreamKind, Media>();
  readonly #samples = new Map<StreamKind, Sample>();
  /** Paused streams whose media went away: when it is back, that is told even if the track is the same. */
  readonly #lapsed = new Set<StreamKind>();
  #id: string;
  #displayName: string;
  readonly #consumes = new Map<StreamKind, boolean>();
  #mode: Mode;
  #metaData: MetaData | undefined;
  #pinState: PinState = { cam: false, share: false };

  /** @internal */
  constructor(of: Omit<WireParticipant, "streams" | "joinedAt">, local: boolean, host: ParticipantHost) {
    super("participant", participantEvents);
    this.#id = of.id;
    this.#displayName = of.displayName;
    this.#mode = of.mode;
    this.#metaData = of.metaData;
    this.local = local;
    this.#host = host;
    this.streams = this.#streams;
  }

  /** Of oneself it is "" until the server has given one, where none was asked for. */
  get id(): string {
    return this.#id;
  }
  get displayName(): string {
    return this.#displayName;
  }
  get mode(): Mode {
    return this.#mode;
  }
  get metaData(): MetaData | undefined {
    return this.#metaData;
  }
  get pinState(): PinState {
    return this.#pinState;
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
   * The present camera picture as a data URL (PNG), at its own size unless told. Rejects with 3073 while there is none.
   */
  captureImage(size: { width?: number; height?: number } = {}): Promise<string> {
    const method = "participant.captureImage";
    return this.#host.call(method, async () => {
      const track = this.stream("video")?.track;
      if (track) return captureFrame(track, size);
      throw new VideoSDKError(
        faults.invalidParameterCameraOff(
          { method, participantId: this.id, name: this.displayName },
          this.#host.where(),
        ),
      );
    });
  }

  /** Empty while no such stream is sent or received. */
  getVideoStats(): Promise<readonly StreamStats[]> {
    return this.#stats("video");
  }
  getAudioStats(): Promise<readonly StreamStats[]> {
    return this.#stats("audio");
  }
  getShareStats(): Promise<readonly StreamStats[]> {
    return this.#stats("share");
  }
  getShareAudioStats(): Promise<readonly StreamStats[]> {
    return this.#stats("shareAudio");
  }

  #consume(kind: StreamKind, enabled: boolean, method: string): Promise<void> {
    return this.#host.call(method, async () => {
      if (this.local) {
        throw new VideoSDKError(faults.invalidParameterOwnStream({ method }, this.#host.where()));
      }
      const stream = this.stream(kind);
      // Before the request: the offer without the stream may arrive before the answer, and must find it paused.
      const before = stream?.paused ?? false;
      if (method.startsWith("stream.")) stream?.setPaused(!enabled);
      try {
        await this.#host.request("consume", { participantId: this.id, kind, enabled });
        this.#consumes.set(kind, enabled);
      } catch (refused) {
        stream?.setPaused(before);
        throw refused;
      }
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

  /** @internal The stay is over: no stream is on. */
  reset(): void {
    for (const kept of [this.#streams, this.#announced, this.#media, this.#samples, this.#lapsed]) kept.clear();
  }

  /** @internal */
  setMode(mode: Mode): void {
    this.#mode = mode;
  }

  /** @internal */
  setPinState(state: PinState): void {
    this.#pinState = state;
  }

  /** @internal The server says that the stream is on, or off. */
  announce(kind: StreamKind, wire: WireStream | undefined): void {
    const was = this.#announced.has(kind);
    if (wire) this.#announced.set(kind, wire);
    else this.#announced.delete(kind);
    if (was !== !!wire) this.emit("media-status-changed", { kind, newStatus: !!wire });
    this.#reconcile(kind);
  }

  /** @internal Media of that kind is here, or no longer. */
  receive(kind: StreamKind, media: Media | undefined): void {
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
      if (stream?.track === media.track && !this.#lapsed.has(kind)) return;
      const shown = stream ?? new Stream(wire, media.track, (enabled, method) => this.#consume(kind, enabled, method));
      shown.update(media.track);
      if (shown.paused) return;
      this.#lapsed.delete(kind);
      this.#streams.set(shown.id, shown);
      this.emit("stream-enabled", shown);
    } else if (stream && wire && stream.paused) {
      this.#lapsed.add(kind);
    } else if (stream) {
      this.#lapsed.delete(kind);
      this.#streams.delete(stream.id);
      this.#samples.delete(kind);
      this.emit("stream-disabled", stream);
    }
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

  async #stats(kind: StreamKind): Promise<readonly StreamStats[]> {
    const report = await (this.local ? this.#host.ownStats(kind) : this.#media.get(kind)?.receiver?.getStats());
    const read = report && readStats(kind, report, this.#samples.get(kind));
    if (!read) return [];
    this.#samples.set(kind, read.sample);
    return [read.stats];
  }
}
