// What a page gets with <script src="https://SERVER/sdk/videosdk.js">: the global `VideoSDK`, as the published script
// sets it, and `Klatch` with all exports. The build wraps it (scripts/build.mjs), so that the same file is also a
// module for CommonJS and AMD.

import { serverOfScript } from "./script.js";
import { setDefaultServer } from "./videosdk.js";

export * from "./index.js";

if (typeof document !== "undefined") {
  const element = document.currentScript; // none in a bundle, which keeps the page's origin
  if (element instanceof HTMLScriptElement) setDefaultServer(serverOfScript(element.src));
}
