import { expect, it } from "vitest";
import { loudness } from "./level";

it.each([
  ["silence", 0, 0],
  ["-60 dBFS and below", 0.001, 0],
  ["-35 dBFS is the middle", 10 ** (-35 / 20), 0.5],
  ["full scale", 1, 1],
])("%s", (_, amplitude, want) => {
  expect(loudness(new Float32Array(64).fill(amplitude))).toBeCloseTo(want, 5);
});
