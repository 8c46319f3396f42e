import { expect, test } from "vitest";
import { readMeetingOptions } from "../src/meetingoptions.js";
import { relaysFor, withProtocol } from "../src/protocols.js";

const udp = "a=candidate:1 1 udp 2130706431 192.0.2.1 7000 typ host\r\n";
const tcp = "a=candidate:2 1 tcp 1671430143 192.0.2.1 7000 typ host tcptype passive\r\n";
const upper = "a=candidate:3 1 UDP 2130706431 2001:db8::1 7000 typ host\r\n";
const sdp = `v=0\r\n${udp}${tcp}${upper}a=end-of-candidates\r\n`;

test("of the server's candidates those stay to which the option lets a client talk", () => {
  expect(withProtocol(sdp, "UDP_OVER_TCP")).toBe(sdp);
  expect(withProtocol(sdp, "UDP_ONLY")).toBe(`v=0\r\n${udp}${upper}a=end-of-candidates\r\n`);
  expect(withProtocol(sdp, "TCP_ONLY")).toBe(`v=0\r\n${tcp}a=end-of-candidates\r\n`);
});

test("and of the relays", () => {
  const servers = [
    { urls: ["turn:r:3478?transport=udp", "turn:r:3478?transport=tcp", "turns:r:443?transport=tcp"], username: "u" },
    { urls: "stun:r:3478" },
  ];
  expect(relaysFor(servers, "UDP_OVER_TCP")).toEqual(servers);
  expect(relaysFor(servers, "UDP_ONLY")).toEqual([
    { urls: ["turn:r:3478?transport=udp"], username: "u" },
    { urls: ["stun:r:3478"] },
  ]);
  expect(relaysFor(servers, "TCP_ONLY")).toEqual([
    { urls: ["turn:r:3478?transport=tcp", "turns:r:443?transport=tcp"], username: "u" },
  ]);
});

test.each(["TCP", "udp_only", "", 1])("another value is refused by name: %s", (value) => {
  let refusal: unknown;
  try {
    readMeetingOptions({ meetingId: "m", preferredProtocol: value as "UDP_ONLY" });
  } catch (failure) {
    refusal = failure;
  }
  expect(refusal).toMatchObject({ code: 3073, reason: "NOT_ALLOWED", details: { parameter: "preferredProtocol" } });
});
