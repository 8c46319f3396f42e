import { Codes, type FaultFields, type PubSubMessage } from "@klatch/sdk";
import { describe, expect, it } from "vitest";
import { type Egress, noEgress, type Snapshot } from "@klatch/state";
import { bars, emptyRoom, reduce, self, type Action, type RoomState } from "./room";

const person = (id: string, more: Partial<Snapshot> = {}): Snapshot => ({
  id,
  name: id.toUpperCase(),
  local: id === "me",
  mode: "SEND_AND_RECV",
  metaData: undefined,
  on: { audio: false, video: false, share: false, shareAudio: false },
  streams: {},
  tracks: {},
  paused: [],
  lowBandwidth: [],
  pin: { cam: false, share: false },
  connectionState: "CONNECTED",
  ...more,
});
const message = (id: string, senderId: string, at: string): PubSubMessage => ({
  id,
  senderId,
  senderName: senderId,
  topic: "CHAT",
  message: `text ${id}`,
  timestamp: at,
});
const fault = (id: string, fatal: boolean): FaultFields => ({
  code: 3021,
  name: "ERROR_CAMERA_NOT_FOUND",
  message: "m",
  reason: "NO_DEVICE",
  detail: "No camera.",
  remedy: "Connect one.",
  fatal,
  retryable: false,
  retryAfterMs: 0,
  id,
  causeId: "",
  at: "2026-11-22T10:00:00Z",
  docs: "",
  consoleUrl: "",
  meetingId: "",
  sessionId: "",
  participantId: "",
});
const run = (state: RoomState, ...actions: Action[]): RoomState => actions.reduce(reduce, state);
const joined: Action = {
  type: "joined",
  at: 1,
  people: [person("me"), person("bob")],
  permissions: [],
  locked: false,
  restrictions: { audio: false, video: false, share: false, chat: false },
  egress: noEgress,
  speakerId: null,
  presenterId: null,
  mainId: null,
  camera: undefined,
  microphone: undefined,
};
const inside = run(emptyRoom, { type: "joining" }, joined);

describe("entering", () => {
  it("goes from form over lobby into the meeting", () => {
    const waiting = run(emptyRoom, { type: "joining" }, { type: "waiting", at: 5 }, { type: "pending", hosts: 0 });
    expect(waiting).toMatchObject({ phase: "lobby", waitingSince: 5, hosts: 0 });
    const state = reduce(waiting, joined);
    expect(state.phase).toBe("meeting");
    expect(self(state)?.id).toBe("me");
  });
  it("forgets the last meeting on joining anew, but not its faults", () => {
    const state = run(inside, { type: "fault", fault: fault("f1", true) }, { type: "joining" });
    expect(state).toMatchObject({ phase: "joining", people: [], left: { fault: null }, openFaults: [] });
    expect(state.faults).toHaveLength(1);
  });
});

describe("people", () => {
  it("adds, changes and removes, and says so", () => {
    const ann = run(inside, { type: "person", switching: [], person: person("ann") });
    expect(ann.said.text).toBe("ANN joined.");
    const talking = run(
      ann,
      { type: "hand", id: "ann", at: 7 },
      {
        type: "person",
        switching: [],
        person: person("ann", { on: { audio: true, video: false, share: false, shareAudio: false } }),
      },
    );
    expect(talking.people.find((p) => p.id === "ann")).toMatchObject({ handAt: 7, on: { audio: true } });
    const gone = run(talking, { type: "person-left", id: "ann" });
    expect(gone.people.map((p) => p.id)).toEqual(["me", "bob"]);
    expect(gone.said.text).toBe("ANN left.");
    expect(reduce(gone, { type: "person-left", id: "ann" })).toBe(gone);
  });
  it("remembers when somebody last spoke", () => {
    const state = run(inside, { type: "speaker", id: "bob", at: 42 }, { type: "speaker", id: null, at: 50 });
    expect(state.speakerId).toBeNull();
    expect(state.people.find((p) => p.id === "bob")?.spokeAt).toBe(42);
  });
  it("tells who shares, once", () => {
    const state = run(inside, { type: "presenter", id: "bob" });
    expect(state.said.text).toBe("BOB is sharing a screen.");
    expect(reduce(state, { type: "presenter", id: "bob" })).toBe(state);
    expect(run(inside, { type: "presenter", id: "me" }).said.text).toBe("You are sharing a screen.");
  });
});

