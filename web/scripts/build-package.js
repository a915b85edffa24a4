/**
 * Builds what other teams install, into `package/`: ES modules with their types, the style as a file
 * of its own, nothing of React in it. `npm pack ./package` makes the archive.
 */

import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { globSync } from "tinyglobby";
import { build } from "vite";

const here = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(here, "package");
const root = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));

rmSync(out, { recursive: true, force: true });
await build({
  configFile: false,
  root: here,
  logLevel: "warn",
  publicDir: false,
  plugins: [react()],
  resolve: { alias: { "@": join(here, "src") } },
  build: {
    outDir: join(out, "dist"),
    target: "es2022",
    minify: false,
    lib: {
      entry: join(here, "src/package/index.ts"),
      formats: ["es"],
      fileName: "index",
      cssFileName: "style",
    },
    rolldownOptions: {
      external: [/^react($|\/)/, /^react-dom($|\/)/, "valibot", "lucide-react"],
      // One file for each module: an application takes along only what it imports.
      output: {
        preserveModules: true,
        preserveModulesRoot: join(here, "src"),
        entryFileNames: "[name].js",
        banner: '"use client";',
      },
    },
  },
});
cpSync(join(here, "src/ui/styles/tokens.css"), join(out, "dist/tokens.css"));

execFileSync("npx", ["tsc", "-p", "tsconfig.package.json"], { cwd: here, stdio: "inherit" });
// The alias of our sources means nothing to others.
for (const name of globSync("**/*.d.ts", { cwd: join(out, "dist") })) {
  const file = join(out, "dist", name);
  const up = (path) => {
    const to = relative(dirname(name), path);
    return to.startsWith(".") ? to : `./${to}`;
  };
  const text = readFileSync(file, "utf8")
    .replaceAll(
      /(["'])@\/([^"']+)\1/g,
      (_, quote, path) => quote + extended(up(path), name) + quote,
    )
    .replaceAll(
      /(from |import\()(["'])(\.[^"']+?)\2/g,
      (_, word, quote, path) => word + quote + extended(path, name) + quote,
    );
  writeFileSync(file, text);
}

/** With the ending that Node's own resolution asks for; a folder is its index. */
function extended(path, from) {
  if (/\.(js|css)$/.test(path)) return path;
  const base = join(out, "dist", dirname(from), path);
  return globSync(`${relative(here, base)}.d.ts`, { cwd: here }).length > 0
    ? `${path}.js`
    : `${path}/index.js`;
}

const version = (name) => root.dependencies[name];
writeFileSync(
  join(out, "package.json"),
  `${JSON.stringify(
    {
      name: "@closed-loop/react",
      version: root.version,
      description: "Buttons that show what really happened, and the sync library under them",
      license: root.license,
      type: "module",
      sideEffects: ["**/*.css"],
      exports: {
        ".": { types: "./dist/package/index.d.ts", default: "./dist/package/index.js" },
        "./style.css": "./dist/style.css",
        "./tokens.css": "./dist/tokens.css",
      },
      types: "./dist/package/index.d.ts",
      files: ["dist"],
      peerDependencies: { react: "^19.0.0", "react-dom": "^19.0.0" },
      dependencies: { "lucide-react": version("lucide-react"), valibot: version("valibot") },
    },
    null,
    2,
  )}\n`,
);
