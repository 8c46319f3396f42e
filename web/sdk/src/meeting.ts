import * as Codes from "./codes.gen.js";
import { readAddress } from "./address.js";
import { Calls, type Phase } from "./calls.js";
import { Conditions } from "./conditions.js";
import { uncaught } from "./emitter.js";
import { diagnose } from "./clientdiagnoses.js";
import { DataChannels } from "./data.js";
import type { Diagnoses } from "./diagnosis.js";
import { devicesOf } from "./devices.js";
import type { CameraDeviceInfo, MicrophoneDeviceInfo } from "./deviceinfo.js";
import { Egress } from "./egress.js";
import { type Fault, type FaultContext, faults, VideoSDKError } from "./fault.js";
import { FaultReports } from "./faultreports.js";
import { fetchFile, type FetchOptions, type FilePlace, uploadFile, type UploadOptions } from "./files.js";
import { isUnanswered } from "./faults.gen.js";
import { meetingEvents } from "./meetingevents.js";
import { Moderation } from "./moderation.js";
import { ModerationCalls } from "./moderationcalls.js";
import { Participant, type ParticipantHost } from "./participant.js";
import { Receiving } from "./receiving.js";
import { Report } from "./report.js";
import { Roster } from "./roster.js";
import { PubSub } from "./pubsub.js";
import { stopPreCallTest } from "./precall.js";
import { RealtimeStore } from "./store.js";
import { Sending, type SendingConnection } from "./sending.js";
import { Signal } from "./signal.js";
import type {
  CustomTrack,
  LeaveReason,
  MeetingState,
  MetaData,
  ModeName,
  PinState,
  Quality,
  SendOptions,
  StreamKind,
  SwitchOptions,
  StreamRequest,
} from "./types.js";
import { relaysFor, withProtocol } from "./protocols.js";
import { VERSION } from "./version.js";
import { Tracing } from "./tracing.js";
import { endRefused } from "./ending.js";
import { checkIdentity, participantIdOf } from "./identity.js";
import { LEAVE } from "./leavereasons.js";
import { log } from "./log.js";
import { ModeNames, presentMode } from "./modes.js";
import { type Scenario, simulate, type SimulateOptions } from "./simulation.js";
import { type MeetingSetup, Switching } from "./switching.js";
import type { ICEServers, JoinResult, Welcome, WireEvent } from "./wire.js";

const LEAVE_TIMEOUT_MS = 2_000;

/**
 * A meeting. When it was left it can be joined again. Everything that fails fires `error`, once, with its
 * fault; a call that was waiting rejects with the same object. Where an `error` listener is there, a rejected call
 * that nobody awaits is not reported again by the browser.
 */
export class Meeting extends ModerationCalls {
  /** Oneself, with its id, also before joining. */
  readonly localParticipant: Participant;
  /** The others, by id. */
  readonly participants: Map<string, Participant>;
  readonly pinnedParticipants: Map<string, PinState>;
  readonly pubSub: PubSub;
  readonly realtimeStore: RealtimeStore;

  #setup: MeetingSetup;
  readonly #switching: Switching;
  readonly #roster: Roster;
  /** @internal */
  protected readonly egress: Egress;
  /** @internal */
  protected readonly moderation: Moderation;
  readonly #calls: Calls;
  readonly #tracing: Tracing;
  readonly #faultReports: FaultReports;
  readonly #conditions: Conditions;
  readonly #modes = new ModeNames();
  readonly #sending: Sending;
  readonly #receiving: Receiving;
  readonly #data: DataChannels;
  #phase: Phase = "new";
  /** Counts joins: what belongs to an earlier one changes nothing of the present one. */
  #joins = 0;
  /** Counts calls of leave: one of them ends a join that waits for the one before. */
  #leaves = 0;
  #leaving: Promise<void> | undefined;
  #wasIn = false;
  #iceServers: readonly RTCIceServer[] = [];
  #statsIntervalMs = 0;
  #tokenLeewayMs = 0;
  #diagnoses: Diagnoses | undefined;
  #report: Report | undefined;
  #state: MeetingState = "DISCONNECTED";
  #server = "";
  #meetingId: string;
  #sessionId = "";
  #startedAt = "";
  #permissions: readonly string[] = [];
  #signal: Signal | undefined;
  #ending: VideoSDKError | undefined;
  #admitted: { resolve(): void; reject(fault: VideoSDKError): void } | undefined;

