import { faults, VideoSDKError } from "./fault.js";

// Events of the published API that Klatch does not offer, of all its classes.
const notOffered: ReadonlySet<string> = new Set([
  "transcription-state-changed",
  "transcription-text",
  "media-relay-request-received",
  "media-relay-request-response",
  "media-relay-started",
  "media-relay-stopped",
  "media-relay-error",
  "audio-input-silence",
  "codec-changed",
  "whiteboard-started",
  "whiteboard-stopped",
  "e2ee-state-change",
]);

/** Throws 3073 for an event that does not exist, and 3105 for one that only the published API has. */
export function requireEvent(method: string, named: unknown, names: object): void {
  if (typeof named === "string" && Object.hasOwn(names, named)) return;
  const event = String(named);
  const allowed = Object.keys(names);
  throw new VideoSDKError(
    notOffered.has(event)
      ? faults.notOfferedEvent({ method, event, allowed })
      : faults.invalidParameterUnknownEvent({ method, event, nearest: nearest(event, allowed), allowed }),
  );
}

function nearest(word: string, candidates: readonly string[]): string {
  const short = word.slice(0, 64);
  return candidates.reduce(
    (best, one) => (distance(short, one) < distance(short, best) ? one : best),
    candidates[0] ?? "none",
  );
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const substituted = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
