import type { Calls } from "./calls.js";
import type { Emitter } from "./emitter.js";
import { INVALID_MESSAGE } from "./codes.gen.js";
import { faults, VideoSDKError } from "./fault.js";
import { qualities } from "./layers.js";
import { energyOf, InputSilence } from "./inputsilence.js";
import { Limitation } from "./limitation.js";
import type { ClientOwner } from "./clientdiagnoses.js";
import { LocalMedia, type LocalMediaOwner, type SwitchedOn } from "./localmedia.js";
import type { Participant } from "./participant.js";
import { Publisher, type PublisherOwner } from "./publisher.js";
import { limitationOf } from "./stats.js";
import type { VideoCodec } from "./constants.js";
import type { DeviceInfo } from "./deviceinfo.js";
import type { MeetingEvents } from "./meetingevents.js";
import type { CameraTrackOptions, CustomTrack, MeetingOptions, Quality, StreamKind } from "./types.js";

/** What sending asks of its meeting. */
export interface SendingOwner {
  readonly calls: Calls;
  readonly events: Emitter<MeetingEvents>;
  readonly local: Participant;
  readonly options: Readonly<MeetingOptions>;
  request(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Whether the restrictions of the meeting keep an own stream off. */
  forbids(kind: StreamKind): boolean;
}

/** The connection to the server, from one join until the meeting is left. */
export interface SendingConnection extends PublisherOwner, Pick<LocalMediaOwner, "cleared"> {
  /** Whether the meeting was left, or joined again, meanwhile. */
  isOver(): boolean;
}

type Switchable = "audio" | "video" | "share";

type Inspected = Pick<
  ClientOwner,
  "microphone" | "mutedMicrophone" | "defaultMicrophone" | "camera" | "picture" | "stats" | "scale"
>;

/** What one join made. */
interface Connected {
  readonly connection: SendingConnection;
  readonly publisher: Publisher;
  readonly media: LocalMedia;
  readonly limitation: Limitation;
  readonly silence: InputSilence;
}

/** What the options have switched on at joining, until it is sent. */
interface Opening {
  isWanted: boolean;
  /** It was still wanted when its device had opened. */
  isSent: boolean;
  done: Promise<void>;
}

const isFront = (camera: string): boolean => camera === "user" || camera === "front";

/** Sending is what this client sends: its devices, the connection that carries them, and what limits it. */
export class Sending {
  readonly #owner: SendingOwner;
  #connected: Connected | undefined;
  #opening = new Map<Switchable, Opening>();

  constructor(owner: SendingOwner) {
    this.#owner = owner;
  }

  connect(connection: SendingConnection): void {
    const { events, local, options } = this.#owner;
    const publisher = new Publisher({ ...connection, dropped: (kind) => this.switchedOff(kind) }, options);
    const { defaultCamera } = options;
    const camera: CameraTrackOptions = {
      encoderConfig: options.maxResolution === "sd" ? "h360p_w640p" : "h720p_w1280p",
    };
    if (defaultCamera) camera.facingMode = isFront(defaultCamera) ? "user" : "environment";
    const switched = (kind: StreamKind, on: SwitchedOn | undefined): void => {
      if (connection.isOver()) return;
      // In this order micOn and its like already say the new state when stream-enabled or -disabled fires.
      if (on) local.receive(kind, { track: on.track });
      local.announce(kind, on?.wire);
      if (!on) local.receive(kind, undefined);
    };
    const media = new LocalMedia(publisher, camera, { ...connection, switched });
    const limitation = new Limitation({
      reason: async () => {
        if (!local.webcamOn || events.listenerCount("quality-limitation") === 0) return undefined;
        const report = await publisher.stats("video");
        return report && limitationOf(report);
      },
      changed: (type, state) =>
        events.emit("quality-limitation", { type, state, timestamp: Date.now(), direction: "send" }),
    });
    const silence = new InputSilence({
      energy: async () => {
        if (!local.micOn || events.listenerCount("audio-input-silence") === 0) return undefined;
        const report = await publisher.stats("audio");
        return report && energyOf(report);
      },
      changed: (state) => {
        const deviceLabel = media.selected("audio")?.label ?? "";
        events.emit("audio-input-silence", { deviceLabel, state, timestamp: Date.now() });
      },
    });
    this.#connected = { connection, publisher, media, limitation, silence };
  }

