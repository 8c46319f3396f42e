import { describe, expect, it } from "vitest";
import { durationText } from "./duration";
import { agoText, momentText, timeOf, utcText } from "./time";

describe("durationText", () => {
  it.each([
    [0, "0 ms"],
    [850, "850 ms"],
    [4210, "4.2 s"],
    [9999, "9.9 s"],
    [59_900, "59 s"],
    [192_000, "3 min 12 s"],
    [7_200_000, "2 h"],
    [3_720_000, "1 h 2 min"],
    [90_000_000, "1 d 1 h"],
    [-5, "0 ms"],
    [Number.NaN, "–"],
  ])("%d ms is %s", (ms, text) => expect(durationText(ms)).toBe(text));
});

describe("times", () => {
  const at = timeOf("2026-11-26T13:03:22.120Z");
  it("are exact in UTC", () => expect(utcText(at)).toBe("2026-11-26 13:03:22.120 UTC"));
  it("leave out the day when it is today", () => {
    expect(momentText(at, at)).not.toMatch(/[A-Za-z]/);
    expect(momentText(at, at + 3 * 86_400_000)).toContain("26");
    expect(momentText(at, at + 400 * 86_400_000)).toContain("2026");
  });
  it("may be absent", () => {
    expect(momentText(timeOf(null), at)).toBe("–");
    expect(utcText(timeOf(undefined))).toBe("");
  });
  it.each([
    [2000, "just now"],
    [40_000, "40 s ago"],
    [600_000, "10 min ago"],
    [7_300_000, "2 h ago"],
    [200_000_000, "2 d ago"],
  ])("%d ms ago is %s", (ms, text) => expect(agoText(at, at + ms)).toBe(text));
});
