import { timeOf } from "../parts/time";
import type { QualitySample } from "./timeline";

/** GET /v2/sessions/{id}/stats?participants=true, what is used of it. */
export interface SessionStats {
  readonly step: number;
  readonly participants?: readonly ParticipantStats[];
}

/** GET /v2/sessions/{id}/participants/{participantId}/stats, what is used of it. */
export interface ParticipantStats {
  readonly participantId: string;
  readonly stats: readonly StatsEntry[];
}

export interface StatsEntry {
  readonly time: string;
  readonly averageAudioRtt?: number;
  readonly averageVideoRtt?: number;
  readonly averageAudioJitter?: number;
  readonly averageVideoJitter?: number;
  readonly qualityScore?: { readonly audio?: number; readonly video?: number };
}

/** What the curves need. */
export const curveFields = "qualityScore";

/** What the curves and the words beside the pointer need; of one participant. */
export const detailFields = "qualityScore,averageAudioRtt,averageVideoRtt,averageAudioJitter,averageVideoJitter";

/** How many points of a curve the overview of a session has at most: one for about 8 pixels. */
const overviewPoints = 120;

/** How often measurements are made, in seconds. */
const interval = 10;

/**
 * Returns the seconds that one point of the overview is of. All measurements of a session of 200 participants and 2
 * hours are 8 MB.
 */
export function overviewStep(lengthMs: number): number {
  return Math.max(1, Math.ceil(lengthMs / 1000 / interval / overviewPoints)) * interval;
}

/** Reports whether a range that is shown needs more points than the overview has of it. */
export function needsDetail(rangeMs: number, step: number): boolean {
  return step > interval && rangeMs / 1000 / step < overviewPoints / 2;
}

/** Reads the measurements of a session into what the curves show, by participant. */
export function qualityOf(answer: SessionStats): Map<string, readonly QualitySample[]> {
  return new Map((answer.participants ?? []).map((p) => [p.participantId, samplesOf(p)]));
}

/** Reads the measurements of a participant into what a curve shows. */
export function samplesOf(answer: ParticipantStats): readonly QualitySample[] {
  return answer.stats.map(sampleOf);
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
