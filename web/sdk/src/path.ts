import { closeConnection } from "./connection.js";
import { type Fault, type FaultContext, faults } from "./fault.js";
import { type ConnectionName, handshakeFailed, Observer } from "./observer.js";
import { Silence } from "./silence.js";

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
  /** Makes another connection, which `watch` is called with: the DTLS handshake of this one failed. */
  replace(): Promise<void>;
  /** Finds out soon whether signaling, which a restart needs, is dead as well. */
  checkSignaling(): void;
  /** Whether something must come over the connection now, which sends or does not. */
  expects(sends: boolean): boolean;
  fault(fault: Fault): void;
  /** What a fault told is over, after so long. */
  cleared(fault: Fault, forMs: number): void;
  where(): FaultContext;
}

/**
 * Path watches whether a peer connection has a path to the server. When it has none, Path restarts ICE, or has the
 * connection replaced where that cannot help, for as long as it lives. One outage is told once: 3101 with what is known
 * of each stage when there never was a path, PATH_LOST when there was.
 */
export class Path {
  readonly #name: ConnectionName;
  readonly #owner: PathOwner;
  #pc: RTCPeerConnection | undefined;
  #observer: Observer | undefined;

  #connectedAt = 0;
  #connectedForMs = 0;
  #restarts = 0;
  #told: { readonly fault: Fault; readonly since: number } | undefined;
  #restarting = false;
  #broken = false;
  #heldUntil = 0;
  #silence: Silence | undefined;
  #wasOffline = false;
  /** A restart is due although the browser takes the connection for connected. */
  #forced = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(name: ConnectionName, owner: PathOwner) {
    this.#name = name;
    this.#owner = owner;
  }

  /** Watches a connection, and no other one any more. An outage goes on where it replaces one that had no path. */
  watch(pc: RTCPeerConnection): void {
    if (this.#pc === pc) return;
    this.close();
    this.#pc = pc;
    this.#broken = false;
    this.#observer = new Observer(pc, this.#name);
    this.#silence = new Silence(
      pc,
      (sends) => this.#owner.expects(sends),
      (silent) => this.#fellSilent(silent),
    );
    globalThis.addEventListener?.("offline", this.#offline);
    globalThis.addEventListener?.("online", this.#online);
    pc.addEventListener("connectionstatechange", this.#changed);
    this.#after(FIRST_PATH);
    if (pc.connectionState !== "new") this.#changed(); // before there was a watch
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#observer?.close();
    this.#silence?.close();
    globalThis.removeEventListener?.("offline", this.#offline);
    globalThis.removeEventListener?.("online", this.#online);
    this.#pc?.removeEventListener("connectionstatechange", this.#changed);
  }

  readonly #offline = (): void => {
    this.#wasOffline = true;
  };

  /** The device has a network again, and perhaps another one: the path may begin at an address that is gone. */
  readonly #online = (): void => {
    if (this.#wasOffline) this.#renew();
    this.#wasOffline = false;
  };

  #fellSilent(silent: boolean): void {
    if (!silent) {
      if (this.#pc?.connectionState === "connected") this.#restarts = 0;
      return;
    }
    this.#owner.checkSignaling();
    this.#renew();
  }

  /** Whether something arrives over the connection at this moment. */
  hears(): boolean {
    return this.#silence?.hears() ?? false;
  }

  /** Restarts ICE now. The present path is used on until there is another one. */
  #renew(): void {
    if (this.#connectedAt + this.#connectedForMs + this.#restarts === 0) return; // the first search goes on
    this.#forced = true;
    this.#after(0);
  }

  /** Closes the connection, and makes no other one for so long. Reports whether there was one. */
  lose(forMs: number): boolean {
    if (this.#pc?.connectionState !== "connected") return false;
    this.#heldUntil = Date.now() + forMs;
    this.#broken = true;
    closeConnection(this.#pc);
    this.#lost();
    this.#after(0);
    return true;
  }

  /** Tries again at once: signaling is back, or the device has a network again. */
  retry(): void {
    if (this.#pc?.connectionState !== "connected" && this.#restarts > 0) this.#after(0);
  }

  readonly #changed = (): void => {
    switch (this.#pc?.connectionState) {
      case "connected":
        clearTimeout(this.#timer);
        this.#observer?.close();
        this.#connectedAt = Date.now();
        this.#restarts = 0;
        if (this.#told) this.#owner.cleared(this.#told.fault, Date.now() - this.#told.since);
        this.#told = undefined;
        break;
      case "disconnected":
        // Often recovers by itself: RFC 8445 consent checks missed for a moment.
        this.#lost();
        this.#owner.checkSignaling(); // Firefox says so at once where an interface is gone
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
    const pc = this.#pc;
    if (!pc) return;
    this.#broken ||= handshakeFailed(pc);
    const forced = this.#forced;
    if ((pc.connectionState === "connected" && !forced) || (pc.signalingState === "closed" && !this.#broken)) return;
    // ICE needs a few seconds to try all pairs before the next restart makes sense.
    this.#after(Math.max(this.#backoff(), RESTART_TRIAL));
    // While signaling is away a restart waits for it; more of them would all go out at once.
    if (this.#restarting) return;
    this.#restarting = true;
    this.#forced = false;
    if (pc.connectionState !== "connected") await this.#tell();
    this.#restarts++;
    const heldMs = this.#heldUntil - Date.now();
    if (heldMs > 0) this.#after(Math.min(heldMs, RESTART_TRIAL));
    else await (this.#broken ? this.#owner.replace() : this.#owner.restart()).catch(() => undefined);
    this.#restarting = false;
  }

  async #tell(): Promise<void> {
    const never = this.#connectedForMs === 0;
    if (this.#told || (!never && this.#restarts < RESTARTS_BEFORE_TOLD)) return;
    const where = this.#owner.where();
    const lost = { connection: this.#name, connectedForMs: this.#connectedForMs, attempts: this.#restarts };
    const fault =
      never && this.#observer ? await this.#observer.why(where) : faults.mediaConnectionLostPathLost(lost, where);
    this.#told = { fault, since: Date.now() };
    this.#owner.fault(fault);
  }
}
