import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

/** Puts the notices of what is inside Swagger UI beside it, under the name that a comment of the script has. */
const notices: Plugin = {
  name: "notices",
  generateBundle() {
    const bundle = createRequire(import.meta.url).resolve("swagger-ui-dist/swagger-ui-es-bundle.js");
    this.emitFile({
      type: "asset",
      fileName: "assets/swagger-ui-es-bundle.js.LICENSE.txt",
      source: readFileSync(`${bundle}.LICENSE.txt`),
    });
  },
};

// The page is served at /api/ behind any path prefix, with a Content-Security-Policy that forbids what is inlined.
export default defineConfig({
  base: "./",
  plugins: [notices],
  resolve: { alias: { "@klatch/ui/styles": fileURLToPath(new URL("../ui/src/styles", import.meta.url)) } },
  build: {
    outDir: "../../internal/console/dist/api",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: "es2022",
    chunkSizeWarningLimit: 2000,
  },
});
