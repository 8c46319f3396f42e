// Builds the script that other pages load: klatch-prebuilt.js, which sets window.VideoSDKMeeting.

import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const here = resolve(dirname(fileURLToPath(import.meta.url)), "..");

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
