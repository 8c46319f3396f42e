// An app in TypeScript that uses every published name of the JavaScript SDK, as its docs say: two people in one page.

import {
  AgentParticipant,
  AgentState,
  BitrateMode,
  CameraDeviceInfo,
  DeviceInfo,
  Errors,
  ExternalE2EEKeyProvider,
  LogLevel,
  Meeting,
  MicrophoneDeviceInfo,
  Participant,
  Permission,
  PlaybackDeviceInfo,
  RealtimeOverflow,
  Stream,
  VideoCodec,
  VideoSDK,
  hlsEvents,
  leaveReason,
  livestreamEvents,
  modes,
  recordingEvents,
  reliabilityMode,
  transcriptionEvents,
} from "@videosdk.live/js-sdk";
import type {
  AgentParticipantEvent,
  E2EEKeyProviderOptions,
  MeetingEvent,
  ParticipantEvent,
  PreCallTestError,
  StreamEvent,
  VideosdkEvent,
  message,
  pubSub,
  realtimeStore,
} from "@videosdk.live/js-sdk";
import { check, equal, given, next, rejects, run, shows, sounds, until } from "../page.js";

run(async () => {
  constants();
  await devices();
  VideoSDK.config(given.token);
  const ann = enter("ann");
  const bob = enter("bob");
  check("the own id is known at once", ann.localParticipant.id === "ann" && ann.localParticipant.local);
  equal(
    "states before",
    [ann.recordingState, ann.livestreamState, ann.hlsState, ann.transcriptionState],
    [
      recordingEvents.RECORDING_STOPPED,
      livestreamEvents.LIVESTREAM_STOPPED,
      hlsEvents.HLS_STOPPED,
      transcriptionEvents.TRANSCRIPTION_STOPPED,
    ],
  );
  listen(ann);
  await Promise.all([ann.join(), bob.join()]);
  const other = (await until("bob is there", () => ann.participants.get("bob"))) as Participant;
  listenTo(other);
  equal(
    "who he is",
    [other.id, other.displayName, other.local, other.mode, other.metaData],
    ["bob", "Name of bob", false, modes.SEND_AND_RECV, { role: "bob" }],
  );
  await media(ann, bob, other);
  await messages(ann, bob);
  await moderation(ann, bob, other);
  await refused(ann, other);
  const left = next(ann, "meeting-left");
  await bob.leave();
  await ann.leave();
  equal("why", ((await left)[0] as { code: number }).code, leaveReason.MANUAL_LEAVE_CALLED);
});

function enter(id: string): Meeting {
  return VideoSDK.initMeeting({
    meetingId: given.meetingId,
    participantId: id,
    name: `Name of ${id}`,
    micEnabled: true,
    webcamEnabled: true,
    autoConsume: true,
    preferredProtocol: "UDP_OVER_TCP",
    mode: "SEND_AND_RECV",
    multiStream: true,
    maxResolution: "sd",
    metaData: { role: id },
    debugMode: false,
    signalingBaseUrl: given.server,
    defaultCamera: "user",
    codecSwitchEnabled: true,
  });
}

function constants(): void {
  const { Constants } = VideoSDK;
  equal(
    "error codes",
    [Errors.INVALID_TOKEN, Errors.ERROR_OPERATION_TIMED_OUT, Constants.errors.INVALID_TOKEN],
    [4002, 3079, 4002],
  );
  equal("states", Object.values(Constants.recordingEvents), Object.values(recordingEvents));
  equal("livestream states", Object.values(Constants.livestreamEvents), Object.values(livestreamEvents));
  equal("HLS states", Object.values(Constants.hlsEvents), Object.values(hlsEvents));
  equal("transcription", Object.values(Constants.transcriptionEvents), Object.values(transcriptionEvents));
  equal(
    "modes",
    [Constants.modes.CONFERENCE, modes.VIEWER, modes.RECV_ONLY, modes.SIGNALLING_ONLY],
    ["CONFERENCE", "VIEWER", "RECV_ONLY", "SIGNALLING_ONLY"],
  );
  equal(
    "permissions",
    [Constants.permission.AUDIO, Permission.VIDEO, Permission.AUDIO_AND_VIDEO],
    ["audio", "video", "audio_video"],
  );
  equal("reliability", [Constants.reliabilityMode.RELIABLE, reliabilityMode.UNRELIABLE], ["RELIABLE", "UNRELIABLE"]);
  equal("leave reasons", [Constants.leaveReason.ROOM_CLOSE, leaveReason.DUPLICATE_PARTICIPANT], [1006, 1011]);
  equal("bit rates", [Constants.BitrateMode.BALANCED, BitrateMode.HIGH_QUALITY], ["balanced", "high_quality"]);
  equal("codecs", [Constants.VideoCodec.VP9, VideoCodec.H264], ["VP9", "H264"]);
  equal("overflow", [Constants.RealtimeOverflow.QUEUE, RealtimeOverflow.DROP], ["queue", "drop"]);
  check("agents", Constants.AgentState && AgentState && AgentParticipant);
  VideoSDK.setLogLevel(Constants.LogLevel.WARN);
  VideoSDK.setLogLevel(LogLevel.INFO);
}

