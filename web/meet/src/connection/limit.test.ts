import { expect, it } from "vitest";
import { limitOfReceived, limitOfSent, type Received } from "./limit";

const whole: Received = {
  away: false,
  pauseReason: undefined,
  downlinkLimited: false,
  layer: 2,
  height: 720,
  shownHeight: 720,
  dropped: 0,
};

it.each([
  [whole, "limitNothing"],
  [{ ...whole, away: true }, "limitLost"],
  [{ ...whole, pauseReason: "bandwidth" }, "limitDownlink"],
  [{ ...whole, pauseReason: "visibility" }, "limitPaused"],
  [{ ...whole, pauseReason: "requested" }, "limitPaused"],
  [{ ...whole, dropped: 0.5 }, "limitProcessor"],
  [{ ...whole, layer: 0, height: 180, shownHeight: 170 }, "limitShownSize"],
  [{ ...whole, layer: 1, height: 180, shownHeight: 700 }, "limitTheirUplink"],
  [{ ...whole, layer: 1, height: 180, shownHeight: 700, downlinkLimited: true }, "limitDownlink"],
  // What is large enough is not limited, whatever else is.
  [{ ...whole, downlinkLimited: true }, "limitNothing"],
  [{ ...whole, height: 0 }, "limitTheirUplink"],
] as const)("of %o it is %s", (received, limit) => {
  expect(limitOfReceived(received)).toBe(limit);
});

it.each([
  ["none", "limitNothing"],
  ["bandwidth", "limitUplink"],
  ["cpu", "limitProcessor"],
  ["other", "limitOther"],
])("an own picture with %s is limited by %s", (reason, limit) => {
  expect(limitOfSent(reason)).toBe(limit);
});
