/** Where somebody is who watches something that goes on. */
export interface Late {
  /** How old what is shown is, in seconds. */
  readonly behind: number;
  /** How much of that is more than the player needs, so that going to the live edge would save it. */
  readonly extra: number;
}

/**
 * What encoding and sending take at most before a picture can be fetched, in seconds: a clock that says more is
 * wrong.
 */
const onItsWay = 5;

/**
 * How old a picture is, in seconds: `toEdge` of the newest one that can be fetched, which is young itself. The
 * playlist says at what time of day the picture was made; but the clock of this computer may not go like the server's.
 */
export function ageOf(toEdge: number, madeAt: number | undefined, now: number): number {
  const age = madeAt === undefined ? Number.NaN : (now - madeAt) / 1000;
  return age >= toEdge && age <= toEdge + onItsWay ? age : Math.max(toEdge, 0);
}

/** How far behind, in words: tenths where they say something. */
export function lateness(behind: number): string {
  if (behind < 10) return `${behind.toFixed(1)} s`;
  const seconds = Math.floor(behind);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
