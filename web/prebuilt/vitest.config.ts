import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@klatch/sdk": fileURLToPath(new URL("../sdk/src/index.ts", import.meta.url)) } },
  test: { environment: "node", include: ["test/**/*.test.ts"], testTimeout: 20_000 },
});
