import type { PageLanguage } from "@klatch/prebuilt";
import { computed, effect, signal } from "@preact/signals";
import {
  Codes,
  createCameraVideoTrack,
  createMicrophoneAudioTrack,
  faults,
  VideoSDKError,
  type FaultFields,
  type Meeting,
  type Participant,
  type PubSubMessage,
} from "@klatch/sdk";
import { type Change, nameOr, type Snapshot } from "@klatch/state";
import { loadPersonTexts, storageIfAllowed } from "@klatch/ui";
import { Capture, stop } from "../device/capture";
import { Devices } from "../device/devices";
import { Speaker } from "../device/speaker";
import { claimsOf, type MeetLink } from "../link";
import { type Control, has } from "../controls";
import { type Asked, nothingAsked } from "../options";
import { t } from "../text";
import { showLanguage } from "../text/language";
import type { Connection } from "./connection";
import { configOf, isOn, phaseOf, type EgressKind, type Target } from "./egress";
import type { Effects } from "./effects";
import type { Files, Upload } from "./files";
import type { ConnectionQuality } from "./connectionquality";
import type { Background, Prefs } from "./prefs";
import { keepId, takeId } from "./returning";
import {
  bars,
  emptyRoom,
  personName,
  reduce,
  self,
  type Action,
  type Device,
  type Right,
  type RoomState,
} from "./room";
import { Screen } from "./screen";
import { type Cause, maxLines } from "./trouble";

/** Things that take a moment; a second click while one runs does nothing. */
export type Task =
  "join" | "mic" | "cam" | "share" | "hand" | "react" | "leave" | "chat" | "lock" | "rights" | EgressKind;

const chatTopic = "CHAT";
const handTopic = "RAISE_HAND";
const reactionTopic = "REACTION";

/** The part of the page that the first view does not need. */
export type Inside = typeof import("../inside");

/** How long a join waits for devices that are being opened: a permission prompt may stand there for ever. */
const devicesWithinMs = 3000;

/** How long a join may take before a knocker is told that it waits: a direct answer comes sooner. */
const lobbyAfterMs = 700;

/**
 * The one place where the page's state lives. It drives a Meeting of the SDK, turns its events into actions of
 * `reduce`; what only concerns the screen is in `screen`.
 */
export class Store {
  /** What is loaded after the first view; null until it is there, and never once somebody asked to enter. */
  readonly inside = signal<Inside | null>(null);
  readonly room = signal<RoomState>(emptyRoom);
  readonly busy = signal<ReadonlySet<Task>>(new Set());
  readonly link;
  /** When the meeting began, in ms, whoever was there. */
  readonly startedAt = signal(0);
  readonly camera: Capture;
  readonly microphone: Capture;
  readonly devices = new Devices();
  readonly speaker = new Speaker();
  readonly screen: Screen;
  /** Whether this person has been told of the recording that runs, or has started it. */
  readonly recordingRead = signal(false);
  /** How well the media of people flows, by id, as far as it was measured. */
  readonly connectionQuality = signal<ReadonlyMap<string, ConnectionQuality>>(new Map());
  /** Whether the server sends less than is wanted, because the connection here is too slow. */
  readonly downlinkLimited = signal(false);
  /** What sends and shows files in the chat, once somebody needs it. */
  readonly files = signal<Files | null>(null);
  /** To whom the next chat message goes, by id; empty: to everybody. */
  readonly chatTo = signal("");
  /** Who reacts how in this meeting; null before it. */
  readonly reactions = signal<InstanceType<Inside["Reactions"]> | null>(null);

  /** Who was removed says who that was, and has to be let in again. */
  readonly removed = computed(() => this.room.value.faults.some((f) => f.code === Codes.PARTICIPANT_REMOVED));
  /** Whether somebody inside has to let this person in. */
  readonly asks = computed(
    () => this.removed.value || claimsOf(this.link.value.token).permissions.includes("ask_join"),
  );
  readonly self = computed(() => self(this.room.value));
  /** The ids of the faults that have a line. */
  readonly lines = computed(() => this.room.value.openFaults.slice(-maxLines));
  /** Whom the layouts show: everybody, or all but oneself. */
  readonly shown = computed(() => {
    const { people } = this.room.value;
    return this.prefs.hideSelf.value && people.length > 1 ? people.filter((p) => !p.local) : people;
  });
  readonly others = computed(() => this.room.value.people.filter((p) => !p.local));

