import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: {
      "@klatch/sdk": fileURLToPath(new URL("../sdk/src/index.ts", import.meta.url)),
      "@klatch/state": fileURLToPath(new URL("../state/src/index.ts", import.meta.url)),
    },
  },
  test: { environment: "happy-dom", include: ["test/**/*.test.{ts,tsx}"], testTimeout: 20_000 },
});
