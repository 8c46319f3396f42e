/** Below this many pictures a second others are better off without the camera. */
export const minFps = 10;
/** It has to be so slow so many times in a row, each over two seconds. */
export const maxSlow = 3;

/** How fast the background is changed. */
export interface Speed {
  readonly framesPerSecond: number;
  /** What one picture takes, on average. */
  readonly frameMs: number;
  readonly forMs: number;
}