  /** How loud others are here; there from the first join on. */
  volumes: InstanceType<Inside["Volumes"]> | undefined;
  #meeting: Meeting | undefined;
  #sounds: InstanceType<Inside["NotificationSounds"]> | undefined;
  /** Counts attempts to join; another number than one's own means that the attempt was given up. */
  #attempt = 0;
  /** Counts those without being asked to, until one succeeds. */
  #rejoins = 0;
  /** One's id in the meeting that was joined last, also before the page was loaded again. */
  #lastId: string;
  /** The muted microphone that is kept was opened with another choice about noise. */
  #noiseChanged = false;
  constructor(
    link: MeetLink,
    readonly prefs: Prefs,
    readonly asked: Asked = nothingAsked,
  ) {
    this.link = signal(link);
    this.#lastId = takeId(storageIfAllowed("sessionStorage"), link.meetingId, link.token);
    this.camera = new Capture(prefs.camOn, prefs.cameraId, (cameraId) => this.#openCamera(cameraId));
    this.microphone = new Capture(prefs.micOn, prefs.micId, (microphoneId) => this.#openMicrophone(microphoneId));
    void this.speaker.choose(prefs.speakerId.value);
    this.screen = new Screen(this.room, prefs);
    effect(() => {
      if (this.screen.panel.value === "chat" && this.room.value.unread > 0) this.dispatch({ type: "chat-read" });
    });
  }

  /** Reports whether a control is there. */
  has(control: Control): boolean {
    return has(this.asked.options, control);
  }

  dispatch(action: Action): void {
    this.room.value = reduce(this.room.value, action);
  }

  /** Loads what comes after the first view, once; rejects with a fault where the server does not answer. */
  async load(): Promise<Inside> {
    return (this.inside.value ??= await loaded("join", "inside", () => import("../inside")));
  }

  /** Shows the page in a language. Where it cannot be loaded, a fault tells, and the page stays as it is. */
  async showLanguage(language: PageLanguage): Promise<boolean> {
    return this.#try(() => loaded("chooseLanguage", `text/${language}`, () => showLanguage(language)));
  }

  /** The same by the person's own choice, which this browser remembers. */
  async chooseLanguage(language: PageLanguage): Promise<void> {
    if (!(await this.showLanguage(language))) return;
    this.prefs.language.value = language;
    if (language === "en") void loadPersonTexts();
  }

  // Entering and leaving.

  /** Opens the devices of the preview that are wanted. */
  async preview(): Promise<void> {
    await Promise.all([this.camera.update(), this.microphone.update()]);
    await this.devices.refresh();
  }

  closePreview(): void {
    this.camera.close();
    this.microphone.close();
  }

  /** Joins without a click, with the devices once they are allowed; the form says so from the start: nothing moves. */
  async joinUnasked(): Promise<void> {
    const attempt = ++this.#attempt;
    this.dispatch({ type: "joining" });
    await this.preview();
    if (attempt === this.#attempt) await this.join();
  }

  async join(): Promise<void> {
    await this.#task("join", async () => {
      const { base, meetingId, token } = this.link.value;
      const attempt = ++this.#attempt;
      this.#meeting = undefined;
      this.dispatch({ type: "joining" });
      this.screen.reset();
      const { VideoSDK, follow, NotificationSounds, Reactions, hasTileInSight, Volumes } = await this.load().catch(
        (problem: unknown) => {
          if (attempt === this.#attempt) this.dispatch({ type: "form" });
          throw problem;
        },
      );
      await Promise.race([
        Promise.all([this.camera.ready, this.microphone.ready]),
        new Promise((done) => setTimeout(done, devicesWithinMs)),
      ]);
      if (attempt !== this.#attempt) return;
      this.volumes ??= new Volumes(storageIfAllowed("sessionStorage"), `klatch.volumes.${meetingId}`);
      this.#sounds ??= new NotificationSounds(() => this.prefs.sounds.value);
      const camera = this.camera.take();
      const microphone = this.microphone.take();
      const waiting = setTimeout(
        () => this.asks.value && this.dispatch({ type: "waiting", at: Date.now() }),
        lobbyAfterMs,
      );
      try {
        VideoSDK.config(token, { serverUrl: base });
        const meeting = VideoSDK.initMeeting({
          meetingId,
          ...(this.#lastId !== "" && { participantId: this.#lastId }),
          name: this.prefs.name.value.trim(),
          micEnabled: microphone !== null,
          webcamEnabled: camera !== null,
          ...(camera !== null && { customCameraVideoTrack: camera }),
          ...(microphone !== null && { customMicrophoneAudioTrack: microphone }),
        });
        this.#meeting = meeting;
        this.reactions.value = new Reactions({
          nameOf: (id) => personName(this.room.value, id),
          isSelf: (id) => id === meeting.localParticipant.id,
          inSight: hasTileInSight,
          say: (text) => {
            if (this.#meeting === meeting) this.dispatch({ type: "say", text });
          },
        });
        this.#listen(meeting, follow);
        await meeting.join();
        // The SDK has not switched on what this person may not, and nobody else closes it.
        if (microphone !== null && bars(this.room.value, "audio")) stop(microphone);
        if (camera !== null && bars(this.room.value, "video")) stop(camera);
      } catch (error) {
        for (const stream of [camera, microphone]) if (stream !== null) stop(stream);
        if (attempt !== this.#attempt) return; // given up by the person: that join() was aborted is no news
        if (this.room.value.phase === "joining" || this.room.value.phase === "lobby") this.dispatch({ type: "form" });
        throw error;
      } finally {
        clearTimeout(waiting);
      }
    });
  }

  /** Goes back to the form: gives up joining, or the lobby, or comes from the meeting's end. */
  async cancel(): Promise<void> {
    this.#attempt++;
    const meeting = this.#meeting;
    this.#meeting = undefined;
    this.dispatch({ type: "form" });
    if (meeting !== undefined && meeting.state !== "DISCONNECTED" && meeting.state !== "FAILED")
      await this.#try(() => meeting.leave());
  }

  /** How long to wait before joining again without being asked to. */
  rejoinDelayMs(): number {
    return Math.min(60_000, 5_000 * 2 ** this.#rejoins++);
  }

  async rejoin(): Promise<void> {
    this.dispatch({ type: "form" });
    void this.preview();
    await this.join();
  }

  /** While reconnecting: tries at once. */
  reconnectNow(): void {
    this.#meeting?.reconnectNow();
  }

  async leave(): Promise<void> {
    await this.#task("leave", async () => {
      this.screen.dialog.value = null;
      await this.#meeting?.leave();
    });
  }

  async endForAll(): Promise<void> {
    await this.#task("leave", async () => {
      this.screen.dialog.value = null;
      await this.#meeting?.end();
    });
  }

  // Own devices.

  async toggleMic(): Promise<void> {
    const { micId, noise } = this.prefs;
    await this.#task("mic", async (meeting) => {
      if (this.self.value?.on.audio === true) await meeting.muteMic();
      else
        await meeting.unmuteMic(
          micId.value !== "" || noise.value || this.#noiseChanged ? await this.#openMicrophone(micId.value) : undefined,
        );
      this.#noiseChanged = false;
      this.prefs.micOn.value = this.self.value?.on.audio === true;
    });
  }

  async toggleCam(): Promise<void> {
    const { cameraId, background } = this.prefs;
    // Without a choice the SDK opens the default one itself.
    await this.#task("cam", async (meeting) => {
      if (this.self.value?.on.video === true) await meeting.disableWebcam();
      else
        await meeting.enableWebcam(
          cameraId.value !== "" || background.value !== "" ? await this.#openCamera(cameraId.value) : undefined,
        );
      this.prefs.camOn.value = this.self.value?.on.video === true;
    });
  }

  async #openCamera(cameraId: string): Promise<MediaStream> {
    const size = { sd: "h360p_w640p", hd: "h720p_w1280p" } as const;
    const { maxResolution } = this.asked.options;
    const camera = await createCameraVideoTrack({
      ...(cameraId !== "" && { cameraId }),
      ...(maxResolution !== undefined && { encoderConfig: size[maxResolution] }),
    });
    return this.#withBackground(camera);
  }

  /**
   * Rejects with a fault where the background that is wanted cannot be, and closes the camera: others are not to see
   * what was to be hidden.
   */
  async #withBackground(camera: MediaStream): Promise<MediaStream> {
    if (this.prefs.background.value === "") return camera;
    try {
      const effects = await this.#loadEffects().catch((error: unknown) => {
        const problem = error instanceof VideoSDKError ? error.detail : String(error);
        throw new VideoSDKError(faults.startingVideoBackgroundFailed({ problem }));
      });
      return await effects.withBackground(this, camera);
    } catch (error) {
      stop(camera);
      throw error;
    }
  }

  async #openMicrophone(microphoneId: string): Promise<MediaStream> {
    const microphone = await createMicrophoneAudioTrack(microphoneId === "" ? {} : { microphoneId });
    const { noise } = this.prefs;
    if (!noise.value) return microphone;
    try {
      return await (await this.#loadEffects()).withoutNoise(microphone);
    } catch (error) {
      // With noise one is understood, too.
      this.#told(error);
      noise.value = false;
      return microphone;
    }
  }

  async #loadEffects(): Promise<Effects> {
    const { loadEffects } = await this.load();
    return loaded("effects", "effects/index", loadEffects);
  }

  /** Loads what shows the numbers of a connection; null where that fails, which a fault tells. */
  async openConnection(): Promise<Connection | null> {
    let connection: Connection | null = null;
    await this.#try(async () => {
      const { loadConnection } = await this.load();
      connection = await loaded("showConnection", "connection/index", loadConnection);
    });
    return connection;
  }

  /** A participant as the SDK has it; undefined for one who is not in the meeting. */
  participant(id: string): Participant | undefined {
    const meeting = this.#meeting;
    return id === meeting?.localParticipant.id ? meeting.localParticipant : meeting?.participants.get(id);
  }

  /** Loads the settings of background and noise; null where that fails, which a fault tells. */
  async openEffects(): Promise<Effects | null> {
    let effects: Effects | null = null;
    await this.#try(async () => void (effects = await this.#loadEffects()));
    return effects;
  }

  /** Shows another background to others from now on. */
  async setBackground(background: Background): Promise<void> {
    this.prefs.background.value = background;
    if (this.room.value.phase !== "meeting") return this.camera.update();
    if (this.self.value?.on.video !== true) return;
    await this.#task("cam", (meeting) => this.#changeCamera(meeting));
  }

  /** Switches the camera off, because its background cannot be changed any more. */
  async backgroundFailed(fault: VideoSDKError): Promise<void> {
    const entering = (): boolean => ["joining", "lobby"].includes(this.room.value.phase);
    await when(() => !entering() && !this.busy.value.has("cam"));
    if (this.room.value.phase === "form") return this.camera.fail(fault);
    if (this.room.value.phase !== "meeting" || this.prefs.background.value === "") return;
    // The SDK may have switched it off for now, because nothing comes of it.
    await this.#task("cam", (meeting) => meeting.disableWebcam());
    this.dispatch({ type: "fault", fault });
  }

  /** Switches the camera on as it is. */
  async showWithoutBackground(): Promise<void> {
    await this.setBackground("");
    if (this.room.value.phase !== "meeting") await this.camera.set(true);
    else if (this.self.value?.on.video !== true) await this.toggleCam();
  }

  /** Suppresses noise from now on, or no more. */
  async setNoise(on: boolean): Promise<void> {
    this.prefs.noise.value = on;
    if (this.room.value.phase !== "meeting") return this.microphone.update();
    if (this.self.value?.on.audio !== true) this.#noiseChanged = true;
    else
      await this.#task("mic", async (meeting) => meeting.changeMic(await this.#openMicrophone(this.prefs.micId.value)));
  }

  /** Sends the same camera, which a phone does not open twice, with the background that is wanted. */
  async #changeCamera(meeting: Meeting): Promise<void> {
    const now = this.cameraTrack();
    if (now === undefined) return;
    let changed: MediaStream;
    try {
      const { deviceOf } = await this.#loadEffects();
      changed = await this.#withBackground(new MediaStream([deviceOf(now).clone()]));
    } catch (error) {
      await meeting.disableWebcam();
      throw error;
    }
    await meeting.changeWebcam(changed);
  }

  async toggleShare(): Promise<void> {
    await this.#task("share", async (meeting) => {
      await (this.self.value?.on.share === true ? meeting.disableScreenShare() : meeting.enableScreenShare());
    });
  }

  async chooseDevice(kind: MediaDeviceKind, id: string): Promise<void> {
    if (kind === "audiooutput") {
      this.prefs.speakerId.value = id;
      await this.speaker.choose(id);
      return;
    }
    const inside = this.room.value.phase === "meeting" ? this.#meeting : undefined;
    if (inside === undefined) {
      await (kind === "videoinput" ? this.camera : this.microphone).choose(id);
      return;
    }
    const [pref, task] =
      kind === "videoinput" ? ([this.prefs.cameraId, "cam"] as const) : ([this.prefs.micId, "mic"] as const);
    pref.value = id;
    await this.#task(task, async (meeting) => {
      if (kind === "videoinput" && this.self.value?.on.video === true) {
        if (this.prefs.background.value === "") await meeting.changeWebcam(id);
        else {
          // Nobody is to see the background as it is, and a phone opens one camera at a time.
          await meeting.disableWebcam();
          await meeting.enableWebcam(await this.#openCamera(id));
        }
      }
      if (kind === "audioinput" && this.self.value?.on.audio === true)
        await meeting.changeMic(this.prefs.noise.value ? await this.#openMicrophone(id) : id);
    });
  }

  /** The track of one's own camera, in the preview or in the meeting. */
  cameraTrack(): MediaStreamTrack | undefined {
    if (this.room.value.phase !== "meeting") return this.camera.stream.value?.getVideoTracks()[0];
    return this.self.value?.on.video === true ? this.self.value.tracks.video : undefined;
  }

  /** Answers a moderator's wish. */
  async answerWish(kind: Device, accept: boolean): Promise<void> {
    this.dispatch({ type: "wish-gone", kind });
    const me = this.self.value;
    if (!accept || me === undefined || me.on[kind]) return;
    await (kind === "audio" ? this.toggleMic() : this.toggleCam());
  }

  // Talking to others.

  async toggleHand(): Promise<void> {
    await this.#task("hand", async (meeting) => {
      await this.#publishHand(meeting, (this.self.value?.handAt ?? 0) === 0);
    });
  }

  /** Shows an emoji to everybody for a moment; not more of them than others take. */
  async react(emoji: string): Promise<void> {
    await this.#task("react", async (meeting) => {
      if (this.reactions.value?.maySend() === true) await meeting.pubSub.publish(reactionTopic, emoji);
    });
  }

  /** Whether the one to whom the next chat message would go has left. */
  readonly chatToGone = computed(() => this.#hasLeft(this.chatTo.value));

  #hasLeft(id: string): boolean {
    return id !== "" && !this.room.value.people.some((p) => p.id === id);
  }

  /** Sends a chat message, with a payload; false when it did not go out, so that the draft stays. */
  async sendChat(text: string, to: string, payload?: Readonly<Record<string, unknown>>): Promise<boolean> {
    if (this.#hasLeft(to)) return false;
    return this.#task("chat", async (meeting) => {
      if (to === "") return meeting.pubSub.publish(chatTopic, text, { persist: true }, payload);
      // The name is for the pages of both: later, whoever has it may be gone.
      const named = { ...payload, to: this.room.value.names.get(to) };
      await meeting.pubSub.publish(chatTopic, text, { persist: true, sendOnly: [to] }, named);
    });
  }

  /** Opens the chat to write to one person. */
  writeTo(id: string): void {
    this.chatTo.value = id;
    if (this.screen.panel.value !== "chat") this.screen.togglePanel("chat");
  }

  /** Uploads a file for a chat message, and returns where it is; what fails is for the caller to show. */
  async upload(options: Upload): Promise<string> {
    const meeting = this.#meeting;
    if (meeting === undefined) throw new VideoSDKError(faults.operationAbortedLeft({ method: "uploadBase64File" }));
    return (await meeting.uploadBase64File({ ...options, token: this.link.value.token })) ?? "";
  }

  /** Loads what sends and shows files; null where that fails, which a fault tells. */
  async openFiles(): Promise<Files | null> {
    if (this.files.value === null)
      await this.#try(async () => {
        const { loadFiles } = await this.load();
        this.files.value = await loaded("openFiles", "files/index", () => loadFiles(this));
      });
    return this.files.value;
  }

  // Recording and streaming.

  async toggleRecording(): Promise<void> {
    const running = isOn(phaseOf(this.room.value.egress.recording));
    const { recording } = this.asked.options;
    if (!running) this.recordingRead.value = true;
    await this.#task("recording", (meeting) =>
      running
        ? meeting.stopRecording()
        : meeting.startRecording(recording?.webhookUrl ?? null, recording?.awsDirPath ?? null, this.#picture()),
    );
  }

  async toggleHls(): Promise<void> {
    const running = isOn(phaseOf(this.room.value.egress.hls));
    await this.#task("hls", (meeting) => (running ? meeting.stopHls() : meeting.startHls(this.#picture())));
  }

  /** Goes live; returns the fault that kept it from doing so, which the dialog shows instead of the notices. */
  async startLivestream(targets: readonly Target[]): Promise<FaultFields | undefined> {
    let refused: FaultFields | undefined;
    await this.#task("livestream", async (meeting) => {
      try {
        await meeting.startLivestream(
          targets.map(({ url, streamKey }) => ({ url: url.trim(), streamKey: streamKey.trim() })),
          this.#picture(),
        );
      } catch (error) {
        if (error instanceof VideoSDKError) refused = error;
        throw error;
      }
    });
    if (refused !== undefined) this.dispatch({ type: "fault-dismissed", id: refused.id });
    return refused;
  }

  async stopLivestream(): Promise<void> {
    await this.#task("livestream", (meeting) => meeting.stopLivestream());
  }

  #picture() {
    const { pictureLayout, pictureTheme, pictureQuality } = this.prefs;
    return configOf({ layout: pictureLayout.value, theme: pictureTheme.value, quality: pictureQuality.value });
  }

  // Moderation. `who` is a participant's id.

  async answerEntry(who: string, decision: "allowed" | "denied"): Promise<void> {
    this.dispatch({ type: "entry-gone", id: who });
    await this.#try(() => this.#meeting?.respondEntry(who, decision));
  }

  async setMicOf(who: string, on: boolean): Promise<void> {
    await this.#on(who, (p) => (on ? p.enableMic() : p.disableMic()));
  }

  async setCamOf(who: string, on: boolean): Promise<void> {
    await this.#on(who, (p) => (on ? p.enableWebcam() : p.disableWebcam()));
  }

  /** Mutes everybody else. */
  async muteAll(): Promise<void> {
    await Promise.all(this.others.value.filter((p) => p.on.audio).map((p) => this.setMicOf(p.id, false)));
  }

  /** Lets nobody new in, or people again. */
  async toggleLock(): Promise<void> {
    await this.#task("lock", (meeting) => (meeting.locked ? meeting.unlock() : meeting.lock()));
  }

  /** Lets participants do something, or no more. */
  async setRight(right: Right, given: boolean): Promise<void> {
    await this.#task("rights", (meeting) => meeting.restrict({ [right]: !given }));
  }

  async remove(who: string): Promise<void> {
    await this.#on(who, (p) => p.remove());
  }

  async pin(who: string, on: boolean): Promise<void> {
    await this.#on(who, (p) => (on ? p.pin("SHARE_AND_CAM") : p.unpin("SHARE_AND_CAM")));
  }

  /** Takes a link or token somebody pasted. */
  useLink(link: MeetLink): void {
    const elsewhere = link.meetingId !== this.link.value.meetingId || link.base !== this.link.value.base;
    this.link.value = link;
    this.#lastId = this.chatTo.value = "";
    this.dispatch({ type: "form", elsewhere });
  }

  // Inside.

  #listen(meeting: Meeting, follow: Inside["follow"]): void {
    // Events of a meeting that was left for another one must not change the new one's state.
    const current = (): boolean => this.#meeting === meeting;
    const dispatch = (action: Action): void => {
      if (current()) this.dispatch(action);
    };
    meeting.on("pin-state-changed", ({ state }) => {
      if (current() && state.cam) this.screen.pinned();
    });
    follow(meeting, (change) => {
      if (current()) this.#changed(change);
    });
    globalThis.addEventListener("pagehide", ({ persisted }) => {
      const { meetingId, token } = this.link.value;
      if (!persisted && current() && this.room.value.phase === "meeting")
        keepId(storageIfAllowed("sessionStorage"), meetingId, token, meeting.localParticipant.id);
    });
    meeting.on("meeting-joined", () => {
      if (!current()) return;
      this.#rejoins = 0;
      this.downlinkLimited.value = false;
      this.#lastId = meeting.localParticipant.id;
      const began = Date.parse(meeting.startedAt);
      // The clock of the server may be ahead of this one.
      this.startedAt.value = Number.isNaN(began) ? Date.now() : Math.min(began, Date.now());
      // Each picture in the size of its tile, and none of those on another page. What fails is told as a fault.
      void meeting.enableAdaptiveSubscription().catch(() => undefined);
      void this.#try(() => this.#subscribe(meeting, dispatch));
    });
    meeting.on("recording-state-changed", ({ fileUrl }) => {
      if (fileUrl !== undefined) dispatch({ type: "recorded", url: fileUrl, at: Date.now() });
    });
    meeting.on("quality-limitation", ({ direction, state }) => {
      if (current() && direction === "receive") this.downlinkLimited.value = state === "detected";
    });
    meeting.on("reconnect-scheduled", ({ inMs }) => dispatch({ type: "reconnect", at: Date.now() + inMs }));
    meeting.on("entry-requested", ({ participantId, name }) => {
      if (current()) this.#sound("knock");
      dispatch({
        type: "entry",
        entry: { id: participantId, name: named({ id: participantId, name: nameOr(name, participantId) }).name },
      });
    });
    meeting.on("entry-responded", (id) => dispatch({ type: "entry-gone", id }));
    meeting.on("entry-withdrawn", (id) => dispatch({ type: "entry-gone", id }));
    meeting.on("entry-pending", ({ waitedMs, hosts }) => {
      if (this.room.value.phase === "joining") dispatch({ type: "waiting", at: Date.now() - waitedMs });
      dispatch({ type: "pending", hosts });
    });
    meeting.on("mic-requested", ({ participantId }) =>
      dispatch({ type: "wish", wish: { kind: "audio", from: this.#nameOf(participantId) } }),
    );
    meeting.on("webcam-requested", ({ participantId }) =>
      dispatch({ type: "wish", wish: { kind: "video", from: this.#nameOf(participantId) } }),
    );
    meeting.on("error", (fault) => {
      // The other place keeps the id; who joins here again is somebody else.
      if (fault.code === Codes.DUPLICATE_PARTICIPANT && current()) this.#lastId = "";
      dispatch({ type: "fault", fault });
    });
    meeting.on("fault-cleared", ({ id }) => dispatch({ type: "fault-dismissed", id }));
  }

  #changed(change: Change): void {
    switch (change.type) {
      case "person":
        if (!this.room.value.people.some((p) => p.id === change.person.id)) this.#sound("joined");
        return this.dispatch({ type: "person", person: named(change.person), switching: this.#switching() });
      case "egress":
        if (phaseOf(change.egress.recording) === "off") this.recordingRead.value = false;
        return this.dispatch(change);
      case "joined":
        this.recordingRead.value = false;
        return this.dispatch({ ...change, people: change.people.map(named) });
      case "connection":
        return this.dispatch({ ...change, at: Date.now() });
      case "person-left":
        this.screen.left(change.id);
        return this.dispatch(change);
      case "restrictions": {
        const { restrictions, by } = change;
        const text =
          this.inside.value?.rightsChanged(this.room.value.restrictions, restrictions, this.#nameOf(by)) ?? "";
        return this.dispatch({ type: "restrictions", restrictions, text });
      }
      case "presenter":
        if (change.id !== null) this.screen.shareBegan();
        return this.dispatch(change);
      default:
        return this.dispatch(change);
    }
  }

  async #subscribe(meeting: Meeting, dispatch: (action: Action) => void): Promise<void> {
    const hand = (m: PubSubMessage): void =>
      dispatch({ type: "hand", id: m.senderId, at: isRaised(m) ? Date.parse(m.timestamp) : 0 });
    await Promise.all([
      meeting.pubSub.subscribe(chatTopic, {
        onMessageReceived: (m) => {
          const seen = this.screen.panel.value === "chat" && document.visibilityState === "visible";
          if (m.senderId !== meeting.localParticipant.id && !seen) this.#sound("message");
          dispatch({ type: "chat", messages: [m], old: false });
        },
        onOldMessagesReceived: (messages) => dispatch({ type: "chat", messages, old: true }),
      }),
      meeting.pubSub.subscribe(reactionTopic, {
        onMessageReceived: (m) => {
          if (this.#meeting === meeting && this.has("react")) this.reactions.value?.received(m);
        },
      }),
      meeting.pubSub.subscribe(handTopic, {
        onMessageReceived: hand,
        onOldMessagesReceived: (messages) => {
          messages.forEach(hand);
          // A hand of mine from before a reload is down: nobody remembers having raised it.
          if ((this.self.value?.handAt ?? 0) > 0) void this.#try(() => this.#publishHand(meeting, false));
        },
      }),
    ]);
  }

  async #publishHand(meeting: Meeting, raised: boolean): Promise<void> {
    // Apps written after the published docs send "Raise Hand" without a payload; the payload tells ours apart.
    await meeting.pubSub.publish(handTopic, raised ? "Raise Hand" : "Lower Hand", { persist: true }, { raised });
  }

  #sound(sound: Parameters<InstanceType<Inside["NotificationSounds"]>["play"]>[0]): void {
    this.#sounds?.play(sound, this.prefs.speakerId.value);
  }

  #switching(): readonly Device[] {
    return [
      ...(this.busy.value.has("mic") ? (["audio"] as const) : []),
      ...(this.busy.value.has("cam") ? (["video"] as const) : []),
    ];
  }

  #nameOf(id: string): string {
    return this.room.value.people.find((p) => p.id === id)?.name ?? t("aModerator");
  }

  /** Runs one task at a time per kind; true when it ran through. */
  async #task(task: Task, run: (meeting: Meeting) => Promise<void>): Promise<boolean> {
    if (this.busy.value.has(task)) return false;
    const meeting = this.#meeting;
    if (meeting === undefined && task !== "join") return false;
    this.busy.value = new Set([...this.busy.value, task]);
    const cause = task === "join" || task === "leave" ? undefined : task;
    // What was refused before is tried again, and once it works nothing is wrong with it.
    if (cause !== undefined) this.dispatch({ type: "settled", cause });
    const ok = await this.#try(() => run(meeting as Meeting), cause);
    if (cause !== undefined && ok) this.dispatch({ type: "settled", cause });
    this.busy.value = new Set([...this.busy.value].filter((t) => t !== task));
    return ok;
  }

  async #on(who: string, run: (participant: Participant) => Promise<void>): Promise<void> {
    const participant = this.participant(who);
    if (participant !== undefined) await this.#try(() => run(participant));
  }

  /** Shows the fault of a refused call; anything else is a bug and goes to the console. */
  async #try(run: () => Promise<void> | undefined, refused?: Cause): Promise<boolean> {
    try {
      await run();
      return true;
    } catch (error) {
      this.#told(error, refused);
      return false;
    }
  }

  #told(error: unknown, refused?: Cause): void {
    if (!(error instanceof VideoSDKError)) throw error;
    this.dispatch({ type: "fault", fault: error, refused });
  }
}

/** Resolves when something of the state is so. */
function when(is: () => boolean): Promise<void> {
  return new Promise((done) => {
    const undo = effect(() => {
      if (!is()) return;
      done();
      queueMicrotask(() => undo()); // not before it is there
    });
  });
}

/** Loads a script of the page. Rejects with a fault that names it. */
async function loaded<T>(method: string, script: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new VideoSDKError(
      faults.unsupportedEnvironmentScriptNotLoaded({ method, script: `meet/assets/${script}.js`, problem }),
    );
  }
}

/** Who has no name has one made of the id, in the language of the page. */
function named<P extends Pick<Snapshot, "id" | "name">>(person: P): P {
  const { id, name } = person;
  return name === nameOr("", id) ? { ...person, name: t("guest", { id: id.slice(0, 4) }) } : person;
}

function isRaised(m: PubSubMessage): boolean {
  return m.payload?.["raised"] !== false;
}
