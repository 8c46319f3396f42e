import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// The server shows this page at its root and its files below home/, behind any path prefix. It has no script.
export default defineConfig({
  resolve: { alias: { "@klatch/ui/styles": fileURLToPath(new URL("../ui/src/styles", import.meta.url)) } },
  build: {
    outDir: "../../internal/console/dist/home",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    target: "es2022",
    rolldownOptions: { output: { assetFileNames: "home[extname]" } },
  },
  experimental: { renderBuiltUrl: (file) => `./home/${file}` },
});
