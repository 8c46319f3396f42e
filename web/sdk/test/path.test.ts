import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Fault } from "../src/fault.js";
import { Path } from "../src/path.js";

/** The part of a peer connection that Path looks at; real ones are tested in browsers. */
class Peer extends EventTarget {
  connectionState: RTCPeerConnectionState = "new";
  iceConnectionState: RTCIceConnectionState = "checking";
  dtls: { state: RTCDtlsTransportState } | undefined;
  stats: Record<string, unknown>[] = [
    { id: "l", type: "local-candidate", protocol: "udp", candidateType: "host", address: "10.0.0.5", port: 50000 },
    { id: "r", type: "remote-candidate", protocol: "udp", candidateType: "host", address: "192.0.2.1", port: 7000 },
    {
      id: "p",
      type: "candidate-pair",
      localCandidateId: "l",
      remoteCandidateId: "r",
      requestsSent: 9,
      responsesReceived: 0,
    },
  ];
  signalingState = "stable";
  remoteDescription = {
    sdp:
      "v=0\r\na=candidate:1 1 udp 2130706431 192.0.2.1 7000 typ host generation 0\r\n" +
      "a=candidate:1 1 tcp 1671430143 192.0.2.1 7001 typ host tcptype passive\r\n",
  };
  getStats = (): Promise<unknown> => Promise.resolve(new Map(this.stats.map((one) => [one["id"], one])));
  getTransceivers = (): unknown[] => (this.dtls ? [{ sender: { transport: this.dtls }, receiver: {} }] : []);
  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event("connectionstatechange"));
  }
}

let peer: Peer;
let told: Fault[];
let cleared: [string, number][];
let restarts: number;
let checks = 0;
let answer: Promise<void>;
let path: Path;
const replaced = vi.fn<() => void>();
let server: string;

beforeEach(() => {
  vi.useFakeTimers();
  replaced.mockReset();
  server = "https://meet.example.com";
  peer = new Peer();
  told = [];
  cleared = [];
  restarts = 0;
  answer = Promise.resolve();
  path = new Path("publish", {
    restart: () => (restarts++, answer),
    replace: () => (replaced(), Promise.resolve()),
    checkSignaling: () => checks++,
    expects: (sends) => sends,
    fault: (fault) => told.push(fault),
    cleared: ({ id }, forMs) => cleared.push([id, forMs]),
    where: () => ({ meetingId: "m", server }),
  });
  path.watch(peer as unknown as RTCPeerConnection);
});

afterEach(() => {
  path.close();
  vi.useRealTimers();
});

test("a connection that never came up is told once, and tried again for as long as it lives", async () => {
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toMatchObject([
    {
      code: 3101,
      reason: "NO_PATH",
      fatal: false,
      meetingId: "m",
      details: {
        connection: "publish",
        localCandidates: ["udp host"],
        remoteCandidates: ["udp 192.0.2.1:7000 host", "tcp 192.0.2.1:7001 host"],
        pairs: ["udp 10.0.0.5:50000 > 192.0.2.1:7000 (9 checks, 0 answers)"],
        afterMs: 12_000,
      },
    },
  ]);
  expect(restarts).toBeGreaterThan(4);
  const before = restarts;
  path.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(restarts).toBe(before);
});

test.each([
  [
    "the address of signaling does not answer media",
    "http://192.0.2.1:4000",
    undefined,
    "UDP_BLOCKED",
    { address: "192.0.2.1" },
  ],
  [
    "only private addresses, from outside",
    "https://meet.example.com",
    "10.1.2.3",
    "SERVER_PRIVATE_ADDRESS",
    { signaling: "meet.example.com" },
  ],
  ["only private addresses, from inside", "http://10.1.2.9:4000", "10.1.2.3", "NO_PATH", {}],
  ["only private addresses, by a name of the inside", "http://meet.local:4000", "10.1.2.3", "NO_PATH", {}],
])("no path: %s", async (_, at, address, reason, details) => {
  server = at;
  if (address) peer.remoteDescription.sdp = peer.remoteDescription.sdp.replaceAll("192.0.2.1", address);
  await vi.advanceTimersByTimeAsync(13_000);
  expect(told).toMatchObject([{ code: 3101, reason, details }]);
});

test.each([
  ["connecting", "it has not finished within 12000 ms, while STUN passes"],
  [
    "failed",
    "the browser ended it without a reason: a certificate that lacks the fingerprint of the SDP, or a TLS alert",
  ],
] as const)("STUN passes and DTLS is %s: DTLS_FAILED", async (state, problem) => {
  peer.dtls = { state };
  Object.assign(peer.stats[2] ?? {}, { responsesReceived: 3 });
  await vi.advanceTimersByTimeAsync(13_000);
  expect(told).toMatchObject([
    { code: 3101, reason: "DTLS_FAILED", details: { pair: "udp 10.0.0.5:50000 > 192.0.2.1:7000", problem } },
  ]);
});

test("a short interruption is nobody's business", async () => {
  peer.become("connected");
  peer.become("disconnected");
  await vi.advanceTimersByTimeAsync(2_000);
  peer.become("connected");
  await vi.advanceTimersByTimeAsync(60_000);
  expect([restarts, told]).toEqual([0, []]);
});

test("a path that is lost is looked for, then told, and forgotten when found", async () => {
  peer.become("connected");
  await vi.advanceTimersByTimeAsync(5_000);
  peer.become("failed");
  await vi.advanceTimersByTimeAsync(0);
  expect([restarts, told]).toEqual([1, []]);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(told).toMatchObject([
    { code: 3101, reason: "PATH_LOST", details: { connection: "publish", connectedForMs: 5_000, attempts: 3 } },
  ]);
  peer.become("connected");
  const found = restarts;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(restarts).toBe(found);
  peer.become("failed");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toHaveLength(2);
  expect(told[1]?.id).not.toBe(told[0]?.id);
});

test("while a restart waits for signaling there is no second one", async () => {
  let resume = (): void => undefined;
  answer = new Promise((resolve) => (resume = resolve));
  peer.become("connected");
  peer.become("failed");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(restarts).toBe(1);
  answer = Promise.resolve();
  resume();
  await vi.advanceTimersByTimeAsync(12_000);
  expect(restarts).toBeGreaterThan(1);
});

test("a connection whose DTLS handshake failed is replaced, and that is told once", async () => {
  const others: Peer[] = [];
  replaced.mockImplementation(() => {
    const other = new Peer();
    other.iceConnectionState = "connected";
    other.dtls = { state: others.length < 2 ? "failed" : "connected" };
    others.push(other);
    path.watch(other as unknown as RTCPeerConnection);
    other.become(other.dtls.state);
  });
  peer.iceConnectionState = "connected";
  peer.dtls = { state: "failed" };
  peer.become("failed");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(others).toHaveLength(3);
  expect(restarts).toBe(0);
  expect(told).toMatchObject([{ code: 3101, reason: "DTLS_FAILED" }]);
  expect(cleared).toEqual([[told[0]?.id, expect.any(Number)]]);
  others[2]?.become("failed"); // its path is lost: ICE finds another one
  await vi.advanceTimersByTimeAsync(1_000);
  expect([restarts, others.length]).toEqual([1, 3]);
});
