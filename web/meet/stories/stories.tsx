/**
 * The views in the states that are hard to reach by hand, to look at while one works on them:
 * `npm run stories -w meet`, then /?story=five&theme=dark. No server is involved and nothing here is shipped.
 */
import { VideoSDKErrors, type FaultFields } from "@klatch/sdk";
import { render } from "preact";
import { App } from "../src/App";
import * as inside from "../src/inside";
import { loadPrefs } from "../src/state/prefs";
import { type Egress, noEgress } from "@klatch/state";
import { type ChatMessage, emptyRoom, type Person, type RoomState } from "../src/state/room";
import { Store } from "../src/state/store";
import "../src/styles/index.css";
import { cameraTrack, screenTrack } from "./picture";

const names = [
  "Ann Berg",
  "Bob Ito",
  "Chidi Okafor",
  "Dora Nagy",
  "Emil Larsen",
  "Fatima Zahra",
  "Gus",
  "Hana Kim",
  "Ivo Petrov",
  "Jo March",
];

function person(i: number, cam: boolean, more: Partial<Person> = {}): Person {
  const name = names[i % names.length] ?? "";
  return {
    id: `p${i}`,
    name: i < names.length ? name : `${name} ${Math.floor(i / names.length) + 1}`,
    local: i === 0,
    on: { audio: i % 3 !== 2, video: cam, share: false, shareAudio: false },
    mode: "SEND_AND_RECV",
    metaData: undefined,
    streams: {},
    paused: [],
    tracks: cam ? { video: cameraTrack(i) } : {},
    lowBandwidth: [],
    pin: { cam: false, share: false },
    connectionState: "CONNECTED",
    handAt: 0,
    spokeAt: 0,
    ...more,
  };
}

const people = (count: number, cams: (i: number) => boolean = () => true): Person[] =>
  Array.from({ length: count }, (_, i) => person(i, cams(i)));

function fault(
  code: keyof typeof VideoSDKErrors,
  reason: string,
  detail: string,
  remedy: string,
  fatal = false,
): FaultFields {
  return {
    ...VideoSDKErrors[code],
    reason,
    detail,
    remedy,
    fatal,
    retryable: false,
    retryAfterMs: 0,
    id: `flt_01JD8Z6Q4M5T7X2V9K3N0P${code}`,
    causeId: "",
    at: new Date().toISOString(),
    docs: `/errors/${code}#${reason}`,
    consoleUrl: "",
    meetingId: "abcd-efgh-ijkl",
    sessionId: "ses_1",
    participantId: "p0",
  };
}

const busyCamera = fault(
  3011,
  "DEVICE_IN_USE",
  "The device Logitech BRIO is used by another program (NotReadableError: Could not start video source).",
  "Close the other program that uses it, then switch it on again.",
);
const noMic = fault(
  3012,
  "NO_DEVICE",
  "No device of this kind is connected (NotFoundError: Requested device not found).",
  "Connect a device and switch it on again.",
);
const expired = fault(
  4002,
  "EXPIRED",
  "The token expired 101 s ago; the server allows 60 s of clock difference.",
  "Mint a new token on your server and join again.",
  true,
);

const refused = {
  ...fault(
    4013,
    "RTMP_REFUSED",
    "The host live.example.com of output 1 refused the connection to port 1935.",
    "Check host and port of the url, and that the target is up.",
  ),
  name: "START_LIVESTREAM_FAILED",
};
const died = {
  ...fault(
    5001,
    "ENCODER_DIED",
    "The encoder of the recording that p1 started ended by itself after 312 s (signal 9). The file is kept so far.",
    "Start the recording again.",
  ),
  details: { startedBy: "p1" },
} as FaultFields;
const playing = {
  playbackHlsUrl: "https://meet.example.com/hls/4c1f5a0e-7f0b-4d0e-9a55-b1f7ff2b3a10/playback.m3u8",
  livestreamUrl: "",
  downstreamUrl: "",
};

