// Builds dist/ for npm. The module is a file that names @klatch/sdk, so that an app that uses other packages of Klatch
// too has one SDK; the script, for pages and for require(), is the one that the server serves.

import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(here, "dist");
await rm(dist, { recursive: true, force: true });
await mkdir(dist);
const module = await readFile(join(here, "src/index.ts"), "utf8"); // it has no types to take away
for (const file of ["videosdk.mjs", "videosdk.d.mts"]) await writeFile(join(dist, file), module);
await writeFile(join(dist, "videosdk.d.ts"), 'export * from "@klatch/sdk";\n'); // what require() returns
await copyFile(join(here, "../sdk/dist/klatch.js"), join(dist, "videosdk.js"));
await copyFile(join(here, "../sdk/dist/precall.mjs"), join(dist, "precall.mjs")); // which the script loads
for (const map of ["klatch.js.map", "precall.mjs.map"]) await copyFile(join(here, "../sdk/dist", map), join(dist, map));
await copyFile(resolve(here, "../../LICENSE"), join(here, "LICENSE")); // npm packs it
