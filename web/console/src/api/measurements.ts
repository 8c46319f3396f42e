import { timeOf } from "../parts/time";
import type { QualitySample } from "./timeline";

type Fields = Readonly<Record<string, unknown>>;

/** Reads the measurements of a session into what the curves show, by participant. Unknown fields are left alone. */
export function qualityOf(answer: unknown): Map<string, QualitySample[]> {
  const found = new Map<string, QualitySample[]>();
  const participants = list(
    (answer as Fields | undefined)?.["participants"] ?? (answer as Fields | undefined)?.["data"],
  );
  for (const p of participants) {
    const id = p["participantId"];
    if (typeof id === "string") found.set(id, samplesOf(list(p["samples"] ?? p["stats"])));
  }
  return found;
}

function samplesOf(samples: readonly Fields[]): QualitySample[] {
  return samples
    .map((s) => ({
      at: timeOf(String(s["at"] ?? s["timestamp"] ?? "")),
      ...number(s, "score", "qualityScore"),
      ...number(s, "loss", "packetLoss"),
      ...number(s, "rttMs", "rtt"),
      ...number(s, "jitterMs", "jitter"),
      ...number(s, "bitrateBps", "bitrate"),
    }))
    .filter((s) => !Number.isNaN(s.at))
    .toSorted((a, b) => a.at - b.at);
}

function number(s: Fields, name: keyof QualitySample, other: string): Partial<QualitySample> {
  const value = s[name] ?? s[other];
  return typeof value === "number" && Number.isFinite(value) ? { [name]: value } : {};
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? (value as Fields[]) : [];
}
