import { describe, expect, it } from "vitest";
import { emptyRoom, type Person, type RoomState } from "../state/room";
import { mainOf } from "./main";

const person = (id: string, more: Partial<Person> = {}): Person => ({
  id,
  name: id,
  local: id === "me",
  streams: {},
  tracks: {},
  paused: [],
  lowBandwidth: [],
  handAt: 0,
  spokeAt: 0,
  pin: { cam: false, share: false },
  connectionState: "CONNECTED",
  mode: "SEND_AND_RECV",
  metaData: undefined,
  on: { audio: true, video: true, share: false, shareAudio: false },
  ...more,
});
const sharing = { audio: true, video: true, share: true, shareAudio: false };
const room = (people: Person[], more: Partial<RoomState> = {}): RoomState => ({
  ...emptyRoom,
  phase: "meeting",
  people,
  ...more,
});

describe("mainOf", () => {
  it.each<[string, RoomState, string | null, ReturnType<typeof mainOf>]>([
    ["alone: oneself", room([person("me")]), null, { kind: "cam", id: "me" }],
    ["nobody yet", room([]), null, undefined],
    ["the first of the others", room([person("me"), person("a"), person("b")]), null, { kind: "cam", id: "a" }],
    ["who speaks", room([person("me"), person("a"), person("b")], { speakerId: "b" }), null, { kind: "cam", id: "b" }],
    [
      "oneself speaking changes nothing",
      room([person("me"), person("a"), person("b", { spokeAt: 4 })], { speakerId: "me" }),
      null,
      { kind: "cam", id: "b" },
    ],
    [
      "pinned for everybody before the speaker",
      room([person("me"), person("a", { pin: { cam: true, share: false } }), person("b")], { speakerId: "b" }),
      null,
      { kind: "cam", id: "a" },
    ],
    [
      "a share before pins",
      room([person("me"), person("a", { pin: { cam: true, share: false } }), person("b", { on: sharing })]),
      null,
      { kind: "share", id: "b" },
    ],
    [
      "the presenter among two who share",
      room([person("a", { on: sharing }), person("b", { on: sharing })], { presenterId: "b" }),
      null,
      { kind: "share", id: "b" },
    ],
    [
      "a presenter whose share has just ended is none",
      room([person("me"), person("a")], { presenterId: "a" }),
      null,
      { kind: "cam", id: "a" },
    ],
    [
      "whom I keep large before all",
      room([person("me"), person("a"), person("b", { on: sharing })]),
      "a",
      { kind: "cam", id: "a" },
    ],
    ["somebody gone is not kept", room([person("me"), person("a")]), "ghost", { kind: "cam", id: "a" }],
  ])("%s", (_, state, focus, want) => {
    expect(mainOf(state, focus)).toEqual(want);
  });

  it("shows the newest of two shares, and the other one when it is chosen", () => {
    const state = room([person("me"), person("a", { on: sharing }), person("b", { on: sharing })], {
      presenterId: "b",
    });
    expect(mainOf(state, null)).toEqual({ kind: "share", id: "b" });
    expect(mainOf(state, null, "a")).toEqual({ kind: "share", id: "a" });
    expect(mainOf(state, null, "me")).toEqual({ kind: "share", id: "b" });
  });
});
