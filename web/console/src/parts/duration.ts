const units = [
  { name: "d", ms: 86_400_000 },
  { name: "h", ms: 3_600_000 },
  { name: "min", ms: 60_000 },
  { name: "s", ms: 1000 },
];

/** A length of time in its two largest units: "1 h 2 min", "3 min 12 s", "4.2 s", "850 ms". */
export function durationText(ms: number): string {
  if (!Number.isFinite(ms)) return "–";
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1000) return `${whole} ms`;
  if (whole < 10_000) return `${(Math.floor(whole / 100) / 10).toString()} s`;
  const first = units.findIndex((u) => whole >= u.ms);
  const unit = units[first];
  const next = units[first + 1];
  if (unit === undefined || next === undefined) return `${Math.floor(whole / 1000)} s`;
  const rest = Math.floor((whole % unit.ms) / next.ms);
  return `${Math.floor(whole / unit.ms)} ${unit.name}${rest > 0 ? ` ${rest} ${next.name}` : ""}`;
}
