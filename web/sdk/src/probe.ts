import { type Fault, type FaultContext, faults } from "./fault.js";
import type { Address } from "./address.js";

const PROBE_TIMEOUT_MS = 5000;

/**
 * Asks why a WebSocket did not open. The browser hides the cause from the page (WHATWG WebSockets, "fail the
 * WebSocket connection"), so the server's /healthz, which any page may read, is asked over plain HTTP.
 */
export async function probe(address: Address, at: FaultContext): Promise<Fault> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`${address.base}/healthz`, {
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    body = await response.json().catch(() => undefined);
  } catch {
    return faults.signalingUnreachableNoConnection({ url: address.signal }, at);
  }
  const { status } = response;
  const klatch = typeof body === "object" && body !== null && (body as { service?: unknown }).service === "klatch";
  return klatch
    ? faults.signalingUnreachableUpgradeStripped({ url: address.signal, status }, at)
    : faults.signalingUnreachableNotKlatch({ url: address.signal, status }, at);
}