  /** @internal */
  constructor(setup: MeetingSetup) {
    super("meeting", meetingEvents);
    const { meetingId, name = "", mode = "SEND_AND_RECV", metaData } = setup.options;
    const participantId = participantIdOf(setup.token, setup.options);
    this.#setup = { ...setup, options: { ...setup.options, participantId } };
    this.#meetingId = meetingId;
    this.#modes.used(mode);
    this.#faultReports = new FaultReports({
      reports: () => this.#reports(),
      isConnected: () => this.#state === "CONNECTED",
      request: (method, params) => this.#request(method, params),
    });
    this.#conditions = new Conditions(
      {
        tell: (fault) => void this.#tell(fault),
        cleared: ({ id, code, reason }, forMs) => this.emit("fault-cleared", { id, code, reason, forMs }),
      },
      this.#faultReports,
    );
    this.#tracing = new Tracing(setup.options, () => this.#where());
    const calls = new Calls({
      events: this,
      traced: (method, call) => this.#tracing.run(method, call),
      phase: () => this.#phase,
      cause: () => this.#conditions.cause,
      awayMs: () => (this.#state === "RECONNECTING" ? (this.#signal?.awayMs ?? 0) : undefined),
      report: (fault) => this.#faultReports.began(fault.toJSON()),
      where: () => this.#where(),
    });
    this.#calls = calls;
    const request = (method: string, params?: Readonly<Record<string, unknown>>, timeoutMs?: number) =>
      this.#request(method, params, timeoutMs);
    const receiving = (): Receiving => this.#receiving;
    const host: ParticipantHost = {
      get preferences() {
        return receiving().preferences;
      },
      transportStats: (own) => (own ? this.#sending.transportStats() : this.#receiving.stats()),
      call: (method, run) => calls.run(method, run),
      request,
      own: (kind, on) =>
        kind === "audio" ? (on ? this.unmuteMic() : this.muteMic()) : on ? this.enableWebcam() : this.disableWebcam(),
      ownStats: (kind) => this.#sending.stats(kind),
      modeName: (mode) => this.#modes.of(mode),
      where: () => this.#where(),
    };
    this.localParticipant = new Participant(
      { id: participantId, displayName: name, mode: presentMode(mode), metaData: metaData as MetaData | undefined },
      true,
      host,
    );
    this.#roster = new Roster({
      local: this.localParticipant,
      host,
      events: this,
      switchedOff: (kind, on) => this.#sending.switchedOff(kind, on),
    });
    this.moderation = new Moderation({
      events: this,
      permissions: () => this.#permissions,
      respond: (participantId, decision) => this.respondEntry(participantId, decision),
      forbidden: (kind) => this.#sending.switchedOff(kind, this.localParticipant.isAnnounced(kind)),
    });
    this.#sending = new Sending({
      calls,
      events: this,
      local: this.localParticipant,
      options: setup.options,
      request,
      forbids: (kind) => this.moderation.forbids(kind),
    });
    this.#data = new DataChannels({
      calls,
      events: this,
      request,
      mode: () => this.localParticipant.mode,
      joined: () => this.#phase === "joined",
    });
    this.#receiving = new Receiving({ calls, events: this, roster: this.#roster, data: this.#data, request });
    this.#switching = new Switching({
      local: this.localParticipant,
      where: () => this.#where(),
      setup: () => this.#setup,
      become: (next) => (this.#setup = next),
      leave: async () => {
        await this.#requestLeave({ reason: LEAVE.switched.name });
        this.#finish(LEAVE.switched, undefined);
      },
      join: async (id) => {
        this.#meetingId = id;
        await this.#join(undefined);
        this.emit("switch-meeting", { meetingId: this.#meetingId });
      },
    });
    this.egress = new Egress({ events: this, request, where: () => this.#where() });
    this.participants = this.#roster.participants;
    this.pinnedParticipants = this.#roster.pins;
    this.pubSub = new PubSub(host);
    this.realtimeStore = new RealtimeStore(host);
  }

  /** @internal */
  protected override listened(event: string): void {
    if (event === "data") this.#data.changed();
  }

  get id(): string {
    return this.#meetingId;
  }
  /** Of this occurrence of the meeting; "" before it was joined. Ours. */
  get sessionId(): string {
    return this.#sessionId;
  }
  /** When the session began, RFC 3339; "" before the meeting was joined. Ours. */
  get startedAt(): string {
    return this.#startedAt;
  }
  get state(): MeetingState {
    return this.#state;
  }
  /**
   * What the token and the account allow here: allow_join or ask_join, allow_mod, and beside these words of tokens
   * allow_end for `end` and allow_egress for recording, livestream and HLS. Ours.
   */
  get permissions(): readonly string[] {
    return this.#permissions;
  }
  // These are typed as published, without the null that they may be.

  /** Null while nobody speaks. */
  get activeSpeakerId(): string {
    return this.#roster.speakerId as string;
  }
  /** Null while nobody shares a screen. */
  get activePresenterId(): string {
    return this.#roster.presenterId as string;
  }
  /** Whom a page shows large: the presenter, else who spoke last, else the one who was there first. Null at first. */
  get mainParticipantId(): string {
    return this.#roster.mainId as string;
  }
  /** In use, or chosen for the next time; undefined before. */
  get selectedCameraDevice(): CameraDeviceInfo {
    return this.#sending.selected("video") as CameraDeviceInfo;
  }
  /** In use, or chosen for the next time; undefined before. */
  get selectedMicrophoneDevice(): MicrophoneDeviceInfo {
    return this.#sending.selected("audio") as MicrophoneDeviceInfo;
  }

  /**
   * Joins. Resolves when in the meeting: with `ask_join` after somebody inside has answered, until then
   * `entry-pending` fires every 10 s. Microphone and camera, if asked for, start after it. After leaving it may be
   * called again; subscriptions of topics end when it is left.
   */
  join(options: { signal?: AbortSignal } = {}): Promise<void> {
    return this.#calls.handled(this.#tracing.run("join", () => this.#join(options.signal)));
  }

  /** Leaves; also while joining or waiting in the lobby, where join() then rejects with 3056. */
  leave(): Promise<void> {
    return this.#calls.handled(this.#leave());
  }

  /**
   * Leaves this meeting (`meeting-left`, 1005) and joins another one (`meeting-joined`), with the microphone and the
   * camera as they are. Where the other one cannot be joined it rejects with 4076, and this one has been left.
   */
  switchTo(options: SwitchOptions): Promise<void> {
    return this.called("switchTo", () => this.#switching.to(options));
  }

  /** While RECONNECTING: tries at once, without the pause that `reconnect-scheduled` names. Ours. */
  reconnectNow(): void {
    this.#signal?.retry();
  }

  /** Ends the session for everybody. */
  end(): Promise<void> {
    return this.called("end", async () => {
      try {
        await this.#request("end");
      } catch (failure) {
        // `meeting-left` may overtake the answer; then it has ended, as asked.
        if (!this.#isOver()) throw endRefused(failure, this.#calls, this.#where());
      }
    });
  }

  changeMode(mode: ModeName): Promise<void> {
    return this.called("changeMode", async () => {
      const present = presentMode(mode);
      this.#modes.used(mode);
      if (present === this.localParticipant.presentMode) throw this.#already("changeMode", mode);
      await this.#request("setMode", { mode });
    });
  }

  unmuteMic(track?: CustomTrack): Promise<void> {
    return this.#sending.start("unmuteMic", "audio", (media) => media.start("audio", track, "unmuteMic"));
  }

  /** Mutes at once; while reconnecting the server learns it afterwards. */
  muteMic(): Promise<void> {
    return this.#sending.stop("muteMic", "audio");
  }

  enableWebcam(track?: CustomTrack): Promise<void> {
    return this.#sending.start("enableWebcam", "video", (media) => media.start("video", track, "enableWebcam"));
  }

  disableWebcam(): Promise<void> {
    return this.#sending.stop("disableWebcam", "video");
  }

  /** Asks the user what to share, or shares a stream of one's own. Call it from a click: browsers insist. */
  enableScreenShare(track?: CustomTrack): Promise<void> {
    return this.#sending.start("enableScreenShare", "share", (media) => media.startShare(track, "enableScreenShare"));
  }

  disableScreenShare(): Promise<void> {
    return this.#sending.stop("disableScreenShare", "share", "shareAudio");
  }

  /**
   * Uses another microphone: a device id, or a track of one's own. One that is muted is unmuted, as is published. "",
   * which browsers list as the id before they may use the device, is the default one.
   */
  changeMic(device: string | CustomTrack): Promise<void> {
    return this.#sending.change("changeMic", "audio", device);
  }

  /**
   * Uses another camera: a device id, or a track of one's own. One that is off is switched on, as is published. "",
   * which browsers list as the id before they may use the device, is the default one.
   */
  changeWebcam(device: string | CustomTrack): Promise<void> {
    return this.#sending.change("changeWebcam", "video", device);
  }

  replaceWebcamStream(track: CustomTrack): Promise<void> {
    return this.#sending.change("replaceWebcamStream", "video", track);
  }

  /**
   * Sends the own camera in this quality at most: high is the size of the camera, med half and low a quarter of it.
   * It lasts until it is changed or the meeting is left. Rejects with 3054, 3062, 3063 or 3073.
   */
  setWebcamQuality(quality: Quality): Promise<void> {
    return this.#sending.setQuality("setWebcamQuality", quality);
  }

  /**
   * Has the server send nothing of a kind, or of any, until `resumeAllStreams`; those included that begin later.
   * Rejects with 4057. `stream.resume()` resumes a single one.
   */
  pauseAllStreams(kind?: StreamKind | "all"): Promise<void> {
    return this.#receiving.pauseAll("pauseAllStreams", kind, true);
  }

  /** Receives them again, those included that `stream.pause()` paused. Rejects with 4058. */
  resumeAllStreams(kind?: StreamKind | "all"): Promise<void> {
    return this.#receiving.pauseAll("resumeAllStreams", kind, false);
  }

  /**
   * Receives each picture in the size of the video element that shows it, and nothing of one that is not visible. Sizes
   * of `setViewPort` count where no element is found. It lasts until it is disabled. Rejects with 4047 or 4048.
   */
  enableAdaptiveSubscription(): Promise<void> {
    return this.#receiving.enableAdaptive("enableAdaptiveSubscription");
  }

  /** Rejects with 4049. */
  disableAdaptiveSubscription(): Promise<void> {
    return this.#receiving.disableAdaptive("disableAdaptiveSubscription");
  }

  /**
   * Sends a string or bytes, at most 15 KiB, to everybody else in the meeting who listens to `data`, over a data
   * channel. Resolves with true when the message is on its way, and with false where an unreliable one was dropped
   * because too much waits. Rejects with 3048, 3066, 3068, 3070 or 3073.
   */
  send(payload: string | Blob | ArrayBuffer | ArrayBufferView, options?: SendOptions | null): Promise<boolean> {
    return this.#data.send(payload, options);
  }

  /**
   * Uploads a file for the others of this meeting, at most 10 MiB unless the server is set otherwise, and resolves with
   * its address. The server removes it after a day, unless it is set otherwise. Rejects with 3073 or 3074.
   */
  uploadBase64File(options: UploadOptions): Promise<string | null> {
    const call = { method: "uploadBase64File", at: this.#where() };
    return this.called(call.method, () => uploadFile(call, this.#filePlace(), options));
  }

  /** Fetches a file that somebody of this meeting has uploaded, in base64. Rejects with 3073 or 3075. */
  fetchBase64File(options: FetchOptions): Promise<string | null> {
    const call = { method: "fetchBase64File", at: this.#where() };
    return this.called(call.method, () => fetchFile(call, this.#filePlace(), options));
  }

  /**
   * Makes an outage happen to this client alone, to see how an application takes it: the socket is cut, a media
   * connection is lost, the server is gone with its session. The SDK restores everything by itself. Resolves when it
   * has begun; rejects with 3073 or 3048. Ours.
   */
  simulate(scenario: Scenario, options?: SimulateOptions): Promise<void> {
    return this.called("simulate", async () =>
      simulate(
        {
          cut: (forMs, gone) => this.#signal?.cut(forMs, gone),
          lose: (connection, forMs) => (connection === "publish" ? this.#sending : this.#receiving).lose(forMs),
          where: () => this.#where(),
        },
        scenario,
        options,
      ),
    );
  }

  getMics(): Promise<MicrophoneDeviceInfo[]> {
    return devicesOf("audioinput");
  }

  getWebcams(): Promise<CameraDeviceInfo[]> {
    return devicesOf("videoinput");
  }

  // ---- joining and leaving

  async #join(abort: AbortSignal | undefined): Promise<void> {
    if (this.#leaving) await this.#afterLeaving(this.#leaving);
    if (this.#phase === "joined") throw this.#tell(this.#already("join", "joined"));
    if (this.#phase !== "new" && this.#phase !== "left")
      throw this.#tell(this.#error(faults.operationInProgressInProgress, { method: "join" }));
    if (this.#phase === "left") this.#renew();
    const join = ++this.#joins;
    this.#phase = "joining";
    globalThis.addEventListener?.("pagehide", this.#pageHidden);
    this.#setState("CONNECTING");
    void stopPreCallTest();
    const cancel = (): void => {
      if (join === this.#joins)
        this.#finish(LEAVE.manual, this.#error(faults.operationAbortedCancelled, { method: "join" }), "DISCONNECTED");
    };
    abort?.addEventListener("abort", cancel);
    try {
      const wrong = checkIdentity(this.#setup.token, this.#setup.options, this.#setup.serverUrl);
      if (abort?.aborted) cancel();
      else if (wrong) throw new VideoSDKError(wrong);
      else await this.#enter();
      if (this.#isOver(join)) throw this.#error(faults.operationAbortedLeft, { method: "join" });
    } catch (failure) {
      // Whatever ended the meeting meanwhile is the reason; the failure of the request is only its echo.
      if (this.#isOver(join)) {
        const ending = join === this.#joins ? this.#ending : undefined;
        throw this.#tell(ending ?? this.#error(faults.operationAbortedLeft, { method: "join" }));
      }
      const fault = this.#calls.asFault(failure);
      this.#finish(this.#switching.active ? LEAVE.switchFailed : LEAVE.joinFailed, fault);
      throw this.#tell(fault);
    } finally {
      abort?.removeEventListener("abort", cancel);
    }
  }

  /** Waits until the meeting has been left; another leave meanwhile ends this join too. */
  async #afterLeaving(leaving: Promise<void>): Promise<void> {
    const leaves = this.#leaves;
    await leaving;
    if (leaves !== this.#leaves) throw this.#tell(this.#error(faults.operationAbortedLeft, { method: "join" }));
  }

  /**
   * Forgets the participation before. Listeners of the meeting stay; those of topics and participants go with what
   * they listened to.
   */
  #renew(): void {
    const { participantId = "", name = "", mode = "SEND_AND_RECV", metaData } = this.#setup.options;
    this.#calls.reset();
    this.#faultReports.reset();
    this.#conditions.reset();
    this.#wasIn = false;
    this.#iceServers = [];
    this.#sessionId = "";
    this.#startedAt = "";
    this.#permissions = [];
    this.moderation.reset();
    this.#ending = undefined;
    this.#signal = undefined;
    this.#sending.reset();
    this.#receiving.reset();
    this.localParticipant.become({
      id: participantId,
      displayName: name,
      mode: presentMode(mode),
      metaData: metaData as MetaData | undefined,
      streams: [],
      joinedAt: "",
    });
    this.#roster.reset();
    this.egress.reset();
    this.pubSub.reset();
    this.realtimeStore.reset();
  }

  async #enter(): Promise<void> {
    const { token, serverUrl, timing, options } = this.#setup;
    if (typeof RTCPeerConnection === "undefined" && this.localParticipant.presentMode !== "SIGNALLING_ONLY") {
      throw this.#error(faults.unsupportedEnvironmentNoWEBRTC, { userAgent: navigator.userAgent });
    }
    const address = readAddress(serverUrl, location);
    this.#server = address.base;
    const signal = new Signal(
      address,
      {
        event: (event) => this.#event(event),
        cut: () => this.#setState("RECONNECTING"),
        pausing: (attempt) => this.emit("reconnect-scheduled", attempt),
        unreachable: (fault, since) => this.#conditions.raise(fault, since),
        reached: (fault, forMs) => this.#conditions.end(fault, forMs),
        resumed: (welcome) => this.#resumed(welcome),
        rejoining: (fault) => this.#rejoining(fault),
        rejoined: (result) => this.#rejoined(result),
        refused: (fault) => void this.#tell(new VideoSDKError(fault)),
        closed: (fault) => this.#closed(fault),
      },
      () => this.#where(),
      timing,
      () => this.#sending.hears() || this.#receiving.hears(),
    );
    this.#signal = signal;
    const { meetingId, participantId, name = "", mode, metaData, autoConsume } = options;
    const traceparent = this.#tracing.of("join") ?? options.traceparent;
    const present = (): Readonly<Record<string, unknown>> =>
      this.#sessionId === ""
        ? { participantId, mode }
        : { participantId: this.localParticipant.id, mode: this.localParticipant.presentMode };
    const client = {
      sdkType: "js",
      sdkVersion: VERSION,
      platform: navigator.platform,
      browserUserAgent: navigator.userAgent,
    };
    const asked = { token, meetingId, name, metaData, autoConsume, client, traceparent };
    const result = await signal.join(() => ({ ...asked, ...present() }));
    if (this.#signal !== signal) throw this.#error(faults.operationAbortedLeft, { method: "join" });
    this.#meetingId = result.meetingId;
    this.#sessionId = result.sessionId;
    this.#statsIntervalMs = result.statsIntervalMs;
    this.#tokenLeewayMs = result.tokenLeewayMs;
    this.localParticipant.become({
      id: result.participantId,
      displayName: name,
      mode: this.localParticipant.presentMode,
      metaData: metaData as MetaData | undefined,
      streams: [],
      joinedAt: "",
    });
    if (result.welcome) return this.#welcome(result.welcome);
    this.#phase = "lobby";
    await new Promise<void>((resolve, reject) => {
      this.#admitted = { resolve, reject };
    });
  }

  #welcome(welcome: Welcome): void {
    this.#phase = "joined";
    this.#permissions = welcome.permissions;
    this.#startedAt = welcome.startedAt;
    this.#iceServers = serversOf(welcome.iceServers);
    if (this.#wasIn) return this.#reentered(welcome);
    this.#wasIn = true;
    this.moderation.enter(welcome);
    this.#roster.enter(welcome);
    this.egress.enter(welcome.egress);
    this.#connectMedia();
    this.#setState("CONNECTED");
    // Who had to ask was told by the server. The vendor's examples wait for it in either case.
    if (!this.#admitted) this.emit("entry-responded", this.localParticipant.id, "allowed");
    // Before the event: what a listener says about the devices comes later, and counts.
    this.#startDevices();
    this.emit("meeting-joined");
    this.#roster.tell();
    if (welcome.dataStarted) this.#data.start();
    this.moderation.tell(welcome);
    this.#admitted?.resolve();
  }

  /** Switches on what the options want from the start, in the mode that sends: another one has nothing to send. */
  #startDevices(): void {
    const { micEnabled, webcamEnabled, customMicrophoneAudioTrack, customCameraVideoTrack } = this.#setup.options;
    if (this.localParticipant.mode !== "SEND_AND_RECV") return;
    if (micEnabled) this.#sending.open("unmuteMic", "audio", customMicrophoneAudioTrack);
    if (webcamEnabled) this.#sending.open("enableWebcam", "video", customCameraVideoTrack);
  }

  async #leave(): Promise<void> {
    const method = "leave";
    this.#leaves++;
    if (this.#leaving) return this.#leaving;
    if (this.#phase === "new")
      throw this.#tell(this.#error(faults.actionPerformedBeforeMeetingJoinedNotJoined, { method }));
    if (this.#phase === "left") throw this.#tell(this.#already(method, "left"));
    const signal = this.#signal;
    if (signal && this.#phase !== "joining" && signal.awayMs === 0) {
      // Sent at once, so that it goes out even when the page is being closed; then a moment for the answer.
      this.#leaving = this.#requestLeave().then(() => {
        this.#leaving = undefined;
        this.#finish(LEAVE.manual, undefined);
      });
      return this.#leaving;
    }
    this.#finish(LEAVE.manual, undefined);
  }

  /** Resolves with the answer, or after a moment: then the server notices by itself. */
  async #requestLeave(params: { reason?: string } = {}): Promise<void> {
    const answered = this.#signal?.request("leave", params).catch(() => undefined);
    await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, LEAVE_TIMEOUT_MS))]);
  }

  #closed(fault: Fault): void {
    const reason =
      fault.code === Codes.RECONNECT_FAILED ? LEAVE.exhausted : this.#phase === "joined" ? LEAVE.cut : LEAVE.joinFailed;
    this.#finish(reason, new VideoSDKError({ ...fault, causeId: fault.causeId || this.#conditions.cause } as Fault));
  }

  /** The server ended the participation. Nothing failed, unless it was only asked for: then joining did. */
  #putOut(reason: LeaveReason, fault: VideoSDKError | undefined): void {
    this.#finish(reason, fault, fault && this.#phase !== "joined" ? "FAILED" : "DISCONNECTED");
  }

  /** The end, whatever the cause; the first one counts. */
  #finish(
    reason: LeaveReason,
    fault: VideoSDKError | undefined,
    state: MeetingState = fault ? "FAILED" : "DISCONNECTED",
  ): void {
    if (this.#isOver()) return;
    this.#phase = "left";
    globalThis.removeEventListener?.("pagehide", this.#pageHidden);
    this.#ending = fault;
    this.#signal?.close();
    this.#sending.close();
    this.#receiving.close();
    this.#data.close();
    this.#report?.close();
    this.#diagnoses?.close();
    this.#conditions.reset();
    this.localParticipant.reset();
    const admitted = this.#admitted;
    this.#admitted = undefined;
    if (fault) this.#tell(fault);
    this.#setState(state);
    admitted?.reject(fault ?? this.#error(faults.operationAbortedLeft, { method: "join" }));
    this.emit("meeting-left", reason); // last: a listener may join again
  }

  /**
   * Leaves when the page is closed, reloaded or navigated away from; else others would see the participant until the
   * time for a resume is over. A page that the browser keeps for a return (bfcache) resumes.
   */
  readonly #pageHidden = (event: Event): void => {
    if ((event as PageTransitionEvent).persisted) return;
    this.#leave().catch(() => undefined); // nobody is there any more to read why
  };

  // A method, so that the compiler does not narrow #phase across an await.
  #isOver(join = this.#joins): boolean {
    return this.#phase === "left" || join !== this.#joins;
  }

  // ---- media

  #connectMedia(): void {
    const join = this.#joins;
    const { preferredProtocol = "UDP_OVER_TCP" } = this.#setup.options;
    const connection: SendingConnection = {
      relays: () => relaysFor(this.#iceServers, preferredProtocol),
      described: (sdp: string) => withProtocol(sdp, preferredProtocol),
      checkSignaling: () => this.#signal?.check(),
      request: (method, params) => this.#request(method, params),
      fault: (fault) => this.#conditions.raise(fault),
      cleared: (fault, forMs) => {
        if (!this.#isOver(join)) this.#conditions.end(fault, forMs);
      },
      where: () => this.#where(),
      isOver: () => this.#isOver(join),
    };
    this.#sending.connect(connection);
    this.#receiving.connect(connection);
    this.#diagnoses = diagnose({
      ...connection,
      ...this.#sending.inspected,
      sounds: () => this.#roster.sounds(),
      ping: () => this.#request("ping"),
      tokenLeewayMs: () => this.#tokenLeewayMs,
    });
    this.#report = new Report(this.#statsIntervalMs, {
      sent: (kind) => this.#sending.stats(kind),
      received: () => this.#receiving.stats(),
      participants: () => this.participants.values(),
      device: (kind) => this.#sending.selected(kind),
      local: this.localParticipant,
      isConnected: () => this.#state === "CONNECTED" && !this.#isOver(join),
      send: (report) => this.#request("reportStats", report),
      failed: (problem) => this.#tell(this.#error(faults.unsupportedEnvironmentNoStats, { problem })),
      refused: (fault) => this.#tell(fault),
    });
  }

  // ---- events of the server

  #event(event: WireEvent): void {
    log("ALL", "received", event.name, event.data);
    if (this.#roster.event(event)) {
      if (event.name === "participant-mode-changed") {
        this.#data.changed();
        this.#sending.modeChanged();
      }
      return;
    }
    if (this.egress.event(event) || this.moderation.event(event)) return;
    const { name, data } = event;
    switch (name) {
      case "meeting-joined":
        return this.#welcome(data.welcome);
      case "meeting-left":
        return this.#putOut(data.reason, data.fault && new VideoSDKError(data.fault));
      case "entry-pending":
        return this.emit("entry-pending", data);
      case "mic-requested":
        return this.emit(
          "mic-requested",
          this.#streamRequest(data.participantId, () => this.unmuteMic()),
        );
      case "webcam-requested":
        return this.emit(
          "webcam-requested",
          this.#streamRequest(data.participantId, () => this.enableWebcam()),
        );
      case "pubsub-message":
        return this.pubSub.deliver(data);
      case "store-value-changed":
        return this.realtimeStore.changed(data.key, data.value ?? null, data.updatedBy);
      case "data-started":
        return this.#data.start();
      case "ice-servers-changed":
        this.#iceServers = serversOf(data.iceServers);
        this.#sending.renewServers();
        return this.#receiving.renewServers();
      case "subscribe-offer":
        return this.#receiving.offered(data);
      case "encodings":
        return this.#sending.encodings(data.kind, data.active);
      case "codec-not-received": {
        const by = this.participants.get(data.participantId);
        return void this.#sending.codecNotReceived(data.kind, data.codec, data.taken, by).catch(uncaught);
      }
      case "quality-limitation":
        return this.emit("quality-limitation", {
          type: data.type,
          state: data.state,
          timestamp: Date.parse(data.timestamp),
          direction: "receive",
        });
      case "error":
        return void this.#tell(new VideoSDKError(data.fault));
      case "fault-cleared":
        return this.emit("fault-cleared", data);
    }
  }

  #streamRequest(participantId: string, accept: () => Promise<void>): StreamRequest {
    return { participantId, accept, reject: () => undefined };
  }

  #resumed(welcome: Welcome | undefined): void {
    if (welcome) {
      this.#forgetMedia();
      return this.#welcome(welcome);
    }
    this.#setState(this.#phase === "joined" ? "CONNECTED" : "CONNECTING");
    this.#sending.retry();
    this.#receiving.resumed();
  }

  // ---- a server that has lost the session, and one that goes on with that of another

  /** The server knows nothing of the connections any more. What is seen of the others stays until they are back. */
  #forgetMedia(): void {
    this.#roster.hold();
    this.#sending.forget();
    this.#receiving.forget();
    this.#data.forget();
  }

  #rejoining(fault: Fault): void {
    this.#forgetMedia();
    this.#tell(new VideoSDKError(fault));
  }

  #rejoined(result: JoinResult): void {
    this.#sessionId = result.sessionId;
    const { displayName, presentMode: mode, metaData } = this.localParticipant;
    this.localParticipant.become({ id: result.participantId, displayName, mode, metaData, streams: [], joinedAt: "" });
    if (result.welcome) return this.#welcome(result.welcome);
    this.#phase = "lobby";
    this.#setState("CONNECTING");
  }

  /** Takes the state of the new session, or of the same one elsewhere, and restores what was on. */
  #reentered(welcome: Welcome): void {
    this.#sending.retry(); // first: the others wait for it, and a listener may switch something on
    this.#roster.reenter(welcome);
    this.egress.reenter(welcome.egress);
    this.moderation.reenter(welcome);
    this.#receiving.preferences.restore();
    this.#setState("CONNECTED");
    this.moderation.retell(welcome);
    if (welcome.dataStarted) this.#data.start();
    const restored = [
      this.pubSub.restore(),
      this.realtimeStore.restore(),
      ...[...this.participants.values()].map((one) => one.restore()),
    ];
    for (const one of restored) void one.catch((failure: unknown) => void this.#restoreFailed(failure));
  }

  /** What is lost again with the connection the next way back restores. */
  #restoreFailed(failure: unknown): void {
    if (failure instanceof VideoSDKError && !isUnanswered(failure)) this.#tell(failure);
  }

  // ---- calls and faults

  #request(method: string, params: Readonly<Record<string, unknown>> = {}, timeoutMs?: number): Promise<unknown> {
    return (
      this.#signal?.request(method, params, timeoutMs, this.#tracing.of(method, params)) ??
      Promise.reject(this.#error(faults.actionPerformedBeforeMeetingJoinedNotJoined, { method }))
    );
  }

  /** @internal */
  protected override asked(method: string, params?: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.#request(method, params);
  }

  /** @internal */
  protected override called<T>(method: string, run: () => Promise<T>): Promise<T> {
    return this.#calls.run(method, run);
  }

  /** @internal */
  protected override refused(fault: VideoSDKError): Promise<never> {
    return this.#calls.handled(Promise.reject(this.#tell(fault)));
  }

  #tell(fault: VideoSDKError): VideoSDKError {
    return this.#calls.tell(fault);
  }

  #error<D>(make: (details: D, at: FaultContext) => Fault, details: D): VideoSDKError {
    return this.#calls.error(make, details);
  }

  #filePlace(): FilePlace {
    return { serverUrl: this.#setup.serverUrl, meetingId: this.#meetingId };
  }

  #already(method: string, state: string): VideoSDKError {
    return this.#calls.already(method, state);
  }

  #reports(): boolean {
    return this.#setup.options.debugMode !== false && this.#phase === "joined";
  }

  #where(): FaultContext {
    return {
      meetingId: this.#meetingId,
      sessionId: this.#sessionId,
      participantId: this.localParticipant.id,
      server: this.#server,
      told: this.#reports(),
    };
  }

  #setState(state: MeetingState): void {
    if (state === this.#state) return;
    this.#state = state;
    void this.#faultReports.retry();
    log("INFO", `meeting ${this.#meetingId}`, state);
    this.emit("meeting-state-changed", { state });
  }
}

const serversOf = (servers: ICEServers): RTCIceServer[] =>
  servers.map(({ urls, username, credential }) => ({
    urls: [...urls],
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  }));
