/**
 * Holds the weight of the built page: what it needs for its first screen, and what each further page
 * adds. Compressed script, as it goes over the network.
 */

import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const FIRST_KB = 160;
const MORE_KB = 40;

const assets = join(dirname(fileURLToPath(import.meta.url)), "../dist/assets");
const scripts = readdirSync(assets).filter((name) => name.endsWith(".js"));
const text = new Map(scripts.map((name) => [name, readFileSync(join(assets, name), "utf8")]));
const weight = new Map(
  [...text].map(([name, code]) => [name, gzipSync(code, { level: 9 }).length]),
);

/** What a script cannot run without. */
function needs(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  const imports = [
    ...(text.get(name) ?? "").matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g),
  ];
  for (const [, other] of imports) needs(other, seen);
  return seen;
}

const kilobytes = (names) =>
  [...names].reduce((sum, name) => sum + (weight.get(name) ?? 0), 0) / 1_000;

const first = needs(scripts.find((name) => /^index-/.test(name)) ?? "");
const rows = [["first page", kilobytes(first), FIRST_KB]];
for (const name of scripts.filter((each) => /-(page|card)-/.test(each))) {
  const more = [...needs(name)].filter((each) => !first.has(each));
  rows.push([name.replace(/-[\w-]{8}\.js$/, ""), kilobytes(more), MORE_KB]);
}

let isOver = false;
for (const [name, size, most] of rows) {
  const over = size > most;
  isOver ||= over;
  process.stdout.write(
    `${name.padEnd(24)} ${size.toFixed(1).padStart(7)} KB of ${most}${over ? "  TOO MUCH" : ""}\n`,
  );
}
if (isOver) process.exitCode = 1;
