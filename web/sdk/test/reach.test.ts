import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readAddress } from "../src/address.js";
import { faultOfClose } from "../src/close.js";
import { Meeting } from "../src/meeting.js";
import { browser, closeAll, listen, meeting, quick } from "./environment.js";
import { ScriptedServer } from "./server.js";

const page = { protocol: "http:", origin: "http://app.test" };
const securePage = { protocol: "https:", origin: "https://app.test" };

const fetchOf = globalThis.fetch;
const jwt = (claims: Record<string, unknown>): string =>
  ["e30", btoa(JSON.stringify(claims)).replace(/=+$/, ""), "x"].join(".");

describe("the address of the server", () => {
  test.each([
    ["http://h:8080", "ws://h:8080/v1/signal"],
    ["https://h/", "wss://h/v1/signal"],
    ["https://h/prefix/klatch/", "wss://h/prefix/klatch/v1/signal"],
    ["wss://h", "wss://h/v1/signal"],
    ["http://[::1]:3000", "ws://[::1]:3000/v1/signal"],
  ])("%s", (url, want) => expect(readAddress(url, page).signal).toBe(want));

  test.each([
    ["", "it is empty"],
    ["localhost:8080", "it does not begin with http:// or https://"],
    ["http://", "it is not a valid URL"],
    ["ftp://h", "its scheme is ftp"],
    ["http://u:secret@h", "it contains a user name or password"],
    ["http://h/?a=1", "it has a query or fragment"],
    ["http://h/meet/abcd-efgh-ijkl#token=secret", "it has a query or fragment"],
  ])("refuses %s", (url, problem) => {
    expect(() => readAddress(url, page)).toThrow(
      expect.objectContaining({
        code: 3102,
        reason: "BAD_URL",
        retryable: false,
        details: expect.objectContaining({ problem }),
      }),
    );
    expect(() => readAddress(url, page)).toThrow(
      expect.objectContaining({ details: expect.not.objectContaining({ url: expect.stringContaining("secret") }) }),
    );
  });

  test("a secure page reaches only secure servers, and loopback", () => {
    expect(() => readAddress("http://h", securePage)).toThrow(
      expect.objectContaining({ code: 3102, reason: "MIXED_CONTENT" }),
    );
    expect(readAddress("http://localhost:1", securePage).signal).toBe("ws://localhost:1/v1/signal");
    expect(readAddress("http://127.0.0.1:1", securePage).base).toBe("http://127.0.0.1:1");
  });
});

