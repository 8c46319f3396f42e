// @vitest-environment happy-dom
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as Klatch from "../src/index.js";
import { VERSION } from "../src/version.js";

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Modules whose declarations an app sees. */
const surface = ["index", "videosdk", "meeting", "participant", "stream", "pubsub", "store", "emitter", "fault", "types"];

test("the public declarations are those of the golden file", { timeout: 120_000 }, async () => {
  const out = mkdtempSync(join(tmpdir(), "klatch-dts-"));
  try {
    const tsc = join(root, "../node_modules/typescript/bin/tsc");
    execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", out]);
    const text = surface
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
    // Nothing public leans on an internal module.
    const imported = new Set([...text.matchAll(/from "\.\/([\w.]+)\.js"/g)].map(([, name]) => name));
    expect([...imported].filter((name) => !surface.includes(name ?? "")).toSorted()).toEqual([
      "codes.gen",
      "faults.gen",
    ]);
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

test("the version is the package's", () =>
  expect(VERSION).toBe((JSON.parse(read("package.json")) as { version: string }).version));

test("the package has the declarations of the surface", () => {
  const { files } = JSON.parse(read("package.json")) as { files: string[] };
  expect(
    files
      .at(-1)
      ?.replace(/.*\{|\}.*/g, "")
      .split(",")
      .toSorted(),
  ).toEqual([...surface, "codes.gen", "faults.gen"].toSorted());
});

test("there are no runtime dependencies", () =>
  expect(JSON.parse(read("package.json"))).not.toHaveProperty("dependencies"));

const embedded = "../../internal/console/dist/sdk";

// Their sizes have budgets in web/budgets.json.
test("the server embeds the script for pages and the module", () => {
  expect(readdirSync(join(root, embedded)).toSorted()).toEqual(["klatch.js", "klatch.mjs"]);
});

test("the script for pages gives VideoSDK and Klatch", () => {
  const scope: Record<string, unknown> = {};
  new Function("globalThis", "navigator", read(`${embedded}/klatch.js`))(scope, {});
  expect(Object.keys(scope["Klatch"] as object).toSorted()).toEqual(Object.keys(Klatch).toSorted());
  expect(scope["VideoSDK"]).toBe((scope["Klatch"] as typeof Klatch).VideoSDK);
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
  expect(of({})).toThrow(
    expect.objectContaining({
      code: 3073,
      reason: "MISSING",
      details: { method: "initMeeting", parameter: "meetingId" },
    }),
  );
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
  expect(() => VideoSDK.config(undefined as unknown as string)).toThrow(Klatch.VideoSDKError);
  const meeting = VideoSDK.initMeeting({ meetingId: "m", name: "Ann", mode: "VIEWER" });
  expect([meeting.id, meeting.localParticipant.displayName, meeting.localParticipant.mode]).toEqual([
    "m",
    "Ann",
    "SIGNALLING_ONLY",
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
