import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Late } from "./late";
import type { From, PlayerEvents } from "./player";
import { unplayable } from "./problem";
import { phaseOf, Theatre } from "./theatre";

const live = "#EXTM3U\n#EXTINF:2,\nseg00000.m4s\n";
const over = `${live}#EXT-X-ENDLIST\n`;

let server: Server;
/** What stands at the playlist; undefined: nothing. */
let playlist: string | undefined;
let stop: () => void = () => undefined;

beforeEach(async () => {
  playlist = undefined;
  server = createServer((_, response) =>
    playlist === undefined ? response.writeHead(404).end() : response.end(playlist),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

class Video extends EventTarget {
  muted = false;
  currentTime = 0;
  /** Whether a browser lets it begin by itself, with sound. */
  allowed = true;
  async play(): Promise<void> {
    if (!this.allowed && !this.muted) throw new DOMException("", "NotAllowedError");
  }
}

interface Opened {
  readonly url: string;
  readonly from: From;
  readonly events: PlayerEvents;
  closed: boolean;
  /** How late it says that it is, until it is told to catch up. */
  late: Late | undefined;
  caughtUp: number;
}

function theatre(): { it: Theatre; video: Video; opened: Opened[]; begin(): void } {
  const opened: Opened[] = [];
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hls/x/`;
  const video = new Video();
  const it = new Theatre(
    { id: "x", full: `${base}index.m3u8`, live: `${base}live.m3u8` },
    async (_, url, from, events) => {
      const one: Opened = { url: url.replace(base, ""), from, events, closed: false, late: undefined, caughtUp: 0 };
      opened.push(one);
      const catchUp = (): void => {
        one.caughtUp++;
        one.late = { behind: 2.5, extra: 0 };
      };
      return { close: () => void (one.closed = true), late: () => one.late, catchUp };
    },
    5,
    5,
    5,
  );
  return { it, video, opened, begin: () => void (stop = it.start(video as unknown as HTMLVideoElement)) };
}

describe("Theatre", () => {
  it("waits until there is something, then plays the live edge", async () => {
    const t = theatre();
    t.begin();
    expect(t.it.phase.value).toBe("waiting");
    await expect.poll(() => t.it.phase.value).toBe("missing");
    playlist = live;
    await expect.poll(() => t.opened).toMatchObject([{ url: "live.m3u8", from: "edge" }]);
    expect(t.it.phase.value).toBe("playing");
  });

  it("plays a recording from its start", async () => {
    playlist = over;
    const t = theatre();
    t.begin();
    await expect.poll(() => t.opened).toMatchObject([{ url: "index.m3u8", from: "start" }]);
    expect(t.it.complete.value).toBe(true);
  });

  it("goes to the start and back, with one player at a time", async () => {
    playlist = live;
    const t = theatre();
    t.begin();
    await expect.poll(() => t.opened).toHaveLength(1);
    await t.it.play("start");
    await t.it.play("edge");
    expect(t.opened).toMatchObject([
      { url: "live.m3u8", closed: true },
      { url: "index.m3u8", from: "start", closed: true },
      { url: "live.m3u8", closed: false },
    ]);
  });

  it("ends when what was added last has been played, not when a live stream runs dry", async () => {
    playlist = live;
    const t = theatre();
    t.begin();
    await expect.poll(() => t.opened).toHaveLength(1);
    t.video.dispatchEvent(new Event("ended"));
    expect(t.it.phase.value).toBe("playing");
    t.opened[0]?.events.complete();
    t.video.dispatchEvent(new Event("ended"));
    expect(t.it.phase.value).toBe("ended");
    await t.it.play("start");
    expect(t.it.phase.value).toBe("playing");
    expect(t.opened.at(-1)).toMatchObject({ url: "index.m3u8" });
  });

  it("comes back by itself after a loss, where it was", async () => {
    playlist = live;
    const t = theatre();
    t.begin();
    await expect.poll(() => t.opened).toHaveLength(1);
    await t.it.play("start");
    t.video.currentTime = 42;
    playlist = undefined;
    t.opened[1]?.events.lost();
    expect(t.it.phase.value).toBe("lost");
    playlist = live;
    await expect.poll(() => t.opened).toHaveLength(3);
    expect(t.opened[2]).toMatchObject({ url: "index.m3u8", from: "start" });
    t.video.currentTime = 0;
    t.video.dispatchEvent(new Event("loadedmetadata"));
    expect(t.video.currentTime).toBe(42);
  });

  it("says when nothing new comes in, until it does", async () => {
    playlist = live;
    const t = theatre();
    t.begin();
    await expect.poll(() => t.opened).toHaveLength(1);
    t.video.dispatchEvent(new Event("waiting"));
    await expect.poll(() => t.it.stalled.value).toBe(true);
    t.video.dispatchEvent(new Event("playing"));
    expect(t.it.stalled.value).toBe(false);
  });

  it("says how late it is, and goes live without opening anew", async () => {
    playlist = live;
    const t = theatre();
    t.begin();
    await expect.poll(() => t.opened).toHaveLength(1);
    const player = t.opened[0] as Opened;
    player.late = { behind: 2.6, extra: 0.4 };
    await expect.poll(() => t.it.late.value?.behind).toBe(2.6);
    expect(t.it.live.value).toBe(true);
    t.video.dispatchEvent(new Event("pause"));
    player.late = { behind: 300, extra: 298 };
    await expect.poll(() => t.it.live.value).toBe(false);
    expect(player.caughtUp).toBe(0); // who has paused may stay there
    await t.it.goLive();
    expect([player.caughtUp, t.opened.length]).toEqual([1, 1]);
    await expect.poll(() => t.it.live.value).toBe(true);

    await t.it.play("start");
    expect(t.it.live.value).toBe(false);
    expect(t.it.late.value).toBeUndefined(); // of the player before
    await t.it.goLive();
    expect(t.opened.at(-1)).toMatchObject({ url: "live.m3u8", from: "edge" });
    t.opened.at(-1)?.events.complete();
    await expect.poll(() => t.it.late.value).toBeUndefined();
  });

  it("goes back to the live edge after a hiccup, and not when the viewer went back", async () => {
    playlist = live;
    const t = theatre();
    t.begin();
    await expect.poll(() => t.opened).toHaveLength(1);
    const player = t.opened[0] as Opened;
    player.late = { behind: 7, extra: 5 };
    await expect.poll(() => t.it.late.value?.extra).toBe(5);
    expect(player.caughtUp).toBe(0);
    t.video.currentTime = 50;
    player.late = { behind: 9, extra: 7 };
    await expect.poll(() => player.caughtUp).toBe(1);
    t.video.currentTime = 60;
    t.video.dispatchEvent(new Event("seeking")); // that was the player
    player.late = { behind: 10, extra: 8 };
    await expect.poll(() => player.caughtUp).toBe(2);
    t.video.currentTime = 40;
    t.video.dispatchEvent(new Event("seeking"));
    player.late = { behind: 22, extra: 20 };
    await expect.poll(() => t.it.late.value?.extra).toBe(20);
    await new Promise((resolve) => setTimeout(resolve, 20)); // it looks four times in that
    expect(player.caughtUp).toBe(2);
  });

  it("shows what cannot be played, and hears no player that it closed", async () => {
    playlist = live;
    const t = theatre();
    t.begin();
    await expect.poll(() => t.opened).toHaveLength(1);
    await t.it.play("start");
    t.opened[0]?.events.failed(unplayable("old"));
    expect(t.it.phase.value).toBe("playing");
    t.opened[1]?.events.failed(unplayable("new"));
    expect([t.it.phase.value, t.it.problem.value?.technical, t.opened[1]?.closed]).toEqual(["failed", "new", true]);
  });

  it("plays without sound where the browser wants a click first", async () => {
    playlist = live;
    const t = theatre();
    t.video.allowed = false;
    t.begin();
    await expect.poll(() => t.it.hushed.value).toBe(true);
    expect(t.video.muted).toBe(true);
    t.it.unhush();
    expect([t.it.hushed.value, t.video.muted]).toEqual([false, false]);
  });
});

it("says so when the server is gone", () => expect(phaseOf({ kind: "unreachable" }, 1)).toBe("unreachable"));
