import { expect, it } from "vitest";
import { qr } from "./qr";

it("has a quiet zone and the three finder patterns", () => {
  const { size, path } = qr("https://meet.example.com/meet/abcd-efgh-ijkl");
  const dark = (x: number, y: number): boolean => path.includes(`M${x} ${y}h`);
  const all = Array.from({ length: size }, (_, i) => i);
  expect(all.some((i) => dark(i, 3) || dark(3, i) || dark(i, size - 4) || dark(size - 4, i))).toBe(false);
  for (const [x, y] of [
    [4, 4],
    [size - 11, 4],
    [4, size - 11],
  ] as const) {
    const row = Array.from({ length: 7 }, (_, i) => (dark(x + i, y + 3) ? "#" : "."));
    expect(row.join("")).toBe("#.###.#");
  }
});
