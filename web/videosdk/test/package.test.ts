import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const built = existsSync(join(root, "dist/videosdk.js")); // `make web` builds it

test.runIf(built)("the packed package has the module, the script and both declarations", { timeout: 60_000 }, () => {
  const out = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: root, encoding: "utf8" });
  const [packed] = Object.values(JSON.parse(out)) as [{ files: { path: string }[] }];
  expect(packed.files.map(({ path }) => path).toSorted()).toEqual([
    "LICENSE",
    "README.md",
    "dist/klatch.js.map", // of videosdk.js, which is the same script
    "dist/precall.mjs",
    "dist/precall.mjs.map",
    "dist/videosdk.d.mts",
    "dist/videosdk.d.ts",
    "dist/videosdk.js",
    "dist/videosdk.mjs",
    "package.json",
  ]);
});

// An app in a directory of its own, with the packages where npm puts them.
test.runIf(built)("an app imports it, requires it and compiles with it", { timeout: 120_000 }, async () => {
  const app = mkdtempSync(join(tmpdir(), "klatch-app-"));
  try {
    mkdirSync(join(app, "node_modules/@klatch"), { recursive: true });
    symlinkSync(root, join(app, "node_modules/@klatch/videosdk-js"));
    symlinkSync(join(root, "../sdk"), join(app, "node_modules/@klatch/sdk"));
    writeFileSync(
      join(app, "app.mts"),
      `import VideoSDK, { VideoSDK as same, type Meeting } from "@klatch/videosdk-js";
       const meeting: Meeting = VideoSDK.initMeeting({ meetingId: "m" });
       same.config("t");
       void meeting.join();`,
    );
    writeFileSync(
      join(app, "app.cts"),
      `import sdk = require("@klatch/videosdk-js");
       export const meeting: sdk.Meeting = sdk.VideoSDK.initMeeting({ meetingId: "m" });`,
    );
    const tsc = join(root, "../node_modules/typescript/bin/tsc");
    const flags = [
      "--ignoreConfig",
      "--noEmit",
      "--strict",
      "--module",
      "nodenext",
      "--lib",
      "es2023,dom,dom.iterable",
    ];
    execFileSync(process.execPath, [tsc, ...flags, "--typeRoots", app, "app.mts", "app.cts"], {
      cwd: app,
      stdio: "pipe",
    });
    const require = createRequire(join(app, "app.cjs"));
    const required = require("@klatch/videosdk-js") as Record<string, unknown>;
    const imported = (await import(
      pathToFileURL(join(app, "node_modules/@klatch/videosdk-js/dist/videosdk.mjs")).href
    )) as Record<string, unknown>;
    expect(imported["default"]).toBe(imported["VideoSDK"]);
    expect(
      Object.keys(imported)
        .filter((name) => name !== "default")
        .toSorted(),
    ).toEqual(Object.keys(required).toSorted());
  } catch (error) {
    throw new Error(String((error as { stdout?: Buffer }).stdout ?? error), { cause: error });
  } finally {
    rmSync(app, { recursive: true });
  }
});
