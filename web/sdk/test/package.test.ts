// @vitest-environment happy-dom
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as Klatch from "../src/index.js";
import { serverOfScript } from "../src/script.js";
import { VERSION } from "../src/version.js";

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Modules whose declarations an app sees: those that index.d.ts imports, and what these import. */
function surface(dir: string): string[] {
  const found = new Set(["index"]);
  for (const name of found) {
    for (const [, imported] of readFileSync(join(dir, `${name}.d.ts`), "utf8").matchAll(/from "\.\/([\w.]+)\.js"/g)) {
      found.add(imported!);
    }
  }
  return [...found].filter((name) => !name.endsWith(".gen")).toSorted();
}

test("the public declarations are those of the golden file", { timeout: 120_000 }, async () => {
  const out = mkdtempSync(join(tmpdir(), "klatch-dts-"));
  try {
    const tsc = join(root, "../node_modules/typescript/bin/tsc");
    execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", out]);
    const text = surface(out)
      .map((name) => `// ${name}.d.ts\n\n${readFileSync(join(out, `${name}.d.ts`), "utf8")}`)
      .join("\n");
    // A change here is a change of the public surface: rewrite with `vitest run -u` and read the difference.
    await expect(text).toMatchFileSnapshot("golden/surface.txt");
    // An app compiles it without skipLibCheck.
    const check = [
      "--noEmit",
      "--strict",
      "--exactOptionalPropertyTypes",
      "--module",
      "esnext",
      "--moduleResolution",
      "bundler",
      "--target",
      "es2022",
      "--lib",
      "es2022,dom,dom.iterable",
      "--typeRoots",
      out,
      join(out, "index.d.ts"),
    ];
    execFileSync(process.execPath, [tsc, "--ignoreConfig", ...check], { encoding: "utf8" });
  } finally {
    rmSync(out, { recursive: true });
  }
});

test("VideoSDKErrors are the 25 published rows", () => {
  const codes = Object.keys(Klatch.VideoSDKErrors).map(Number);
  expect(codes).toHaveLength(25);
  for (const [code, row] of Object.entries(Klatch.VideoSDKErrors)) {
    expect(Object.keys(row)).toEqual(["code", "name", "message"]);
    expect(row.code).toBe(Number(code));
  }
  expect(Klatch.VideoSDKErrors[4002]).toEqual({
    code: 4002,
    name: "INVALID_TOKEN",
    message: "`token` is empty or invalid or might have expired.",
  });
});

test("Errors is the published enumeration, from name to number alone", () => {
  expect(Object.keys(Klatch.Errors)).toHaveLength(159);
  expect(Object.values(Klatch.Errors).every((code) => typeof code === "number")).toBe(true);
  expect(Klatch.Errors.UNAUTHORIZED_PARTCIPANT_ID).toBe(4023); // spelled as published
  const code: Klatch.Errors = Klatch.Errors.ERROR_GET_VIDEO_MEDIA;
  expect(code).toBe(3011);
});

test("the version is the package's", () =>
  expect(VERSION).toBe((JSON.parse(read("package.json")) as { version: string }).version));

test("there are no runtime dependencies", () =>
  expect(JSON.parse(read("package.json"))).not.toHaveProperty("dependencies"));

const embedded = "../../internal/console/dist/sdk";

// Their sizes have budgets in web/budgets.json.
test("the server embeds the script for pages and the module", () => {
  expect(readdirSync(join(root, embedded)).toSorted()).toEqual([
    "klatch-prebuilt.js", // of the workspace prebuilt
    "klatch.js",
    "klatch.mjs",
    "precall.mjs",
  ]);
});

// The script as a page, CommonJS or AMD runs it; the last line makes its `var` the result.
const run = (names: string[], ...values: unknown[]): unknown =>
  new Function(...names, `${read(`${embedded}/klatch.js`)}\nreturn Klatch;`)(...values);

test("the script for pages gives Klatch, and the published globals", () => {
  const scope: Record<string, unknown> = {};
  const exports = run(["globalThis", "exports", "module"], scope, undefined, undefined) as typeof Klatch;
  expect(Object.keys(exports).toSorted()).toEqual(Object.keys(Klatch).toSorted());
  expect(scope["VideoSDK"]).toBe(exports.VideoSDK);
  expect(scope["ZujoSDK"]).toBe(exports.VideoSDK); // its name of long ago, which the published script still sets
  expect(Object.keys(scope).toSorted()).toEqual([
    "CameraDeviceInfo",
    "DeviceInfo",
    "ExternalE2EEKeyProvider",
    "MicrophoneDeviceInfo",
    "PreCallTestError",
    "VideoSDK",
    "ZujoSDK",
  ]);
});