async function devices(): Promise<void> {
  const changed: VideosdkEvent["device-changed"] = ({ devices }) => console.log(devices.length);
  VideoSDK.on("device-changed", changed);
  VideoSDK.off("device-changed", changed);
  const asked: Map<string, boolean> = await VideoSDK.requestPermission(Permission.AUDIO_AND_VIDEO);
  equal("permission", [asked.get(Permission.AUDIO), asked.get(Permission.VIDEO)], [true, true]);
  await VideoSDK.checkPermissions(VideoSDK.Constants.permission.AUDIO_AND_VIDEO).catch((error: { code: number }) =>
    equal("no permission API", error.code, Errors.ERROR_ACTION_NOT_SUPPORTED),
  );
  const cameras: CameraDeviceInfo[] = await VideoSDK.getCameras();
  const microphones: MicrophoneDeviceInfo[] = await VideoSDK.getMicrophones();
  const speakers: PlaybackDeviceInfo[] = await VideoSDK.getPlaybackDevices();
  const all: DeviceInfo[] = await VideoSDK.getDevices();
  check("there are devices", cameras[0]!.deviceId && microphones[0]!.label && all.length >= 2 + speakers.length);
  check("with a group", typeof all[0]!.groupId === "string" && typeof all[0]!.kind === "string");
}

function listen(meeting: Meeting): void {
  // The published `on` takes listeners of one argument, the published types of these events have two.
  const left = (participant: Participant, reason?: object): void => console.log(participant.id, reason);
  const typed: MeetingEvent["participant-left"] = left;
  const failed: MeetingEvent["error"] = ({ code, message }) => console.log(code, message);
  meeting.on("participant-left", left);
  meeting.on("error", failed);
  meeting.on("participant-joined", (participant: Participant) => console.log(participant.displayName));
  meeting.on("participant-mode-changed", ({ participantId, mode }) => console.log(participantId, mode));
  meeting.on("speaker-changed", (id) => console.log(id));
  meeting.on("presenter-changed", (id) => console.log(id));
  meeting.on("main-participant-changed", (participant) => console.log(participant));
  meeting.on("entry-requested", ({ participantId, name, allow, deny }) =>
    console.log(participantId, name, allow, deny),
  );
  meeting.on("entry-responded", (participantId: string, decision?: string) => console.log(participantId, decision));
  meeting.on("recording-state-changed", ({ status }) => console.log(status));
  meeting.on("livestream-state-changed", ({ status }) => console.log(status));
  meeting.on("hls-state-changed", ({ status, playbackHlsUrl, livestreamUrl }) =>
    console.log(status, playbackHlsUrl, livestreamUrl),
  );
  meeting.on("whiteboard-started", ({ url }) => console.log(url));
  meeting.on("whiteboard-stopped", () => console.log("whiteboard-stopped"));
  meeting.on("meeting-joined", () => console.log("joined"));
  meeting.on("meeting-left", (reason) => console.log(reason));
  meeting.on("mic-requested", ({ participantId, accept, reject }) => console.log(participantId, accept, reject));
  meeting.on("webcam-requested", ({ participantId, accept, reject }) => console.log(participantId, accept, reject));
  meeting.on("pin-state-changed", (data) => console.log(data));
  meeting.on("meeting-state-changed", ({ state }) => console.log(state));
  meeting.on("transcription-state-changed", ({ status, id }) => console.log(status, id));
  meeting.on("transcription-text", ({ participantId, text }) => console.log(participantId, text));
  meeting.on("paused-all-streams", ({ kind }) => console.log(kind));
  meeting.on("resumed-all-streams", ({ kind }) => console.log(kind));
  meeting.on("media-relay-started", ({ meetingId }) => console.log(meetingId));
  meeting.on("media-relay-stopped", ({ meetingId, reason }) => console.log(meetingId, reason));
  meeting.on("media-relay-error", (meetingId: any) => console.log(meetingId));
  meeting.on("media-relay-request-response", (participantId: any) => console.log(participantId));
  meeting.on("media-relay-request-received", ({ participantId, accept, reject }) =>
    console.log(participantId, accept, reject),
  );
  meeting.on("quality-limitation", ({ type, state, timestamp }) => console.log(type, state, timestamp));
  meeting.on("audio-input-silence", ({ deviceLabel, state, timestamp }) => console.log(deviceLabel, state, timestamp));
  meeting.on("data", ({ payload, from, timestamp, reliability }) => console.log(payload, from, timestamp, reliability));
  meeting.on("codec-changed", ({ currentCodec, previousCodec }) => console.log(currentCodec, previousCodec));
  meeting.off("participant-left", left);
  check("one function", typed === left);
}