describe("why it cannot be reached", () => {
  let server: ScriptedServer;
  beforeEach(async () => {
    browser();
    server = await ScriptedServer.start();
  });
  afterEach(async () => {
    await closeAll();
    await server.close();
  });

  const refused = (want: Record<string, unknown>, at: ScriptedServer | string = server): Promise<void> =>
    expect(meeting(at).join()).rejects.toMatchObject({ code: 3102, fatal: true, ...want });

  test("a proxy strips the upgrade", async () => {
    server.stripUpgrade();
    await refused({
      reason: "UPGRADE_STRIPPED",
      details: { url: `${server.url.replace("http", "ws")}/v1/signal`, status: 426 },
    });
  });

  const signal = (): string => `${server.url.replace("http", "ws")}/v1/signal`;

  test.each([
    [502, "GATEWAY_DOWN", { status: 502, attempts: 3 }],
    [504, "GATEWAY_DOWN", { status: 504 }],
    [401, "FORBIDDEN", { status: 401 }],
    [403, "FORBIDDEN", { status: 403 }],
    [200, "NOT_KLATCH", { status: 200 }],
  ])("a proxy answers with %i", async (status, reason, details) => {
    server.stripUpgrade();
    server.signal = (response) => response.writeHead(status).end("<html>");
    await refused({ reason, details });
  });

  test("a proxy redirects", async () => {
    const other = await ScriptedServer.start();
    server.stripUpgrade();
    server.signal = (response) => response.writeHead(307, { Location: `${other.url}/v1/signal?next=secret` }).end();
    await refused({
      reason: "REDIRECTED",
      details: { url: signal(), target: `${other.url}/v1/signal`, suggested: other.url },
    });
    await other.close();
  });

  test("a proxy whose answer the page may not read", async () => {
    server.stripUpgrade();
    server.signal = (response) => response.writeHead(502).end("<html>");
    vi.stubGlobal("fetch", (url: string, init: RequestInit) =>
      init.mode === "no-cors" ? fetchOf(url, init) : Promise.reject(new TypeError("Failed to fetch")),
    );
    await refused({
      reason: "ANSWER_HIDDEN",
      details: { url: `${server.url}/v1/signal`, page: "http://app.test", attempts: 3 },
    });
  });

  test("the page's policy forbids it", async () => {
    const { url } = server;
    await server.close();
    const document = new EventTarget();
    vi.stubGlobal("document", document);
    const joining = refused(
      {
        reason: "CSP_BLOCKED",
        retryable: false,
        details: { url: `${url.replace("http", "ws")}/v1/signal`, directive: "connect-src", page: "http://app.test" },
      },
      url,
    );
    document.dispatchEvent(
      Object.assign(new Event("securitypolicyviolation"), {
        disposition: "enforce",
        effectiveDirective: "connect-src",
        blockedURI: `${url.replace("http", "ws")}/v1/signal`,
      }),
    );
    await joining;
    server = await ScriptedServer.start();
  });

  test.each([
    ["", "abcd-efgh-ijkl", "ann", { code: 4002, reason: "EMPTY" }],
    [
      jwt({ permissions: ["allow_join"] }),
      "abcd-efgh-ijkl",
      "ann",
      { code: 4001, reason: "KEY_MISSING", details: { claims: ["permissions"] } },
    ],
    [jwt({ apikey: "" }), "abcd-efgh-ijkl", "ann", { code: 4001, reason: "KEY_EMPTY" }],
    [jwt({ apikey: "k" }), "", "ann", { code: 4003, reason: "EMPTY" }],
    [
      jwt({ apikey: "k" }),
      "abcd-efgh-ijkl",
      "ann \u{1F600}\u3000lee",
      { code: 4004, reason: "WHITESPACE", details: { index: 3, codePoint: "U+0020" } },
    ],
  ])(
    "what cannot be right is refused before the network, in the published words (%#)",
    async (token, meetingId, participantId, want) => {
      const m = new Meeting({ token, serverUrl: server.url, timing: quick, options: { meetingId, participantId } });
      const heard = listen(m);
      await expect(m.join()).rejects.toMatchObject({ ...want, fatal: true });
      expect(heard.filter(([name]) => name === "error").map(([, one]) => one)).toMatchObject([want]);
      expect(server.connections).toHaveLength(0);
    },
  );

  test("another web server", async () => {
    server.stripUpgrade();
    server.signal = (response) => response.writeHead(404).end("<html>");
    server.health((response) => response.writeHead(404).end("<html>"));
    await refused({
      reason: "NOT_KLATCH",
      details: { url: `${server.url.replace("http", "ws")}/v1/signal`, status: 404 },
    });
  });

  test("another JSON service", async () => {
    server.stripUpgrade();
    server.signal = (response) => response.end('{"service":"other"}');
    server.health((response) => response.end('{"service":"other"}'));
    await refused({ reason: "NOT_KLATCH" });
  });

  test("nobody listens", async () => {
    const { url } = server;
    await server.close();
    await refused({ reason: "NO_CONNECTION", retryable: true }, url);
    server = await ScriptedServer.start();
  });

  test("a path where there is none", async () => {
    const url = `${server.url.replace("http", "ws")}/deep/er/v1/signal`;
    await refused({ reason: "WRONG_PATH", details: { url, suggested: server.url } }, `${server.url}/deep/er`);
  });

  test("a server that comes up in time is joined", async () => {
    server.up = false;
    const joining = meeting(server).join();
    setTimeout(() => (server.up = true), 5);
    await joining;
  });

  test("a server that hangs up on join is tried again, then NO_CONNECTION", async () => {
    server.on.set("join", (_, { socket }) => socket.terminate());
    await refused({ reason: "NO_CONNECTION" });
    expect(server.methods()).toEqual(["join", "join", "join"]);
  });

  test("an answer of another protocol is NOT_KLATCH", async () => {
    server.on.set("join", ({ id }, connection) => connection.answer(id, { hello: 1 }));
    const reported = new Promise<Error>((resolve) => process.once("uncaughtException", resolve));
    await refused({ reason: "NOT_KLATCH", details: { url: server.url, status: 101 } });
    expect((await reported).message).toBe("join.state is undefined, not joined or waiting");
  });

  test("without WebRTC join says so", async () => {
    Object.assign(globalThis, { RTCPeerConnection: undefined });
    const m = meeting(server);
    const heard = listen(m);
    await expect(m.join()).rejects.toMatchObject({ code: 3104, reason: "NO_WEBRTC", details: { userAgent: "test" } });
    expect(heard.filter(([name]) => name === "error")).toHaveLength(1);
    await meeting(server, { mode: "SIGNALLING_ONLY" }).join();
  });
});

test.each([
  [4002, "INVALID_TOKEN EXPIRED flt_1", { code: 4002, name: "INVALID_TOKEN", reason: "EXPIRED", id: "flt_1" }],
  [3103, "RECONNECT_FAILED WINDOW_PASSED flt_2", { code: 3103, reason: "WINDOW_PASSED" }],
  [1012, "SERVER_SHUTDOWN STOPPED flt_3", { code: 5102, name: "SERVER_SHUTDOWN", retryable: true }],
  [1012, "", undefined],
  [1006, "", undefined],
  [1000, "", undefined],
])("close %i %s", (code, reason, want) => {
  const fault = faultOfClose(code, reason);
  if (want) expect(fault).toMatchObject(want);
  else expect(fault).toBeUndefined();
});
