import { describe, expect, it } from "vitest";
import { type Counts, qualityOf, lossBetween, scoreOf } from "./connectionquality";

const none: Counts = { atMs: 0, packets: 0, lost: 0, frozenMs: 0, rttMs: 20, limited: false };
const later: Counts = { ...none, atMs: 5000, packets: 1000 };

describe("how well media flows", () => {
  it.each([
    ["nothing is wrong", later, 10, "good"],
    ["a tenth is lost", { ...later, packets: 900, lost: 100 }, 6, "fair"],
    ["most is lost", { ...later, packets: 100, lost: 900 }, 6, "fair"],
    ["it is far away", { ...later, rttMs: 350 }, 8, "good"],
    ["it stands still for a second", { ...later, frozenMs: 1000 }, 5, "fair"],
    ["it stands still", { ...later, frozenMs: 5000 }, 4, "poor"],
    ["it is limited", { ...later, limited: true }, 8, "good"],
    ["all at once", { ...later, lost: 900, rttMs: 900, frozenMs: 5000, limited: true }, 0, "poor"],
  ] as const)("%s", (_, now, score, quality) => {
    expect(scoreOf(none, now, false)).toBeCloseTo(score);
    expect(qualityOf(scoreOf(none, now, false))).toBe(quality);
  });

  it("counts lost packets among the sent ones, and beside the received ones", () => {
    const lost = { ...later, lost: 250 };
    expect(lossBetween(none, lost, true)).toBeCloseTo(0.25);
    expect(lossBetween(none, lost, false)).toBeCloseTo(0.2);
    expect(lossBetween(none, none, false)).toBe(0);
    // A packet that comes late is lost no more.
    expect(lossBetween(lost, { ...lost, packets: 2000, lost: 240 }, false)).toBe(0);
  });
});