function listenTo(participant: Participant): void {
  const enabled: ParticipantEvent["stream-enabled"] = (stream) => console.log(stream.kind);
  participant.on("stream-enabled", enabled);
  participant.off("stream-enabled", enabled);
  participant.on("stream-disabled", (stream: Stream) => console.log(stream.id));
  participant.on("media-status-changed", ({ kind, newStatus }) => console.log(kind, newStatus));
  participant.on("video-quality-changed", ({ currentQuality, prevQuality }) =>
    console.log(currentQuality, prevQuality),
  );
  participant.on("stream-paused", ({ kind, reason }) => console.log(kind, reason));
  participant.on("stream-resumed", ({ kind, reason }) => console.log(kind, reason));
  participant.on("e2ee-state-change", ({ kind, state }) => console.log(kind, state));
}

async function media(ann: Meeting, bob: Meeting, other: Participant): Promise<void> {
  const stream = async (kind: string): Promise<Stream> =>
    (await until(`bob's ${kind}`, () => [...other.streams.values()].find((s) => s.kind === kind))) as Stream;
  const video = await stream("video");
  await shows("bob's camera", video.track);
  await sounds("bob's microphone", (await stream("audio")).track);
  const state: StreamEvent["state"] = ({ state, timestamp }) => console.log(state, timestamp);
  video.on("state", state);
  video.off("state", state);
  check("its codec", typeof video.codec === "string" && video.displaySurface === undefined);
  await until("the way to here is good enough for it", () => !video.paused);
  await video.pause();
  check("it is paused", video.paused);
  await rejects("pause again", () => video.pause(), { code: Errors.ERROR_ALREADY_IN_REQUESTED_STATE });
  await video.resume();

  const picture = other.renderVideo({
    type: "video",
    maxQuality: "high",
    videostyle: { objectFit: "cover" },
    containerStyle: { width: "320px" },
  });
  document.body.append(picture, other.renderAudio({ type: "audio" }));
  await until("the rendered video plays", () => (picture.querySelector("video")?.videoWidth ?? 0) > 0);
  picture.remove();
  other.setViewPort(640, 360);
  await other.setQuality("high");
  await other.setScreenShareQuality("high"); // kept until there is a share
  check("qualities", ["low", "med", "high"].includes(other.quality) && typeof other.screenShareQuality === "string");
  const image: string | null = await other.captureImage({ width: 320, height: 180 });
  check("an image", typeof image === "string" && image.length > 1000);
  const [seen] = await other.getVideoStats();
  check("statistics of the video", seen && typeof seen.bitrate === "number" && typeof seen.packetsLost === "number");
  const [heard] = await other.getAudioStats();
  check("statistics of the audio", heard && typeof heard.codec === "string" && typeof heard.totalPackets === "number");
  await other.getShareStats();
  await other.getShareAudioStats();
  const transport = await other.getTransportStats();
  console.log(transport?.send.outgoingBitrate, transport?.receive.incomingBitrate);

  await other.stopConsumingWebcamStreams();
  await other.consumeWebcamStreams();
  await other.stopConsumingMicStreams();
  await other.consumeMicStreams();
  await ann.pauseAllStreams("all");
  await ann.resumeAllStreams("all");
  await ann.enableAdaptiveSubscription();
  await ann.disableAdaptiveSubscription();

  await bob.muteMic();
  await until("bob is silent", () => !other.micOn);
  await bob.unmuteMic(
    await VideoSDK.createMicrophoneAudioTrack({
      encoderConfig: "high_quality",
      noiseConfig: { noiseSuppression: true, echoCancellation: true, autoGainControl: true },
    }),
  );
  await until("bob speaks", () => other.micOn);
  await bob.disableWebcam();
  await until("his camera is off", () => !other.webcamOn);
  await bob.enableWebcam(
    await VideoSDK.createCameraVideoTrack({
      encoderConfig: "h360p_w640p",
      optimizationMode: "motion",
      facingMode: "user",
      bitrateMode: BitrateMode.BALANCED,
      multiStream: true,
      maxLayer: 2,
      codec: VideoCodec.VP8,
    }),
  );
  await until("his camera is on", () => other.webcamOn);
  await bob.setWebcamQuality("low");
  const [camera] = await bob.getWebcams();
  const [microphone] = await bob.getMics();
  await bob.changeWebcam(camera!.deviceId);
  await bob.changeMic(microphone!.deviceId);
  await bob.replaceWebcamStream(await VideoSDK.createCameraVideoTrack());
  console.log(bob.selectedCameraDevice.deviceId, bob.selectedMicrophoneDevice.label);
  if (given.browser === "chromium") {
    // Firefox shares no screen without a click of a person
    await bob.enableScreenShare(
      await VideoSDK.createScreenShareVideoTrack({
        encoderConfig: "h720p_15fps",
        optimizationMode: "text",
        withAudio: "disable",
        multiStream: false,
      }),
    );
    await until(
      "bob shares",
      () => other.screenShareOn && ann.activePresenterId === "bob" && !other.screenShareAudioOn,
    );
    await shows("the screen", (await stream("share")).track);
    await bob.disableScreenShare();
    await until("bob has stopped", () => !other.screenShareOn);
  }
}

