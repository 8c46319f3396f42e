import { expect, it } from "vitest";
import { ageOf, lateness } from "./late";

it.each([
  ["the clock says it", 1.5, 7_400, 2.6],
  ["a clock that is ahead", 1.5, -3_600_000, 1.5],
  ["a clock that is behind the newest picture", 1.5, 9_000, 1.5],
  ["no time of day", 1.5, undefined, 1.5],
  ["a player that is ahead of the playlist", -0.2, undefined, 0],
])("the age of a picture: %s", (_, toEdge, madeAt, want) => expect(ageOf(toEdge, madeAt, 10_000)).toBeCloseTo(want));

it.each([
  [0, "0.0 s"],
  [2.44, "2.4 s"],
  [9.94, "9.9 s"],
  [10.6, "10 s"],
  [59.9, "59 s"],
  [60, "1 min 0 s"],
  [3599, "59 min 59 s"],
  [3600, "1 h 0 min"],
  [9_000, "2 h 30 min"],
])("%d is %s", (behind, want) => expect(lateness(behind)).toBe(want));
