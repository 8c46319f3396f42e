import { type Fault, type FaultContext, faults } from "./fault.js";

/** Which of a participant's two connections. */
export type ConnectionName = "publish" | "subscribe";

/** Times in milliseconds. */
const FIRST_PATH = 12_000;
const DISCONNECTED_GRACE = 2_500;
const RESTART_BACKOFF = 1_000;
const RESTART_BACKOFF_MAX = 10_000;
const RESTART_TRIAL = 5_000;
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
  #restarting = false;
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
    // ICE needs a few seconds to try all pairs before the next restart makes sense.
    this.#after(Math.max(this.#backoff(), RESTART_TRIAL));
    // While signaling is away a restart waits for it; more of them would all go out at once.
    if (this.#restarting) return;
    this.#restarting = true;
    await this.#tell();
    this.#restarts++;
    await this.#owner.restart().catch(() => undefined);
    this.#restarting = false;
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

/** What both sides had to offer: of ours the kinds, such as "udp host"; of the server's also where, to find the port. */
async function candidates(pc: RTCPeerConnection): Promise<{ localCandidates: string[]; remoteCandidates: string[] }> {
  const stats = [...((await pc.getStats()) as ReadonlyMap<string, CandidateStats>).values()];
  const local = stats.filter(({ type }) => type === "local-candidate").map(({ protocol, candidateType }) => `${protocol} ${candidateType}`);
  // RFC 8839, 5.1: foundation, component, transport, priority, address, port, "typ", type.
  const lines = pc.remoteDescription?.sdp.matchAll(/^a=candidate:\S+ \d+ (\w+) \d+ (\S+) (\d+) typ (\w+)/gm) ?? [];
  const remote = Array.from(lines, ([, transport, address, port, type]) => `${transport} ${address}:${port} ${type}`);
  return { localCandidates: [...new Set(local)], remoteCandidates: [...new Set(remote)] };
}

interface CandidateStats extends RTCStats {
  readonly protocol?: string;
  readonly candidateType?: string;
}
