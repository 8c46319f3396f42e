import preact from "@preact/preset-vite";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// The pre-call test is a script that the server has beside the SDK, so that no page holds a copy of it.
const served = {
  name: "served",
  apply: "build" as const,
  resolveDynamicImport: (specifier: unknown) =>
    specifier === "./precallrun.js" ? { id: "../../sdk/precall.mjs", external: true } : null,
};

const from = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Returns how a page is built and tested. It is embedded into the server and served under any path prefix with a strict
 * Content-Security-Policy, so asset paths are relative and nothing is inlined.
 */
export function page(name: string) {
  return defineConfig({
    base: "./",
    plugins: [preact({ devToolsEnabled: false }), served],
    resolve: {
      alias: {
        "@klatch/sdk": from("sdk/src/index.ts"),
        "@klatch/state": from("state/src/index.ts"),
        "@klatch/ui/styles": from("ui/src/styles"),
        "@klatch/ui": from("ui/src/index.ts"),
      },
    },
    build: {
      outDir: `../../internal/console/dist/${name}`,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      sourcemap: false,
      target: "es2022",
      chunkSizeWarningLimit: 400,
    },
    // A busy machine takes longer than the second that is the default.
    test: {
      environment: "node",
      include: ["src/**/*.test.ts"],
      expect: { poll: { timeout: 10_000 } },
      testTimeout: 20_000,
    },
  });
}
