import * as Codes from "./codes.gen.js";
import { type Fault, type FaultContext, faults } from "./fault.js";
import type { Address } from "./address.js";
import { fault as faultShape } from "./wire.js";

/** All of a probe. */
const PROBE_TIMEOUT_MS = 3_000;

/** What a page may read of an answer. */
interface Answer {
  readonly status: number;
  /** Where a redirect has led. */
  readonly redirectedTo: string | undefined;
  readonly body: unknown;
}

/**
 * Asks why a WebSocket did not open. The browser hides the cause from the page (WHATWG WebSockets, "fail the WebSocket
 * connection"), so the same address is asked over plain HTTP: Klatch lets pages of every origin read its answer. What a
 * proxy answers by itself a page of another origin may not read; then that is what is said.
 */
export async function probe(address: Address, at: FaultContext, attempts: number): Promise<Fault> {
  const limit = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  const url = address.signal;
  const seen = await ask(`${address.base}/v1/signal`, limit);
  if (!seen) return hidden(address, at, attempts, limit);
  const { status, redirectedTo } = seen;
  if (redirectedTo !== undefined) {
    const suggested = redirectedTo.replace(/\/v1\/signal\/?$/, "");
    return faults.signalingUnreachableRedirected({ url, target: redirectedTo, suggested }, at);
  }
  if (status === 426) return faults.signalingUnreachableUpgradeStripped({ url, status }, at);
  const own = ownFault(seen.body);
  if (own && own.code !== Codes.NOT_FOUND) return own;
  if (gatewayDown(status)) return faults.signalingUnreachableGatewayDown({ url, status, attempts }, at);
  if (status === 401 || status === 403 || status === 407)
    return faults.signalingUnreachableForbidden({ url, status }, at);
  const suggested = (await isKlatch(address.base, limit)) ? undefined : await elsewhere(address.base, limit);
  if (suggested) return faults.signalingUnreachableWrongPath({ url, suggested }, at);
  if (own) return faults.signalingUnreachablePrefixKept({ url, status, prefix: new URL(address.base).pathname }, at);
  return faults.signalingUnreachableNotKlatch({ url, status }, at);
}

/** Nothing that a page may read: is there another address that is Klatch's, does anything answer, or nothing at all? */
async function hidden(address: Address, at: FaultContext, attempts: number, limit: AbortSignal): Promise<Fault> {
  const url = address.signal;
  const suggested = await elsewhere(address.base, limit);
  if (suggested) return faults.signalingUnreachableWrongPath({ url, suggested }, at);
  try {
    await fetch(`${address.base}/v1/signal`, {
      mode: "no-cors",
      credentials: "omit",
      cache: "no-store",
      signal: limit,
    });
  } catch {
    return faults.signalingUnreachableNoConnection({ url, attempts }, at);
  }
  return faults.signalingUnreachableAnswerHidden(
    { url: `${address.base}/v1/signal`, page: location.origin, attempts },
    at,
  );
}

async function ask(url: string, limit: AbortSignal): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, { credentials: "omit", cache: "no-store", signal: limit });
    // a query may hold what is secret
    const redirectedTo = response.redirected ? response.url.replace(/[?#].*/s, "") : undefined;
    return { status: response.status, redirectedTo, body: await response.json().catch(() => undefined) };
  } catch {
    return undefined;
  }
}

/** The fault in an answer that is Klatch's own. */
export function ownFault(body: unknown): Fault | undefined {
  try {
    return faultShape(body, "answer");
  } catch {
    return undefined;
  }
}

// A proxy does not reach what is behind it: RFC 9110, section 15.6, and what Cloudflare adds.
export const gatewayDown = (status: number): boolean =>
  (status >= 502 && status <= 504) || (status >= 520 && status <= 527) || status === 530;

async function isKlatch(base: string, limit: AbortSignal): Promise<boolean> {
  const health = (await ask(`${base}/healthz`, limit))?.body;
  return typeof health === "object" && health !== null && (health as { service?: unknown }).service === "klatch";
}

/** Looks for Klatch at the paths above the given one, and with TLS. */
async function elsewhere(base: string, limit: AbortSignal): Promise<string | undefined> {
  const url = new URL(base);
  const candidates: string[] = [];
  for (let path = url.pathname.replace(/\/+$/, ""); path !== "";) {
    path = path.slice(0, path.lastIndexOf("/"));
    candidates.push(url.origin + path);
  }
  if (url.protocol === "http:") candidates.push(...[base, ...candidates].map((one) => one.replace("http:", "https:")));
  const found = await Promise.all(candidates.map((one) => isKlatch(one, limit)));
  return candidates.find((_, i) => found[i]);
}

/** What forbids a connection. */
export interface Blocked {
  readonly directive: string;
  readonly page: string;
}

/** PolicyWatch hears which connections the page's Content-Security-Policy forbids while it is open. */
export class PolicyWatch {
  readonly #violations: SecurityPolicyViolationEvent[] = [];
  readonly #heard = (event: SecurityPolicyViolationEvent): void => {
    if (event.disposition === "enforce") this.#violations.push(event);
  };

  constructor() {
    globalThis.document?.addEventListener("securitypolicyviolation", this.#heard);
  }

  /** The directive that forbids a socket to that address; undefined where none does. */
  blocked(url: string): Blocked | undefined {
    const { host, protocol } = new URL(url);
    const found = this.#violations.find(({ blockedURI }) => {
      const blocked = parse(blockedURI);
      return blocked?.host === host && blocked.protocol === protocol;
    });
    return found && { directive: found.effectiveDirective, page: location.origin };
  }

  close(): void {
    globalThis.document?.removeEventListener("securitypolicyviolation", this.#heard);
  }
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
