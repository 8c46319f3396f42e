import preact from "@preact/preset-vite";
import { defineConfig } from "vitest/config";

// The page is embedded into the server and served under any path prefix with a strict
// Content-Security-Policy, so asset paths are relative and nothing is inlined.
export default defineConfig({
  base: "./",
  plugins: [preact({ devToolsEnabled: false })],
  build: {
    outDir: "../../internal/console/dist/watch",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: "es2022",
    chunkSizeWarningLimit: 400,
  },
  // A busy machine takes longer than the second that is the default.
  test: { environment: "node", include: ["src/**/*.test.ts"], expect: { poll: { timeout: 10_000 } }, testTimeout: 20_000 },
});
