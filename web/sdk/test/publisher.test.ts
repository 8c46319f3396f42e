import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Fault, faults, VideoSDKError } from "../src/fault.js";
import { Publisher, startFast } from "../src/publisher.js";

const lines = (...all: string[]): string => all.map((line) => `${line}\r\n`).join("");

test("video codecs of an answer start fast; audio, rtx and what is there already stay", () => {
  const answer = lines(
    "v=0",
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
    "a=rtpmap:111 opus/48000/2",
    "a=fmtp:111 minptime=10",
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102",
    "a=rtpmap:96 VP8/90000",
    "a=rtcp-fb:96 nack",
    "a=rtpmap:97 rtx/90000",
    "a=fmtp:97 apt=96",
    "a=rtpmap:102 H264/90000",
    "a=fmtp:102 packetization-mode=1",
  );
  const start = "x-google-start-bitrate=1000";
  expect(startFast(answer)).toBe(
    lines(
      "v=0",
      "m=audio 9 UDP/TLS/RTP/SAVPF 111",
      "a=rtpmap:111 opus/48000/2",
      "a=fmtp:111 minptime=10",
      "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102",
      "a=rtpmap:96 VP8/90000",
      `a=fmtp:96 ${start}`,
      "a=rtcp-fb:96 nack",
      "a=rtpmap:97 rtx/90000",
      "a=fmtp:97 apt=96",
      "a=rtpmap:102 H264/90000",
      `a=fmtp:102 ${start};packetization-mode=1`,
    ),
  );
  expect(startFast(startFast(answer))).toBe(startFast(answer));
});

/** The part of a peer connection that Publisher uses; real ones are tested in browsers. */
class Peer extends EventTarget {
  static all: Peer[] = [];
  connectionState = "new";
  iceConnectionState = "new";
  signalingState = "stable";
  remoteDescription: unknown = null;
  sent: (MediaStreamTrack | null)[] = [];
  constructor() {
    super();
    Peer.all.push(this);
  }
  addTransceiver = (kind: string): unknown => {
    const at = this.sent.push(null) - 1;
    const sender = {
      replaceTrack: (track: MediaStreamTrack | null) => Promise.resolve(void (this.sent[at] = track)),
      getParameters: () => ({ encodings: [] }),
      setParameters: () => Promise.resolve(),
    };
    return { mid: String(at), kind, sender };
  };
  getTransceivers = (): unknown[] => [];
  getStats = (): Promise<unknown> => Promise.resolve(new Map());
  createOffer = (): Promise<unknown> => Promise.resolve({ type: "offer", sdp: "v=0" });
  setLocalDescription = (): Promise<void> => Promise.resolve();
  setRemoteDescription = (description: unknown): Promise<void> =>
    Promise.resolve(void (this.remoteDescription = description));
  close = (): void => undefined;
}

describe("with a server that answers", () => {
  const track = { kind: "video" } as MediaStreamTrack;
  const encoding = { maxBitrateBps: 1 };
  let told: Fault[];
  let dropped: string[];
  let answer: (method: string, params: Readonly<Record<string, unknown>>) => Promise<unknown>;
  let publisher: Publisher;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("RTCPeerConnection", Peer);
    Peer.all = [];
    [told, dropped] = [[], []];
    answer = () => Promise.resolve({ sdp: "v=0", streams: [{ id: "s", kind: "video", codec: "VP8" }] });
    publisher = new Publisher({
      iceServers: () => [],
      request: (method, params) => answer(method, params),
      fault: (one) => told.push(one),
      where: () => ({}),
      cleared: () => undefined,
      dropped: (kind) => dropped.push(kind),
    });
  });
  afterEach(() => {
    publisher.close();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test("a refused publish looks for no path afterwards", async () => {
    answer = () =>
      Promise.reject(new VideoSDKError(faults.operationTimedOutNoAnswer({ method: "publish", timeoutMs: 1 })));
    await expect(publisher.enable("video", track, encoding)).rejects.toMatchObject({ code: 3079 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual([]);
  });

  test("one that was accepted does", async () => {
    await publisher.enable("video", track, encoding);
    await vi.advanceTimersByTimeAsync(13_000);
    expect(told).toMatchObject([{ code: 3101 }]);
  });

  test("what was on is sent again on another connection after the server has lost the session", async () => {
    const published: unknown[] = [];
    const accept = answer;
    answer = (method, params) => (published.push([method, params["streams"]]), accept(method, params));
    await publisher.enable("video", track, encoding);
    publisher.forget();
    answer = () =>
      Promise.reject(new VideoSDKError(faults.meetingReconnectingReconnecting({ method: "publish", awayMs: 1 })));
    publisher.retry();
    await vi.advanceTimersByTimeAsync(0); // cut again: the next way back does it
    expect([told, dropped]).toEqual([[], []]);
    answer = (method, params) => (published.push([method, params["streams"]]), accept(method, params));
    publisher.retry();
    await vi.advanceTimersByTimeAsync(0);
    expect(published).toHaveLength(2);
    expect(published[1]).toEqual(published[0]);
    expect(Peer.all).toHaveLength(3);
    expect(Peer.all[2]?.sent).toEqual([null, track, null, null]);
    publisher.forget();
    await publisher.disable("video"); // asks nobody
    publisher.retry();
    await vi.advanceTimersByTimeAsync(0);
    expect(Peer.all).toHaveLength(3);
  });
});