describe("own devices", () => {
  const on = { audio: true, video: true, share: false, shareAudio: false };
  const me = (change: Partial<Snapshot["on"]>): Snapshot => person("me", { on: { ...on, ...change } });
  const live = run(inside, { type: "person", switching: ["audio", "video"], person: me({}) });

  it("are said when one switches them", () => {
    expect(live.silenced).toEqual([]);
    const off = run(live, { type: "person", switching: ["audio"], person: me({ audio: false }) });
    expect(off).toMatchObject({ silenced: [], said: { text: "Your microphone is off." } });
  });
  it("are noted when somebody else switched them off, until they are on again or the note is read", () => {
    const off = run(live, { type: "person", switching: [], person: me({ audio: false }) });
    expect(off).toMatchObject({ silenced: ["audio"], said: { text: "A moderator switched your microphone off." } });
    expect(run(off, { type: "silenced-read", kind: "audio" }).silenced).toEqual([]);
    expect(run(off, { type: "person", switching: ["audio"], person: me({}) }).silenced).toEqual([]);
  });
  it("that were pulled out are no moderator's doing", () => {
    const lost = { ...fault("f9", false), code: 3027, reason: "DEVICE_LOST" };
    const off = run(
      live,
      { type: "fault", fault: lost },
      { type: "person", switching: [], person: me({ video: false }) },
    );
    expect(off).toMatchObject({ silenced: [], said: { text: "Your camera is off." } });
  });
});

describe("hands", () => {
  it("go up and down once", () => {
    const up = run(inside, { type: "hand", id: "bob", at: 9 });
    expect(up.said.text).toBe("BOB raised a hand.");
    expect(reduce(up, { type: "hand", id: "bob", at: 11 })).toBe(up);
    expect(run(up, { type: "hand", id: "bob", at: 0 }).people[1]?.handAt).toBe(0);
  });
  it("of people who are gone are ignored", () => {
    expect(reduce(inside, { type: "hand", id: "ghost", at: 9 })).toBe(inside);
  });
});

describe("chat", () => {
  it("keeps one copy of a message, in order of time", () => {
    const state = run(
      inside,
      { type: "chat", old: false, messages: [message("2", "bob", "2026-11-22T10:00:02Z")] },
      {
        type: "chat",
        old: true,
        messages: [message("1", "ann", "2026-11-22T10:00:01Z"), message("2", "bob", "2026-11-22T10:00:02Z")],
      },
    );
    expect(state.chat.map((m) => m.id)).toEqual(["1", "2"]);
  });
  it("counts as unread only what others write now", () => {
    const state = run(
      inside,
      { type: "chat", old: true, messages: [message("1", "bob", "2026-11-22T10:00:01Z")] },
      { type: "chat", old: false, messages: [message("2", "me", "2026-11-22T10:00:02Z")] },
      { type: "chat", old: false, messages: [message("3", "bob", "2026-11-22T10:00:03Z")] },
    );
    expect(state.unread).toBe(1);
    expect(state.said.text).toBe("bob wrote: text 3");
    expect(reduce(state, { type: "chat-read" }).unread).toBe(0);
  });
});

describe("a private message", () => {
  const at = "2026-11-22T10:00:02Z";
  it("is marked, counted and announced as one", () => {
    const state = run(inside, {
      type: "chat",
      old: false,
      messages: [{ ...message("2", "bob", at), private: true }],
    });
    expect(state.chat).toMatchObject([{ private: true, to: [], missed: false }]);
    expect(state.unread).toBe(1);
    expect(state.said.text).toBe("bob wrote to you privately: text 2");
  });
  it("of one's own is missed where nobody of those it is for is there any more", () => {
    const own = (id: string, ...sendOnly: string[]) => ({ ...message(id, "me", at), private: true as const, sendOnly });
    const state = run(
      inside,
      { type: "chat", old: false, messages: [own("1", "bob")] },
      { type: "person-left", id: "bob" },
      { type: "chat", old: false, messages: [own("2", "bob"), message("3", "me", at)] },
      { type: "chat", old: true, messages: [own("4", "bob")] },
    );
    expect(state.chat.map(({ id, missed }) => [id, missed])).toEqual([
      ["1", false],
      ["2", true],
      ["3", false],
      ["4", false],
    ]);
  });
});

describe("the chat", () => {
  const wrote: Action = { type: "chat", old: false, messages: [message("1", "bob", "2026-11-22T10:00:02Z")] };
  const ids = (...actions: Action[]): string[] => run(inside, wrote, ...actions).chat.map(({ id }) => id);
  it("stays where the same meeting is joined again, and goes where another one is", () => {
    expect(ids({ type: "left", reason: null }, { type: "form" }, { type: "joining" })).toEqual(["1"]);
    expect(ids({ type: "left", reason: null }, { type: "form", elsewhere: true }, { type: "joining" })).toEqual([]);
  });
});

