import type { FaultFields } from "@klatch/sdk";
import { describe, expect, it } from "vitest";
import { docsAddress, faultText, withNames } from "./faultText";
import { titleOf } from "./faultTitle";

const fault: FaultFields = {
  code: 4002,
  name: "INVALID_TOKEN",
  message: "`token` is empty",
  reason: "EXPIRED",
  detail: "It expired 101 s ago.",
  remedy: "Mint a new one.",
  param: "token.exp",
  details: { expiredForSec: 101 },
  fatal: true,
  retryable: false,
  retryAfterMs: 0,
  id: "flt_1",
  causeId: "",
  at: "2026-11-22T07:07:42.120Z",
  docs: "https://a.example/errors/4002#EXPIRED",
  consoleUrl: "https://a.example/console/faults/flt_1",
  meetingId: "m",
  sessionId: "",
  participantId: "",
};

it("copies every field that says something", () => {
  expect(faultText(fault)).toBe(
    [
      "4002 INVALID_TOKEN (EXPIRED)",
      "`token` is empty",
      "What happened: It expired 101 s ago.",
      "What to do: Mint a new one.",
      "Param: token.exp",
      'Details: {"expiredForSec":101}',
      "Fault id: flt_1",
      "At: 2026-11-22T07:07:42.120Z",
      "Meeting: m",
      "Docs: https://a.example/errors/4002#EXPIRED",
      "Console: https://a.example/console/faults/flt_1",
    ].join("\n"),
  );
});

describe("docsAddress", () => {
  it.each([
    ["https://a.example/errors/1", "https://a.example/errors/1"],
    ["/errors/1#X", "https://b.example/p/errors/1#X"],
    ["//evil.example/", undefined],
    ["javascript:alert(1)", undefined],
    ["", undefined],
  ])("%s", (docs, want) => expect(docsAddress(docs, "https://b.example/p")).toBe(want));
});

describe("withNames", () => {
  const names = new Map([
    ["bob", "Bob Ito"],
    ["a", "Ann $& Berg"],
    ["p.1", "Pia"],
  ]);
  it.each([
    ["The moderator bob removed this participant.", { by: "bob" }, "The moderator Bob Ito removed this participant."],
    [
      "The moderator bob (Bob Ito) removed this participant.",
      { by: "bob", byName: "Bob Ito" },
      "The moderator Bob Ito removed this participant.",
    ],
    ['a ("") denied the request after 7 ms.', { by: "a", byName: "" }, "Ann $& Berg denied the request after 7 ms."],
    [
      "zoe (Zoe) denied the request of a (A).",
      { by: "zoe", byName: "Zoe", target: "a", targetName: "A" },
      "zoe (Zoe) denied the request of Ann $& Berg.",
    ],
    [
      "One has been running since bobtail; bob started it.",
      { startedBy: "bob" },
      "One has been running since bobtail; Bob Ito started it.",
    ],
    ["A call of a, not of a-b.", { by: "a" }, "A call of Ann $& Berg, not of a-b."],
    ["p.1 and pX1.", { target: "p.1" }, "Pia and pX1."],
    ["Nobody with the id zoe.", { target: "zoe" }, "Nobody with the id zoe."],
    ["bob has no say here.", { waitedMs: 7 }, "bob has no say here."],
  ])("%s", (text, details, want) => expect(withNames(text, { ...fault, details } as typeof fault, names)).toBe(want));
});

describe("titleOf", () => {
  it.each([
    [4013, { output: 1, address: "a" }, "A target of the livestream did not start"],
    [4013, {}, "The livestream did not start"],
    [4015, { output: 0 }, "The livestream did not start"],
    [5002, { output: 0 }, "A target of the livestream failed"],
    [5001, { afterMs: 7 }, "The recording failed"],
    [4002, {}, undefined],
  ])("%i with %j", (code, details, want) => expect(titleOf({ ...fault, code, details } as typeof fault)).toBe(want));
  it("does not say that something failed that goes on", () =>
    expect(titleOf({ ...fault, code: 5001, reason: "MEDIA_LOST" } as typeof fault)).toBe(
      "The recording gets no picture and no sound",
    ));
});
