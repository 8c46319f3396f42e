import { describe, expect, it } from "vitest";
import type { TimelineFault, TimelineRecord } from "../api/timeline";
import { browserName, clusters, curve, firstAt, goodness, lanesOf, type Mark } from "./lanes";

const t = (s: number): string => new Date(1_795_331_000_000 + s * 1000).toISOString();
const ms = (s: number): number => Date.parse(t(s));

const record: TimelineRecord = {
  sessionId: "ses_1",
  roomId: "room",
  customRoomId: null,
  startedAt: t(0),
  endedAt: null,
  faults: [],
  truncated: false,
  participants: [
    { participantId: "ann", name: "Ann", joinedAt: t(0), leftAt: t(60), reason: "LEFT" },
    { participantId: "bob", name: "", joinedAt: t(5), leftAt: null },
    { participantId: "ann", name: "Ann", joinedAt: t(90), leftAt: null },
  ],
  streams: [
    { participantId: "ann", kind: "video", startedAt: t(1), endedAt: t(60), codec: "VP8" },
    { participantId: "gone", kind: "audio", startedAt: t(1), endedAt: null },
  ],
  jobs: [{ id: "rec_1", kind: "recording", status: "STOPPED", startedAt: t(10), endedAt: t(50) }],
  webhooks: [
    {
      event: "session-started",
      attempts: [
        { at: t(1), status: null },
        { at: t(4), status: 200 },
      ],
    },
  ],
};

const fault = (id: string, participantId: string, at: number, more: Partial<TimelineFault> = {}): TimelineFault => ({
  id,
  participantId,
  at: t(at),
  code: 3101,
  reason: "X",
  detail: "",
  fatal: false,
  ...more,
});

describe("lanesOf", () => {
  const faults = [fault("f2", "ann", 30), fault("f1", "ann", 20, { lasts: true }), fault("f3", "", 200)];
  const { lanes, bounds, live } = lanesOf({ ...record, faults }, ms(120));

  it("puts people in the order in which they came, then egress and webhooks", () =>
    expect(lanes.map((l) => [l.kind, l.name])).toEqual([
      ["meeting", "Meeting"],
      ["participant", "Ann"],
      ["participant", "bob"],
      ["job", "Recording"],
      ["webhooks", "Webhooks"],
    ]));
  it("keeps one lane for who comes back", () =>
    expect(lanes[1]?.bars.map((b) => [b.from, b.to])).toEqual([
      [ms(0), ms(60)],
      [ms(90), Number.POSITIVE_INFINITY],
    ]));
  it("puts faults on the lane of their participant, in order, and conditions with their end", () =>
    expect(lanes[1]?.marks.map((m) => [m.id, m.to])).toEqual([
      ["f1", Number.POSITIVE_INFINITY],
      ["f2", ms(30)],
    ]));
  it("reaches from the first to the last that happened, and to now while it lives", () => {
    expect(bounds).toEqual({ from: ms(0), to: ms(200) });
    expect(live).toBe(true);
  });
  it("counts failed attempts", () => expect(lanes.at(-1)?.note).toBe("1 of 2 attempts failed"));
  it("is fit for a session in which nothing happened", () => {
    const nothing = { ...record, participants: [], streams: [], jobs: [], webhooks: [], endedAt: t(0) };
    const empty = lanesOf(nothing, ms(9));
    expect(empty.lanes).toEqual([]);
    expect(empty.bounds.to).toBeGreaterThan(empty.bounds.from);
  });
});

describe("browserName", () => {
  it.each([
    [
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
      "Chrome 141",
    ],
    ["Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0", "Edge 141"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140"],
    ["Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15", "Safari 18"],
    ["Chrome/141", "Chrome 141"],
    ["", ""],
  ])("%s is %s", (agent, name) => expect(browserName(agent)).toBe(name));
});

describe("clusters", () => {
  const mark = (at: number, fatal = false): Mark => ({
    id: `${at}`,
    at,
    to: at,
    code: 1,
    reason: "",
    detail: "",
    fatal,
  });
  it("joins what lies close together", () => {
    const found = clusters([mark(0), mark(5), mark(9, true), mark(40)], (at) => at, 6);
    expect(found.map((c) => [c.x, c.marks.length, c.fatal])).toEqual([
      [4.5, 3, true],
      [40, 1, false],
    ]);
  });
});

describe("curves", () => {
  const samples = Array.from({ length: 720 }, (_, i) => ({ at: i * 10_000, score: i === 360 ? 0 : 9 }));
  it("have at most a point per pixel and keep the worst", () => {
    const points = curve(samples, { from: 0, to: 7_200_000 }, 100);
    expect(points.length).toBeLessThanOrEqual(101);
    expect(Math.min(...points.map((p) => p.value))).toBe(0);
  });
  it("begin before the range, so that the line comes in from its edge", () => {
    const points = curve(samples, { from: 15_000, to: 45_000 }, 300);
    expect(points[0]?.x).toBeLessThan(0);
    expect(points.at(-1)?.x).toBeGreaterThan(300);
  });
  it("find a moment", () => {
    expect(firstAt(samples, 0)).toBe(0);
    expect(firstAt(samples, 10_001)).toBe(2);
    expect(firstAt(samples, 1e12)).toBe(720);
  });
  it("leave out what was not measured", () => {
    expect(goodness({ at: 0, score: 5 })).toBe(0.5);
    expect(goodness({ at: 0 })).toBeUndefined();
    expect(curve([{ at: 0, score: 5 }, { at: 10 }, { at: 20, score: 10 }], { from: 0, to: 20 }, 20)).toHaveLength(2);
  });
});
