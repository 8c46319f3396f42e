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
  encodings: RTCRtpEncodingParameters[][] = [];
  codecs: string[][] = [];
  stats: Record<string, unknown>[] = [];
  constructor() {
    super();
    Peer.all.push(this);
  }
  addTransceiver = (kind: string, init: RTCRtpTransceiverInit): unknown => {
    const at = this.sent.push(null) - 1;
    this.encodings[at] = init.sendEncodings?.length ? init.sendEncodings : [{}];
    const sender = {
      replaceTrack: (track: MediaStreamTrack | null) => Promise.resolve(void (this.sent[at] = track)),
      getParameters: () => ({ encodings: structuredClone(this.encodings[at]) }),
      setParameters: ({ encodings }: RTCRtpSendParameters) => Promise.resolve(void (this.encodings[at] = encodings)),
      getStats: () => Promise.resolve(new Map(this.stats.map((one, n) => [String(n), one]))),
    };
    const setCodecPreferences = (codecs: RTCRtpCodec[]): void =>
      void (this.codecs[at] = codecs.map(({ mimeType }) => mimeType));
    return { mid: String(at), kind, sender, setCodecPreferences };
  };
  getTransceivers = (): unknown[] => [];
  getStats = (): Promise<unknown> => Promise.resolve(new Map());
  createOffer = (): Promise<unknown> => Promise.resolve({ type: "offer", sdp: "v=0" });
  setLocalDescription = (): Promise<void> => Promise.resolve();
  setRemoteDescription = (description: { sdp: string }): Promise<void> => {
    this.remoteDescription = description;
    // As W3C WebRTC, 4.4.1.5: without simulcast in the answer one encoding is left.
    if (!description.sdp.includes("a=simulcast")) this.encodings = this.encodings.map((all) => all.slice(0, 1));
    return Promise.resolve();
  };
  close = (): void => undefined;
}

