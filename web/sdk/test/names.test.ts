import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Constants, VideoSDK, type MeetingOptions } from "../src/index.js";
import { browser, closeAll, listen, meeting } from "./environment.js";
import { participant, ScriptedServer } from "./server.js";

let server: ScriptedServer;

beforeEach(async () => {
  browser();
  server = await ScriptedServer.start();
});

afterEach(async () => {
  await closeAll();
  await server.close();
});

const token = (claims: object): string => `h.${btoa(JSON.stringify({ apikey: "k", ...claims }))}.s`;
const made = (options: Partial<MeetingOptions> = {}, claims = {}) => {
  VideoSDK.config(token(claims), { serverUrl: server.url });
  return VideoSDK.initMeeting({ meetingId: "m", ...options });
};
const thrown = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (failure) {
    return failure;
  }
};

test("the local participant has its id before joining, and joins with it", async () => {
  const [one, two] = [made(), made()];
  expect(one.localParticipant.id).toMatch(/^[a-z][a-z0-9]{7}$/);
  expect(two.localParticipant.id).not.toBe(one.localParticipant.id);
  expect(made({ participantId: "ann" }, { participantId: "bob" }).localParticipant.id).toBe("ann");
  expect(made({}, { participantId: "bob" }).localParticipant.id).toBe("bob");
  const id = one.localParticipant.id;
  await one.join();
  expect(server.requests[0]).toMatchObject({ method: "join", params: { participantId: id } });
  await one.leave();
});

test("states of what leaves the meeting are STOPPED before anything was started", async () => {
  const m = meeting(server);
  const states = (): unknown[] => [m.recordingState, m.livestreamState, m.hlsState, m.transcriptionState, m.hlsUrls];
  const stopped = ["RECORDING_STOPPED", "LIVESTREAM_STOPPED", "HLS_STOPPED", "TRANSCRIPTION_STOPPED", {}];
  expect(states()).toEqual(stopped);
  await m.join();
  expect(states()).toEqual(stopped);
  expect(m.isE2EEEnabled).toBe(false);
});

test("an app that uses the old names of modes is told them", async () => {
  const m = meeting(server, { mode: "CONFERENCE" });
  const heard = listen(m);
  expect(m.localParticipant.mode).toBe(Constants.modes.CONFERENCE);
  await m.join();
  server.event("participant-joined", { participant: participant("cy") });
  server.event("participant-mode-changed", { participantId: "cy", mode: "SIGNALLING_ONLY" });
  await vi.waitFor(() =>
    expect(heard.at(-1)).toEqual(["participant-mode-changed", { participantId: "cy", mode: "VIEWER" }]),
  );
  expect([m.participants.get("bob")?.mode, m.participants.get("cy")?.mode]).toEqual(["CONFERENCE", "VIEWER"]);
  expect(meeting(server).localParticipant.mode).toBe("SEND_AND_RECV");
});

test.each<[object, object]>([
  [
    { micEnable: true },
    { code: 3073, reason: "UNKNOWN_OPTION", details: { parameter: "micEnable", nearest: "micEnabled" } },
  ],
  [{ particpantId: "a" }, { code: 3073, reason: "UNKNOWN_OPTION", details: { nearest: "participantId" } }],
  [{ mode: "NOPE" }, { code: 3067, reason: "UNKNOWN_MODE", details: { mode: "NOPE" } }],
  [{ preferredProtocol: "SMOKE" }, { code: 3073, reason: "NOT_ALLOWED", details: { got: "SMOKE" } }],
  [{ maxResolution: "uhd" }, { code: 3073, reason: "NOT_ALLOWED" }],
  [{ defaultCamera: "left" }, { code: 3073, reason: "NOT_ALLOWED" }],
  [{ debugMode: "yes" }, { code: 3073, reason: "WRONG_TYPE" }],
  [{ codecSwitchEnabled: 1 }, { code: 3073, reason: "WRONG_TYPE" }],
  [{ participantId: 7 }, { code: 3073, reason: "WRONG_TYPE" }],
  [{ customCameraVideoTrack: "cam" }, { code: 3073, reason: "WRONG_TYPE" }],
  [{ pubsubWorkerUrl: "https://x/w.js" }, { code: 3105, reason: "NOT_OFFERED" }],
])("initMeeting(%o) is refused", (options, want) => {
  const { details, ...fields } = want as { details?: object };
  expect(thrown(() => made(options))).toMatchObject({ ...fields, ...(details && { details }) });
});

