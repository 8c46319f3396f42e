// Builds the React package for npm: dist/react.mjs and the declarations of its public modules. React and the SDK stay
// imports of the app's own; what is known of a meeting (@klatch/state) is built in.

import { execFileSync } from "node:child_process";
import { copyFile, rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const here = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(here, "dist");

await rm(dist, { recursive: true, force: true });
await build({
  root: here,
  configFile: false,
  logLevel: "warn",
  resolve: { alias: { "@klatch/state": resolve(here, "../state/src/index.ts") } },
  build: {
    target: "es2022",
    outDir: dist,
    sourcemap: true,
    lib: { entry: join(here, "src/index.ts"), formats: ["es"], fileName: () => "react.mjs" },
    rolldownOptions: {
      external: [/^react($|\/)/, "@klatch/sdk"],
      // Hooks run in the browser: a framework with server components is told so.
      output: { banner: '"use client";' },
    },
  },
});

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
execFileSync(process.execPath, [tsc, "-p", join(here, "tsconfig.build.json")], { stdio: "inherit" });
const { files } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const modules = files
  .at(-1)
  .replace(/.*\{|\}.*/g, "")
  .split(",");
for (const name of modules) await copyFile(join(dist, `all/react/src/${name}.d.ts`), join(dist, `${name}.d.ts`));
await rm(join(dist, "all"), { recursive: true });
await copyFile(resolve(here, "../../LICENSE"), join(here, "LICENSE")); // npm packs it
