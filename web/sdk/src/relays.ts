/** What a TURN server answered to credentials that do not hold. */
export interface TURNRefusal {
  readonly server: string;
  readonly status: number;
  readonly problem: string;
}

/** Answers of a TURN server to its credentials: RFC 8489, section 14.8, and RFC 8656, section 19. */
const REFUSALS: readonly number[] = [401, 403, 441];

const refusals = new WeakMap<RTCPeerConnection, TURNRefusal>();

/** Makes a peer connection, and keeps how TURN servers refuse its credentials, which browsers tell once. */
export function newConnection(
  iceServers: readonly RTCIceServer[],
  iceTransportPolicy: RTCIceTransportPolicy = "all",
): RTCPeerConnection {
  const pc = new RTCPeerConnection({ iceServers: [...iceServers], iceTransportPolicy, bundlePolicy: "max-bundle" });
  // Firefox has no such event (bug 1561441).
  pc.addEventListener("icecandidateerror", ({ url, errorCode, errorText }) => {
    if (!REFUSALS.includes(errorCode)) return;
    refusals.set(pc, {
      server: url,
      status: errorCode,
      problem: expired(pc, url) ?? (errorText || "without a reason"),
    });
  });
  return pc;
}

/** How a TURN server refused the credentials of a connection, where one did. */
export const turnRefusal = (pc: RTCPeerConnection): TURNRefusal | undefined => refusals.get(pc);

/** Gives a connection TURN servers with other credentials, for its next ICE restart. */
export function renewServers(pc: RTCPeerConnection | undefined, iceServers: readonly RTCIceServer[]): void {
  if (!pc || pc.signalingState === "closed") return;
  refusals.delete(pc);
  pc.setConfiguration({ ...pc.getConfiguration(), iceServers: [...iceServers] });
}

/** That credentials have expired, where their username says so: draft-uberti-behave-turn-rest. */
function expired(pc: RTCPeerConnection, url: string): string | undefined {
  const server = pc.getConfiguration().iceServers?.find(({ urls }) => [urls].flat().includes(url));
  const expiry = Number.parseInt(server?.username?.split(":")[0] ?? "", 10) * 1000;
  return expiry <= Date.now() ? `they expired at ${new Date(expiry).toISOString()}` : undefined;
}