test("the script is a module for CommonJS and AMD, and sets no globals then", () => {
  const scope: Record<string, unknown> = {};
  const module = { exports: {} as Record<string, unknown> };
  const exports = run(["globalThis", "exports", "module"], scope, module.exports, module);
  expect(module.exports).toBe(exports);
  let defined: unknown;
  const define = Object.assign((_: unknown, make: () => unknown) => (defined = make()), { amd: {} });
  const other = run(["globalThis", "exports", "module", "define"], scope, undefined, undefined, define);
  expect(defined).toBe(other);
  expect(scope).toEqual({});
});

test("the server of a script is the one that served it", () => {
  for (const [src, want] of [
    ["https://meet.example/sdk/videosdk.js", "https://meet.example"],
    ["https://meet.example/sdk/klatch.js?v=3", "https://meet.example"],
    ["https://example.com:8443/behind/a/proxy/sdk/videosdk.js", "https://example.com:8443/behind/a/proxy"],
    ["https://meet.example/js-sdk/1.1.1/videosdk.js", "https://meet.example"],
    ["https://cdn.example/npm/@klatch/videosdk-js@0.1.0/dist/videosdk.js", undefined],
    ["https://app.example/assets/videosdk.js", undefined],
    ["file:///home/ann/sdk/videosdk.js", undefined],
    ["", undefined],
  ] as const) {
    expect(serverOfScript(src), src).toBe(want);
  }
});

test("initMeeting judges its options where they are written", () => {
  const { VideoSDK } = Klatch;
  const of = (options: unknown) => (): unknown => VideoSDK.initMeeting(options as Klatch.MeetingOptions);
  expect(of(undefined)).toThrow(
    expect.objectContaining({
      code: 3073,
      reason: "MISSING",
      details: { method: "initMeeting", parameter: "options" },
    }),
  );
  expect(of({})).toThrow(expect.objectContaining({ code: 4003, reason: "EMPTY", param: "meetingId" }));
  expect(of({ meetingId: 7 })).toThrow(
    expect.objectContaining({
      reason: "WRONG_TYPE",
      details: { method: "initMeeting", parameter: "meetingId", got: "number", want: "string" },
    }),
  );
  expect(of({ meetingId: "m", metaData: [] })).toThrow(expect.objectContaining({ reason: "WRONG_TYPE" }));
  expect(of({ meetingId: "m", micEnabled: "false" })).toThrow(
    expect.objectContaining({ reason: "WRONG_TYPE", details: expect.objectContaining({ parameter: "micEnabled" }) }),
  );
  const circle: Record<string, unknown> = {};
  circle["itself"] = circle;
  expect(of({ meetingId: "m", metaData: circle })).toThrow(
    expect.objectContaining({
      reason: "NOT_JSON",
      details: expect.objectContaining({ parameter: "metaData", problem: expect.stringContaining("circular") }),
    }),
  );
  const config = (given: unknown) => (): unknown => VideoSDK.config(given as string);
  expect(config(undefined)).toThrow(expect.objectContaining({ code: 4002, reason: "EMPTY", param: "token" }));
  expect(config(null)).toThrow(expect.objectContaining({ code: 4002, reason: "EMPTY" }));
  expect(config({ token: "x" })).toThrow(
    expect.objectContaining({ code: 3073, reason: "WRONG_TYPE", details: expect.objectContaining({ got: "object" }) }),
  );
  const meeting = VideoSDK.initMeeting({ meetingId: "m", name: "Ann", mode: "VIEWER" });
  expect([meeting.id, meeting.localParticipant.displayName, meeting.localParticipant.mode]).toEqual([
    "m",
    "Ann",
    "VIEWER", // as the app calls it
  ]);
});

test("a fault narrows on its code", () => {
  expect.assertions(2);
  const seen: string[] = [];
  const meeting = Klatch.VideoSDK.initMeeting({ meetingId: "m" });
  meeting.on("error", (fault) => {
    // Compiles only because the union narrows.
    if (fault.code === 3102 && fault.reason === "BAD_URL") seen.push(fault.details.problem);
  });
  return meeting.join().catch((fault: unknown) => {
    expect(fault).toBeInstanceOf(Klatch.VideoSDKError);
    expect(JSON.parse(JSON.stringify(fault))).toMatchObject({
      code: (fault as Klatch.VideoSDKError).code,
      message: expect.any(String),
      id: expect.stringMatching(/^flt_[0-9A-HJKMNP-TV-Z]{26}$/),
    });
  });
});

test("a script in the lock file comes from no particular host", () => {
  expect(readFileSync(join(root, "../package-lock.json"), "utf8")).not.toMatch(/"resolved": "http/);
});
