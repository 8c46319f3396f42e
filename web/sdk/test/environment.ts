// What the SDK takes from a browser and Node does not have. Media stays out: that is tested in real browsers.

import { vi } from "vitest";
import { WebSocket } from "ws";
import { Meeting } from "../src/meeting.js";
import type { MeetingOptions } from "../src/types.js";
import type { ScriptedServer } from "./server.js";

/** As in a browser, each message is a task of its own. */
class BrowserLikeSocket extends WebSocket {
  constructor(url: string) {
    super(url, { allowSynchronousEvents: false });
    // An EventEmitter throws an error nobody listens to; a browser's socket does not.
    this.on("error", () => undefined);
  }
}

export function browser(): void {
  vi.stubGlobal("WebSocket", BrowserLikeSocket);
  vi.stubGlobal("RTCPeerConnection", class {});
  vi.stubGlobal("MediaStream", class {});
  vi.stubGlobal("location", { origin: "http://app.test", protocol: "http:" });
  vi.stubGlobal("navigator", { userAgent: "test", platform: "test" });
}

export const quick = {
  connect: 1_000,
  answer: 500,
  pong: 200,
  check: 200,
  backoff: 10,
  backoffMax: 50,
  joinAttempts: 3,
  reach: 60_000,
};

const open: Meeting[] = [];

/** Leaves what a test left open, and gives Node its globals back. */
export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((one) => one.leave().catch(() => undefined)));
  vi.unstubAllGlobals();
}

export function meeting(server: ScriptedServer | string, options: Partial<MeetingOptions> = {}): Meeting {
  const serverUrl = typeof server === "string" ? server : server.url;
  const made = new Meeting({
    token: "t",
    serverUrl,
    timing: quick,
    options: { meetingId: "abcd-efgh-ijkl", participantId: "ann", name: "Ann", ...options },
  });
  open.push(made);
  return made;
}

/** Everything a meeting says, as one list. */
export function listen(of: Meeting): [string, ...unknown[]][] {
  const heard: [string, ...unknown[]][] = [];
  for (const name of [
    "meeting-joined",
    "meeting-left",
    "meeting-state-changed",
    "participant-joined",
    "participant-left",
    "participant-mode-changed",
    "speaker-changed",
    "presenter-changed",
    "main-participant-changed",
    "entry-requested",
    "entry-responded",
    "entry-withdrawn",
    "entry-pending",
    "mic-requested",
    "pin-state-changed",
    "recording-state-changed",
    "recording-started",
    "recording-stopped",
    "livestream-state-changed",
    "livestream-started",
    "livestream-stopped",
    "hls-state-changed",
    "hls-started",
    "hls-stopped",
    "error",
  ] as const) {
    of.on(name, (...args: unknown[]) => heard.push([name, ...args]));
  }
  return heard;
}

export const names = (heard: readonly [string, ...unknown[]][]): string[] => heard.map(([name]) => name);
