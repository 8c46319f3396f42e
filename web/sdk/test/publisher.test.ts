import { expect, test } from "vitest";
import { startFast } from "../src/publisher.js";

const lines = (...all: string[]): string => all.map((line) => `${line}\r\n`).join("");

test("video codecs of an answer start fast; audio, rtx and what is there already stay", () => {
  const answer = lines(
    "v=0", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10",
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102", "a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 nack", "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96",
    "a=rtpmap:102 H264/90000", "a=fmtp:102 packetization-mode=1",
  );
  const start = "x-google-start-bitrate=1000";
  expect(startFast(answer)).toBe(
    lines(
      "v=0", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10",
      "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102", "a=rtpmap:96 VP8/90000", `a=fmtp:96 ${start}`, "a=rtcp-fb:96 nack", "a=rtpmap:97 rtx/90000",
      "a=fmtp:97 apt=96", "a=rtpmap:102 H264/90000", `a=fmtp:102 ${start};packetization-mode=1`,
    ),
  );
  expect(startFast(startFast(answer))).toBe(startFast(answer));
});
