/** What is under way on each connection, by what ends it. */
const underWay = new WeakMap<RTCPeerConnection, Set<(reason: unknown) => void>>();

/**
 * Does a step of a connection, and rejects when closeConnection closes that meanwhile. By itself such a step would
 * never settle: W3C WebRTC, 4.4.1.2 (chain an asynchronous operation) for those that change a session, and Firefox
 * for getStats.
 */
export function during<T>(pc: RTCPeerConnection, step: Promise<T>): Promise<T> {
  const steps = underWay.get(pc) ?? new Set();
  underWay.set(pc, steps);
  return new Promise((resolve, reject) => {
    steps.add(reject);
    const ended = (): boolean => steps.delete(reject);
    step.then(resolve, reject).then(ended, ended);
  });
}

/** Closes a connection, and ends what is under way on it. */
export function closeConnection(pc: RTCPeerConnection | undefined): void {
  if (!pc) return;
  pc.close();
  const closed = new DOMException("the connection was closed", "AbortError");
  for (const end of underWay.get(pc) ?? []) end(closed);
}

/** What a connection, or a sender or receiver of it, has counted; undefined where the connection is closed. */
export async function statsOf(
  pc: RTCPeerConnection | undefined,
  source: Pick<RTCPeerConnection, "getStats"> | undefined = pc,
): Promise<RTCStatsReport | undefined> {
  if (!pc || !source) return undefined;
  try {
    return await during(pc, source.getStats());
  } catch (failure) {
    if (pc.signalingState === "closed") return undefined; // Firefox before 151 has none of such a connection
    throw failure;
  }
}
