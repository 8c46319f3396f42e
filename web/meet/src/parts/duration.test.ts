import { expect, it } from "vitest";
import { elapsed } from "./duration";

it.each([
  [-5, "0:00"],
  [7_900, "0:07"],
  [750_000, "12:30"],
  [3_723_000, "1:02:03"],
])("%d ms is %s", (ms, want) => expect(elapsed(ms)).toBe(want));
