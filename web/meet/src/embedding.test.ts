import { describe, expect, it } from "vitest";
import { changes } from "./embedding";
import { emptyRoom, type Person, type RoomState } from "./state/room";

const off = { audio: false, video: false, share: false, shareAudio: false };
const person = (id: string, local: boolean, on: object = {}): Person =>
  ({ id, name: id.toUpperCase(), local, on: { ...off, ...on } }) as Person;
const inside: RoomState = { ...emptyRoom, phase: "meeting", people: [person("me", true)] };

describe("what the page around is told", () => {
  it("of joining, people and leaving", () => {
    expect(changes(emptyRoom, inside)).toEqual([["meeting-joined", { participantId: "me" }]]);
    const two = { ...inside, people: [...inside.people, person("ann", false)] };
    expect(changes(inside, two)).toEqual([["participant-joined", { participantId: "ann", name: "ANN" }]]);
    expect(changes(two, inside)).toEqual([["participant-left", { participantId: "ann" }]]);
    expect(changes(inside, { ...inside, phase: "left" })).toEqual([["meeting-left", { fault: null }]]);
  });

  it("of devices and egress", () => {
    const speaking = { ...inside, people: [person("me", true, { audio: true })] };
    expect(changes(inside, speaking)).toEqual([["mic-changed", { on: true }]]);
    expect(changes(speaking, speaking)).toEqual([]);
    const recording: RoomState = { ...inside, egress: { ...inside.egress, recording: "RECORDING_STARTED" } };
    expect(changes(inside, recording)).toEqual([["recording-state-changed", { status: "RECORDING_STARTED" }]]);
  });
});
