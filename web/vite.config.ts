import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const STACK = "http://127.0.0.1:8787";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  server: {
    // The one other origin from which the local stack lets a page open its socket.
    host: "localhost",
    port: 5173,
    strictPort: true,
    proxy: {
      "/api": STACK,
      "/sandbox": STACK,
      "/ws": { target: STACK, ws: true },
    },
  },
  build: { target: "es2022" },
  test: {
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "library",
          environment: "node",
          include: ["tests/*.test.ts"],
          setupFiles: ["tests/support/setup-node.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "page",
          environment: "jsdom",
          include: ["tests/*.test.tsx"],
          setupFiles: ["tests/support/setup-page.ts"],
        },
      },
    ],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