async function messages(ann: Meeting, bob: Meeting): Promise<void> {
  const got: message[] = [];
  const batches: message[][] = [];
  const old: message[] = [];
  const topic: pubSub = ann.pubSub;
  const listeners = {
    onMessageReceived: (received: message) => void got.push(received),
    onBatchReceived: (received: message[]) => void batches.push(received),
    onOldMessagesReceived: (received: message[], { isLast }: { isLast: boolean }) =>
      void (isLast && old.push(...received)),
    onMessageDrop: ({ droppedCount }: { droppedCount: number }) => console.log(droppedCount),
  };
  await bob.pubSub.publish("CHAT", "before", { persist: true }, { color: "red" });
  await topic.subscribe("CHAT", listeners, {
    oldMessageLimit: 10,
    realtimeOverflow: RealtimeOverflow.QUEUE,
    maxQueue: 100,
    newMessageLimit: 20,
  });
  await bob.pubSub.publish("CHAT", "hello", { sendOnly: ["ann"] });
  await until("the message", () => got[0]);
  equal(
    "the message",
    [got[0]?.message, got[0]?.senderId, got[0]?.senderName, got[0]?.topic],
    ["hello", "bob", "Name of bob", "CHAT"],
  );
  check("it has an id and a time", got[0]?.id && got[0].timestamp);
  await until("the batch", () => batches.length > 0);
  await until("the old message", () => old.length > 0);
  equal("the old one", [old[0]?.message, old[0]?.payload], ["before", { color: "red" }]);
  await topic.unsubscribe("CHAT", listeners);

  const store: realtimeStore = ann.realtimeStore;
  const values: unknown[] = [];
  const observer: string = await store.observe("color", (value: string | null, by: string) => values.push([value, by]));
  await bob.realtimeStore.setValue("color", "blue");
  await until("the change", () => values.length > 0);
  equal("the change", values[0], ["blue", "bob"]);
  equal("the value", await store.getValue("color"), "blue");
  await store.setValue("color", null);
  await store.stopObserving(observer);

  for (const reliability of [reliabilityMode.RELIABLE, reliabilityMode.UNRELIABLE]) {
    const data = next(ann, "data");
    const sent: boolean = await bob.send(`some ${reliability}`, { reliability });
    const [received] = await data;
    equal("data", [sent, received.payload, received.from], [true, `some ${reliability}`, "bob"]);
  }
  const data = next(ann, "data");
  await bob.send(new Uint8Array([1, 2, 3]));
  equal("bytes", [...(await data)[0].payload], [1, 2, 3]);
}

