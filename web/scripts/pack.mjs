// Packs @klatch/sdk, @klatch/react and @klatch/videosdk-js as npm publish does, installs the three into an app in a
// fresh directory, and has TypeScript and vite accept it. Needs the registry; `make pack` runs it.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const web = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const app = mkdtempSync(join(tmpdir(), "klatch-pack-"));
const run = (cwd, command, ...args) => execFileSync(command, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
const versions = JSON.parse(readFileSync(join(web, "react/package.json"), "utf8")).devDependencies;

try {
  for (const name of ["sdk", "react", "videosdk"]) run(web, "npm", "pack", "-w", name, "--pack-destination", app);
  const tarballs = readdirSync(app).filter((file) => file.endsWith(".tgz"));
  if (tarballs.length !== 3) throw new Error(`three packages, not ${tarballs.join(", ")}`);

  writeFileSync(join(app, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  const tools = ["react", "react-dom", "@types/react", "@types/react-dom", "typescript", "vite"];
  const files = tarballs.map((file) => `./${file}`);
  run(app, "npm", "install", "--no-audit", "--no-fund", ...files, ...tools.map((name) => `${name}@${versions[name]}`));

  writeFileSync(
    join(app, "app.tsx"),
    `import { VideoSDK, VideoSDKError, type Meeting } from "@klatch/sdk";
import { MeetingProvider, useFile, useMeeting, VideoPlayer } from "@klatch/react";
import { VideoSDK as Published, type Meeting as PublishedMeeting } from "@klatch/videosdk-js";
import { createRoot } from "react-dom/client";

const meeting: Meeting = VideoSDK.initMeeting({ meetingId: "aaaa-bbbb-cccc", name: "Ann" });
meeting.on("error", (fault) => console.error(fault.code, fault.reason, fault instanceof VideoSDKError));
const published: PublishedMeeting = Published.initMeeting({ meetingId: "aaaa-bbbb-cccc" });
if (Published !== VideoSDK) throw new Error("two copies of the SDK");
published.on("meeting-left", (reason) => console.log(reason.code));

function Room() {
  const { join, participants } = useMeeting({ onSwitchMeeting: () => undefined });
  const { uploadBase64File } = useFile();
  const send = () => void uploadBase64File({ base64Data: "eA==", token: "token", fileName: "x.txt" });
  const ids = [...participants.keys()];
  return (
    <>
      <button onClick={() => join()}>Join</button>
      <button onClick={send}>Send</button>
      {ids.map((id) => (
        <VideoPlayer key={id} participantId={id} />
      ))}
    </>
  );
}

createRoot(document.body).render(
  <MeetingProvider token="token" config={{ meetingId: "aaaa-bbbb-cccc", name: "Ann" } as never}>
    <Room />
  </MeetingProvider>,
);
`,
  );
  const options = {
    target: "ES2022",
    lib: ["ES2023", "DOM", "DOM.Iterable"],
    module: "ESNext",
    moduleResolution: "bundler",
    jsx: "react-jsx",
    strict: true,
    noEmit: true,
    types: [],
  };
  writeFileSync(join(app, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["app.tsx"] }));
  run(app, process.execPath, "node_modules/typescript/bin/tsc", "-p", ".");
  writeFileSync(join(app, "index.html"), '<!doctype html><script type="module" src="/app.tsx"></script>');
  run(app, process.execPath, "node_modules/vite/bin/vite.js", "build", "--sourcemap", "--logLevel", "warn");
  run(
    app,
    process.execPath,
    "-e",
    'if (typeof require("@klatch/videosdk-js").VideoSDK !== "function") process.exit(1)',
  );

  for (const [file, source] of [
    ["sdk/dist/klatch.mjs", "src/meeting.ts"],
    ["sdk/dist/klatch.js", "src/meeting.ts"],
    ["react/dist/react.mjs", "src/provider.tsx"],
    ["videosdk-js/dist/videosdk.js", "src/meeting.ts"],
  ]) {
    const path = join(app, "node_modules/@klatch", file);
    const [, map] = /\/\/# sourceMappingURL=(.*)\s*$/.exec(readFileSync(path, "utf8")) ?? [];
    if (map === undefined) throw new Error(`${file} names no source map`);
    const { sources, sourcesContent } = JSON.parse(readFileSync(join(dirname(path), map), "utf8"));
    const at = sources.findIndex((name) => name.endsWith(source.replace("src/", "")));
    if (at < 0 || !sourcesContent[at]) throw new Error(`the map of ${file} has no ${source}: ${sources.join(" ")}`);
  }
  console.log(`${tarballs.join(", ")}: TypeScript and vite accept an app with them`);
} finally {
  rmSync(app, { recursive: true, force: true });
}
