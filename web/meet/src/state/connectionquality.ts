/** How well the media of each participant flows, as the mark of a tile shows it; measured as docs/stats.md says. */
import type { Participant, PictureStats, StreamStats } from "@klatch/sdk";
import { hasTileInSight } from "./reactions";
import type { Person } from "./room";

export type ConnectionQuality = "good" | "fair" | "poor";

/** So often what people in sight receive and send is read, in ms. */
const everyMs = 5_000;

/** What is known of one stream, or of one size of an own picture, at one time. */
export interface Counts {
  readonly atMs: number;
  readonly packets: number;
  readonly lost: number;
  readonly frozenMs: number;
  readonly rttMs: number;
  readonly limited: boolean;
}

/** Returns what of a stream counts. */
export function countsOf(stats: StreamStats | PictureStats, atMs: number): Counts {
  return {
    atMs,
    packets: stats.totalPackets,
    lost: stats.packetsLost,
    frozenMs: "frozenMs" in stats ? stats.frozenMs : 0,
    rttMs: stats.rtt,
    limited: stats.limitation !== null && ["bandwidth", "cpu"].includes(stats.limitation.reason),
  };
}

/** Returns the part of the packets between two times that was lost, 0 to 1; 0 where none were sent. */
export function lossBetween(before: Counts, now: Counts, local: boolean): number {
  const lost = Math.max(0, now.lost - before.lost);
  // Of what was received the lost ones are not part; of what was sent they are.
  const all = Math.max(0, now.packets - before.packets) + (local ? 0 : lost);
  return all === 0 ? 0 : Math.min(1, lost / all);
}

/** Returns the score of a stream between two times, 0 to 10. */
export function scoreOf(before: Counts, now: Counts, local: boolean): number {
  const forMs = Math.max(1, now.atMs - before.atMs);
  const frozen = Math.min(1, Math.max(0, now.frozenMs - before.frozenMs) / forMs);
  const cost =
    Math.min(4, 40 * lossBetween(before, now, local)) +
    Math.min(3, Math.max(0, now.rttMs - 150) / 100) +
    Math.min(6, 25 * frozen) +
    (now.limited ? 2 : 0);
  return Math.max(0, 10 - cost);
}

export function qualityOf(score: number): ConnectionQuality {
  return score >= 8 ? "good" : score >= 5 ? "fair" : "poor";
}

type Read = ReadonlyMap<string, Counts>;

/** Reads all that is sent by this person, or received of another one. */
async function read(participant: Participant): Promise<Read> {
  const atMs = performance.now();
  const [audio, video, share] = await Promise.all([
    participant.getAudioStats(),
    participant.getVideoStats(),
    participant.getShareStats(),
  ]);
  return new Map([...audio, ...video, ...share].map((s) => [`${s.kind} ${layerOf(s)}`, countsOf(s, atMs)]));
}

const layerOf = (stats: StreamStats | PictureStats): string => ("rid" in stats ? (stats.rid ?? "") : "");

/** The worst of what is received of somebody, or sent by this person; undefined where nothing was measured. */
function measured(person: Person, before: Read | undefined, now: Read): ConnectionQuality | undefined {
  if (person.connectionState === "RECONNECTING" || person.lowBandwidth.length > 0) return "poor";
  const scores = [...now].flatMap(([key, counts]) => {
    const last = before?.get(key);
    // Counts that shrank are of another sender or receiver.
    return last === undefined || counts.packets < last.packets ? [] : [scoreOf(last, counts, person.local)];
  });
  return scores.length === 0 ? undefined : qualityOf(Math.min(...scores));
}

/** Who knows the people of a meeting, and keeps how well their media flows. */
export interface ConnectionQualityOwner {
  readonly room: { readonly value: { readonly people: readonly Person[] } };
  readonly connectionQuality: { value: ReadonlyMap<string, ConnectionQuality> };
  participant(id: string): Participant | undefined;
}

/** Measures those whose tiles are in sight, while the page is; returns what ends it. */
export function watchConnectionQuality(store: ConnectionQualityOwner): () => void {
  const last = new Map<string, Read>();
  let busy = false;
  let over = false;
  const look = async (): Promise<void> => {
    if (busy || document.visibilityState === "hidden") return;
    busy = true;
    const next = new Map<string, ConnectionQuality>();
    for (const person of store.room.value.people) {
      const participant = hasTileInSight(person.id) ? store.participant(person.id) : undefined;
      // Of a connection that is being closed nothing can be read.
      const now = participant && (await read(participant).catch(() => undefined));
      if (now === undefined) {
        last.delete(person.id);
        continue;
      }
      const quality = measured(person, last.get(person.id), now);
      if (quality !== undefined) next.set(person.id, quality);
      last.set(person.id, now);
    }
    busy = false;
    const changed =
      next.size !== store.connectionQuality.value.size ||
      [...next].some(([id, q]) => store.connectionQuality.value.get(id) !== q);
    if (changed && !over) store.connectionQuality.value = next;
  };
  const timer = setInterval(() => void look(), everyMs);
  return () => {
    over = true;
    clearInterval(timer);
    store.connectionQuality.value = new Map();
  };
}
