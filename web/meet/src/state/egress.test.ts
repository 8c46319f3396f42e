import { describe, expect, it } from "vitest";
import { addressProblem, configOf, keyProblem, phaseOf } from "./egress";

describe("phaseOf", () => {
  it.each([
    ["RECORDING_STARTING", "starting"],
    ["RECORDING_STARTED", "on"],
    ["LIVESTREAM_STOPPING", "stopping"],
    ["LIVESTREAM_STOPPED", "off"],
    ["HLS_STARTED", "on"],
    ["HLS_PLAYABLE", "playable"],
  ] as const)("%s is %s", (state, want) => expect(phaseOf(state)).toBe(want));
});

it("makes the published config", () => {
  expect(configOf({ layout: "SIDEBAR", theme: "DARK", quality: "high" })).toEqual({
    layout: { type: "SIDEBAR" },
    theme: "DARK",
    quality: "high",
  });
});

describe("addressProblem", () => {
  it.each(["rtmp://a.example/live", " RTMPS://a.example/live "])("nothing wrong with %j", (url) =>
    expect(addressProblem({ url, streamKey: "" })).toBe(""),
  );
  it.each(["", "  ", "a.example/live", "https://a.example/", "javascript:alert(1)"])("something wrong with %j", (url) =>
    expect(addressProblem({ url, streamKey: "k" })).not.toBe(""),
  );
});

it("wants a key", () => {
  expect(keyProblem({ url: "rtmp://a/", streamKey: " " })).not.toBe("");
  expect(keyProblem({ url: "rtmp://a/", streamKey: "k" })).toBe("");
});
