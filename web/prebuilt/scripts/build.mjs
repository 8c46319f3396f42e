// Builds the script that other pages load, klatch-prebuilt.js, which sets window.VideoSDKMeeting, and dist/ for npm: a
// module that leaves @klatch/sdk to the app, so that there is one copy of it, with its declarations.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const here = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(here, "dist");

await build({
  root: here,
  configFile: false,
  logLevel: "warn",
  resolve: { alias: { "@klatch/sdk": resolve(here, "../sdk/src/index.ts") } },
  build: {
    target: "es2022",
    outDir: resolve(here, "../../internal/console/dist/sdk"),
    emptyOutDir: false,
    minify: "oxc",
    lib: {
      entry: resolve(here, "src/global.ts"),
      formats: ["iife"],
      fileName: () => "klatch-prebuilt.js",
      name: "KlatchPrebuilt",
    },
  },
});

await rm(dist, { recursive: true, force: true });
await build({
  root: here,
  configFile: false,
  logLevel: "warn",
  build: {
    target: "es2022",
    outDir: dist,
    sourcemap: true,
    lib: { entry: join(here, "src/npm.ts"), formats: ["es"], fileName: () => "prebuilt.mjs" },
    rolldownOptions: { external: ["@klatch/sdk"] },
  },
});
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
execFileSync(process.execPath, [tsc, "-p", join(here, "tsconfig.build.json")], { stdio: "inherit" });
const { files } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const modules = files
  .at(-1)
  .replace(/.*\{|\}.*/g, "")
  .split(",");
for (const name of modules) await copyFile(join(dist, `all/${name}.d.ts`), join(dist, `${name}.d.ts`));
await rm(join(dist, "all"), { recursive: true });
await copyFile(resolve(here, "../../LICENSE"), join(here, "LICENSE"));
