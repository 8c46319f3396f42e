import preact from "@preact/preset-vite";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// The page is embedded into the server and served under any path prefix with a strict
// Content-Security-Policy, so asset paths are relative and nothing is inlined.
export default defineConfig({
  base: "./",
  plugins: [preact({ devToolsEnabled: false })],
  resolve: {
    alias: {
      "@klatch/ui/styles": fileURLToPath(new URL("../ui/src/styles", import.meta.url)),
      "@klatch/ui": fileURLToPath(new URL("../ui/src/index.ts", import.meta.url)),
    },
  },
  build: {
    outDir: "../../internal/console/dist/test",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: "es2022",
  },
});
