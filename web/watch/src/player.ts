import { ageOf, type Late } from "./late";
import { noPlayer, unplayable, type Problem } from "./problem";

/** Where playing begins: at the live edge, or at the first moment. */
export type From = "edge" | "start";

export interface PlayerEvents {
  /** No more will be added to what is played. */
  complete(): void;
  /** The network or the server is gone; what is buffered plays on. */
  lost(): void;
  failed(problem: Problem): void;
}

/** Plays one playlist in a video element until it is closed. */
export interface Player {
  close(): void;
  /** Undefined when nothing goes on, or not yet. */
  late(): Late | undefined;
  /** Goes to the newest that can be played on without a pause. */
  catchUp(): void;
}

const closed: Player = { close: () => undefined, late: () => undefined, catchUp: () => undefined };

/** How far from the end of what can be fetched the browser's own player stays, in seconds, when it is where it should be. */
const nativeDistance = 3;

/** Safari plays HLS itself, and better than a script can: AirPlay, and the battery. Others say that they might. */
function playsItself(video: HTMLVideoElement): boolean {
  return (
    video.canPlayType("application/vnd.apple.mpegurl") !== "" &&
    ("ManagedMediaSource" in window || !("MediaSource" in window))
  );
}

/** Opens a playlist. hls.js is loaded only where it is needed. */
export async function open(
  video: HTMLVideoElement,
  url: string,
  from: From,
  events: PlayerEvents,
  fresh: (url: string) => string,
): Promise<Player> {
  return playsItself(video) ? openNative(video, url, events) : openScript(video, url, from, events, fresh);
}

function openNative(video: HTMLVideoElement, url: string, events: PlayerEvents): Player {
  const onError = (): void => {
    const { code = 0, message = "" } = video.error ?? {};
    if (code === MediaError.MEDIA_ERR_NETWORK) events.lost();
    else events.failed(unplayable(`media error ${code} ${message}`));
  };
  // A recording has a length, what is still being made has none.
  const onLength = (): void => void (Number.isFinite(video.duration) && events.complete());
  video.addEventListener("error", onError);
  video.addEventListener("durationchange", onLength);
  video.src = url;
  const edge = (): number | undefined =>
    video.seekable.length > 0 && !Number.isFinite(video.duration)
      ? video.seekable.end(video.seekable.length - 1)
      : undefined;
  return {
    late() {
      const at = edge();
      if (at === undefined) return undefined;
      const toEdge = at - video.currentTime;
      // Safari's: the time of day of position zero, NaN where the playlist has none.
      const zero = (video as { getStartDate?: () => Date }).getStartDate?.().getTime();
      const made = zero === undefined || Number.isNaN(zero) ? undefined : zero + video.currentTime * 1000;
      return { behind: ageOf(toEdge, made, Date.now()), extra: Math.max(toEdge - nativeDistance, 0) };
    },
    catchUp() {
      const at = edge();
      if (at !== undefined) video.currentTime = at;
    },
    close() {
      video.removeEventListener("error", onError);
      video.removeEventListener("durationchange", onLength);
      video.removeAttribute("src");
      video.load();
    },
  };
}

async function openScript(
  video: HTMLVideoElement,
  url: string,
  from: From,
  events: PlayerEvents,
  fresh: (url: string) => string,
): Promise<Player> {
  const { default: Hls, ErrorTypes, Events } = await import("hls.js/light");
  if (!Hls.isSupported()) {
    events.failed(noPlayer);
    return closed;
  }
  const hls = new Hls({
    // fMP4 goes to the browser as it is: a worker would gain nothing, and a blob: worker needs a weaker page policy.
    enableWorker: false,
    // Parts of segments, for who watches what happens now. Who watches from the start needs no list twice a second.
    lowLatencyMode: from === "edge",
    // Faster than life for a moment, instead of a jump, when a hiccup has put the viewer behind.
    maxLiveSyncPlaybackRate: 1.1,
    backBufferLength: 120,
    startPosition: from === "start" ? 0 : -1,
    // The address it was opened with ends; what plays on goes by the newest signature.
    xhrSetup: (xhr, asked) => xhr.open("GET", fresh(asked), true),
  });
  let mended = false;
  hls.on(Events.LEVEL_UPDATED, (_, { details }) => void (!details.live && events.complete()));
  hls.on(Events.ERROR, (_, { fatal, type, details, error, response }) => {
    if (!fatal) return;
    if (type === ErrorTypes.NETWORK_ERROR) return events.lost();
    if (type === ErrorTypes.MEDIA_ERROR && !mended) {
      mended = true;
      return hls.recoverMediaError();
    }
    events.failed(unplayable([details, response?.code, error.message].filter(Boolean).join(" ")));
  });
  hls.loadSource(url);
  hls.attachMedia(video);
  return {
    late() {
      const details = hls.latestLevelDetails;
      if (details === null || !details.live || video.readyState === 0) return undefined;
      const toEdge = details.edge + details.age - video.currentTime;
      return {
        behind: ageOf(toEdge, hls.playingDate?.getTime(), Date.now()),
        extra: Math.max(toEdge - (hls.targetLatency ?? toEdge), 0),
      };
    },
    catchUp() {
      const to = hls.liveSyncPosition;
      if (to !== null && to > video.currentTime) video.currentTime = to;
    },
    close: () => hls.destroy(),
  };
}
