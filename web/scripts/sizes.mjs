// Compares what the server embeds with the budgets of budgets.json: the files of a page or a bundle, gzipped, together,
// "first view of" a page, which is its index.html with the scripts and styles that it needs to show anything, and the
// largest file in a directory: "each of" meet/assets/text is one language, of which a browser loads one.
// Every file is under one budget, so that nothing new is built without one.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const built = resolve(here, "../internal/console/dist");
const budgets = JSON.parse(readFileSync(join(here, "budgets.json"), "utf8"));

const size = (file) => gzipSync(readFileSync(join(built, file))).length;
const firstView = "first view of ";
const eachOf = "each of ";

/** Returns a file, and what it names in a way that the browser loads at once: not import(). */
function needs(file, seen = new Set()) {
  if (seen.has(file) || !existsSync(join(built, file))) return seen;
  seen.add(file);
  const text = readFileSync(join(built, file), "utf8");
  const names = file.endsWith(".html")
    ? /<(?:script|link)\b[^>]*?(?:src|href)="(\.[^"]+)"/g
    : /(?:from|import)\s*"(\.[^"]+)"/g;
  for (const [, name] of text.matchAll(names)) needs(join(dirname(file), name), seen);
  return seen;
}

const sizes = new Map(Object.keys(budgets).map((path) => [path, 0]));
let failed = false;
for (const entry of readdirSync(built, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const name = join(entry.parentPath, entry.name).slice(built.length + 1);
  const each = [...sizes.keys()].find(
    (key) => key.startsWith(eachOf) && name.startsWith(`${key.slice(eachOf.length)}/`),
  );
  if (each !== undefined) {
    sizes.set(each, Math.max(sizes.get(each), size(name)));
    continue;
  }
  const budget = [...sizes.keys()].find((prefix) => name === prefix || name.startsWith(`${prefix}/`));
  if (budget === undefined) {
    console.error(`${name} has no budget: add one to web/budgets.json`);
    failed = true;
    continue;
  }
  sizes.set(budget, sizes.get(budget) + size(name));
}
for (const budget of sizes.keys()) {
  if (!budget.startsWith(firstView)) continue;
  const files = [...needs(`${budget.slice(firstView.length)}/index.html`)];
  sizes.set(
    budget,
    files.reduce((sum, file) => sum + size(file), 0),
  );
}
for (const [path, sum] of sizes) {
  const over = sum === 0 || sum > budgets[path];
  failed ||= over;
  const verdict = sum === 0 ? "is missing" : over ? "is over its budget" : "fits";
  console.log(`${path.padEnd(18)} ${String(sum).padStart(7)} of ${budgets[path]} bytes gzipped: ${verdict}`);
}
process.exit(failed ? 1 : 0);
