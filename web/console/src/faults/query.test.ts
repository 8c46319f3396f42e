import { describe, expect, it } from "vitest";
import { parseSearch, withField } from "./query";

describe("parseSearch", () => {
  it.each([
    ["", {}],
    ["flt_01JDZ9A7", { id: "flt_01JDZ9A7" }],
    ["4009", { code: "4009" }],
    ["4009.LIMIT", { code: "4009", reason: "LIMIT" }],
    ["4002#SIGNATURE_MISMATCH", { code: "4002", reason: "SIGNATURE_MISMATCH" }],
    ["ENCODER_DIED", { reason: "ENCODER_DIED" }],
    ["abcd-efgh-ijkl", { roomId: "abcd-efgh-ijkl" }],
    ["connection refused", { q: "connection refused" }],
    ['"connection refused" 5002', { code: "5002", q: "connection refused" }],
    ["participant:ann session:s1", { participantId: "ann", sessionId: "s1" }],
    ['participant:"Ann Berg"', { participantId: "Ann Berg" }],
    ["Browser:Firefox sdk:0.3", { browser: "Firefox", sdk: "0.3" }],
    ["reason:", {}],
    ["http://x/y", { q: "http://x/y" }],
    ["9999", { q: "9999" }],
    ["RTMP", { q: "RTMP" }],
  ])("%s", (text, query) => expect(parseSearch(text)).toEqual(query));
});

describe("withField", () => {
  it("adds and replaces", () => {
    expect(withField("refused", "reason", "DNS")).toBe("refused reason:DNS");
    expect(withField("reason:DNS refused", "reason", "REFUSED")).toBe("refused reason:REFUSED");
    expect(withField("", "browser", "Chrome 140")).toBe('browser:"Chrome 140"');
  });
  it("is read back", () => expect(parseSearch(withField("x", "browser", "Chrome 140")).browser).toBe("Chrome 140"));
});
