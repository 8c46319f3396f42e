// Compares what the server embeds with the budgets of budgets.json: the files of a page or a bundle, gzipped, together.
// Every file is under one budget, so that nothing new is built without one.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const built = resolve(here, "../internal/console/dist");
const budgets = JSON.parse(readFileSync(join(here, "budgets.json"), "utf8"));

const sizes = new Map(Object.keys(budgets).map((path) => [path, 0]));
let failed = false;
for (const entry of readdirSync(built, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  const name = path.slice(built.length + 1);
  const budget = [...sizes.keys()].find((prefix) => name === prefix || name.startsWith(`${prefix}/`));
  if (budget === undefined) {
    console.error(`${name} has no budget: add one to web/budgets.json`);
    failed = true;
    continue;
  }
  sizes.set(budget, sizes.get(budget) + gzipSync(readFileSync(path)).length);
}
for (const [path, size] of sizes) {
  const over = size === 0 || size > budgets[path];
  failed ||= over;
  const verdict = size === 0 ? "is missing" : over ? "is over its budget" : "fits";
  console.log(`${path.padEnd(16)} ${String(size).padStart(7)} of ${budgets[path]} bytes gzipped: ${verdict}`);
}
process.exit(failed ? 1 : 0);
