import { expect, it } from "vitest";
import { qualityOf } from "./measurements";

it("takes the worse of sound and picture, and leaves out what was not measured", () => {
  const time = "2026-11-26T13:03:20.000Z";
  const stats = [
    { time, qualityScore: { audio: 9, video: 4 }, averageAudioRtt: 40, averageVideoRtt: 90 },
    { time, qualityScore: {} },
  ];
  const found = qualityOf({ step: 10, participants: [{ participantId: "ann", stats }] });
  expect(found.get("ann")).toEqual([{ at: Date.parse(time), score: 4, rttMs: 90 }, { at: Date.parse(time) }]);
  expect(qualityOf({ step: 10 }).size).toBe(0);
});
