import { statsOf } from "./connection.js";
import { type Fault, type FaultContext, faults } from "./fault.js";
import { turnRefusal } from "./relays.js";

/** Which of a participant's two connections. */
export type ConnectionName = "publish" | "subscribe";

/** How often the pairs are looked at: when ICE has failed the browser forgets them. */
const OBSERVE_MS = 1_000;

interface CandidateStats extends RTCStats {
  readonly address?: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly candidateType?: string;
}

/** What became of a pair of candidates. */
interface Pair {
  readonly ends: string;
  readonly checks: number;
  readonly answers: number;
}

interface RemoteCandidate {
  readonly transport: string;
  readonly address: string;
  readonly port: string;
  readonly type: string;
}

/** Observer keeps what a connection tries until it has a path, and says why it found none: 3101, by what is known. */
export class Observer {
  readonly #pc: RTCPeerConnection;
  readonly #name: ConnectionName;
  readonly #startedAt = Date.now();
  readonly #timer: ReturnType<typeof setInterval>;
  #pairs: readonly Pair[] = [];
  #local: readonly string[] = [];

  constructor(pc: RTCPeerConnection, name: ConnectionName) {
    this.#pc = pc;
    this.#name = name;
    this.#timer = setInterval(() => void this.#look().catch(() => undefined), OBSERVE_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Why there never was a path. */
  async why(at: FaultContext): Promise<Fault> {
    await this.#look().catch(() => undefined);
    const connection = this.#name;
    const afterMs = Date.now() - this.#startedAt;
    const answered = this.#pairs.find(({ answers }) => answers > 0);
    const dtls = dtlsOf(this.#pc);
    if (
      dtls &&
      dtls.state !== "connected" &&
      (answered || handshakeFailed(this.#pc) || isUp(this.#pc.iceConnectionState))
    ) {
      const details = {
        connection,
        pair: answered?.ends ?? "a pair that is no longer known",
        problem: await handshakeProblem(this.#pc, dtls, afterMs),
        afterMs,
      };
      return faults.mediaConnectionLostDTLSFailed(details, at);
    }
    const pairs = this.#pairs.map(({ ends, checks, answers }) => `${ends} (${checks} checks, ${answers} answers)`);
    const refused = turnRefusal(this.#pc);
    if (refused) return faults.mediaConnectionLostTurnAuthFailed({ connection, ...refused, pairs, afterMs }, at);
    const remote = remoteOf(this.#pc);
    const addresses = remote.map(({ address }) => address);
    const localCandidates = [...this.#local];
    const remoteCandidates = [
      ...new Set(remote.map(({ transport, address, port, type }) => `${transport} ${address}:${port} ${type}`)),
    ];
    const { host, hostname } = signalingOf(at.server);
    if (addresses.length > 0 && addresses.every(isPrivate) && isOutside(hostname)) {
      return faults.mediaConnectionLostServerPrivateAddress(
        { connection, remoteCandidates, signaling: host, pairs, afterMs },
        at,
      );
    }
    const literal = hostname === "localhost" ? "127.0.0.1" : hostname;
    if (addresses.includes(literal)) {
      return faults.mediaConnectionLostUDPBlocked(
        { connection, address: literal, localCandidates, remoteCandidates, pairs, afterMs },
        at,
      );
    }
    return faults.mediaConnectionLostNoPath({ connection, localCandidates, remoteCandidates, pairs, afterMs }, at);
  }

  async #look(): Promise<void> {
    const report = (await statsOf(this.#pc)) as ReadonlyMap<string, RTCStats> | undefined;
    const stats = [...(report?.values() ?? [])];
    const candidates = new Map(
      stats.filter(({ type }) => type.endsWith("-candidate")).map((one) => [one.id, one as CandidateStats]),
    );
    const local = [...candidates.values()].filter(({ type }) => type === "local-candidate");
    if (local.length > 0)
      this.#local = [...new Set(local.map(({ protocol, candidateType }) => `${protocol} ${candidateType}`))];
    const pairs = stats
      .filter((one): one is RTCIceCandidatePairStats => one.type === "candidate-pair")
      .map((one) => ({
        ends:
          `${candidates.get(one.localCandidateId)?.protocol ?? "udp"} ` +
          `${place(candidates.get(one.localCandidateId))} > ${place(candidates.get(one.remoteCandidateId))}`,
        checks: one.requestsSent ?? 0,
        answers: one.responsesReceived ?? 0,
      }))
      .sort((a, b) => b.answers - a.answers || b.checks - a.checks);
    if (pairs.length > 0) this.#pairs = pairs;
  }
}

/** An end of a pair; browsers hide the address of an own one behind mDNS. */
function place(candidate: CandidateStats | undefined): string {
  return candidate?.address
    ? `${candidate.address}:${candidate.port ?? 0}`
    : `a ${candidate?.candidateType ?? "local"} address`;
}

const isUp = (state: RTCIceConnectionState): boolean => state === "connected" || state === "completed";

/** The DTLS transport, which all media sections share. */
function dtlsOf(pc: RTCPeerConnection): RTCDtlsTransport | undefined {
  for (const { sender, receiver } of pc.getTransceivers()) {
    const transport = sender.transport ?? receiver.transport;
    if (transport) return transport;
  }
  return undefined;
}

/** Whether the DTLS handshake of a connection failed: then another path does not help, only another connection. */
export const handshakeFailed = (pc: RTCPeerConnection): boolean => dtlsOf(pc)?.state === "failed";

async function handshakeProblem(pc: RTCPeerConnection, dtls: RTCDtlsTransport, afterMs: number): Promise<string> {
  if (dtls.state !== "failed" && dtls.state !== "closed") {
    return `it has not finished within ${afterMs} ms, while STUN passes`;
  }
  const [certificate] = dtls.getRemoteCertificates?.() ?? [];
  const promised = /^a=fingerprint:sha-256 (\S+)/im.exec(pc.remoteDescription?.sdp ?? "")?.[1]?.toUpperCase();
  if (certificate && promised && crypto.subtle) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", certificate));
    const shown = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":");
    if (shown !== promised)
      return "the certificate of the other side does not have the fingerprint that its session description names";
    return "the browser ended it with an alert, after it had the right certificate";
  }
  return "the browser ended it without a reason: a certificate that lacks the fingerprint of the SDP, or a TLS alert";
}

function remoteOf(pc: RTCPeerConnection): RemoteCandidate[] {
  // RFC 8839, 5.1: foundation, component, transport, priority, address, port, "typ", type.
  const lines = pc.remoteDescription?.sdp.matchAll(/^a=candidate:\S+ \d+ (\w+) \d+ (\S+) (\d+) typ (\w+)/gm) ?? [];
  return Array.from(lines, ([, transport = "", address = "", port = "", type = ""]) => ({
    transport,
    address,
    port,
    type,
  }));
}

function signalingOf(server: string | undefined): { readonly host: string; readonly hostname: string } {
  try {
    const { host, hostname } = new URL(server ?? "");
    return { host, hostname: hostname.replace(/^\[|\]$/g, "") };
  } catch {
    return { host: "", hostname: "" };
  }
}

// RFC 1918, 6598 (behind a carrier's NAT), 3927 and 4291 (link-local), 4193, loopback.
const privateNets =
  /^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|::1$)/i;
const isPrivate = (address: string): boolean => privateNets.test(address);

const literalAddress = /^[\d.]+$|:/;

/** Whether signaling goes over the public network, by the looks of the server's name: a page cannot resolve one. */
function isOutside(hostname: string): boolean {
  if (literalAddress.test(hostname)) return !isPrivate(hostname);
  return hostname.includes(".") && !/\.(local|localhost|internal|lan|home\.arpa)$/i.test(hostname);
}
