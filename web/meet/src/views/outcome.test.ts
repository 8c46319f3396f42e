import type { FaultFields } from "@klatch/sdk";
import { describe, expect, it } from "vitest";
import { comesBack, outcomeOf } from "./outcome";

const fault = (code: number) => ({ code }) as FaultFields;

describe("outcomeOf", () => {
  it.each([
    ["left by oneself", null, 1101, true, "You left the meeting", false],
    ["ended for all", null, 1008, true, "The meeting has ended", false],
    ["removed, with its fault", fault(4103), 1002, true, "You were removed from the meeting", false],
    ["a fault inside takes the reason's title", fault(3103), 1102, true, "The connection was lost", false],
    ["refused before", fault(4002), 1103, false, "You could not join", true],
    ["full", fault(4009), 1103, false, "The meeting is full", false],
    ["a reason that is new to this page", null, 1999, true, "You are out of the meeting", false],
  ])("%s", (_, f, code, inside, title, needsLink) => {
    expect(outcomeOf(f, { code, name: "" }, inside)).toMatchObject({ title, needsLink });
  });
  it("says that the meeting is locked, and that one was not let in otherwise", () => {
    const title = (reason: string) => outcomeOf({ ...fault(4101), reason } as FaultFields, null, false).title;
    expect([title("LOCKED"), title("DENIED")]).toEqual(["This meeting is locked", "You were not let in"]);
  });
  it("names who removed one", () => {
    const removed = { ...fault(4103), details: { by: "a1", byName: "Ann" } } as FaultFields;
    expect(outcomeOf(removed, null, true).text).toContain("Ann");
  });
  it.each([
    [{ code: 3103, reason: "GAVE_UP" }, true],
    [{ code: 3103, reason: "SECRET_REUSED" }, false],
    [{ code: 3102, reason: "NO_CONNECTION", retryable: true }, true],
    [{ code: 3102, reason: "BAD_URL", retryable: false }, false],
    [{ code: 5102, reason: "STOPPED" }, true],
    [{ code: 4103, reason: "BY_MODERATOR" }, false],
  ])("joins again by itself after %o: %s", (f, again) => {
    expect(comesBack(f as FaultFields)).toBe(again);
  });
  it("needs no reason", () => {
    expect(outcomeOf(null, null, true).title).toBe("You are out of the meeting");
  });
});
