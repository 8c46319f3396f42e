// Builds the SDK: dist/ for npm (ESM, a script, declarations, source maps), and the copies the server embeds, which
// have no maps. The same sources make the same bytes: no times, no paths of this machine.

import { execFileSync } from "node:child_process";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const here = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(here, "dist");
const embedded = resolve(here, "../../internal/console/dist/sdk");

// The published script is a module for CommonJS and AMD, and else sets these globals (webpack's "umd").
const published = [
  "CameraDeviceInfo",
  "DeviceInfo",
  "ExternalE2EEKeyProvider",
  "MicrophoneDeviceInfo",
  "PreCallTestError",
  "VideoSDK",
];
const umd = `(function(scope){
if(typeof exports==="object"&&typeof module==="object")module.exports=Klatch;
else if(typeof define==="function"&&define.amd)define([],function(){return Klatch});
else{${JSON.stringify(published)}.forEach(function(name){scope[name]=Klatch[name]});scope.ZujoSDK=Klatch.VideoSDK}
})(globalThis);`;

// The pre-call test is a script of its own beside each of them, which they load when a test is run.
const apart = {
  name: "apart",
  resolveDynamicImport: (specifier) =>
    specifier === "./precallrun.js" ? { id: "./precall.mjs", external: true } : undefined,
};

// A script of another origin without `crossorigin` has no address of its own to load from (HTML, "muted errors"): the
// page's one names what is beside it. Bundlers, which know no such script, see the specifier.
const beside = "const precallScript=globalThis.document?.currentScript?.src;";
const named = {
  name: "named",
  renderChunk: (code) => ({
    code: code.replace(
      /import\((["'`])\.\/precall\.mjs\1\)/,
      (whole) => `(precallScript?import(/* webpackIgnore: true */new URL("precall.mjs",precallScript).href):${whole})`,
    ),
    map: null,
  }),
};

async function bundle(entry, format, fileName) {
  await build({
    root: here,
    configFile: false,
    logLevel: "warn",
    plugins: [apart, ...(format === "iife" ? [named] : [])],
    build: {
      target: "es2022",
      outDir: dist,
      emptyOutDir: false,
      sourcemap: true,
      // vite leaves ES libraries unminified in part; pages load this file as it is.
      minify: "oxc",
      lib: { entry: join(here, "src", entry), formats: [format], fileName: () => fileName, name: "Klatch" },
      rolldownOptions: { output: { exports: "named", ...(format === "iife" && { intro: beside, footer: umd }) } },
    },
  });
}

await rm(dist, { recursive: true, force: true });
await bundle("index.ts", "es", "klatch.mjs");
await bundle("global.ts", "iife", "klatch.js");
await bundle("precallrun.ts", "es", "precall.mjs");

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
execFileSync(process.execPath, [tsc, "-p", join(here, "tsconfig.build.json")], { stdio: "inherit" });

await mkdir(embedded, { recursive: true });
for (const file of ["klatch.mjs", "klatch.js", "precall.mjs"]) {
  const script = await readFile(join(dist, file), "utf8");
  await writeFile(join(embedded, file), script.replace(/\n\/\/# sourceMappingURL=.*\n?$/, "\n"));
}
await copyFile(resolve(here, "../../LICENSE"), join(here, "LICENSE")); // npm packs it
