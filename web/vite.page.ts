import preact from "@preact/preset-vite";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const from = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// The pre-call test is a script that the server has beside the SDK, so that no page holds a copy of it.
const served = {
  name: "served",
  apply: "build" as const,
  resolveDynamicImport: (specifier: unknown) =>
    specifier === "./precallrun.js" ? { id: "../../sdk/precall.mjs", external: true } : null,
};

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
        "@klatch/prebuilt": from("prebuilt/src/index.ts"),
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
      rolldownOptions: {
        output: {
          // The texts of a language, what changes pictures and sound, the numbers of a connection and files
          // of the chat are loaded only by those who choose it, and have budgets of their own.
          chunkFileNames: ({ moduleIds }) => {
            const own = ["text", "effects", "connection", "files"].find(
              (folder) => moduleIds.at(-1)?.includes(`/src/${folder}/`) === true,
            );
            return own === undefined ? "assets/[name]-[hash].js" : `assets/${own}/[name]-[hash].js`;
          },
          assetFileNames: ({ names }) =>
            names.some((name) => name.endsWith(".wasm"))
              ? "assets/effects/[name]-[hash][extname]"
              : "assets/[name]-[hash][extname]",
        },
      },
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
