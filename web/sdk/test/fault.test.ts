import { inspect } from "node:util";
import { expect, test } from "vitest";
import { faults, VideoSDKError } from "../src/fault.js";
import { meeting } from "./environment.js";

const made = (): VideoSDKError =>
  new VideoSDKError(faults.invalidParameterMissing({ method: "initMeeting", parameter: "meetingId" }));
const line = (id: string): string =>
  "3073 ERROR_INVALID_PARAMETER (MISSING): initMeeting was called without meetingId. " +
  `Pass meetingId to initMeeting. [${id}]`;

test("a thrown fault prints the whole of it, and keeps the published message", () => {
  const fault = made();
  expect(String(fault)).toBe(line(fault.id));
  expect(`${fault}`).toBe(line(fault.id));
  expect(fault.stack?.startsWith(`VideoSDKError: ${line(fault.id)}\n    at `)).toBe(true);
  expect(fault.stack).toContain("fault.test.ts");
  expect(inspect(fault)).toContain(line(fault.id));
  expect(fault.message).toBe("A parameter is missing or invalid.");
  expect(fault.name).toBe("ERROR_INVALID_PARAMETER");
  expect(Object.keys(fault.toJSON())).not.toContain("stack");
});

test("what a process prints of a rejection that nobody handles", async () => {
  const printed = await new Promise<Error>((resolve) => {
    process.once("unhandledRejection", (thrown) => resolve(thrown as Error));
    void Promise.reject(made());
  });
  expect(String(printed)).toContain("Pass meetingId to initMeeting.");
});

test("a value that is too long keeps its beginning and its end", () => {
  const problem = `failed: ${"x".repeat(5_000)} no space left`;
  const { detail, details } = faults.signalingUnreachableBadURL({ url: `http://${"h".repeat(500)}/end`, problem });
  expect(details.problem).toMatch(/^failed: x+…x+ no space left$/);
  expect(details.problem).toHaveLength(1_000);
  expect(details.url).toMatch(/^http:\/\/h+…h+\/end$/);
  expect(details.url).toHaveLength(200);
  expect(detail).toContain("no space left.");
  const { details: of } = faults.invalidParameterNotAllowed({
    method: "m",
    parameter: "p",
    got: "g",
    allowed: Array.from({ length: 60 }, (_, i) => `v${i}`),
  });
  expect(of.allowed).toHaveLength(50);
  expect(of.allowed.slice(-2)).toEqual(["v48", "… 11 more"]);
});

test("an event that does not exist is refused, with the one that was meant", () => {
  const m = meeting("http://app.test");
  const listener = (): void => undefined;
  const wrong = expect.objectContaining({
    code: 3073,
    reason: "UNKNOWN_EVENT",
    detail: expect.stringContaining("nearest name is mic-requested."),
    details: {
      method: "meeting.on",
      event: "mic-requestedd",
      nearest: "mic-requested",
      allowed: expect.arrayContaining(["error", "hls-stopped"]),
    },
  });
  expect(() => m.on("mic-requestedd" as "mic-requested", listener)).toThrow(wrong);
  expect(() => m.once("mic-requestedd" as "mic-requested", listener)).toThrow(wrong);
  expect(() => m.off("eror" as "error")).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ method: "meeting.off", nearest: "error" }) }),
  );
  expect(() => m.on(undefined as unknown as "error", listener)).toThrow(
    expect.objectContaining({ reason: "UNKNOWN_EVENT" }),
  );
  expect(() => m.on("toString" as "error", listener)).toThrow(expect.objectContaining({ reason: "UNKNOWN_EVENT" }));
  expect(() => m.localParticipant.on("stream-enable" as "stream-enabled", listener)).toThrow(
    expect.objectContaining({
      details: expect.objectContaining({ method: "participant.on", nearest: "stream-enabled" }),
    }),
  );
});
