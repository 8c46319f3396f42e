import type { FaultFields } from "@klatch/sdk";
import { describe, expect, it } from "vitest";
import { outcomeOf } from "./outcome";

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
  it("needs no reason", () => {
    expect(outcomeOf(null, null, true).title).toBe("You are out of the meeting");
  });
});