describe("with a server that answers", () => {
  const track = { kind: "video", getSettings: () => ({ width: 1280, height: 720 }) } as unknown as MediaStreamTrack;
  const encoding = { maxBitrateBps: 1 };
  let told: Fault[];
  let dropped: string[];
  let answer: (method: string, params: Readonly<Record<string, unknown>>) => Promise<unknown>;
  let publisher: Publisher;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("RTCPeerConnection", Peer);
    const codecs = {
      audio: ["audio/opus", "audio/red", "audio/PCMU"],
      video: ["video/VP8", "video/rtx", "video/VP9", "video/AV1"],
    };
    vi.stubGlobal("RTCRtpSender", {
      getCapabilities: (kind: "audio" | "video") => ({ codecs: codecs[kind].map((mimeType) => ({ mimeType })) }),
    });
    Peer.all = [];
    [told, dropped] = [[], []];
    answer = () => Promise.resolve({ sdp: "v=0", streams: [{ id: "s", kind: "video", codec: "VP8" }] });
    publisher = new Publisher({
      relays: () => [],
      described: (sdp) => sdp,
      checkSignaling: () => undefined,
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

  test("a session that the server loses amid a step of the connection holds up nothing that follows", async () => {
    await publisher.enable("video", track, encoding);
    const [first] = Peer.all;
    first!.createOffer = () => new Promise(() => undefined); // as of a connection that is closed meanwhile
    first!.close = () => void (first!.signalingState = "closed");
    first!.connectionState = "failed";
    first!.dispatchEvent(new Event("connectionstatechange")); // ICE restarts
    await vi.advanceTimersByTimeAsync(5_000);
    publisher.forget();
    publisher.retry();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(Peer.all).toHaveLength(2);
    await publisher.disable("video");
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

  const taken = "v=0\r\na=simulcast:recv l;m;h";
  const accept = (sdp: string): void => {
    answer = () => Promise.resolve({ sdp, streams: [{ id: "s", kind: "video", codec: "VP8" }] });
  };
  const tuned = (): unknown =>
    Peer.all
      .at(-1)
      ?.encodings[1]?.map(({ rid, scaleResolutionDownBy, maxBitrate, active }) => [
        rid,
        scaleResolutionDownBy,
        maxBitrate,
        active,
      ]);

  test("a camera is sent in three sizes with the published rates, and speech with RED first", async () => {
    accept(taken);
    await publisher.enable("video", track, { maxBitrateBps: 1_500_000 });
    expect(tuned()).toEqual([
      ["l", 4, 150_000, true],
      ["m", 2, 400_000, true],
      ["h", 1, 1_500_000, true],
    ]);
    expect(Peer.all[0]?.encodings.map(({ length }) => length)).toEqual([1, 3, 2, 1]);
    expect(Peer.all[0]?.codecs[0]).toEqual(["audio/red", "audio/opus", "audio/PCMU"]);
    expect(told).toEqual([]);
  });

  test("encodings that nobody takes are switched off, and count as no silence", async () => {
    accept(taken);
    await publisher.enable("video", track, { maxBitrateBps: 1_500_000 });
    publisher.encodings("video", [
      { rid: "l", active: true },
      { rid: "m", active: true },
      { rid: "h", active: false },
    ]);
    await vi.advanceTimersByTimeAsync(0);
    expect(tuned()).toMatchObject([{ 3: true }, { 3: true }, { 3: false }]);
    publisher.encodings(
      "video",
      ["l", "m", "h"].map((rid) => ({ rid, active: false })),
    );
    await vi.advanceTimersByTimeAsync(0);
    // The smallest goes on until it is known to arrive: what gives nothing, or does not arrive, is found out by that.
    expect(tuned()).toMatchObject([{ 3: true }, { 3: false }, { 3: false }]);
    const peer = Peer.all[0]!;
    peer.connectionState = "connected";
    const reports = (framesSent: number, timestamp: number): void => {
      peer.stats = [
        { type: "outbound-rtp", packetsSent: framesSent, framesSent },
        { type: "remote-inbound-rtp", timestamp },
      ];
    };
    for (const [framesSent, timestamp] of [
      [3, 1],
      [9, 1],
      [9, 2],
    ] as const) {
      reports(framesSent, timestamp);
      expect(await publisher.sent("video")).toMatchObject({ media: framesSent });
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(tuned()).toMatchObject([{ 3: false }, { 3: false }, { 3: false }]);
    expect(await publisher.sent("video")).toBeUndefined();
  });

  test("the quality of the camera bounds what is sent", async () => {
    accept(taken);
    await publisher.enable("video", track, { maxBitrateBps: 1_500_000 });
    await publisher.setQuality("med");
    expect(tuned()).toMatchObject([{ 3: true }, { 3: true }, { 3: false }]);
    await publisher.setQuality("low");
    expect(tuned()).toMatchObject([{ 3: true }, { 3: false }, { 3: false }]);
    await publisher.setQuality("high");
    expect(tuned()).toMatchObject([{ 3: true }, { 3: true }, { 3: true }]);
  });

  test("an answer without simulcast leaves one encoding of full size; who has insisted is told", async () => {
    accept("v=0");
    await publisher.enable("video", track, { maxBitrateBps: 1_500_000 });
    expect(tuned()).toEqual([["l", 1, 1_500_000, true]]);
    expect(told).toEqual([]);
    await publisher.setQuality("low");
    expect(tuned()).toEqual([["l", 4, 150_000, true]]);
    publisher.forget();
    await publisher.setQuality("high");
    await publisher.enable("video", track, { maxBitrateBps: 1_500_000, multiStream: true });
    expect(told).toMatchObject([{ code: 3046, reason: "SERVER", details: { kind: "video", layers: 3, taken: 1 } }]);
  });

  test("VP9 is sent in layers of one encoding, on a connection of that shape", async () => {
    accept(taken);
    await publisher.enable("video", track, { maxBitrateBps: 1_500_000 });
    await publisher.disable("video");
    await publisher.enable("video", track, { maxBitrateBps: 1_500_000, codec: "VP9" });
    expect(Peer.all).toHaveLength(2);
    expect(Peer.all[1]?.encodings[1]).toMatchObject([{ scalabilityMode: "L3T3_KEY", scaleResolutionDownBy: 1 }]);
    expect(Peer.all[1]?.codecs[1]?.[0]).toBe("video/VP9");
    expect(told).toEqual([]);
    await publisher.disable("video");
    await publisher.enable("video", track, { maxBitrateBps: 1_500_000, codec: "H264" });
    expect(told).toMatchObject([
      { code: 3045, reason: "NOT_ENCODED", details: { codec: "H264", encodes: ["VP8", "VP9", "AV1"] } },
    ]);
  });
});
