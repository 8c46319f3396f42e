/** Who limits a picture: pure, from what is known here. */

/** Which text says so. */
export type Limit =
  | "limitNothing"
  | "limitTheirUplink"
  | "limitDownlink"
  | "limitUplink"
  | "limitShownSize"
  | "limitPaused"
  | "limitProcessor"
  | "limitOther"
  | "limitLost";

export interface Received {
  readonly away: boolean;
  /** Why the server sends nothing of it; undefined while it sends. */
  readonly pauseReason: "requested" | "visibility" | "bandwidth" | undefined;
  readonly downlinkLimited: boolean;
  /** 0 is the smallest of three. */
  readonly layer: number;
  /** Of the last frame, in pixels; 0 before the first. */
  readonly height: number;
  /** How high it is shown, in pixels of the screen; 0 where it is not. */
  readonly shownHeight: number;
  /** The part of the frames of the last seconds that came and was not shown. */
  readonly dropped: number;
}

/** So many of the frames are dropped by a device that is too slow. */
const tooMany = 0.2;
const highest = 2;

/** Returns who limits a received picture. */
export function limitOfReceived(r: Received): Limit {
  if (r.away) return "limitLost";
  if (r.pauseReason === "bandwidth") return "limitDownlink";
  if (r.pauseReason !== undefined) return "limitPaused";
  if (r.dropped > tooMany) return "limitProcessor";
  const enough = r.height > 0 && r.height >= r.shownHeight;
  if (enough) return r.layer < highest ? "limitShownSize" : "limitNothing";
  return r.downlinkLimited ? "limitDownlink" : "limitTheirUplink";
}

/** Returns who limits an own picture, of what the browser names. */
export function limitOfSent(reason: string): Limit {
  if (reason === "none") return "limitNothing";
  return reason === "bandwidth" ? "limitUplink" : reason === "cpu" ? "limitProcessor" : "limitOther";
}
