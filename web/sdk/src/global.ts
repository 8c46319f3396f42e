// What a page gets with <script src="https://SERVER/sdk/videosdk.js">: the global `VideoSDK`, as the published script
// sets it, and `Klatch` with all exports. The build wraps it (scripts/build.mjs), so that the same file is also a module
// for CommonJS and AMD.

import { serverOfScript } from "./script.js";
import { setDefaultServer } from "./videosdk.js";

export * from "./index.js";

// Set while the script runs, in a page; not in a worker, nor where a bundler has taken the file in.
const element = typeof document === "undefined" ? null : document.currentScript;
if (element instanceof HTMLScriptElement) setDefaultServer(serverOfScript(element.src));