  close(): void {
    this.#connected?.media.close();
    this.#connected?.limitation.close();
    this.#connected?.silence.close();
    this.#connected?.publisher.close();
  }

  /** Forgets the participation before. */
  reset(): void {
    this.#connected = undefined;
    this.#opening = new Map();
  }

  selected(kind: "audio" | "video"): DeviceInfo | undefined {
    return this.#connected?.media.selected(kind);
  }

  /** What diagnoses look at. */
  get inspected(): Inspected {
    const track = (kind: StreamKind): MediaStreamTrack | undefined => this.#connected?.media.track(kind);
    const sent = (kind: Switchable): MediaStreamTrack | undefined => (this.#isOn(kind) ? track(kind) : undefined);
    return {
      microphone: () => sent("audio"),
      camera: () => sent("video"),
      picture: (kind) => sent(kind),
      // A stream that is off because its source gives nothing has a track that is enabled.
      mutedMicrophone: () => [track("audio")].find((one) => one?.readyState === "live" && !one.enabled),
      defaultMicrophone: () => (this.#connected?.media.isChosen("audio") ? undefined : sent("audio")),
      stats: (kind) => this.stats(kind),
      scale: (kind) => this.#connected?.publisher.scale(kind) ?? 1,
    };
  }

  stats(kind: StreamKind): Promise<RTCStatsReport | undefined> | undefined {
    return this.#connected?.publisher.stats(kind);
  }

  transportStats(): Promise<RTCStatsReport | undefined> | undefined {
    return this.#connected?.publisher.transportStats();
  }

  /** Which encodings of a stream the server wants. */
  encodings(...wanted: Parameters<Publisher["encodings"]>): void {
    this.#connected?.publisher.encodings(...wanted);
  }

  /**
   * A participant does not take the codec of a stream: it is sent as VP8, if the application has not ruled that out.
   */
  async codecNotReceived(kind: StreamKind, codec: string, taken: readonly string[], by?: Participant): Promise<void> {
    const { events, options } = this.#owner;
    const media = this.#connected?.media;
    if (!media || options.codecSwitchEnabled === false || (kind !== "video" && kind !== "share")) return;
    if (!taken.some((one) => one.toUpperCase() === "VP8")) return;
    const previousCodec = await media.fallBack(kind);
    if (!previousCodec) return;
    events.emit("codec-changed", {
      kind,
      previousCodec,
      currentCodec: "VP8",
      unsupportedRemoteCodec: codec.toUpperCase() as VideoCodec,
      ...(by && { causedBy: by }),
    });
  }

  /** Whether something arrives from the server at this moment. */
  hears(): boolean {
    return this.#connected?.publisher.hears() ?? false;
  }

  /** The server can be reached again. */
  retry(): void {
    this.#connected?.publisher.retry();
  }

  lose(forMs: number): boolean {
    return this.#connected?.publisher.lose(forMs) ?? false;
  }

  /** The TURN servers have other credentials. */
  renewServers(): void {
    this.#connected?.publisher.renewServers();
  }

  /** The server has lost the session, and the connection with it. */
  forget(): void {
    this.#connected?.publisher.forget();
  }

  /**
   * The server does not take that stream any more: stop the device. One that was off already, because its source gives
   * nothing, does not come on again by itself.
   */
  switchedOff(kind: StreamKind, on = true): void {
    const media = this.#connected?.media;
    if (media && (on || media.isSilent(kind))) void media.stop(kind, !on);
  }

  /**
   * Switches on what the options want from the start. No call has asked for it, so calls of the same stream wait for it
   * instead of being refused, and those that switch it off end it.
   */
  open(method: string, kind: "audio" | "video", custom: CustomTrack | undefined): void {
    const opening: Opening = { isWanted: true, isSent: false, done: Promise.resolve() };
    const openings = this.#opening.set(kind, opening);
    const isWanted = (): boolean => (opening.isSent = opening.isWanted);
    const run = (media: LocalMedia): Promise<void> => media.start(kind, custom, method, isWanted);
    opening.done = this.#owner.calls
      .run(method, () => this.#switchOn(method, kind, run, () => opening.isWanted))
      // Its fault fires `error`; the meeting is joined whether or not the devices work.
      .catch(() => undefined)
      .finally(() => openings.get(kind) === opening && openings.delete(kind));
  }

  /** In a mode that sends nothing no device stays open: the server has switched the streams off. */
  modeChanged(): void {
    if (this.#owner.local.presentMode !== "SEND_AND_RECV") this.#connected?.media.closeMicrophone();
  }

  start(method: string, kind: Switchable, run: (media: LocalMedia) => Promise<void>): Promise<void> {
    const { calls } = this.#owner;
    return this.#exclusive(method, kind, async () => {
      if (this.#isOn(kind)) throw calls.already(method, "on");
      await this.#switchOn(method, kind, run);
    });
  }

  /** Runs a call that excludes others of the same stream, once what the options switch on is on. */
  #exclusive(method: string, kind: Switchable, run: () => Promise<void>): Promise<void> {
    const { calls } = this.#owner;
    const waiting = async (): Promise<void> => {
      const { connection } = this.#joined();
      await this.#opening.get(kind)?.done;
      if (connection.isOver()) throw calls.error(faults.operationAbortedLeft, { method });
      await run();
    };
    return calls.run(method, waiting, { lane: kind });
  }

  async #switchOn(
    method: string,
    kind: Switchable,
    run: (media: LocalMedia) => Promise<void>,
    isWanted = () => true,
  ): Promise<void> {
    const { calls, local, request } = this.#owner;
    const { connection, media } = this.#joined();
    // In another mode the server says no, in its own words, before any device is opened.
    if (local.presentMode !== "SEND_AND_RECV") await request("setStream", { kind, enabled: true });
    await this.#requestRight(kind);
    await run(media);
    if (!isWanted()) return;
    if (this.#owner.forbids(kind)) {
      // It was taken meanwhile.
      await Promise.all([media.stop(kind), kind === "share" && media.stop("shareAudio")]);
      await this.#requestRight(kind);
    }
    if (connection.isOver()) throw calls.error(faults.operationAbortedLeft, { method });
  }

  /** Asks the server for what the restrictions forbid: its fault says why, before any device is opened. */
  async #requestRight(kind: Switchable): Promise<void> {
    const { forbids, request } = this.#owner;
    if (!forbids(kind)) return;
    try {
      await request("setStream", { kind, enabled: true });
    } catch (failure) {
      // Where the right has been given back, it only is not published yet.
      if (!(failure instanceof VideoSDKError && failure.code === INVALID_MESSAGE)) throw failure;
    }
  }

