import type { StreamKind } from "./types.js";

/** The kinds of streams. A participant has at most one stream of each. */
export const kinds: readonly StreamKind[] = ["audio", "video", "share", "shareAudio"];