const now = Date.now();
const room = (list: Person[], more: Partial<RoomState> = {}): RoomState => ({
  ...emptyRoom,
  names: new Map(list.map((p) => [p.id, p.name])),
  phase: "meeting",
  joinedAt: now - 754_000,
  people: list,
  ...more,
});
const message = (of: Pick<ChatMessage, "id" | "senderId" | "senderName" | "text" | "at">): ChatMessage => ({
  private: false,
  to: [],
  missed: false,
  payload: undefined,
  ...of,
});
const chat = [
  {
    id: "1",
    senderId: "p1",
    senderName: "Bob Ito",
    text: "Morning! The notes are at https://example.org/notes.",
    at: now - 400_000,
  },
  { id: "2", senderId: "p1", senderName: "Bob Ito", text: "Page three has the numbers.", at: now - 390_000 },
  { id: "3", senderId: "p0", senderName: "Ann Berg", text: "Thanks, reading them now.", at: now - 120_000 },
].map(message);
const egress = (more: Partial<Egress>): Egress => ({ ...noEgress, ...more });
const mixed = (i: number): boolean => i !== 2 && i !== 4;

const stories: Record<string, (store: Store) => RoomState> = {
  form: () => emptyRoom,
  joining: () => ({ ...emptyRoom, phase: "joining" }),
  token: (store) => {
    store.link.value = { ...store.link.value, token: "" };
    return emptyRoom;
  },
  lobby: () => ({ ...emptyRoom, phase: "lobby", waitingSince: now - 14_000, hosts: 0 }),
  one: () => room(people(1)),
  two: () => room(people(2), { speakerId: "p1" }),
  five: () => room(people(5, mixed), { speakerId: "p1" }),
  nocams: () =>
    room(
      people(5, () => false),
      { speakerId: "p3" },
    ),
  many: () =>
    room(
      people(31, (i) => i % 2 === 0),
      { speakerId: "p4" },
    ),
  speaker: (store) => {
    store.prefs.layout.value = "speaker";
    return room(people(5, mixed), { speakerId: "p1" });
  },
  share: () =>
    room(
      people(5, mixed).map((p) =>
        p.id === "p1" ? { ...p, on: { ...p.on, share: true }, tracks: { ...p.tracks, share: screenTrack() } } : p,
      ),
      { presenterId: "p1", speakerId: "p1" },
    ),
  ownshare: () =>
    room(
      people(3).map((p) => (p.local ? { ...p, on: { ...p.on, share: true } } : p)),
      { presenterId: "p0" },
    ),
  chat: (store) => {
    store.screen.panel.value = "chat";
    const more = { senderId: "p1", senderName: "Bob Ito", at: now - 60_000, private: true };
    const answer = { ...more, senderId: "p0", senderName: "Ann Berg", to: ["p1"], at: now - 30_000 };
    store.chatTo.value = "p1";
    return room(people(5, mixed), {
      names: new Map(people(5).map((p) => [p.id, p.name])),
      chat: [
        ...chat,
        { ...chat[0]!, ...more, id: "4", text: "Shall we stop at ten?" },
        { ...chat[0]!, ...answer, id: "5", text: "Yes." },
        { ...chat[0]!, ...answer, id: "6", text: "Are you there?", missed: true },
      ],
    });
  },
  people: (store) => {
    store.screen.panel.value = "people";
    return room(
      people(5, mixed).map((p) => (p.id === "p3" ? { ...p, handAt: now } : p)),
      { permissions: ["allow_mod"], entries: [{ id: "x", name: "Xenia Holm" }] },
    );
  },
  fault: () => room(people(2), { faults: [busyCamera], openFaults: [busyCamera.id], unread: 2 }),
  problems: (store) => {
    store.screen.panel.value = "problems";
    return room(people(3, mixed), { faults: [busyCamera, noMic] });
  },
  notices: () =>
    room(people(3), {
      entries: [{ id: "x", name: "Xenia Holm" }],
      wishes: [{ kind: "audio", from: "Bob Ito" }],
      reconnectingSince: now - 4000,
    }),
  recorded: (store) => {
    store.screen.panel.value = "egress";
    const files = [4000, 2000].map((ago, i) => ({ url: `https://a.example/${i}.mp4`, at: now - ago, read: i === 0 }));
    return room(people(3), { permissions: ["allow_egress"], files });
  },
  hand: () => room(people(3).map((p, i) => ({ ...p, handAt: i === 1 ? now : 0, pin: { cam: i === 2, share: false } }))),
  settings: (store) => {
    store.screen.dialog.value = "settings";
    return room(people(2));
  },
  shortcuts: (store) => {
    store.screen.dialog.value = "shortcuts";
    return room(people(2));
  },
  more: (store) => {
    store.screen.dialog.value = "more";
    return room(people(2), { faults: [busyCamera], permissions: ["allow_egress"] });
  },
  end: (store) => {
    store.screen.dialog.value = "leave";
    return room(people(2), { permissions: ["allow_end"] });
  },
  record: (store) => {
    store.screen.panel.value = "egress";
    return room(people(5, mixed), { permissions: ["allow_mod", "allow_end", "allow_egress"] });
  },
  starting: (store) => {
    store.screen.panel.value = "egress";
    return room(people(5, mixed), {
      permissions: ["allow_egress"],
      egress: egress({
        recording: "RECORDING_STARTING",
        livestream: "LIVESTREAM_STOPPING",
        hls: "HLS_STARTED",
        urls: playing,
      }),
    });
  },
  recording: () =>
    room(people(5, mixed), { permissions: ["allow_egress"], egress: egress({ recording: "RECORDING_STARTED" }) }),
  onair: (store) => {
    store.screen.panel.value = "egress";
    return room(people(5, mixed), {
      permissions: ["allow_egress"],
      egress: egress({
        recording: "RECORDING_STARTED",
        livestream: "LIVESTREAM_STARTED",
        hls: "HLS_PLAYABLE",
        urls: playing,
      }),
    });
  },
  replay: (store) => {
    store.screen.panel.value = "egress";
    return room(people(5, mixed), {
      permissions: ["allow_egress"],
      egress: egress({ recording: "RECORDING_STOPPED", hls: "HLS_STOPPED", urls: playing }),
    });
  },
  onairguest: (store) => {
    store.screen.panel.value = "egress";
    return room(people(5, mixed), {
      egress: egress({ recording: "RECORDING_STARTED", hls: "HLS_PLAYABLE", urls: playing }),
    });
  },
  marks: () =>
    room(people(5, mixed), {
      egress: egress({
        recording: "RECORDING_STARTED",
        livestream: "LIVESTREAM_STARTED",
        hls: "HLS_PLAYABLE",
        urls: playing,
      }),
    }),
  live: (store) => {
    store.screen.dialog.value = "live";
    return room(people(2), { permissions: ["allow_egress"] });
  },
  liverefused: (store) => {
    store.screen.dialog.value = "live";
    store.startLivestream = async () => refused;
    return room(people(2), { permissions: ["allow_egress"] });
  },
  startfails: (store) => {
    store.screen.panel.value = "egress";
    const full = {
      ...died,
      code: 4011,
      name: "START_RECORDING_FAILED",
      reason: "STORAGE_FULL",
      detail: "The storage has 12 MB left; a recording needs 256 MB.",
    } as FaultFields;
    return room(people(3), { permissions: ["allow_egress"], faults: [full], openFaults: [full.id] });
  },
  died: () =>
    room(people(3), {
      permissions: ["allow_egress"],
      faults: [died],
      openFaults: [died.id],
      egress: egress({ recording: "RECORDING_STOPPED" }),
    }),
  fatal: () => ({
    ...emptyRoom,
    phase: "left",
    faults: [expired],
    left: { fault: expired, reason: { code: 1103, name: "JOIN_ROOM_FAILED" } },
  }),
  left: () => ({
    ...emptyRoom,
    phase: "left",
    joinedAt: now,
    left: { fault: null, reason: { code: 1101, name: "MANUAL_LEAVE_CALLED" } },
  }),
};

const query = new URLSearchParams(location.search);
const name = query.get("story") ?? "";
const theme = query.get("theme");
if (theme !== null) document.documentElement.dataset["theme"] = theme;
const root = document.getElementById("app");
const story = stories[name];
if (root !== null && story !== undefined) {
  const store = new Store(
    { base: location.origin, meetingId: "abcd-efgh-ijkl", token: "a.b.c", name: "" },
    loadPrefs(undefined),
  );
  store.prefs.name.value = "Ann Berg";
  store.inside.value = inside;
  store.room.value = story(store);
  render(<App store={store} />, root);
} else if (root !== null) {
  render(
    <ul>
      {Object.keys(stories).map((s) => (
        <li key={s}>
          <a href={`?story=${s}`}>{s}</a> <a href={`?story=${s}&theme=dark`}>dark</a>
        </li>
      ))}
    </ul>,
    root,
  );
}
