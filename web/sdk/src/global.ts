// What a page gets with <script src="klatch.js">: `VideoSDK`, as the published docs use it, and `Klatch` with all
// exports.

import * as Klatch from "./index.js";

Object.assign(globalThis, { Klatch, VideoSDK: Klatch.VideoSDK });
