// Packs the public packages as npm publish does, and builds apps with them that are made the way a newcomer makes
// one: by the tools of Vite and Next.js. Needs the registry. TestPackages of e2e/readme, which `make pack` runs, then
// opens both.
//
//   node scripts/pack.mjs DIRECTORY     # writes DIRECTORY/vite/dist and DIRECTORY/next

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { packages } from "./tarball.mjs";

const web = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const sources = resolve(web, "../e2e/readme/testdata");
const directory = resolve(process.argv[2] ?? "");
if (process.argv.length !== 3) throw new Error("usage: node scripts/pack.mjs DIRECTORY");

function run(cwd, command, ...args) {
  const began = Date.now();
  const env = { ...process.env, CI: "1", NEXT_TELEMETRY_DISABLED: "1", npm_config_loglevel: "error" };
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  if (error || status !== 0) throw new Error(`${command} ${args.join(" ")}\n${error ?? stdout + stderr}`);
  console.log(
    `${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s  ${[command, ...args].join(" ").slice(0, 100)}`,
  );
}
const install = (cwd, ...names) => run(cwd, "npm", "install", "--no-audit", "--no-fund", ...names);

mkdirSync(directory, { recursive: true });
for (const name of Object.keys(packages)) run(web, "npm", "pack", "-w", name, "--pack-destination", directory);
const tarballs = readdirSync(directory)
  .filter((file) => file.endsWith(".tgz"))
  .map((file) => join(directory, file));
if (tarballs.length !== Object.keys(packages).length) throw new Error(`these were packed: ${tarballs.join(", ")}`);

// The tools that authors of packages judge them with.
for (const tarball of tarballs) {
  run(directory, "npx", "--yes", "publint@0.3.25", tarball, "--strict");
  // @klatch/videosdk-js has require() too; the others are ES modules alone. Its default export is in the module only,
  // which the oldest way of resolving, without `exports`, cannot say.
  const profile = tarball.includes("videosdk-js") ? "node16 --ignore-rules false-export-default" : "esm-only";
  const without = "--exclude-entrypoints klatch.js videosdk.js"; // scripts have no declarations
  run(
    directory,
    "npx",
    "--yes",
    "@arethetypeswrong/cli@0.18.5",
    tarball,
    ...`--profile ${profile} ${without}`.split(" "),
  );
}

// A Vite app, with the TypeScript of its template.
run(directory, "npm", "create", "--yes", "vite@9.3.0", "vite", "--", "--template", "react-ts", "--no-interactive");
const vite = join(directory, "vite");
cpSync(join(sources, "vite"), vite, { recursive: true });
install(vite, ...tarballs);
run(vite, "npm", "run", "build");

// The example of the repository, with its own configuration.
const example = join(directory, "example");
cpSync(resolve(web, "../examples/react"), example, {
  recursive: true,
  filter: (source) => !/\/(node_modules|dist)$/.test(source),
});
install(example, ...tarballs);
run(example, "npm", "run", "build");

// The declarations, as each way of resolving modules finds them.
cpSync(join(sources, "types/app.tsx"), join(vite, "types/app.tsx"));
for (const [module, moduleResolution] of [
  ["esnext", "bundler"],
  ["node16", "node16"],
  ["nodenext", "nodenext"],
]) {
  const target = {
    target: "es2022",
    lib: ["es2023", "dom", "dom.iterable"],
    jsx: "react-jsx",
    types: [],
    noEmit: true,
  };
  const compilerOptions = Object.assign(target, {
    module,
    moduleResolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
  });
  const project = join(vite, `types/${moduleResolution}.json`);
  writeFileSync(project, JSON.stringify({ compilerOptions, files: ["app.tsx"] }));
  run(vite, "npx", "tsc", "-p", project);
}

// A Next.js app. Its template loads fonts from Google: layout and page are ours.
const flags = "--ts --app --no-tailwind --no-linter --use-npm --no-src-dir --skip-install --disable-git --yes";
run(directory, "npx", "--yes", "create-next-app@16.4.3", "next", ...flags.split(" "));
const next = join(directory, "next");
rmSync(join(next, "app/globals.css"));
rmSync(join(next, "app/page.module.css"));
cpSync(join(sources, "next"), next, { recursive: true });
install(next, ...tarballs);
run(next, "npm", "run", "build");

// One file with require(), for apps that are not modules.
const required = 'if (typeof require("@klatch/videosdk-js").VideoSDK !== "function") process.exit(1)';
writeFileSync(join(next, "required.cjs"), required);
run(next, process.execPath, "required.cjs");