async function moderation(ann: Meeting, bob: Meeting, other: Participant): Promise<void> {
  await other.pin("SHARE_AND_CAM");
  await until("he is pinned", () => other.pinState.cam && other.pinState.share && ann.pinnedParticipants.has("bob"));
  await other.unpin("SHARE_AND_CAM");
  await other.disableMic();
  await until("bob was muted", () => !other.micOn);
  const asked = next(bob, "mic-requested");
  await other.enableMic();
  await (await asked)[0].accept();
  await until("bob speaks again", () => other.micOn);
  await other.disableWebcam();
  await until("his camera was switched off", () => !other.webcamOn);
  const camera = next(bob, "webcam-requested");
  await other.enableWebcam();
  (await camera)[0].reject();
  const changed = next(ann, "participant-mode-changed");
  await bob.changeMode("RECV_ONLY");
  equal("his mode", [(await changed)[0].participantId, other.mode], ["bob", modes.RECV_ONLY]);
  await bob.changeMode("SEND_AND_RECV");
  await rejects("somebody who is not there", () => ann.respondEntry("nobody", "allowed"), {});
  const url: string | null = await ann
    .uploadBase64File({ base64Data: btoa("a file"), token: given.token, fileName: "file.txt" })
    .catch(() => null);
  if (url) equal("the file", atob((await ann.fetchBase64File({ url, token: given.token })) ?? ""), "a file");
}

/** What is published and not offered: refused by a fault of its own, never a TypeError. */
async function refused(ann: Meeting, other: Participant): Promise<void> {
  const notOffered = { code: 3105, reason: "NOT_OFFERED" };
  await rejects(
    "startTranscription",
    () => ann.startTranscription({ webhookUrl: "https://app.example/", summary: { enabled: true } }),
    notOffered,
  );
  await rejects("stopTranscription", () => ann.stopTranscription(), notOffered);
  await rejects(
    "requestMediaRelay",
    () => ann.requestMediaRelay({ destinationMeetingId: "aaaa-bbbb-cccc", kinds: ["audio"] }),
    notOffered,
  );
  await rejects("stopMediaRelay", () => ann.stopMediaRelay("aaaa-bbbb-cccc"), notOffered);
  await rejects("startWhiteboard", () => ann.startWhiteboard(), notOffered);
  await rejects("stopWhiteboard", () => ann.stopWhiteboard(), notOffered);
  const options: E2EEKeyProviderOptions = {
    ratchetWindowSize: 0,
    failureTolerance: -1,
    discardFrameWhenCryptorNotReady: true,
  };
  await rejects(
    "encryption",
    async () => {
      const keys = new ExternalE2EEKeyProvider(options);
      await keys.setSharedKey("a secret");
      VideoSDK.setKeyProvider(keys);
    },
    notOffered,
  );
  check("no encryption", !ann.isE2EEEnabled);
  check(
    "states of jobs",
    typeof ann.hlsUrls === "object" && typeof ann.activeSpeakerId !== "number" && ann.mainParticipantId !== "",
  );
  const test = VideoSDK.runPreCallTest({
    token: given.token,
    samplingDuration: 10_000,
    audioOnly: true,
    onStatsChange: (stats) => console.log(stats),
  });
  await test.stop?.();
  check("it was stopped", (await test).aborted);
  await VideoSDK.runPreCallTest({ token: given.token, samplingDuration: 9_999 }).then(
    () => check("9.999 s are refused", false),
    (error: PreCallTestError) => check("9.999 s are refused", error.code === "ERROR_PRECALL_INVALID_CONFIG"),
  );
  const agent: AgentParticipantEvent["agent-state-changed"] = (state) => console.log(state);
  if (other instanceof AgentParticipant) other.on("agent-state-changed", agent);
}

/** Calls that a test cannot make here; the compiler reads them. */
export async function more(meeting: Meeting, participant: Participant, agent: AgentParticipant): Promise<void> {
  const layout = { type: "GRID", priority: "SPEAKER", gridSize: 4 } as const;
  await meeting.startRecording(
    "https://app.example/hook",
    "recordings/",
    { layout, theme: "DARK", mode: "video-and-audio", quality: "high" },
    { enabled: false },
  );
  await meeting.stopRecording();
  await meeting.startLivestream([{ url: "rtmps://live.example/app", streamKey: "key" }], {
    layout,
    theme: "LIGHT",
    recording: { enabled: true },
  });
  await meeting.stopLivestream();
  await meeting.startHls(
    { layout, theme: "DEFAULT", mode: "audio", quality: "low", recording: { enabled: true } },
    { enabled: false },
  );
  await meeting.stopHls();
  await meeting.switchTo({ meetingId: "aaaa-bbbb-cccc", token: given.token });
  await participant.remove();
  await meeting.end();
  console.log(agent.agentId, agent.agentState, agent.isAgent, meeting.id);
}
