// Compiles the apps of testdata/apps that use no React twice, against the published declarations and against ours, and
// prints what the compiler says of the apps: each is expected to compile without a word.

import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const here = dirname(fileURLToPath(import.meta.url));
const web = resolve(here, "../../web");
const apps = join(here, "testdata/apps");
const files = readdirSync(apps)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => join(apps, name));
const vendor = join(here, "node_modules/@videosdk.live");
const targets = {
  published: {
    js: join(vendor, "js-sdk/index.d.ts"),
    react: join(vendor, "react-sdk/dist/types/index.d.ts"),
  },
  klatch: {
    js: join(web, "videosdk/src/index.ts"),
    react: join(web, "react/src/index.ts"),
  },
};
const options = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  types: [],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  esModuleInterop: true,
  jsx: ts.JsxEmit.ReactJSX,
};

let previous;
const said = [];
for (const [name, target] of Object.entries(targets)) {
  const program = ts.createProgram(
    files,
    {
      ...options,
      paths: {
        "@videosdk.live/js-sdk": [target.js],
        "@videosdk.live/react-sdk": [target.react],
        "@klatch/sdk": [join(web, "sdk/src/index.ts")],
        "@klatch/state": [join(web, "state/src/index.ts")],
      },
    },
    undefined,
    previous,
  );
  for (const file of files) {
    const source = program.getSourceFile(file);
    for (const d of [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]) {
      const { line } = source.getLineAndCharacterOfPosition(d.start);
      const text = ts.flattenDiagnosticMessageText(d.messageText, " ");
      said.push(`${name}: ${file.slice(apps.length + 1)}:${line + 1}: ${text}`);
    }
  }
  previous = program;
}
process.stdout.write(JSON.stringify(said));
