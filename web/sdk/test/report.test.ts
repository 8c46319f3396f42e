import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { categoryOf } from "../src/devicecategory.js";
import { faults, VideoSDKError } from "../src/fault.js";
import { Report, type ReportOwner } from "../src/report.js";

type Fields = Record<string, string | number | boolean>;

const reportOf = (...stats: Fields[]): Promise<RTCStatsReport> =>
  Promise.resolve(new Map(stats.map((one) => [one["id"], one])) as unknown as RTCStatsReport);

interface World {
  readonly owner: ReportOwner;
  readonly sent: Record<string, unknown>[];
  readonly problems: string[];
  readonly refusals: VideoSDKError[];
}

function world(change: Partial<ReportOwner> = {}): World {
  const sent: Record<string, unknown>[] = [];
  const problems: string[] = [];
  const refusals: VideoSDKError[] = [];
  const owner: ReportOwner = {
    sent: () => undefined,
    received: () => undefined,
    participants: () => [],
    local: { micOn: true, webcamOn: false },
    device: () => ({ label: "Ann's Logitech USB Headset (046d:0a44)" }),
    isConnected: () => true,
    send: (report) => Promise.resolve(void sent.push({ ...report })),
    failed: (problem) => problems.push(problem),
    refused: (fault) => refusals.push(fault),
    ...change,
  };
  return { owner, sent, problems, refusals };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", {});
});
afterEach(() => void vi.useRealTimers());

test("counts are those since the last report", async () => {
  let rounds = 0;
  const { owner, sent } = world({
    sent: (kind) => {
      if (kind !== "video") return undefined;
      rounds++;
      return reportOf(
        {
          id: "o1",
          type: "outbound-rtp",
          bytesSent: 125_000 * rounds,
          packetsSent: 100 * rounds,
          frameWidth: 640,
          frameHeight: 360,
          framesPerSecond: 30,
          qualityLimitationReason: "cpu",
        },
        {
          id: "o2",
          type: "outbound-rtp",
          bytesSent: 12_500 * rounds,
          packetsSent: 10 * rounds,
          frameWidth: 320,
          frameHeight: 180,
        },
        { id: "r1", type: "remote-inbound-rtp", packetsLost: 7 * rounds, jitter: 0.0123, roundTripTime: 0.05 },
        {
          id: "p",
          type: "candidate-pair",
          nominated: true,
          state: "succeeded",
          localCandidateId: "l",
          currentRoundTripTime: 0.04,
          availableOutgoingBitrate: 2e6,
        },
        {
          id: "l",
          type: "local-candidate",
          candidateType: "relay",
          protocol: "udp",
          relayProtocol: "tls",
          address: "192.0.2.1",
        },
      );
    },
  });
  const report = new Report(1_000, owner);
  await vi.advanceTimersByTimeAsync(2_000);
  report.close();
  expect(sent).toHaveLength(2);
  expect(sent[1]).toEqual({
    durationMs: 1_000,
    streams: [
      {
        direction: "send",
        kind: "video",
        streams: 1,
        bitrateBps: 1_100_000,
        packets: 110,
        packetsLost: 7,
        jitterMs: 12.3,
        rttMs: 50,
        width: 640,
        height: 360,
        framesPerSecond: 30,
        limitation: "cpu",
      },
    ],
    path: { network: "unknown", candidate: "relay", protocol: "tls", rttMs: 40, availableBps: 2_000_000 },
    microphone: "headset",
  });
  expect(JSON.stringify(sent)).not.toMatch(/192\.0|Ann/);
});

test("what is received is one entry for each kind", async () => {
  const track = (id: string, kind: "video" | "share") => ({ kind, track: { id } as MediaStreamTrack });
  const { owner, sent } = world({
    participants: () => [
      {
        streams: new Map([
          ["a", track("t1", "video")],
          ["b", track("t2", "share")],
        ]),
      },
    ],
    received: () =>
      reportOf(
        {
          id: "1",
          type: "inbound-rtp",
          kind: "video",
          trackIdentifier: "t1",
          packetsReceived: 10,
          bytesReceived: 1_000,
          freezeCount: 2,
          totalFreezesDuration: 0.5,
          frameWidth: 64,
          frameHeight: 36,
        },
        {
          id: "2",
          type: "inbound-rtp",
          kind: "video",
          trackIdentifier: "t2",
          packetsReceived: 20,
          packetsLost: 1,
          bytesReceived: 2_000,
        },
        {
          id: "3",
          type: "inbound-rtp",
          kind: "audio",
          trackIdentifier: "t3",
          packetsReceived: 30,
          concealedSamples: 150,
          silentConcealedSamples: 50,
          totalSamplesReceived: 1_000,
        },
        { id: "4", type: "inbound-rtp", kind: "audio", trackIdentifier: "t4", packetsReceived: 0 },
      ),
  });
  const report = new Report(1_000, owner);
  await vi.advanceTimersByTimeAsync(1_000);
  report.close();
  expect(sent[0]?.["streams"]).toEqual([
    {
      direction: "recv",
      kind: "video",
      streams: 1,
      bitrateBps: 8_000,
      packets: 10,
      packetsLost: 0,
      freezes: 2,
      frozenMs: 500,
      width: 64,
      height: 36,
      framesPerSecond: 0,
    },
    { direction: "recv", kind: "share", streams: 1, bitrateBps: 16_000, packets: 20, packetsLost: 1 },
    { direction: "recv", kind: "audio", streams: 1, bitrateBps: 0, packets: 30, packetsLost: 0, concealed: 0.1 },
  ]);
});

test("a browser that measures nothing is told once", async () => {
  const received = vi.fn(() => Promise.reject<RTCStatsReport>(new Error("blocked by policy")));
  const { owner, sent, problems } = world({ received });
  const report = new Report(1_000, owner);
  await vi.advanceTimersByTimeAsync(10_000);
  report.close();
  expect(problems).toEqual(["Error: blocked by policy"]);
  expect(received).toHaveBeenCalledTimes(2);
  expect(sent).toEqual([]);
});

test("a report that is refused is told once; one that is lost is not", async () => {
  const at = { meetingId: "", sessionId: "", participantId: "" };
  const fault = faults.invalidParameterNotAllowed({ method: "m", parameter: "p", got: "", allowed: [] }, at);
  const refusal = new VideoSDKError(fault);
  const answers = [new VideoSDKError({ ...fault, retryable: true }), undefined, refusal, refusal];
  let packetsReceived = 0;
  const received = () => reportOf({ id: "1", type: "inbound-rtp", kind: "audio", packetsReceived: ++packetsReceived });
  const { owner, refusals } = world({
    received,
    send: () => {
      const next = answers.shift();
      return next ? Promise.reject(next) : Promise.resolve();
    },
  });
  const report = new Report(1_000, owner);
  await vi.advanceTimersByTimeAsync(10_000);
  report.close();
  expect(refusals).toEqual([refusal]);
  expect(answers).toHaveLength(1);
});

test.each([
  ["OBS Virtual Camera", "virtual"],
  ["AirPods von Ann", "bluetooth"],
  ["HD Webcam (046d:0825)", "usb"],
  ["FaceTime HD Camera", "built-in"],
  ["camera2 1, facing front", "phone"],
  ["", "unknown"],
])("the device %s is %s", (label, category) => expect(categoryOf(label)).toBe(category));
