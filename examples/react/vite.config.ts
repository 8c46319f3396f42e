import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The token server (examples/tokens) answers /join; it has the API key, which no page may have.
export default defineConfig({
  plugins: [react()],
  server: { proxy: { "/join": process.env["TOKEN_SERVER"] ?? "http://127.0.0.1:8080" } },
});
