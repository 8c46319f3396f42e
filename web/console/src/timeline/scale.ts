/** A stretch of time that is shown, in milliseconds since 1970. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Nothing shorter is shown. */
export const shortest = 1000;

/** Where a moment is drawn on `width` pixels. */
export function xOf(range: Range, width: number, at: number): number {
  return ((at - range.from) / (range.to - range.from)) * width;
}

/** The moment at a pixel. */
export function timeAt(range: Range, width: number, x: number): number {
  return range.from + (x / width) * (range.to - range.from);
}

/** The range moved and shortened so that it lies in `bounds`. */
export function clamped(range: Range, bounds: Range): Range {
  const whole = bounds.to - bounds.from;
  const length = Math.min(Math.max(range.to - range.from, Math.min(shortest, whole)), whole);
  const from = Math.min(Math.max(range.from, bounds.from), bounds.to - length);
  return { from, to: from + length };
}

/** The range made longer (factor above 1) or shorter, so that the moment `anchor` stays where it is. */
export function zoomed(range: Range, bounds: Range, factor: number, anchor: number): Range {
  const from = anchor - (anchor - range.from) * factor;
  return clamped({ from, to: from + Math.max((range.to - range.from) * factor, shortest) }, bounds);
}

export function panned(range: Range, bounds: Range, ms: number): Range {
  return clamped({ from: range.from + ms, to: range.to + ms }, bounds);
}

export interface Tick {
  readonly at: number;
  readonly label: string;
  /** A new day begins. */
  readonly day: boolean;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const steps = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12, 24, 48, 96, 168].map((n) => n * hour),
];

/** Round times of the reader's zone for an axis, at least `gap` pixels apart. */
export function ticks(range: Range, width: number, gap = 90): Tick[] {
  const length = range.to - range.from;
  if (length <= 0 || width <= 0) return [];
  const step = steps.find((s) => (s / length) * width >= gap) ?? length;
  const zone = new Date(range.from).getTimezoneOffset() * minute;
  const first = Math.ceil((range.from - zone) / step) * step + zone;
  const found: Tick[] = [];
  for (let at = first; at <= range.to; at += step) {
    const d = new Date(at);
    const day = d.getHours() === 0 && d.getMinutes() === 0 && d.getSeconds() === 0;
    found.push({ at, label: tickText(d, step, day), day });
  }
  return found;
}

function tickText(d: Date, step: number, day: boolean): string {
  if (day) return d.toLocaleDateString(undefined, { day: "numeric", month: "short" });
  const two = (n: number): string => String(n).padStart(2, "0");
  const clock = `${two(d.getHours())}:${two(d.getMinutes())}`;
  return step < minute ? `${clock}:${two(d.getSeconds())}` : clock;
}
