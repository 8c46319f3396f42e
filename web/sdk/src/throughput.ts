import { readAddress } from "./address.js";
import * as Codes from "./codes.gen.js";
import { type Fault, faults, VideoSDKError } from "./fault.js";
import { warn } from "./log.js";
import { checkOptions } from "./options.js";
import { gatewayDown, ownFault, PolicyWatch } from "./probe.js";

/** Options of `getNetworkStats`. */
export interface NetworkStatsOptions {
  /** Milliseconds after which the measurement is given up. Default 60000, which also stands for a broken number. */
  timeoutDuration?: number;
}

/** What the network carries, in megabytes (1,000,000 bytes) per second. */
export interface NetworkStats {
  downloadSpeed: number;
  uploadSpeed: number;
}

// The published texts, with which the call rejects.
const NO_NETWORK = "Not able to get NetworkStats due to no Network";
const TIMED_OUT = "Not able to get NetworkStats due to timeout";

const method = "getNetworkStats";
const TIMEOUT_MS = 60_000;
/** After so much of either, no further transfer of a direction begins. */
const ENOUGH_MS = 2_500;
const ENOUGH_BYTES = 12_000_000;
/** How long a transfer is to take: long enough that the beginning of a connection, which is slow, counts little. */
const TRANSFER_MS = 1_000;
/** With less time than this all of it is shorter. */
const UNHURRIED_MS = 10_000;
const FIRST_BYTES = 16 << 10;
/** What the server takes in one: internal/throughput. */
const MAX_BYTES = 8 << 20;
/** A refusal that is over so soon is waited for, so often. */
const WAIT_MS = 5_000;
const TRIES = 3;
/** Browsers tell what a Content-Security-Policy has blocked a moment after the call has failed. */
const POLICY_MS = 50;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Measures what the network between this page and the server carries, first down, then up. */
export async function getNetworkStats(
  options: NetworkStatsOptions | null | undefined,
  serverUrl: string,
): Promise<NetworkStats> {
  checkOptions<NetworkStatsOptions>({ method }, "options", options, { timeoutDuration: "number" });
  const given = options?.timeoutDuration;
  const timeoutMs = Number.isInteger(given) ? (given as number) : TIMEOUT_MS;
  const url = `${readAddress(serverUrl, location).base}/v1/throughput`;
  const policy = new PolicyWatch();
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), Math.min(timeoutMs, 2 ** 31 - 1)); // a longer one ends at once
  const share = Math.min(1, timeoutMs / UNHURRIED_MS);
  let noise: Blob | undefined;

  /** Transfers so many bytes, and returns how many milliseconds that took. */
  const transfer = async (bytes: number, up?: boolean, tries = 0): Promise<number> => {
    const began = performance.now();
    let answer: Response | undefined;
    let body: Blob | undefined;
    try {
      if (navigator.onLine !== false) {
        answer = await fetch(up ? url : `${url}?bytes=${bytes}`, {
          credentials: "omit",
          signal: ended.signal,
          ...(up && { method: "POST", body: (noise ??= makeNoise()).slice(0, bytes) }),
        });
        body = await answer.blob();
      }
    } catch {
      if (ended.signal.aborted) throw published(TIMED_OUT, faults.operationTimedOutNoAnswer({ method, timeoutMs }));
    }
    if (!answer || !body) {
      if (up && bytes > 1 && !tries) {
        // What is refused before its body has been sent may have lost its answer: a small one gets it.
        await transfer(1, up);
        return transfer(bytes, up, 1);
      }
      await pause(POLICY_MS);
      const blocked = policy.blocked(url);
      if (blocked) throw new VideoSDKError(faults.signalingUnreachableCSPBlocked({ url, ...blocked }));
      throw published(NO_NETWORK, faults.signalingUnreachableNoConnection({ url, attempts: 1 }));
    }
    const { status } = answer;
    if (status === 200 && (up || body.size === bytes)) return performance.now() - began;
    const fault =
      ownFault(await new Response(body).json().catch(() => undefined)) ??
      (gatewayDown(status)
        ? faults.signalingUnreachableGatewayDown({ url, status, attempts: 1 })
        : faults.signalingUnreachableNotKlatch({ url, status }));
    const { code, retryAfterMs } = fault;
    if (code !== Codes.RATE_LIMITED || tries >= TRIES || retryAfterMs > WAIT_MS * share) throw new VideoSDKError(fault);
    await pause(retryAfterMs);
    return transfer(bytes, up, tries + 1);
  };

  /**
   * Measures a direction by transfers that grow until one takes about a second; those before count for nothing. Of the
   * others the fastest counts: a page or a network that was busy with something else for a moment makes one slower.
   */
  const measure = async (up?: boolean): Promise<number> => {
    const end = performance.now() + ENOUGH_MS * share;
    let size = FIRST_BYTES;
    let best = 0; // bytes in a millisecond
    for (let [total, over] = [0, false]; !over;) {
      const all = await transfer(size, up);
      const took = Math.max(all - latencyMs, all / 2, 0.1);
      total += size;
      over = total >= ENOUGH_BYTES || performance.now() >= end;
      const speed = size / took;
      const next = Math.min(Math.max(size, Math.round(speed * TRANSFER_MS * share)), 8 * size, MAX_BYTES);
      best = !over && next > 2 * size ? 0 : Math.max(best, speed);
      size = next;
    }
    return Math.round(best) / 1_000;
  };

  let latencyMs = 0; // of a request and its answer, which is no part of a transfer
  try {
    await transfer(1); // opens a connection
    latencyMs = await transfer(1);
    return { downloadSpeed: await measure(), uploadSpeed: await measure(true) };
  } finally {
    clearTimeout(timer);
    policy.close();
  }
}

/** Returns a published text, which has no room for the fault: the console has it. */
function published(text: string, fault: Fault): string {
  warn(`${text}: ${String(new VideoSDKError(fault))}`);
  return text;
}

/** Bytes that cannot be compressed: 64 KiB is what `getRandomValues` makes at a time. */
function makeNoise(): Blob {
  const part = crypto.getRandomValues(new Uint8Array(1 << 16));
  return new Blob(Array<typeof part>(MAX_BYTES >> 16).fill(part));
}