test("an option that is null or undefined is absent", () => {
  const absent = { customCameraVideoTrack: null, customMicrophoneAudioTrack: undefined, micEnable: undefined };
  expect(made(absent as object).localParticipant.id).toBeTruthy();
});

test.each<[string, (m: ReturnType<typeof made>) => Promise<unknown>, object]>([
  [
    "config",
    (m) => m.startRecording(null, null, { them: "DARK" } as object),
    { parameter: "config.them", nearest: "theme" },
  ],
  [
    "layout",
    (m) => m.startHls({ layout: { tipe: "GRID" } } as object),
    { parameter: "config.layout.tipe", nearest: "type" },
  ],
  [
    "output",
    (m) => m.startLivestream([{ url: "rtmp://a", streamkey: "k" } as never]),
    { parameter: "outputs[0].streamkey", nearest: "streamKey" },
  ],
])("an unknown name in %s is refused before the network", async (_, call, details) => {
  const m = meeting(server);
  listen(m);
  await m.join();
  await expect(call(m)).rejects.toMatchObject({ code: 3073, reason: "UNKNOWN_OPTION", details });
  expect(server.methods()).toEqual(["join"]);
});

test("what is not offered rejects with 3105 and fires error; its events can be listened to", async () => {
  const m = meeting(server);
  const errors: unknown[] = [];
  m.on("error", (fault) => errors.push(fault.details));
  for (const event of ["transcription-text", "media-relay-started", "whiteboard-started", "codec-changed"] as const)
    m.on(event, () => undefined);
  await m.join();
  const on = { enabled: true };
  for (const call of [
    () => m.startTranscription(),
    () => m.stopTranscription(),
    () => m.requestMediaRelay({ destinationMeetingId: "x" }),
    () => m.stopMediaRelay("x"),
    () => m.startWhiteboard(),
    () => m.stopWhiteboard(),
    () => m.startRecording("", "", {}, on),
    () => m.startHls({}, on),
    () => m.startHls({ transcription: { enabled: false, summary: on } }),
  ]) {
    const before = errors.length;
    await expect(call()).rejects.toMatchObject({ code: 3105, reason: "NOT_OFFERED" });
    expect(errors).toHaveLength(before + 1);
  }
  expect(server.methods()).toEqual(["join"]);
  await m.startRecording(null, null, null, { enabled: false });
  await m.startHls(null, null);
  expect(thrown(() => VideoSDK.setKeyProvider({} as never))).toMatchObject({ code: 3105 });
  await expect(VideoSDK.runPreCallTest({ token: "" })).rejects.toMatchObject({ code: 3105 });
});

test("setLogLevel writes to the console, each level what is above it too", async () => {
  const lines = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn() };
  vi.stubGlobal("console", { ...console, ...lines });
  const m = meeting(server);
  VideoSDK.setLogLevel("INFO");
  await m.join();
  await m.muteMic().catch(() => undefined);
  expect(lines.info).toHaveBeenCalledWith("[klatch]", "meeting abcd-efgh-ijkl", "CONNECTED");
  expect(lines.warn).toHaveBeenCalledWith("[klatch]", expect.stringContaining("3054"));
  expect(lines.debug).not.toHaveBeenCalled();
  VideoSDK.setLogLevel("ALL");
  await m.leave();
  expect(lines.debug).toHaveBeenCalledWith("[klatch]", "meeting", "meeting-left", expect.anything());
  VideoSDK.setLogLevel("NONE");
  expect(thrown(() => VideoSDK.setLogLevel("LOUD" as never))).toMatchObject({ code: 3073, reason: "NOT_ALLOWED" });
});

test("Constants are the published maps", () => {
  expect(VideoSDK.Constants).toBe(Constants);
  const published =
    "AgentState BitrateMode LogLevel RealtimeOverflow VideoCodec characterMode characterState errors hlsEvents " +
    "leaveReason livestreamEvents modes permission recordingEvents reliabilityMode " +
    "transcriptionEvents translationEvents";
  expect(Object.keys(Constants).toSorted()).toEqual(published.split(" ").toSorted());
});
