import preact from "@preact/preset-vite";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// The pre-call test is a script that the server has beside the SDK, so that this page holds no copy of it.
const served = {
  name: "served",
  apply: "build" as const,
  resolveDynamicImport: (specifier: unknown) =>
    specifier === "./precallrun.js" ? { id: "../../sdk/precall.mjs", external: true } : null,
};

// The page is embedded into the server and served under any path prefix with a strict
// Content-Security-Policy, so asset paths are relative and nothing is inlined.
export default defineConfig({
  base: "./",
  plugins: [preact({ devToolsEnabled: false }), served],
  resolve: {
    alias: {
      "@klatch/sdk": fileURLToPath(new URL("../sdk/src/index.ts", import.meta.url)),
      "@klatch/state": fileURLToPath(new URL("../state/src/index.ts", import.meta.url)),
      "@klatch/ui/styles": fileURLToPath(new URL("../ui/src/styles", import.meta.url)),
      "@klatch/ui": fileURLToPath(new URL("../ui/src/index.ts", import.meta.url)),
    },
  },
  build: {
    outDir: "../../internal/console/dist/meet",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: "es2022",
    chunkSizeWarningLimit: 400,
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
