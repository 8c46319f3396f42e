import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { probe } from "./probe";

let server: Server;
let answer: { status: number; body: string };
const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hls/x/index.m3u8`;
const never = new AbortController().signal;

beforeEach(async () => {
  server = createServer((_, response) => response.writeHead(answer.status).end(answer.body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const head = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n";
const fault = {
  code: 4106,
  name: "RATE_LIMIT_EXCEEDED",
  reason: "MESSAGES",
  detail: "Too many.",
  remedy: "Wait.",
  id: "flt_1",
};

it.each([
  ["something to play", 200, `${head}#EXTINF:2,\nseg00000.m4s\n`, { kind: "ready", ended: false }],
  ["a recording", 200, `${head}#EXTINF:2,\r\nseg00000.m4s\r\n#EXT-X-ENDLIST\r\n`, { kind: "ready", ended: true }],
  ["nothing yet", 200, head, { kind: "absent" }],
  ["not there", 404, "", { kind: "absent" }],
  ["a proxy whose server is gone", 502, "<html>", { kind: "unreachable" }],
  [
    "no playlist",
    200,
    "<!doctype html>",
    { kind: "refused", problem: { technical: "no playlist at /hls/x/index.m3u8" } },
  ],
  [
    "a fault",
    429,
    JSON.stringify(fault),
    {
      kind: "refused",
      problem: { technical: "4106 RATE_LIMIT_EXCEEDED MESSAGES flt_1: Too many. Wait." },
    },
  ],
  ["a refusal without words", 403, "no", { kind: "refused", problem: { technical: "HTTP 403" } }],
])("%s", async (_, status, body, want) => {
  answer = { status, body };
  expect(await probe(url(), never)).toMatchObject(want);
});

it("a server that is gone", async () => {
  const gone = url();
  await new Promise((resolve) => server.close(resolve));
  expect(await probe(gone, never)).toEqual({ kind: "unreachable" });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

it("gives up when asked to", async () => {
  await expect(probe(url(), AbortSignal.abort())).rejects.toThrow();
});
