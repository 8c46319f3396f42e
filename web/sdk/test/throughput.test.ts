import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { VideoSDK, VideoSDKError } from "../src/index.js";
import { faults } from "../src/fault.js";
import { browser } from "./environment.js";

vi.setConfig({ testTimeout: 20_000 });

const noNetwork = "Not able to get NetworkStats due to no Network";
const timedOut = "Not able to get NetworkStats due to timeout";

interface Asked {
  readonly method: string;
  readonly url: string;
  /** Those that it asks for or has sent. */
  readonly bytes: number;
  readonly headers: IncomingMessage["headers"];
}
type Answer = (asked: Asked, response: ServerResponse) => void;

let server: Server;
let asked: Asked[];
let answer: Answer;
let warned: string[];

/** Bytes a second of each direction. */
const [down, up] = [4_000_000, 1_000_000];

const measured: Answer = ({ method, bytes }, response) =>
  void setTimeout(
    () => (method === "GET" ? response.end(Buffer.alloc(bytes)) : response.end(JSON.stringify({ bytes }))),
    (bytes / (method === "GET" ? down : up)) * 1_000,
  );

const refused = (response: ServerResponse, status: number, fault: object): void => {
  response.writeHead(status, { "Content-Type": "application/problem+json" });
  response.end(JSON.stringify(fault));
};

const limited = (retryAfterMs: number): object => ({
  ...faults.signalingUnreachableNotKlatch({ url: "u", status: 1 }),
  code: 4106,
  name: "RATE_LIMITED",
  reason: "THROUGHPUT_TRANSFERS",
  details: { of: "on this server", limit: 4 },
  retryAfterMs,
});

beforeEach(async () => {
  browser();
  asked = [];
  warned = [];
  answer = measured;
  vi.spyOn(console, "warn").mockImplementation((...what) => void warned.push(what.join(" ")));
  server = createServer((request, response) => {
    let sent = 0;
    request.on("error", () => undefined);
    request.on("data", (part: Buffer) => (sent += part.length));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const bytes = method === "GET" ? Number(new URL(url, "http://x").searchParams.get("bytes")) : sent;
      const one = { method, url, bytes, headers };
      asked.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  VideoSDK.config("", { serverUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/below` });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  server.closeAllConnections();
  server.close();
});

const rejected = async (timeoutDuration: number): Promise<unknown> =>
  VideoSDK.getNetworkStats({ timeoutDuration }).then(
    (stats) => expect.fail(JSON.stringify(stats)),
    (why: unknown) => why,
  );

test("both directions are measured, in megabytes per second", async () => {
  const { downloadSpeed, uploadSpeed } = await VideoSDK.getNetworkStats({ timeoutDuration: 8_000 });
  expect(downloadSpeed).toBeGreaterThan(0.75 * 4);
  expect(downloadSpeed).toBeLessThan(1.25 * 4);
  expect(uploadSpeed).toBeGreaterThan(0.75);
  expect(uploadSpeed).toBeLessThan(1.25);
  expect(warned).toEqual([]);
  const of = (method: string): number[] => asked.filter((one) => one.method === method).map(({ bytes }) => bytes);
  for (const sizes of [of("GET").slice(2), of("POST")]) {
    expect(sizes[0]).toBe(16_384);
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8_388_608);
  }
  for (const { url, headers } of asked) {
    expect(url).toMatch(/^\/below\/v1\/throughput(\?bytes=\d+)?$/);
    expect([headers.authorization, headers.cookie, headers["content-type"]], "no preflight is needed").toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  }
});

test("timeoutDuration ends it with the published text, and the console has the fault", async () => {
  answer = () => undefined;
  const began = performance.now();
  expect(await rejected(150)).toBe(timedOut);
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(warned).toHaveLength(1);
  expect(warned[0]).toContain(`${timedOut}: 3079 ERROR_OPERATION_TIMED_OUT (NO_ANSWER)`);
  expect(warned[0]).toContain("did not answer getNetworkStats within 150 ms");
  expect(await rejected(0)).toBe(timedOut);
  expect(await rejected(-1)).toBe(timedOut);
});

test("a broken number stands for the default, and a long time is no short one", async () => {
  answer = ({ bytes }, response) => void refused(response, 501, { ...limited(0), code: 4110, details: { bytes } });
  for (const timeoutDuration of [0.5, Number.NaN, 2 ** 40])
    expect(await rejected(timeoutDuration)).toMatchObject({ code: 4110 });
});

test("without a network, and where nothing answers", async () => {
  vi.stubGlobal("navigator", { onLine: false });
  expect(await rejected(5_000)).toBe(noNetwork);
  expect(asked).toEqual([]);
  vi.stubGlobal("navigator", { onLine: true });
  server.close();
  server.closeAllConnections();
  expect(await rejected(5_000)).toBe(noNetwork);
  expect(warned).toHaveLength(2);
  for (const line of warned) expect(line).toMatch(/no Network: 3102 .*\(NO_CONNECTION\).*\/below\/v1\/throughput/);
});

test("a refusal that is over soon is waited for, a longer one is told", async () => {
  let refusals = 2;
  answer = (one, response) => {
    if (one.method === "POST" && refusals-- > 0) refused(response, 503, limited(20));
    else measured(one, response);
  };
  const { uploadSpeed } = await VideoSDK.getNetworkStats({ timeoutDuration: 5_000 });
  expect(uploadSpeed).toBeGreaterThan(0.5);
  answer = (_, response) => refused(response, 429, limited(60_000));
  const fault = await rejected(5_000);
  expect(fault).toBeInstanceOf(VideoSDKError);
  expect(fault).toMatchObject({ code: 4106, reason: "THROUGHPUT_TRANSFERS", retryAfterMs: 60_000 });
  answer = (_, response) => refused(response, 429, limited(20));
  expect(await rejected(5_000)).toMatchObject({ code: 4106 });
  expect(warned).toEqual([]);
});

test("an upload that is refused before it has been sent tells why", async () => {
  let allowed = 1;
  answer = (one, response) => {
    if (one.method === "GET") measured(one, response);
    else if (one.bytes > 16_384) response.socket?.destroy();
    else if (allowed-- > 0) response.end("{}");
    else refused(response, 429, limited(60_000));
  };
  expect(await rejected(5_000)).toMatchObject({ code: 4106 });
});

test.each([
  ["a page for signing in to a Wi-Fi", 200, "NOT_KLATCH"],
  ["a proxy in front of nothing", 502, "GATEWAY_DOWN"],
  ["another server", 404, "NOT_KLATCH"],
])("%s", async (body, status, reason) => {
  answer = (_, response) => void response.writeHead(status).end(body);
  const fault = await rejected(5_000);
  expect(fault).toBeInstanceOf(VideoSDKError);
  expect(fault).toMatchObject({ code: 3102, reason, details: { status } });
});

test("an app that wants nothing in its console gets nothing", async () => {
  VideoSDK.setLogLevel("NONE");
  vi.stubGlobal("navigator", { onLine: false });
  expect(await rejected(5_000)).toBe(noNetwork);
  expect(warned).toEqual([]);
  VideoSDK.setLogLevel("WARN");
  expect(await rejected(5_000)).toBe(noNetwork);
  expect(warned).toHaveLength(1);
});
