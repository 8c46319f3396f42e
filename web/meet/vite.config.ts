import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";
import { mergeConfig } from "vitest/config";
import { page } from "../vite.page";

const models = dirname(createRequire(import.meta.url).resolve("@shiguredo/virtual-background"));

/** What the background effect loads by name, below a name with its version: it is cached for ever. */
const modelFiles = [
  "selfie_segmentation.binarypb",
  "selfie_segmentation_landscape.tflite",
  "selfie_segmentation_solution_simd_wasm_bin.js",
  "selfie_segmentation_solution_simd_wasm_bin.wasm",
];
const { version } = JSON.parse(readFileSync(join(models, "../package.json"), "utf8")) as { version: string };
const modelFolder = `virtual-background-${version}`;

const modelsOfBackground: Plugin = {
  name: "models",
  apply: "build",
  generateBundle() {
    for (const file of modelFiles)
      this.emitFile({
        type: "asset",
        fileName: `assets/effects/${modelFolder}/${file}`,
        source: readFileSync(join(models, file)),
      });
  },
};

export default mergeConfig(page("meet"), {
  define: { MODEL_FOLDER: JSON.stringify(modelFolder), MODEL_FILES: JSON.stringify(modelFiles) },
  plugins: [modelsOfBackground],
  worker: { rolldownOptions: { output: { entryFileNames: "assets/effects/[name]-[hash].js" } } },
});