describe("lobby and wishes", () => {
  it("lists who knocks once, until answered", () => {
    const request: Action = { type: "entry", entry: { id: "x", name: "Xena" } };
    const state = run(inside, request, request);
    expect(state.entries).toHaveLength(1);
    expect(reduce(state, { type: "entry-gone", id: "x" }).entries).toEqual([]);
  });
  it("keeps one wish per kind", () => {
    const state = run(
      inside,
      { type: "wish", wish: { kind: "audio", from: "Ann" } },
      { type: "wish", wish: { kind: "video", from: "Ann" } },
      { type: "wish", wish: { kind: "audio", from: "Bob" } },
    );
    expect(state.wishes).toEqual([
      { kind: "video", from: "Ann" },
      { kind: "audio", from: "Bob" },
    ]);
    expect(reduce(state, { type: "wish-gone", kind: "audio" }).wishes).toEqual([{ kind: "video", from: "Ann" }]);
  });
});

describe("faults", () => {
  it("takes one that comes by event and by rejection once", () => {
    const state = run(inside, { type: "fault", fault: fault("f1", false) });
    expect(reduce(state, { type: "fault", fault: fault("f1", false) })).toBe(state);
    expect(state.openFaults).toEqual(["f1"]);
    const dismissed = reduce(state, { type: "fault-dismissed", id: "f1" });
    expect(dismissed.openFaults).toEqual([]);
    expect(dismissed.faults).toHaveLength(1);
  });
  it("ends the meeting with a fatal one, and meeting-left after it keeps it", () => {
    const reason = { code: 1011, name: "DUPLICATE_PARTICIPANT" };
    const state = run(inside, { type: "fault", fault: fault("f1", true) }, { type: "left", reason });
    expect(state).toMatchObject({ phase: "left", left: { reason, fault: { id: "f1" } }, people: [] });
  });
  it("keeps the reason when the fault comes after meeting-left", () => {
    const reason = { code: 1002, name: "REMOVE_PEER" };
    const state = run(inside, { type: "left", reason }, { type: "fault", fault: fault("f2", true) });
    expect(state).toMatchObject({ phase: "left", left: { reason, fault: { id: "f2" } } });
  });
  it("does not blame an older problem for leaving", () => {
    const state = run(inside, { type: "fault", fault: fault("f1", false) }, { type: "left", reason: null });
    expect(state.left.fault).toBeNull();
  });
});

describe("connection", () => {
  it("says that it is lost and found", () => {
    const lost = run(inside, { type: "connection", state: "RECONNECTING", at: 3 });
    expect(lost.said.text).toContain("Reconnecting");
    const found = run(lost, { type: "connection", state: "CONNECTED", at: 5 });
    expect(found).toMatchObject({ reconnectingSince: 0, said: { text: "Connected again." } });
  });
});

describe("recording and streams", () => {
  const tell = (more: Partial<Egress>): Action => ({ type: "egress", egress: { ...noEgress, ...more } });
  it("says what begins and ends, not the steps between", () => {
    const starting = run(inside, tell({ recording: "RECORDING_STARTING" }));
    expect(starting.said).toEqual(inside.said);
    const on = reduce(starting, tell({ recording: "RECORDING_STARTED" }));
    expect(on.said.text).toBe("Recording started.");
    const both = reduce(on, tell({ recording: "RECORDING_STARTED", hls: "HLS_PLAYABLE" }));
    expect(both.said.text).toBe("The meeting can be watched on its watch page.");
    expect(reduce(both, tell({ recording: "RECORDING_STOPPED", hls: "HLS_PLAYABLE" })).said.text).toBe(
      "Recording stopped.",
    );
  });
  it("tells who comes late that it is being recorded", () => {
    const late = reduce(emptyRoom, { ...joined, egress: { ...noEgress, recording: "RECORDING_STARTED" } } as Action);
    expect(late.said.text).toBe("You joined the meeting. It is being recorded.");
  });
  it("keeps the address of the last watch page", () => {
    const urls = { playbackHlsUrl: "http://h/hls/x/index.m3u8" };
    const ended = run(inside, tell({ hls: "HLS_PLAYABLE", urls }), tell({ hls: "HLS_STOPPED" }));
    expect(ended.egress).toMatchObject({ hls: "HLS_STOPPED", urls });
    expect(
      reduce(ended, tell({ hls: "HLS_STARTED", urls: { ...urls, playbackHlsUrl: "http://h/hls/y/index.m3u8" } })).egress
        .urls.playbackHlsUrl,
    ).toBe("http://h/hls/y/index.m3u8");
  });
  it("forgets them on leaving", () => {
    expect(run(inside, tell({ livestream: "LIVESTREAM_STARTED" }), { type: "left", reason: null }).egress).toBe(
      noEgress,
    );
  });
});

