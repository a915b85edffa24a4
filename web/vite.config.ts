import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { build as bundle, type Plugin } from "vite";
import { defineConfig } from "vitest/config";

const STACK = "http://127.0.0.1:8787";
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Builds the service worker, with the names of all files of the page in it. */
function serviceWorker(): Plugin {
  let files: string[] = [];
  return {
    name: "closed-loop-service-worker",
    apply: "build",
    writeBundle(_, output) {
      // Letters of other alphabets are fetched when a name needs them.
      files = Object.keys(output)
        .filter((name) => /^assets\/.*\.(js|css|woff2)$/.test(name))
        .filter((name) => !/inter-(?!latin-wght)/.test(name))
        .map((name) => `/${name}`)
        .sort();
    },
    async closeBundle() {
      if (files.length === 0) return;
      const name = createHash("sha256").update(files.join()).digest("hex").slice(0, 12);
      await bundle({
        configFile: false,
        logLevel: "warn",
        publicDir: false,
        define: { __FILES__: JSON.stringify(files), __BUILD__: JSON.stringify(name) },
        build: {
          outDir: here("dist"),
          emptyOutDir: false,
          target: "es2022",
          lib: { entry: here("src/sw.ts"), formats: ["es"], fileName: () => "sw.js" },
        },
      });
    },
  };
}

export default defineConfig({
  plugins: [react(), serviceWorker()],
  resolve: { alias: { "@": here("src") } },
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
    // For machines that do something else as well; nothing here waits for real time.
    testTimeout: 120_000,
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
