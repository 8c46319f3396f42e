import { expect, test } from "vitest";
import { askAgain } from "../src/nack.js";

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
  expect(askAgain(description())).toBe(asking);
  expect(askAgain(asking)).toBe(asking);
});

test("an answer has it where the offer has it", () => {
  expect(askAgain(description(), description("a=rtcp-fb:111 nack "))).toBe(description("a=rtcp-fb:111 nack"));
  expect(askAgain(description(), description("a=rtcp-fb:111 nack pli"))).toBe(description());
  expect(askAgain(description(), "v=0\r\n")).toBe(description());
});
