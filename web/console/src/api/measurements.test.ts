import { expect, it } from "vitest";
import { needsDetail, overviewStep, qualityOf } from "./measurements";

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

it("asks for whole measurements, and for fewer points of a long session", () => {
  expect(overviewStep(0)).toBe(10);
  expect(overviewStep(1_200_000)).toBe(10);
  expect(overviewStep(7_200_000)).toBe(60);
  expect(overviewStep(86_400_000)).toBe(720);
});

it("asks for more when a range is shown that the overview has few points of", () => {
  expect(needsDetail(7_200_000, 60)).toBe(false);
  expect(needsDetail(1_800_000, 60)).toBe(true);
  expect(needsDetail(60_000, 10)).toBe(false);
});
