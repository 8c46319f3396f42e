import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readAddress } from "../src/address.js";
import { faultOfClose } from "../src/close.js";
import { browser, closeAll, listen, meeting } from "./environment.js";
import { ScriptedServer } from "./server.js";

const page = { protocol: "http:", origin: "http://app.test" };
const securePage = { protocol: "https:", origin: "https://app.test" };

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
    expect(() => readAddress(url, page)).toThrow(expect.objectContaining({ code: 3102, reason: "BAD_URL", retryable: false, details: expect.objectContaining({ problem }) }));
    expect(() => readAddress(url, page)).toThrow(expect.objectContaining({ details: expect.not.objectContaining({ url: expect.stringContaining("secret") }) }));
  });

  test("a secure page reaches only secure servers, and loopback", () => {
    expect(() => readAddress("http://h", securePage)).toThrow(expect.objectContaining({ code: 3102, reason: "MIXED_CONTENT" }));
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
    await refused({ reason: "UPGRADE_STRIPPED", details: { url: `${server.url.replace("http", "ws")}/v1/signal`, status: 200 } });
  });

  test("another web server", async () => {
    server.stripUpgrade();
    server.health((response) => response.writeHead(404).end("<html>"));
    await refused({ reason: "NOT_KLATCH", details: { url: `${server.url.replace("http", "ws")}/v1/signal`, status: 404 } });
  });

  test("another JSON service", async () => {
    server.stripUpgrade();
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
    await refused({ reason: "NOT_KLATCH", details: { url: `${server.url.replace("http", "ws")}/deep/v1/signal`, status: 404 } }, `${server.url}/deep`);
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
