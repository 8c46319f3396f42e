import { type Device, deviceLost, publishRefused } from "./capture.js";
import { type Fault, type FaultContext, faults, VideoSDKError } from "./fault.js";
import { MediaWatch } from "./mediawatch.js";
import type { Publisher } from "./publisher.js";
import {
  createCameraVideoTrack,
  createMicrophoneAudioTrack,
  createScreenShareVideoTrack,
  encodingOf,
  trackOf,
} from "./tracks.js";
import type { VideoCodec } from "./constants.js";
import { CameraDeviceInfo, type DeviceInfo, MicrophoneDeviceInfo } from "./deviceinfo.js";
import type { CameraTrackOptions, CustomTrack, Quality, StreamKind } from "./types.js";
import type { WireStream } from "./wire.js";

/** An own stream that is on. */
export interface SwitchedOn {
  readonly wire: WireStream;
  readonly track: MediaStreamTrack;
}

export interface LocalMediaOwner {
  /** An own stream is on, or off. */
  switched(kind: StreamKind, on: SwitchedOn | undefined): void;
  fault(fault: Fault): void;
  /** What a fault told is over, after so long. */
  cleared(fault: Fault, forMs: number): void;
  where(): FaultContext;
}

function deviceOfKind(kind: "audio" | "video", deviceId = "", groupId = "", label = ""): DeviceInfo {
  const Info = kind === "audio" ? MicrophoneDeviceInfo : CameraDeviceInfo;
  return new Info(deviceId, groupId, `${kind}input`, label);
}

const deviceOf = { audio: "microphone", video: "camera" } as const satisfies Record<string, Device>;

/**
 * LocalMedia holds the tracks of this device: it captures, sends, mutes and stops them. The camera is stopped when
 * it is off, so that its light goes out; the microphone is kept open while muted, so that unmuting is quick.
 */
export class LocalMedia {
  readonly #publisher: Publisher;
  readonly #owner: LocalMediaOwner;
  readonly #camera: CameraTrackOptions;
  readonly #tracks = new Map<StreamKind, MediaStreamTrack>();
  readonly #selected = new Map<"audio" | "video", DeviceInfo>();
  /** Kinds whose device the application has chosen: the system's default does not matter to it. */
  readonly #chosen = new Set<"audio" | "video">();
  readonly #watch: MediaWatch;
  #closed = false;

