// The packages as npm would publish them. `make web` builds them before.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { contents, packages, problems } from "./tarball.mjs";

const web = resolve(dirname(fileURLToPath(import.meta.url)), "..");

for (const directory of Object.keys(packages)) {
  const name = JSON.parse(readFileSync(join(web, directory, "package.json"), "utf8")).name;
  const skip = existsSync(join(web, directory, "dist")) ? false : "it is not built: run `make web` first";

  test(`${name} is complete, and nothing else is in it`, { skip }, () => {
    assert.deepEqual(problems(directory, contents(directory)), []);
  });

  test(`${name} can be imported where there is no window`, { skip }, () => {
    const script = `const before = Object.keys(globalThis); await import(${JSON.stringify(name)});
      const added = Object.keys(globalThis).filter((key) => !before.includes(key)); console.log(JSON.stringify(added));`;
    const out = execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: web, encoding: "utf8" });
    assert.deepEqual(JSON.parse(out), []); // and it sets no globals
  });
}

test("what is wrong with a package is found", { skip: !existsSync(join(web, "react/dist")) && "not built" }, () => {
  const broken = mkdtempSync(join(tmpdir(), "klatch-package-"));
  try {
    cpSync(join(web, "react"), broken, {
      recursive: true,
      filter: (source) => !source.endsWith("node_modules") || source === broken,
    });
    const { files } = contents("react");
    writeFileSync(join(broken, "dist/index.d.ts"), 'export * from "./gone.js";\nexport * from "lodash";\n');
    const bare = { files: [...files.filter((name) => !name.endsWith(".map")), "test/hooks.test.tsx"], bytes: 1e9 };
    const found = problems("react", bare, broken).join("\n");
    for (const text of [
      "test/hooks.test.tsx does not belong into a package",
      "1000000000 bytes are more than",
      "dist/index.d.ts imports ./gone.js, which is not packed",
      "dist/index.d.ts imports lodash, which is no dependency",
      "dist/react.mjs names the source map react.mjs.map, which is not packed",
    ])
      assert.ok(found.includes(text), `${text}\nis not in\n${found}`);
  } finally {
    rmSync(broken, { recursive: true, force: true });
  }
});