  stop(method: string, kind: Switchable, and?: StreamKind): Promise<void> {
    const { calls } = this.#owner;
    return calls.run(
      method,
      async () => {
        const { media } = this.#joined();
        const opening = this.#opening.get(kind);
        if (opening) {
          opening.isWanted = false;
          this.#opening.delete(kind);
          // A device that is still being opened is closed when it is open, which may be after the person has answered.
          if (!opening.isSent) return;
          await opening.done;
        }
        media.decided(kind);
        if (!this.#isOn(kind)) throw calls.already(method, "off");
        await Promise.all([media.stop(kind), and && media.stop(and)]);
      },
      { lane: kind, whileAway: true },
    );
  }

  change(method: string, kind: "audio" | "video", device: string | CustomTrack): Promise<void> {
    return this.#exclusive(method, kind, async () => {
      if (this.#isOn(kind)) await this.#joined().media.change(kind, device, true, method);
      else await this.#switchOn(method, kind, (media) => media.change(kind, device, false, method));
    });
  }

  setQuality(method: string, quality: Quality): Promise<void> {
    const { calls, local } = this.#owner;
    return this.#exclusive(method, "video", async () => {
      if (!qualities.includes(quality)) {
        const wrong = { method, parameter: "quality", got: String(quality), allowed: [...qualities] };
        throw calls.error(faults.invalidParameterNotAllowed, wrong);
      }
      const { id: participantId, displayName: name } = local;
      if (!this.#isOn("video")) throw calls.error(faults.webcamNotEnabledCameraOff, { method, participantId, name });
      await this.#joined().media.setQuality(quality, method);
    });
  }

  #joined(): Connected {
    // calls.run lets nobody through before the meeting was joined, which connects.
    return this.#connected as Connected;
  }

  #isOn(kind: StreamKind): boolean {
    const { micOn, webcamOn, screenShareOn, screenShareAudioOn } = this.#owner.local;
    return { audio: micOn, video: webcamOn, share: screenShareOn, shareAudio: screenShareAudioOn }[kind];
  }
}
