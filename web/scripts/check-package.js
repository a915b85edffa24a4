/**
 * Packs the package, installs the archive into a blank Vite application as another team would, and
 * builds that: it finds its types, and takes along one button when one is used.
 */

import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = join(dirname(fileURLToPath(import.meta.url)), "..");
const app = mkdtempSync(join(tmpdir(), "closed-loop-app-"));
const run = (cwd, command, ...more) =>
  execFileSync(command, more, { cwd, stdio: ["ignore", "pipe", "inherit"] }).toString();

const fail = (reason) => {
  throw new Error(reason);
};

try {
  const archive = run(
    join(here, "package"),
    "npm",
    "pack",
    "--silent",
    "--pack-destination",
    app,
  ).trim();
  const installed = join(app, "node_modules/@closed-loop/react");
  mkdirSync(installed, { recursive: true });
  run(app, "tar", "-xzf", join(app, archive), "-C", installed, "--strip-components=1");
  // What it depends on is the same as here: nothing has to be fetched for this.
  for (const name of [
    "react",
    "react-dom",
    "valibot",
    "lucide-react",
    "@types",
    "vite",
    "typescript",
  ])
    symlinkSync(join(here, "node_modules", name), join(app, "node_modules", name));
  writeFileSync(join(app, "package.json"), '{"type": "module", "private": true}');
  writeFileSync(
    join(app, "index.html"),
    '<div id="root"></div><script type="module" src="/main.tsx"></script>',
  );
  writeFileSync(
    join(app, "main.tsx"),
    `import "@closed-loop/react/style.css";
import { BookingConfirmButton } from "@closed-loop/react";
import { createRoot } from "react-dom/client";
createRoot(document.getElementById("root")!).render(<BookingConfirmButton appointmentId="a1" />);
`,
  );
  for (const moduleResolution of ["bundler", "nodenext"]) {
    const module = moduleResolution === "bundler" ? "esnext" : "nodenext";
    writeFileSync(
      join(app, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          module,
          moduleResolution,
          jsx: "react-jsx",
          strict: true,
          noEmit: true,
          target: "es2022",
          lib: ["es2023", "dom", "dom.iterable"],
          types: ["react"],
          skipLibCheck: false,
          allowArbitraryExtensions: true,
          noUncheckedSideEffectImports: false,
        },
        include: ["main.tsx"],
      }),
    );
    run(app, join(here, "node_modules/.bin/tsc"), "-p", ".");
  }
  run(app, join(here, "node_modules/.bin/vite"), "build", "--logLevel", "error");
  const script = readdirSync(join(app, "dist/assets"))
    .filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(join(app, "dist/assets", name), "utf8"))
    .join("");
  if (!script.includes("/api/bookings/confirm")) fail("The button is not in the application");
  if (script.includes("scheduledFor")) fail("A button that nobody uses came along");
  if (!readFileSync(join(installed, "dist/package/index.js"), "utf8").startsWith('"use client"'))
    fail("The directive for server components is missing");
  const css = readFileSync(join(installed, "dist/style.css"), "utf8");
  if (/(^|\})\s*(body|html|button|a|h1|\*)\s*[{,]/.test(css)) fail("The style changes its host");
  process.stdout.write("The package works in a blank application.\n");
} finally {
  rmSync(app, { recursive: true, force: true });
}
