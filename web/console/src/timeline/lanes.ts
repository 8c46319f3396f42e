import type { QualitySample, TimelineFault, TimelineRecord } from "../api/timeline";
import { timeOf } from "../parts/time";
import type { Range } from "./scale";

/** A piece of a lane that lasts; `to` is infinite while it goes on. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  /** What it is, for the tooltip and the list: "camera, VP8". */
  readonly text: string;
}

export interface StreamBar extends Bar {
  readonly kind: "audio" | "video" | "share" | "shareAudio";
}

/** A fault or a condition. */
export interface Mark {
  readonly id: string;
  readonly at: number;
  /** When a condition was over; the same as `at` for a fault of one moment, infinite for a condition that lasts. */
  readonly to: number;
  readonly code: number;
  readonly reason: string;
  readonly detail: string;
  readonly fatal: boolean;
}

/** An attempt to deliver a webhook. */
export interface Attempt {
  readonly at: number;
  readonly ok: boolean;
  readonly text: string;
  readonly deliveryId?: string;
}

export interface Lane {
  readonly kind: "meeting" | "participant" | "job" | "webhooks";
  readonly id: string;
  readonly name: string;
  /** What stands below the name. */
  readonly note: string;
  readonly bars: readonly Bar[];
  /** When the signaling of a participant was cut. */
  readonly cuts: readonly Bar[];
  readonly streams: readonly StreamBar[];
  readonly marks: readonly Mark[];
  readonly attempts: readonly Attempt[];
}

export interface Lanes {
  readonly lanes: readonly Lane[];
  readonly bounds: Range;
  /** The session goes on. */
  readonly live: boolean;
}

const ends = (at: string | null | undefined): number => {
  const ms = timeOf(at);
  return Number.isNaN(ms) ? Number.POSITIVE_INFINITY : ms;
};

/** Words for the kinds of streams. */
export const streamNames = {
  audio: "microphone",
  video: "camera",
  share: "screen",
  shareAudio: "screen audio",
} as const;

const jobNames: Readonly<Record<string, string>> = {
  recording: "Recording",
  hls: "HLS",
  livestream: "Livestream",
  composite: "Composite recording",
  participant: "Participant recording",
  track: "Track recording",
};

/** Reports whether a fault is a condition, over or not. */
function isLasting(f: TimelineFault): boolean {
  return f.lasts === true || Boolean(f.clearedAt);
}

export function markOf(f: TimelineFault): Mark {
  const at = timeOf(f.at);
  const to = isLasting(f) ? ends(f.clearedAt) : at;
  return { id: f.id, at, to, code: f.code, reason: f.reason, detail: f.detail, fatal: f.fatal };
}

/**
 * Puts a session on lanes: one for the meeting itself when it had faults of its own, one per participant in the order
 * in which they came, then egress, then webhooks.
 */
export function lanesOf(record: TimelineRecord, now: number): Lanes {
  const { faults } = record;
  const live = record.endedAt === null;
  const people = participantLanes(record);
  const known = new Set(people.map((lane) => lane.id));
  const jobs = record.jobs.map(jobLane);
  const ofJobs = new Set(jobs.flatMap((lane) => lane.marks.map((m) => m.id)));
  const others = faults.filter((f) => !known.has(f.participantId) && !ofJobs.has(f.id)).map(markOf);
  const hooks = webhookLane(record);
  const lanes = [...(others.length > 0 ? [meetingLane(others)] : []), ...people, ...jobs, ...(hooks ? [hooks] : [])];
  const times = lanes.flatMap((lane) => [
    ...lane.bars.flatMap((b) => [b.from, b.to]),
    ...lane.marks.map((m) => m.at),
    ...lane.attempts.map((a) => a.at),
  ]);
  const finite = times.filter(Number.isFinite);
  const from = finite.reduce((a, b) => Math.min(a, b), timeOf(record.startedAt));
  const to = finite.reduce((a, b) => Math.max(a, b), live ? now : timeOf(record.endedAt));
  return { lanes, bounds: { from, to: Math.max(to, from + 1000) }, live };
}

function meetingLane(marks: readonly Mark[]): Lane {
  return {
    kind: "meeting",
    id: "",
    name: "Meeting",
    note: "faults of all",
    bars: [],
    cuts: [],
    streams: [],
    marks,
    attempts: [],
  };
}

function participantLanes(record: TimelineRecord): Lane[] {
  interface Draft {
    name: string;
    note: string;
    bars: Bar[];
    cuts: Bar[];
    streams: StreamBar[];
    marks: Mark[];
  }
  const drafts = new Map<string, Draft>();
  for (const p of record.participants) {
    const draft = drafts.get(p.participantId) ?? { name: "", note: "", bars: [], cuts: [], streams: [], marks: [] };
    draft.name = p.name || draft.name;
    draft.note = [p.sdk, browserName(p.browser ?? "")].filter(Boolean).join(", ") || draft.note;
    for (const cut of p.reconnects ?? [])
      draft.cuts.push({ from: timeOf(cut.lostAt), to: timeOf(cut.resumedAt), text: "reconnecting" });
    draft.bars.push({
      from: timeOf(p.joinedAt),
      to: ends(p.leftAt),
      text: p.leftAt ? `left: ${p.reason ?? "gone"}` : "in",
    });
    drafts.set(p.participantId, draft);
  }
  for (const s of record.streams) {
    const text = [streamNames[s.kind] ?? s.kind, s.codec].filter(Boolean).join(", ");
    drafts.get(s.participantId)?.streams.push({ kind: s.kind, from: timeOf(s.startedAt), to: ends(s.endedAt), text });
  }
  for (const f of record.faults) drafts.get(f.participantId)?.marks.push(markOf(f));
  return [...drafts].map(([id, draft]) => ({
    kind: "participant" as const,
    id,
    ...draft,
    name: draft.name || id,
    marks: draft.marks.toSorted((a, b) => a.at - b.at),
    attempts: [],
  }));
}

