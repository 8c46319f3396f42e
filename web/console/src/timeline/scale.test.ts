import { describe, expect, it } from "vitest";
import { clamped, panned, ticks, timeAt, xOf, zoomed } from "./scale";

const bounds = { from: 1_000_000, to: 1_000_000 + 7_200_000 };

describe("a range", () => {
  it("maps times to pixels and back", () => {
    expect(xOf(bounds, 720, bounds.from + 3_600_000)).toBe(360);
    expect(timeAt(bounds, 720, 360)).toBe(bounds.from + 3_600_000);
  });
  it("zooms around the pointer", () => {
    const anchor = bounds.from + 1_800_000;
    const near = zoomed(bounds, bounds, 0.5, anchor);
    expect(near.to - near.from).toBe(3_600_000);
    expect(xOf(near, 720, anchor)).toBeCloseTo(xOf(bounds, 720, anchor));
  });
  it("is never longer than its bounds nor shorter than a second", () => {
    expect(zoomed(bounds, bounds, 10, bounds.from)).toEqual(bounds);
    const near = zoomed(bounds, bounds, 1e-9, bounds.from + 5000);
    expect(near.to - near.from).toBe(1000);
  });
  it("stops at the ends", () => {
    const part = { from: bounds.from, to: bounds.from + 60_000 };
    expect(panned(part, bounds, -5000)).toEqual(part);
    expect(panned(part, bounds, 1e12).to).toBe(bounds.to);
  });
  it("fits a session shorter than the shortest range", () => {
    const short = { from: 0, to: 200 };
    expect(clamped({ from: -50, to: 5000 }, short)).toEqual(short);
  });
});

describe("ticks", () => {
  it("are round, ascend, and keep their distance", () => {
    for (const length of [900, 4000, 60_000, 3_600_000, 7_200_000, 100 * 3_600_000, 2000 * 3_600_000]) {
      const range = { from: 1_795_331_161_234, to: 1_795_331_161_234 + length };
      const found = ticks(range, 900);
      found.forEach((tick, i) => {
        const before = found[i - 1];
        if (before !== undefined)
          expect(xOf(range, 900, tick.at) - xOf(range, 900, before.at)).toBeGreaterThanOrEqual(89);
      });
      expect(found.length).toBeLessThanOrEqual(11);
    }
  });
  it("name seconds only when they matter", () => {
    expect(ticks({ from: 0, to: 8000 }, 900)[1]?.label).toMatch(/:\d\d:\d\d$/);
    expect(ticks({ from: 3_600_000, to: 10_800_000 }, 900)[0]?.label).toMatch(/^\d\d:\d\d$/);
  });
  it("are none without a width", () => expect(ticks(bounds, 0)).toEqual([]));
});
