import { Codes, type FaultFields } from "@klatch/sdk";
import { expect, it } from "vitest";
import { type Action, emptyRoom, reduce, type RoomState } from "./room";

const fault = (code: number, reason: string, id = `${code}.${reason}`): FaultFields => ({
  code,
  name: "X",
  message: "m",
  reason,
  detail: "Mint a new token with `klatch`.",
  remedy: "r",
  fatal: false,
  retryable: false,
  retryAfterMs: 0,
  id,
  causeId: "",
  at: "",
  docs: "",
  consoleUrl: "",
  meetingId: "",
  sessionId: "",
  participantId: "",
});
const inside: RoomState = { ...emptyRoom, phase: "meeting", connection: "CONNECTED" };
const lines = (...actions: Action[]): readonly string[] => actions.reduce(reduce, inside).openFaults;
const told = (f: FaultFields, refused?: "chat" | "cam"): Action => ({ type: "fault", fault: f, refused });
const denied = fault(Codes.ERROR_CAMERA_ACCESS_DENIED_OR_DISMISSED, "PERMISSION_DENIED");
const muted = fault(Codes.ERROR_MICROPHONE_ACCESS_DENIED_OR_DISMISSED, "PERMISSION_DENIED");
const refused = fault(Codes.PUBSUB_PUBLISH_FAILED, "TOO_LARGE");
const away = fault(Codes.ERROR_MEETING_RECONNECTING, "RECONNECTING");

it("has no line for what the person did, and no problem either", () => {
  const state = reduce(inside, told(fault(Codes.ERROR_GET_DISPLAY_MEDIA_PERMISSION_DENIED, "USER_CANCELLED")));
  expect(state).toBe(inside);
  const dismissed = fault(Codes.ERROR_CAMERA_ACCESS_DENIED_OR_DISMISSED, "PERMISSION_DISMISSED");
  expect(reduce(inside, told(dismissed))).toMatchObject({ faults: [dismissed], openFaults: [], said: { n: 0 } });
});

it("takes a line away when its cause is gone", () => {
  expect(lines(told(denied), told(muted), { type: "settled", cause: "cam" })).toEqual([muted.id]);
  expect(lines(told(refused, "chat"), told(denied), { type: "settled", cause: "chat" })).toEqual([denied.id]);
  expect(lines(told(refused), { type: "settled", cause: "chat" })).toEqual([refused.id]);
  expect(
    lines({ type: "connection", state: "RECONNECTING", at: 1 }, told(away), told(denied), {
      type: "connection",
      state: "CONNECTED",
      at: 2,
    }),
  ).toEqual([denied.id]);
});

it("has one line for the same fault again, the newest", () => {
  const again = { ...denied, id: "again" };
  expect(lines(told(denied), told(muted), told(again))).toEqual([muted.id, "again"]);
});

it("says a fault once, in the words for people", () => {
  const state = [told(denied), told(denied, "cam")].reduce(reduce, inside);
  expect(state.said.n).toBe(1);
  expect(state.said.text).not.toMatch(/klatch|3017|token/);
});
