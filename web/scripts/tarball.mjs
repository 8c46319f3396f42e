// Judges what npm would publish of a package that is built: which files are in it, where its exports, imports and
// source maps lead, and how large it is.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const web = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** The directories of the public packages. The number is the most kilobytes that a tarball may have. */
export const packages = { sdk: 900, react: 70, videosdk: 500, prebuilt: 30 };

/** Returns what npm would pack, without building it. */
export function contents(directory) {
  const arguments_ = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const [packed] = Object.values(
    JSON.parse(execFileSync("npm", arguments_, { cwd: join(web, directory), encoding: "utf8", stdio: "pipe" })),
  );
  return { files: packed.files.map(({ path }) => path), bytes: packed.size };
}

const allowed = /^(dist\/[\w.]+\.(mjs|js|map|d\.ts|d\.mts)|package\.json|README\.md|LICENSE)$/;

const imports = /(?:^(?:import|export)\b[^"'`;]*?\bfrom|^import|\bimport\()\s*["'`]([^"'`]+)["'`]/gm;

/** Returns what is wrong with a package, given what npm packs of it; nothing where all is well. */
export function problems(directory, { files, bytes }, root = join(web, directory)) {
  const found = [];
  const packed = new Set(files);
  const read = (file) => readFileSync(join(root, file), "utf8");
  const description = JSON.parse(read("package.json"));

  for (const file of ["package.json", "README.md", "LICENSE"]) if (!packed.has(file)) found.push(`${file} is missing`);
  for (const file of files) if (!allowed.test(file)) found.push(`${file} does not belong into a package`);
  if (bytes > packages[directory] * 1000) found.push(`${bytes} bytes are more than ${packages[directory]} kB`);
  if (description.private) found.push("it is private");
  for (const field of ["license", "repository", "description", "exports", "types"]) {
    if (!description[field]) found.push(`package.json has no ${field}`);
  }

  const targets = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(targets));
  const named = ["main", "module", "types", "unpkg", "jsdelivr"].flatMap((field) => description[field] ?? []);
  for (const target of [...targets(description.exports ?? {}), ...named]) {
    if (!packed.has(target.replace(/^\.\//, ""))) found.push(`package.json names ${target}, which is not packed`);
  }

  const known = { ...description.dependencies, ...description.peerDependencies };
  for (const file of files.filter((name) => /\.(mjs|js|d\.ts|d\.mts)$/.test(name))) {
    // Scripts are one bundle: a name in quotes behind the word import is in their texts, and is no import.
    if (file.endsWith(".js")) continue;
    for (const [, name] of read(file).matchAll(imports)) {
      if (name.startsWith(".")) {
        const target = posix.join(posix.dirname(file), name);
        const declared = file.includes(".d.") ? target.replace(/\.(m?)js$/, ".d.$1ts") : target;
        if (!packed.has(declared)) found.push(`${file} imports ${name}, which is not packed`);
      } else if (!Object.keys(known).some((one) => name === one || name.startsWith(`${one}/`))) {
        found.push(`${file} imports ${name}, which is no dependency`);
      }
    }
  }

  for (const file of files.filter((name) => /\.m?js$/.test(name) && read(name).includes("\n//# sourceMappingURL="))) {
    const [, name] = /\n\/\/# sourceMappingURL=(.*)\s*$/.exec(read(file));
    const map = posix.join(posix.dirname(file), name);
    if (!packed.has(map)) {
      found.push(`${file} names the source map ${name}, which is not packed`);
      continue;
    }
    const { sources, sourcesContent } = JSON.parse(read(map));
    sources.forEach((source, at) => {
      if (source.startsWith("/")) found.push(`${map} has a path of the machine that built it: ${source}`);
      if (!sourcesContent?.[at]) found.push(`${map} lacks the text of ${source}`);
    });
    if (!sources.some((source) => /\.tsx?$/.test(source))) found.push(`${map} leads to no TypeScript`);
  }
  for (const file of files.filter((name) => /\.m?js$/.test(name) && read(name).split("\n").length > 20)) {
    if (!read(file).includes("\n//# sourceMappingURL=")) found.push(`${file} has no source map`);
  }
  return found;
}