/** The browser of a user agent and its version; what it does not know stays as it is, unless it is long. */
export function browserName(agent: string): string {
  const found = /(Edg|OPR|Firefox|Chrome)\/(\d+)/.exec(agent.replace(/Chrome(?=.*(Edg|OPR)\/)/, ""));
  if (found !== null) return `${{ Edg: "Edge", OPR: "Opera" }[found[1] ?? ""] ?? found[1]} ${found[2]}`;
  const safari = /Version\/(\d+).*Safari/.exec(agent);
  return safari !== null ? `Safari ${safari[1]}` : agent.length <= 24 ? agent : "";
}

function jobLane(job: TimelineRecord["jobs"][number]): Lane {
  const from = timeOf(job.startedAt ?? job.createdAt);
  return {
    kind: "job",
    id: job.id,
    name: jobNames[job.kind] ?? job.kind,
    note: job.status.toLowerCase(),
    bars: Number.isNaN(from)
      ? []
      : [{ from, to: ends(job.endedAt), text: `${jobNames[job.kind] ?? job.kind}, ${job.status}` }],
    streams: [],
    cuts: [],
    marks: job.fault ? [markOf(job.fault)] : [],
    attempts: [],
  };
}

function webhookLane(record: TimelineRecord): Lane | undefined {
  const attempts = record.webhooks
    .flatMap((hook) =>
      hook.attempts.map((a) => ({
        at: timeOf(a.at),
        ok: a.status !== null && a.status >= 200 && a.status < 300,
        text: `${hook.event}: ${a.status === null ? "no answer" : `HTTP ${a.status}`}`,
        ...(hook.id !== undefined && { deliveryId: hook.id }),
      })),
    )
    .toSorted((a, b) => a.at - b.at);
  if (attempts.length === 0) return undefined;
  const failed = attempts.filter((a) => !a.ok).length;
  const note = failed > 0 ? `${failed} of ${attempts.length} attempts failed` : `${attempts.length} attempts`;
  return {
    kind: "webhooks",
    id: "webhooks",
    name: "Webhooks",
    note,
    bars: [],
    cuts: [],
    streams: [],
    marks: [],
    attempts,
  };
}

/** Marks that are too near each other to be told apart. */
export interface Cluster {
  readonly x: number;
  readonly marks: readonly Mark[];
  readonly fatal: boolean;
}

/** Joins marks that would be drawn less than `gap` pixels apart; `place` returns the pixel of a moment. */
export function clusters(marks: readonly Mark[], place: (at: number) => number, gap: number): Cluster[] {
  const found: { x: number; last: number; marks: Mark[]; fatal: boolean }[] = [];
  for (const mark of marks) {
    const x = place(mark.at);
    const before = found.at(-1);
    if (before !== undefined && x - before.last < gap) {
      before.marks.push(mark);
      before.last = x;
      before.x = (place(before.marks[0]?.at ?? mark.at) + x) / 2;
      before.fatal ||= mark.fatal;
    } else found.push({ x, last: x, marks: [mark], fatal: mark.fatal });
  }
  return found;
}

/** The index of the first sample at or after a moment; samples ascend. */
export function firstAt(samples: readonly { readonly at: number }[], at: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One point of a curve: the worst of the samples that fall on the same pixel. */
export interface Point {
  readonly x: number;
  /** 0 (bad) to 1 (good). */
  readonly value: number;
}

/** Returns the curve of what a range shows: at most one point per pixel, however many samples there are. */
export function curve(samples: readonly QualitySample[], range: Range, width: number): Point[] {
  const points: { x: number; value: number }[] = [];
  const scale = width / (range.to - range.from);
  for (let i = Math.max(0, firstAt(samples, range.from) - 1); i < samples.length; i++) {
    const sample = samples[i];
    if (sample === undefined) break;
    const x = Math.round((sample.at - range.from) * scale);
    const before = points.at(-1);
    const value = goodness(sample);
    if (value !== undefined) {
      if (before?.x === x) before.value = Math.min(before.value, value);
      else points.push({ x, value });
    }
    if (sample.at > range.to) break;
  }
  return points;
}

/** How good a measurement is, 0 to 1: the score of the server; undefined where nothing was sent or received. */
export function goodness({ score }: QualitySample): number | undefined {
  return score === undefined ? undefined : Math.min(1, Math.max(0, score / 10));
}
