import type { FaultFields } from "@klatch/sdk";
import { signal } from "@preact/signals";
import { serverRoot } from "../address";
import type { AccountRecord, Identity } from "./types";

/** Who is signed in; undefined until that is known, null for nobody. */
export const identity = signal<Identity | null | undefined>(undefined);

/** The account whose meetings are shown; "" until one is chosen. Developers have one only. */
export const account = signal("");

/** What an operator and support may choose from. */
export const accounts = signal<readonly AccountRecord[]>([]);

/** A request that did not succeed: the server's fault, or what kept its answer from coming. */
export class Problem extends Error {
  readonly status: number;
  readonly fault: FaultFields | undefined;
  readonly remedy: string;
  constructor(status: number, text: string, remedy: string, fault?: FaultFields) {
    super(text);
    this.status = status;
    this.remedy = remedy;
    this.fault = fault;
  }
}

/** The newest faults that requests of this page were answered with. */
const own: string[] = [];

/**
 * Reports whether a fault is that of a request of this page. A view that asks again whenever a fault comes would else ask
 * for ever when it is refused.
 */
export const isOwnFault = (id: string): boolean => own.includes(id);

export type Params = Readonly<Record<string, string | number | boolean | undefined>>;

interface Options {
  readonly query?: Params;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Calls REST with the cookie of the sign-in; paths begin with "/". The answer's JSON, undefined when it has no body.
 */
export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET" && identity.value) headers["X-Klatch-CSRF"] = identity.value.csrf;
  if (path.startsWith("/v2/") && account.value !== "" && identity.value?.role !== "developer")
    headers["X-Klatch-Account"] = account.value;
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(addressWith(path, options.query), {
      method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      ...(options.signal && { signal: options.signal }),
    });
    text = await answer.text();
  } catch (e) {
    if (options.signal?.aborted) throw e;
    throw new Problem(
      0,
      `The server did not answer ${method} ${path}.`,
      "Check the connection to the server and that it runs, then try again.",
    );
  }
  const value = parsed(text);
  if (answer.ok) return value as T;
  if (answer.status === 401 && identity.value && !path.startsWith("/console/v1/sign")) identity.value = null;
  if (isFault(value)) own.splice(0, own.length, ...own.slice(-99), value.id);
  if (isFault(value)) throw new Problem(answer.status, value.detail, value.remedy, value);
  throw new Problem(
    answer.status,
    `${method} ${path} was answered with HTTP ${answer.status} and without a fault.`,
    "A proxy between this browser and the server may have answered: " +
      "let /v2, /admin and /console through to the server.",
  );
}

/** Sends a GET request. */
export const get = <T>(path: string, query?: Params, abort?: AbortSignal): Promise<T> =>
  request<T>("GET", path, { ...(query && { query }), ...(abort && { signal: abort }) });

export function addressWith(path: string, query: Params = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== "") search.set(name, String(value));
  return serverRoot + path.slice(1) + (search.size > 0 ? `?${search.toString()}` : "");
}

function parsed(text: string): unknown {
  try {
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function isFault(value: unknown): value is FaultFields {
  const f = value as Partial<FaultFields> | null | undefined;
  return typeof f?.code === "number" && typeof f.reason === "string" && typeof f.detail === "string";
}

/** Segments of a path, escaped. */
export const seg = encodeURIComponent;
