import { expect, test } from "vitest";
import { addFeedback } from "../src/feedback.js";

const lines = (...all: string[]): string => all.map((line) => `${line}\r\n`).join("");

const description = (...feedback: string[]) =>
  lines(
    "v=0",
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63",
    "a=rtpmap:111 opus/48000/2",
    ...feedback,
    "a=rtcp-fb:111 transport-cc",
    "a=rtpmap:63 red/48000/2",
    "m=video 9 UDP/TLS/RTP/SAVPF 96",
    "a=rtpmap:96 VP8/90000",
  );

test("Opus of an offer is given NACK, once", () => {
  const asking = description("a=rtcp-fb:111 nack");
  expect(addFeedback(description())).toBe(asking);
  expect(addFeedback(asking)).toBe(asking);
});

test("an answer has it where the offer has it", () => {
  expect(addFeedback(description(), description("a=rtcp-fb:111 nack "))).toBe(description("a=rtcp-fb:111 nack"));
  expect(addFeedback(description(), description("a=rtcp-fb:111 nack pli"))).toBe(description());
  expect(addFeedback(description(), "v=0\r\n")).toBe(description());
});

test("an answer measures the round-trip time of video where the offer can", () => {
  const video = (...feedback: string[]) =>
    lines("v=0", "m=video 9 UDP/TLS/RTP/SAVPF 96 98", "a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 nack pli", ...feedback);
  const answer = video("a=rtcp-fb:96 nack", "a=rtcp-fb:98 nack");
  const measuring = video("a=rtcp-fb:96 nack", "a=rtcp-fb:96 rrtr", "a=rtcp-fb:98 nack", "a=rtcp-fb:98 rrtr");
  expect(addFeedback(answer, measuring)).toBe(measuring);
  expect(addFeedback(measuring, measuring)).toBe(measuring);
  expect(addFeedback(answer, answer)).toBe(answer);
  expect(addFeedback(answer)).toBe(answer);
});
