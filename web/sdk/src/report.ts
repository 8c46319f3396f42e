import { categoryOf, type DeviceCategory } from "./devicecategory.js";
import { VideoSDKError } from "./fault.js";
import { isUnanswered } from "./faults.gen.js";
import { kinds } from "./kinds.js";
import { log } from "./log.js";
import { limitationOf } from "./stats.js";
import type { StreamKind } from "./types.js";

/** Fields we read of W3C webrtc-stats; no browser gives all of them. */
interface Stat extends RTCStats {
  readonly kind?: string;
  readonly trackIdentifier?: string;
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
  readonly packetsSent?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly roundTripTime?: number;
  readonly currentRoundTripTime?: number;
  readonly frameWidth?: number;
  readonly frameHeight?: number;
  readonly framesPerSecond?: number;
  readonly freezeCount?: number;
  readonly totalFreezesDuration?: number;
  readonly concealedSamples?: number;
  readonly silentConcealedSamples?: number;
  readonly totalSamplesReceived?: number;
  readonly nominated?: boolean;
  readonly state?: string;
  readonly localCandidateId?: string;
  readonly candidateType?: string;
  readonly protocol?: string;
  readonly relayProtocol?: string;
  readonly networkType?: string;
  readonly availableOutgoingBitrate?: number;
}

/** An entry of the method `reportStats`: docs/protocol.md. */
interface Entry {
  readonly direction: "send" | "recv";
  readonly kind: StreamKind;
  streams: number;
  bitrateBps: number;
  packets: number;
  packetsLost: number;
  jitterMs?: number;
  rttMs?: number;
  framesPerSecond?: number;
  width?: number;
  height?: number;
  limitation?: string;
  freezes?: number;
  frozenMs?: number;
  concealed?: number;
}

interface Path {
  candidate?: string;
  protocol?: string;
  network?: string;
  rttMs?: number;
  availableBps?: number;
}

/** What a report asks of its meeting. */
export interface ReportOwner {
  /** What the sender of an own stream reports; undefined while there is none. */
  sent(kind: StreamKind): Promise<RTCStatsReport | undefined> | undefined;
  /** What the connection reports that receives. */
  received(): Promise<RTCStatsReport | undefined> | undefined;
  participants(): Iterable<{ readonly streams: ReadonlyMap<string, ReceivedStream> }>;
  readonly local: { readonly micOn: boolean; readonly webcamOn: boolean };
  device(kind: "audio" | "video"): { readonly label: string } | undefined;
  isConnected(): boolean;
  send(report: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** The browser does not report. */
  failed(problem: string): void;
  /** The server does not take it. */
  refused(fault: VideoSDKError): void;
}

interface ReceivedStream {
  readonly kind: StreamKind;
  readonly track: MediaStreamTrack;
}

const MAX_DURATION_MS = 120_000;
const FAILURES = 2;
const networks = ["ethernet", "wifi", "cellular", "bluetooth", "vpn", "wimax", "mixed", "other", "none"];
const limitations = ["none", "bandwidth", "cpu", "other"];

const all = (report: RTCStatsReport): Stat[] => [...(report as ReadonlyMap<string, Stat>).values()];
const inMs = (seconds: number): number => Math.round(seconds * 10_000) / 10;
const count = (value: number): number => Math.max(0, Math.round(value));

/**
 * Report tells the server every few seconds what this client has measured of its own media: nobody's address, and of
 * devices only their kind. Neither a browser that measures nothing nor a server that takes no report disturbs a
 * meeting; each is told once, and ends the reports.
 */
export class Report {
  readonly #owner: ReportOwner;
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  /** Counts at the last report, by connection and id. */
  #before = new Map<string, Stat>();
  #at = performance.now();
  #busy = false;
  /** In a row. */
  #failures = 0;