describe("names", () => {
  it("remembers who has left, also when oneself is out", () => {
    const state = run(
      inside,
      { type: "person", switching: [], person: person("ann") },
      { type: "person-left", id: "ann" },
      { type: "fault", fault: fault("f", true) },
    );
    expect(state.phase).toBe("left");
    expect(state.names.get("ann")).toBe("ANN");
  });
});

it("stays quiet about calls that leaving has cut off", () => {
  expect(
    reduce(inside, {
      type: "fault",
      fault: { ...fault("f", false), code: 3056, name: "ERROR_OPERATION_ABORTED", reason: "LEFT" },
    }),
  ).toBe(inside);
});

describe("the file of a recording", () => {
  it("is told until it was read, and stays at hand", () => {
    const ready = run(inside, { type: "recorded", url: "https://a.example/1", at: 5 });
    expect([ready.files, ready.said.text]).toEqual([
      [{ url: "https://a.example/1", at: 5, read: false }],
      "The recording is ready.",
    ]);
    const read = run(ready, { type: "recorded-read", url: "https://a.example/1" });
    expect(read.files.map((f) => f.read)).toEqual([true]);
  });
});

describe("speaking while muted", () => {
  const muted = (id: string, at: string): Action => ({
    type: "fault",
    fault: { ...fault(id, false), code: Codes.CLIENT_IMPAIRED, reason: "SPEAKING_WHILE_MUTED", at },
  });
  const told = run(inside, muted("a", "2026-11-22T10:00:00Z"));
  it("has a notice of its own and is no problem", () =>
    expect([told.mutedSpeech?.id, told.faults, told.openFaults]).toEqual(["a", [], []]));
  it("is over when it is told so", () =>
    expect(run(told, { type: "fault-dismissed", id: "a" }).mutedSpeech).toBeNull());
  it("is over with the microphone on", () => {
    const on = { audio: true, video: false, share: false, shareAudio: false };
    expect(run(told, { type: "person", person: person("me", { on }), switching: [] }).mutedSpeech).toBeNull();
  });
  it.each([
    ["2026-11-22T10:00:59Z", undefined],
    ["2026-11-22T10:01:01Z", "b"],
  ])("is told once a minute: %s", (at, want) =>
    expect(run(told, { type: "fault-dismissed", id: "a" }, muted("b", at)).mutedSpeech?.id).toBe(want),
  );
});

it("everybody hears that the meeting is locked, and who has left knows no lock", () => {
  const locked = run(inside, { type: "lock", locked: true, by: "bob" });
  expect(locked).toMatchObject({ locked: true, said: { text: "The meeting is locked: nobody new can join." } });
  expect(run(locked, { type: "lock", locked: false, by: "" })).toMatchObject({
    locked: false,
    said: { text: "The meeting is not locked any more." },
  });
  expect(run(locked, { type: "left", reason: null }).locked).toBe(false);
});

it("who is bound reads what participants may not do, and who moderates is not told twice", () => {
  const restrictions = { audio: true, video: false, share: false, chat: false };
  const taken: Action = { type: "restrictions", restrictions, text: "Bob switched off." };
  const wished = run(inside, { type: "wish", wish: { kind: "audio", from: "Bob" } });
  const bound = run({ ...wished, silenced: ["audio", "video"] }, taken);
  expect(bound).toMatchObject({ rightsNotice: "Bob switched off.", wishes: [], silenced: ["video"], restrictions });
  expect([bars(bound, "audio"), bars(bound, "video")]).toEqual([true, false]);
  expect(run(bound, { type: "rights-notice", text: "" }).rightsNotice).toBe("");
  const left = run(bound, { type: "left", reason: null });
  expect(left).toMatchObject({ rightsNotice: "", restrictions: { audio: false } });

  const refused = { ...fault("a", false), code: 4105, reason: "AUDIO_RESTRICTED" };
  expect(run(bound, { type: "fault", fault: refused }).openFaults).toEqual([]);
  expect(run(inside, { type: "fault", fault: refused }).openFaults).toEqual(["a"]);

  const moderator = run({ ...inside, permissions: ["allow_mod"] }, taken);
  expect(moderator).toMatchObject({ rightsNotice: "", said: { text: "Bob switched off." } });
  expect(bars(moderator, "audio")).toBe(false);
});
