import { timeOf } from "../parts/time";
import type { QualitySample } from "./timeline";

/** GET /v2/sessions/{id}/stats?participants=true, what is used of it. */
export interface SessionStats {
  readonly step: number;
  readonly participants?: readonly {
    readonly participantId: string;
    readonly stats: readonly StatsEntry[];
  }[];
}

export interface StatsEntry {
  readonly time: string;
  readonly averageAudioRtt?: number;
  readonly averageVideoRtt?: number;
  readonly averageAudioJitter?: number;
  readonly averageVideoJitter?: number;
  readonly qualityScore?: { readonly audio?: number; readonly video?: number };
}

/** What the curves need; a session of 200 participants and 2 hours has a million values more. */
export const curveFields = "qualityScore,averageAudioRtt,averageVideoRtt,averageAudioJitter,averageVideoJitter";

/** Reads the measurements of a session into what the curves show, by participant. */
export function qualityOf(answer: SessionStats): Map<string, readonly QualitySample[]> {
  return new Map((answer.participants ?? []).map((p) => [p.participantId, p.stats.map(sampleOf)]));
}

/** The worse of sound and picture: whoever looks for trouble looks for that one. */
function sampleOf(entry: StatsEntry): QualitySample {
  return {
    at: timeOf(entry.time),
    ...worst("score", Math.min, entry.qualityScore?.audio, entry.qualityScore?.video),
    ...worst("rttMs", Math.max, entry.averageAudioRtt, entry.averageVideoRtt),
    ...worst("jitterMs", Math.max, entry.averageAudioJitter, entry.averageVideoJitter),
  };
}

function worst(
  name: keyof QualitySample,
  of: (...values: number[]) => number,
  ...values: (number | undefined)[]
): Partial<QualitySample> {
  const known = values.filter((v) => v !== undefined);
  return known.length === 0 ? {} : { [name]: of(...known) };
}