  /** Reports every so many ms; 0: never. */
  constructor(everyMs: number, owner: ReportOwner) {
    this.#owner = owner;
    if (everyMs > 0) this.#timer = setInterval(() => void this.#report(), everyMs);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #report(): Promise<void> {
    if (this.#busy || !this.#owner.isConnected()) return;
    this.#busy = true;
    try {
      const report = await this.#measure().catch((failure: unknown) => this.#notMeasured(failure));
      if (report && this.#owner.isConnected()) await this.#owner.send(report);
    } catch (failure) {
      this.#notTaken(failure);
    } finally {
      this.#busy = false;
    }
  }

  /** Once may be a connection that was just being closed. */
  #notMeasured(failure: unknown): void {
    if (++this.#failures < FAILURES || !this.#owner.isConnected()) return;
    this.close();
    this.#owner.failed(String(failure));
  }

  #notTaken(failure: unknown): void {
    const unanswered = failure instanceof VideoSDKError && (isUnanswered(failure) || failure.retryable);
    if (unanswered || !this.#owner.isConnected()) return; // the next one may be
    this.close();
    if (failure instanceof VideoSDKError) this.#owner.refused(failure);
    else log("ERROR", "a report of quality failed", failure);
  }

  async #measure(): Promise<Readonly<Record<string, unknown>> | undefined> {
    const sent = await Promise.all(kinds.map(async (kind) => [kind, await this.#owner.sent(kind)] as const));
    const received = await this.#owner.received();
    this.#failures = 0;
    const now = performance.now();
    const durationMs = Math.min(Math.round(now - this.#at), MAX_DURATION_MS);
    this.#at = now;
    const before = this.#before;
    this.#before = new Map();
    const entries: Entry[] = [];
    for (const [kind, report] of sent) if (report) entries.push(...this.#sent(kind, report, before, durationMs));
    if (received) entries.push(...this.#received(received, before, durationMs));
    const path = pathOf([...sent.map(([, report]) => report), received]);
    const { camera, microphone } = this.#devices();
    if (entries.length === 0 && !path) return undefined;
    return {
      durationMs,
      streams: entries,
      ...(path && { path }),
      ...(camera && { camera }),
      ...(microphone && { microphone }),
    };
  }

  /** How much has been added to a count since the last report. */
  #added(before: ReadonlyMap<string, Stat>, key: string, stat: Stat, field: keyof Stat): number | undefined {
    const value = stat[field];
    if (typeof value !== "number") return undefined;
    const last = before.get(key)?.[field];
    return typeof last === "number" && last <= value ? value - last : Math.max(0, value);
  }

  /** One entry for an own stream in all its encodings; none while nothing is sent. */
  #sent(kind: StreamKind, report: RTCStatsReport, before: ReadonlyMap<string, Stat>, durationMs: number): Entry[] {
    const entry = newEntry("send", kind);
    let pixels = -1;
    for (const stat of all(report)) {
      if (stat.type !== "outbound-rtp" && stat.type !== "remote-inbound-rtp") continue;
      const key = `send ${kind} ${stat.id}`;
      this.#before.set(key, stat);
      const added = (field: keyof Stat): number => this.#added(before, key, stat, field) ?? 0;
      if (stat.type === "remote-inbound-rtp") {
        // Of what we send, the far end knows loss and jitter: RFC 3550, 6.4.1.
        entry.packetsLost += count(added("packetsLost"));
        largest(entry, "jitterMs", stat.jitter);
        largest(entry, "rttMs", stat.roundTripTime);
        continue;
      }
      entry.packets += count(added("packetsSent"));
      entry.bitrateBps += count((added("bytesSent") * 8000) / durationMs);
      if (added("packetsSent") > 0) pixels = picture(entry, stat, pixels);
    }
    if (entry.packets === 0) return [];
    entry.streams = 1;
    if (kind === "video" || kind === "share") {
      const limitation = limitationOf(report);
      entry.limitation = limitations.includes(limitation) ? limitation : "other";
    }
    return [entry];
  }

  /** One entry for all received streams of a kind. */
  #received(report: RTCStatsReport, before: ReadonlyMap<string, Stat>, durationMs: number): Entry[] {
    const kindOf = this.#kindsOfTracks();
    const entries = new Map<StreamKind, Entry>();
    const pixels = new Map<StreamKind, number>();
    const samples = new Map<StreamKind, { all: number; concealed: number }>();
    for (const stat of all(report)) {
      if (stat.type !== "inbound-rtp") continue;
      const key = `recv ${stat.id}`;
      this.#before.set(key, stat);
      const added = (field: keyof Stat): number | undefined => this.#added(before, key, stat, field);
      const packets = count(added("packetsReceived") ?? 0);
      const lost = count(added("packetsLost") ?? 0);
      if (packets === 0 && lost === 0) continue;
      const kind = kindOf.get(stat.trackIdentifier ?? "") ?? (stat.kind === "audio" ? "audio" : "video");
      const entry = entries.get(kind) ?? newEntry("recv", kind);
      entries.set(kind, entry);
      entry.streams++;
      entry.packets += packets;
      entry.packetsLost += lost;
      entry.bitrateBps += count(((added("bytesReceived") ?? 0) * 8000) / durationMs);
      largest(entry, "jitterMs", stat.jitter);
      pixels.set(kind, picture(entry, stat, pixels.get(kind) ?? -1));
      const freezes = added("freezeCount");
      if (freezes !== undefined) entry.freezes = (entry.freezes ?? 0) + count(freezes);
      const frozen = added("totalFreezesDuration");
      if (frozen !== undefined) entry.frozenMs = (entry.frozenMs ?? 0) + count(frozen * 1000);
      const heard = samples.get(kind) ?? { all: 0, concealed: 0 };
      samples.set(kind, heard);
      heard.all += added("totalSamplesReceived") ?? 0;
      heard.concealed += (added("concealedSamples") ?? 0) - (added("silentConcealedSamples") ?? 0);
      if (heard.all > 0) entry.concealed = Math.min(1, Math.max(0, heard.concealed / heard.all));
    }
    return [...entries.values()];
  }

  #kindsOfTracks(): ReadonlyMap<string, StreamKind> {
    const found = new Map<string, StreamKind>();
    for (const { streams } of this.#owner.participants())
      for (const { kind, track } of streams.values()) found.set(track.id, kind);
    return found;
  }

  #devices(): { camera: DeviceCategory | undefined; microphone: DeviceCategory | undefined } {
    const { local } = this.#owner;
    const category = (kind: "audio" | "video", on: boolean): DeviceCategory | undefined => {
      if (!on) return undefined;
      const device = this.#owner.device(kind);
      return device ? categoryOf(device.label) : "custom";
    };
    return { camera: category("video", local.webcamOn), microphone: category("audio", local.micOn) };
  }
}

const newEntry = (direction: "send" | "recv", kind: StreamKind): Entry => ({
  direction,
  kind,
  streams: 0,
  bitrateBps: 0,
  packets: 0,
  packetsLost: 0,
});

function largest(entry: Entry, field: "jitterMs" | "rttMs", seconds: number | undefined): void {
  if (seconds !== undefined && seconds >= 0) entry[field] = Math.max(entry[field] ?? 0, inMs(seconds));
}

/** Takes the picture of a stream if it is the largest so far; returns the size of that. */
function picture(entry: Entry, stat: Stat, before: number): number {
  const { frameWidth: width, frameHeight: height, framesPerSecond } = stat;
  if (!width || !height || width * height <= before) return before;
  entry.width = width;
  entry.height = height;
  entry.framesPerSecond = Math.round((framesPerSecond ?? 0) * 10) / 10;
  return width * height;
}

/** The pair of candidates in use, that of the sending connection first. */
function pathOf(reports: readonly (RTCStatsReport | undefined)[]): Path | undefined {
  for (const report of reports) {
    const stats = report ? all(report) : [];
    const pair = stats.find(
      ({ type, nominated, state }) => type === "candidate-pair" && nominated && state !== "failed",
    );
    if (!pair) continue;
    const local = stats.find(({ id }) => id === pair.localCandidateId);
    const path: Path = { network: networkOf(local) };
    if (local?.candidateType) path.candidate = local.candidateType;
    const protocol = local?.relayProtocol ?? local?.protocol;
    if (protocol) path.protocol = protocol;
    if (pair.currentRoundTripTime !== undefined) path.rttMs = inMs(pair.currentRoundTripTime);
    if (pair.availableOutgoingBitrate !== undefined) path.availableBps = count(pair.availableOutgoingBitrate);
    return path;
  }
  return undefined;
}

function networkOf(local: Stat | undefined): string {
  const type = local?.networkType ?? (navigator as { connection?: { type?: string } }).connection?.type ?? "";
  return networks.includes(type) ? type : "unknown";
}
