import { type Fault, type FaultContext, faults } from "./fault.js";

/** Which of a participant's two connections. */
export type ConnectionName = "publish" | "subscribe";

/** Times in milliseconds. */
const FIRST_PATH = 12_000;
const DISCONNECTED_GRACE = 2_500;
const RESTART_BACKOFF = 1_000;
const RESTART_BACKOFF_MAX = 10_000;
/** Restarts without success before PATH_LOST is told. */
const RESTARTS_BEFORE_TOLD = 3;

export interface PathOwner {
  /** Renegotiates with an ICE restart. A failure counts like a restart that found no path. */
  restart(): Promise<void>;
  fault(fault: Fault): void;
  where(): FaultContext;
}

/**
 * Path watches whether a peer connection has a path to the server and restarts ICE when it has none, for as long
 * as it lives. One outage is told once: 3101 UDP_BLOCKED when there never was a path, PATH_LOST when there was.
 */
export class Path {
  readonly #pc: RTCPeerConnection;
  readonly #name: ConnectionName;
  readonly #owner: PathOwner;
  readonly #startedAt = Date.now();

  #connectedAt = 0;
  #connectedForMs = 0;
  #restarts = 0;
  #told = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(pc: RTCPeerConnection, name: ConnectionName, owner: PathOwner) {
    this.#pc = pc;
    this.#name = name;
    this.#owner = owner;
    pc.addEventListener("connectionstatechange", this.#changed);
    this.#after(FIRST_PATH);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#pc.removeEventListener("connectionstatechange", this.#changed);
  }

  /** Tries again at once: signaling is back, or the device has a network again. */
  retry(): void {
    if (this.#pc.connectionState !== "connected" && this.#restarts > 0) this.#after(0);
  }

  readonly #changed = (): void => {
    switch (this.#pc.connectionState) {
      case "connected":
        clearTimeout(this.#timer);
        this.#connectedAt = Date.now();
        this.#restarts = 0;
        this.#told = false;
        break;
      case "disconnected":
        // Often recovers by itself: RFC 8445 consent checks missed for a moment.
        this.#lost();
        this.#after(DISCONNECTED_GRACE);
        break;
      case "failed":
        this.#lost();
        this.#after(this.#restarts === 0 ? 0 : this.#backoff());
        break;
    }
  };

  #lost(): void {
    if (this.#connectedAt > 0) this.#connectedForMs += Date.now() - this.#connectedAt;
    this.#connectedAt = 0;
  }

  #backoff(): number {
    return Math.min(RESTART_BACKOFF_MAX, RESTART_BACKOFF * 2 ** this.#restarts);
  }

  #after(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#restart(), ms);
  }

  async #restart(): Promise<void> {
    if (this.#pc.connectionState === "connected" || this.#pc.signalingState === "closed") return;
    await this.#tell();
    this.#restarts++;
    // The next try is due whether or not this one can be carried out: the timer is set before the answer comes.
    this.#after(Math.max(this.#backoff(), 5_000));
    await this.#owner.restart().catch(() => undefined);
  }

  async #tell(): Promise<void> {
    const never = this.#connectedForMs === 0;
    if (this.#told || (!never && this.#restarts < RESTARTS_BEFORE_TOLD)) return;
    this.#told = true;
    const connection = this.#name;
    const where = this.#owner.where();
    this.#owner.fault(
      never
        ? faults.mediaConnectionLostUDPBlocked(
            { connection, ...(await candidates(this.#pc)), afterMs: Date.now() - this.#startedAt },
            where,
          )
        : faults.mediaConnectionLostPathLost(
            { connection, connectedForMs: this.#connectedForMs, attempts: this.#restarts },
            where,
          ),
    );
  }
}

/** The kinds of candidates of both sides, such as "udp host"; addresses are nobody's business. */
async function candidates(pc: RTCPeerConnection): Promise<{ localCandidates: string[]; remoteCandidates: string[] }> {
  const sides = { "local-candidate": new Set<string>(), "remote-candidate": new Set<string>() };
  for (const stat of ((await pc.getStats()) as ReadonlyMap<string, RTCIceCandidateStats>).values()) {
    sides[stat.type as keyof typeof sides]?.add(`${stat.protocol} ${stat.candidateType}`);
  }
  return { localCandidates: [...sides["local-candidate"]], remoteCandidates: [...sides["remote-candidate"]] };
}

interface RTCIceCandidateStats extends RTCStats {
  readonly protocol?: string;
  readonly candidateType?: string;
}
