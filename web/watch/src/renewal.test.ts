import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Renewal } from "./renewal";

let server: Server;
let given = 0;
const asked: string[] = [];
const signature = (n: number, seconds: number): string =>
  `${Math.floor(Date.now() / 1000) + seconds}.${1_800_000_000 + n}.${"s".repeat(43)}`;

beforeEach(async () => {
  given = 0;
  asked.length = 0;
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response
      .writeHead(200, { "Content-Type": "application/json" })
      .end(JSON.stringify({ signature: signature(++given, 2) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

it("takes the next signature in time, and plays by it", async () => {
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hls/${signature(0, 2)}/id/`;
  const renewal = new Renewal({
    id: "id",
    full: `${base}index.m3u8`,
    live: `${base}live.m3u8`,
    renewal: `${base}link`,
  });
  const life = new AbortController();
  const running = renewal.run(life.signal);
  await vi.waitFor(() => expect(renewal.place.live).toContain(`.${1_800_000_002}.`), { timeout: 5_000 });
  life.abort();
  await running;
  expect(asked[1]).toContain(`.${1_800_000_001}.`);
  expect(renewal.fresh(`${base}seg00001.m4s?x=1`)).toBe(renewal.place.live.replace("live.m3u8", "seg00001.m4s?x=1"));
});

it("leaves addresses without a signature alone", async () => {
  const renewal = new Renewal({
    id: "id",
    full: "https://a.example/hls/id/index.m3u8",
    live: "https://a.example/hls/id/live.m3u8",
  });
  await renewal.run(new AbortController().signal);
  expect(renewal.fresh("https://a.example/hls/id/seg00001.m4s")).toBe("https://a.example/hls/id/seg00001.m4s");
});
