import { describe, expect, it } from "vitest";
import { aspectRange, pack, pageCount, pageOf, pageSize, promote, type Box } from "./grid";

const desk: Box = { width: 1248, height: 680 };
const phone: Box = { width: 366, height: 640 };
const options = (stage: Box) => ({ gap: 8, ...aspectRange(stage) });

describe("pack", () => {
  it.each([
    ["one on a desk", 1, desk, 1, 1],
    ["two on a desk stand side by side", 2, desk, 2, 1],
    ["three on a desk", 3, desk, 2, 2],
    ["four make a square", 4, desk, 2, 2],
    ["five", 5, desk, 3, 2],
    ["nine", 9, desk, 3, 3],
    ["twenty-five", 25, desk, 5, 5],
    ["two on a phone stand above each other", 2, phone, 1, 2],
    ["five on a phone", 5, phone, 2, 3],
  ])("%s", (_, count, stage, cols, rows) => {
    expect(pack(count, stage, options(stage))).toMatchObject({ cols, rows });
  });

  it("keeps every tile inside the stage and its shape inside the range", () => {
    for (const stage of [desk, phone, { width: 300, height: 900 }, { width: 2560, height: 1300 }]) {
      for (let count = 1; count <= 49; count++) {
        const o = options(stage);
        const p = pack(count, stage, o);
        expect(p.cols * p.rows).toBeGreaterThanOrEqual(count);
        expect(p.cols * p.tileWidth + (p.cols - 1) * o.gap).toBeLessThanOrEqual(stage.width);
        expect(p.rows * p.tileHeight + (p.rows - 1) * o.gap).toBeLessThanOrEqual(stage.height);
        const aspect = p.tileWidth / p.tileHeight;
        expect(aspect).toBeGreaterThan(o.minAspect - 0.05);
        expect(aspect).toBeLessThan(o.maxAspect + 0.05);
      }
    }
  });

  it("never makes tiles larger when one more comes", () => {
    for (let count = 1; count < 30; count++) {
      const a = pack(count, desk, options(desk));
      const b = pack(count + 1, desk, options(desk));
      expect(b.tileWidth * b.tileHeight).toBeLessThanOrEqual(a.tileWidth * a.tileHeight * 1.02);
    }
  });

  it("survives a stage without room", () => {
    expect(pack(3, { width: 0, height: 0 }, options(desk))).toEqual({ cols: 1, rows: 1, tileWidth: 0, tileHeight: 0 });
  });
});

describe("paging", () => {
  it("shows all when they fit and pages when they would be too small", () => {
    expect(pageSize(9, desk, options(desk), 150, 25)).toBe(9);
    expect(pageSize(80, desk, options(desk), 150, 25)).toBe(25);
    const onPhone = pageSize(30, phone, options(phone), 150, 25);
    expect(onPhone).toBeGreaterThanOrEqual(6);
    expect(onPhone).toBeLessThan(30);
    expect(pack(onPhone, phone, options(phone)).tileWidth).toBeGreaterThanOrEqual(150);
  });
  it("cuts pages and clamps", () => {
    const ids = ["a", "b", "c", "d", "e"];
    expect(pageCount(5, 2)).toBe(3);
    expect(pageOf(ids, 2, 1)).toEqual(["c", "d"]);
    expect(pageOf(ids, 2, 9)).toEqual(["e"]);
    expect(pageOf(ids, 2, -1)).toEqual(["a", "b"]);
    expect(pageOf([], 2, 0)).toEqual([]);
  });
});

describe("promote", () => {
  const order = ["me", "b", "c", "d", "e"];
  const spoke = (times: Record<string, number>) => (id: string) => times[id] ?? 0;
  it("leaves the order alone while the speaker is in sight", () => {
    expect(promote(order, "b", 3, spoke({}), new Set())).toBe(order);
    expect(promote(order, null, 3, spoke({}), new Set())).toBe(order);
    expect(promote(order, "gone", 3, spoke({}), new Set())).toBe(order);
  });
  it("swaps with whoever was silent longest", () => {
    expect(promote(order, "e", 3, spoke({ b: 5, c: 2 }), new Set(["me"]))).toEqual(["me", "b", "e", "d", "c"]);
    expect(promote(order, "e", 3, spoke({ b: 1, c: 2 }), new Set(["me"]))).toEqual(["me", "e", "c", "d", "b"]);
  });
  it("moves nobody when all in sight are fixed", () => {
    expect(promote(order, "e", 2, spoke({}), new Set(["me", "b"]))).toBe(order);
  });
});