  /** `camera` is how the camera is opened where the user chose none. */
  constructor(publisher: Publisher, camera: CameraTrackOptions, owner: LocalMediaOwner) {
    this.#publisher = publisher;
    this.#camera = camera;
    this.#owner = owner;
    this.#watch = new MediaWatch({
      sent: (kind) => publisher.sent(kind),
      fault: (fault) => owner.fault(fault),
      cleared: (fault, forMs) => owner.cleared(fault, forMs),
      where: () => owner.where(),
      silent: (kind) => this.#silent(kind),
      flows: (kind, track) => void this.#flows(kind, track).catch(() => undefined),
      ended: (kind) => void this.stop(kind).catch(() => undefined),
    });
  }

  selected(kind: "audio" | "video"): DeviceInfo | undefined {
    return this.#selected.get(kind);
  }

  /** The track of a kind, also of a microphone that is muted. */
  track(kind: StreamKind): MediaStreamTrack | undefined {
    return this.#tracks.get(kind);
  }

  isChosen(kind: "audio" | "video"): boolean {
    return this.#chosen.has(kind);
  }

  /**
   * Captures what is not given and sends it, where it is still wanted then. Throws the code of what kept it from
   * starting.
   */
  async start(
    kind: "audio" | "video",
    custom: CustomTrack | undefined,
    method: string,
    isWanted = () => true,
  ): Promise<void> {
    const kept = this.#tracks.get(kind);
    const fresh = custom !== undefined || kept?.readyState !== "live";
    const track = custom
      ? trackOf(custom, kind, method, this.#owner.where())
      : fresh
        ? await this.#capture(kind)
        : kept;
    if (!isWanted()) return track.stop();
    if (track !== kept) kept?.stop();
    await this.#send(kind, track);
  }

  /** Asks for a screen and sends it, with its sound if there is one. */
  async startShare(custom: CustomTrack | undefined, method: string): Promise<void> {
    const stream =
      custom instanceof MediaStream
        ? custom
        : custom
          ? new MediaStream([trackOf(custom, "share", method, this.#owner.where())])
          : await createScreenShareVideoTrack({}, this.#owner.where());
    const picture = trackOf(stream, "share", method, this.#owner.where());
    const [sound] = stream.getAudioTracks();
    try {
      await this.#send("share", picture);
      if (sound) await this.#send("shareAudio", sound);
    } catch (refused) {
      await Promise.allSettled([this.stop("share"), this.stop("shareAudio")]);
      for (const track of stream.getTracks()) track.stop();
      throw refused;
    }
  }

  /** Whether a stream that was switched on is off for others, because its source gives nothing. */
  isSilent(kind: StreamKind): boolean {
    return this.#watch.isSilent(kind);
  }

  /** The user decides anew: what waits for its source does not come on by itself any more. */
  decided(kind: StreamKind): void {
    if (this.#watch.isSilent(kind)) void this.stop(kind, false);
  }

  /** Stops sending a kind, here at once. `told` is false where the server switched it off. */
  async stop(kind: StreamKind, told = true): Promise<void> {
    this.#watch.stop(kind);
    this.#silence(kind);
    this.#owner.switched(kind, undefined);
    await this.#publisher.disable(kind, told);
  }

  /** Closes a microphone that is kept open while it is muted. The next unmute opens it again. */
  closeMicrophone(): void {
    this.#drop("audio");
  }

  /** Uses another device or track. A stream that is off is switched on with it. */
  async change(kind: "audio" | "video", to: string | CustomTrack, on: boolean, method: string): Promise<void> {
    if (typeof to === "string") this.#chosen.add(kind);
    const custom = typeof to === "string" ? undefined : trackOf(to, kind, method, this.#owner.where());
    // A phone opens one camera at a time: the old one is closed first. The picture stands still for that moment.
    if (kind === "video" && !custom) this.#drop(kind);
    let track: MediaStreamTrack;
    try {
      track = custom ?? (await this.#capture(kind, to as string));
    } catch (failure) {
      if (on && !this.#tracks.has(kind)) await this.stop(kind);
      throw failure;
    }
    this.#drop(kind);
    if (!on) return this.#send(kind, track);
    this.#keep(kind, track);
    const before = await this.#publisher.sent(kind);
    const wire = await this.#publisher.replace(kind, track, encodingOf(track, kind));
    this.#owner.switched(kind, { wire, track });
    if (!this.#closed) this.#watch.start(kind, track, before);
  }

  /** Sends the camera in this quality at most. Throws 3054 or 3063. */
  async setQuality(quality: Quality, method: string): Promise<void> {
    const where = this.#owner.where();
    if (this.#publisher.quality === quality)
      throw new VideoSDKError(faults.alreadyInRequestedStateAlready({ method, state: quality }, where));
    try {
      await this.#publisher.setQuality(quality);
    } catch (refused) {
      const { name, message } = refused instanceof Error ? refused : { name: "Error", message: String(refused) };
      const details = { quality, domName: name, domMessage: message };
      throw new VideoSDKError(faults.setWebcamQualityFailedEncoderRefused(details, where));
    }
  }

  /** Sends a picture as VP8 from now on. Returns the codec before, undefined where nothing changes. */
  async fallBack(kind: StreamKind): Promise<VideoCodec | undefined> {
    const changed = await this.#publisher.fallBack(kind);
    const track = this.#tracks.get(kind);
    if (!changed || !track || this.#closed) return undefined;
    this.#owner.switched(kind, { wire: changed.wire, track });
    return changed.previous;
  }

  close(): void {
    this.#closed = true;
    this.#watch.close();
    for (const kind of this.#tracks.keys()) this.#drop(kind);
  }

  async #capture(kind: "audio" | "video", deviceId = this.#selected.get(kind)?.deviceId): Promise<MediaStreamTrack> {
    const where = this.#owner.where();
    const stream =
      kind === "audio"
        ? await createMicrophoneAudioTrack(deviceId ? { microphoneId: deviceId } : {}, where)
        : await createCameraVideoTrack(
            deviceId
              ? { encoderConfig: this.#camera.encoderConfig ?? "h720p_w1280p", cameraId: deviceId }
              : this.#camera,
            where,
          );
    return trackOf(stream, kind, "capture", where);
  }

  async #send(kind: StreamKind, track: MediaStreamTrack): Promise<void> {
    // The meeting was left while the user still looked at the browser's question.
    if (this.#closed) return track.stop();
    track.enabled = true;
    this.#keep(kind, track);
    try {
      const before = await this.#publisher.sent(kind);
      const wire = await this.#publisher.enable(kind, track, encodingOf(track, kind));
      this.#owner.switched(kind, { wire, track });
      if (!this.#closed) this.#watch.start(kind, track, before);
    } catch (refused) {
      this.#drop(kind);
      throw this.#refused(kind, refused);
    }
  }

  /**
   * A refusal by the server (4xxx, 5xxx) is told, and named as the cause. What was found on the device stays as it is.
   */
  #refused(kind: StreamKind, refused: unknown): unknown {
    if (!(refused instanceof VideoSDKError) || refused.code < 4000) return refused;
    this.#owner.fault(refused.toJSON());
    return new VideoSDKError(publishRefused(kind, refused.id, this.#owner.where()));
  }

  #keep(kind: StreamKind, track: MediaStreamTrack): void {
    this.#tracks.set(kind, track);
    track.onended = () => this.#ended(kind, track);
    if (kind !== "audio" && kind !== "video") return;
    const { deviceId, groupId } = track.getSettings();
    this.#selected.set(kind, deviceOfKind(kind, deviceId, groupId, track.label));
  }

  /** The track ended and not by us. A share ends so when the user presses the browser's own button: no fault. */
  #ended(kind: StreamKind, track: MediaStreamTrack): void {
    if (this.#tracks.get(kind) !== track) return;
    const sending = track.enabled;
    this.#drop(kind);
    if (kind === "audio" || kind === "video") {
      this.#selected.delete(kind);
      if (!sending) return; // muted: the next unmute opens another microphone
      this.#owner.fault(deviceLost(deviceOf[kind], track.label, this.#owner.where()));
    }
    const kinds: StreamKind[] = kind === "share" ? ["share", "shareAudio"] : [kind];
    for (const one of kinds) void this.stop(one).catch(() => undefined);
  }

  /** Others see the stream off while its source gives nothing, or is muted by the system. */
  #silent(kind: StreamKind): void {
    this.#owner.switched(kind, undefined);
    void this.#publisher.pause(kind).catch(() => undefined);
  }

  async #flows(kind: StreamKind, track: MediaStreamTrack): Promise<void> {
    const wire = await this.#publisher.resume(kind);
    if (this.#tracks.get(kind) === track && !this.#closed) this.#owner.switched(kind, { wire, track });
  }

  #silence(kind: StreamKind): void {
    const track = this.#tracks.get(kind);
    if (kind === "audio" && track) track.enabled = false;
    else this.#drop(kind);
  }

  #drop(kind: StreamKind): void {
    const track = this.#tracks.get(kind);
    this.#tracks.delete(kind);
    if (!track) return;
    this.#watch.stop(kind); // or it would tell that the page stopped the track
    track.onended = null;
    track.stop();
  }
}
