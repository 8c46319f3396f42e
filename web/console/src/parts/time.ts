/** Milliseconds since 1970 of a time as the server writes it; NaN when there is none. */
export function timeOf(at: string | null | undefined): number {
  return at === null || at === undefined || at === "" ? Number.NaN : Date.parse(at);
}

const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const year = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });

const two = (n: number): string => String(n).padStart(2, "0");

/** The time of the day in the reader's zone: "14:03:22", with milliseconds where asked for. */
export function clockText(ms: number, { millis = false, seconds = true } = {}): string {
  const d = new Date(ms);
  const text = `${two(d.getHours())}:${two(d.getMinutes())}${seconds ? `:${two(d.getSeconds())}` : ""}`;
  return millis ? `${text}.${String(d.getMilliseconds()).padStart(3, "0")}` : text;
}

/** Day and time in the reader's zone; the day is left out when it is today, the year when it is this one. */
export function momentText(ms: number, now: number, { millis = false } = {}): string {
  if (Number.isNaN(ms)) return "–";
  const [d, n] = [new Date(ms), new Date(now)];
  const clock = clockText(ms, { millis });
  if (d.toDateString() === n.toDateString()) return clock;
  return `${(d.getFullYear() === n.getFullYear() ? day : year).format(d)} ${clock}`;
}

/** The same moment in UTC, exactly: "2026-11-26 13:03:22.120 UTC". */
export function utcText(ms: number): string {
  return Number.isNaN(ms) ? "" : `${new Date(ms).toISOString().replace("T", " ").replace("Z", "")} UTC`;
}

/** How long ago: "just now", "4 min ago". */
export function agoText(ms: number, now: number): string {
  const s = Math.round((now - ms) / 1000);
  if (Number.isNaN(s)) return "never";
  if (s < 5) return "just now";
  if (s < 60) return `${s} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ago`;
  return `${Math.floor(s / 86_400)} d ago`;
}
