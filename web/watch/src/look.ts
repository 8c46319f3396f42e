import { readPlaylist } from "./playlist";
import { refused, unplayable, type Problem } from "./problem";

/** What is found at the address of a playlist. */
export type Found =
  | { readonly kind: "ready"; readonly ended: boolean }
  /** Not there yet, or not any more: the two look the same from outside. */
  | { readonly kind: "absent" }
  | { readonly kind: "unreachable" }
  | { readonly kind: "refused"; readonly problem: Problem };

/** Looks once. Never throws, but for an aborted signal. */
export async function look(url: string, signal: AbortSignal): Promise<Found> {
  let response: Response;
  let body: string;
  try {
    response = await fetch(url, { signal, cache: "no-store" });
    body = await response.text();
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: "unreachable" };
  }
  if (response.status === 404) return { kind: "absent" };
  if (response.status >= 500) return { kind: "unreachable" };
  if (!response.ok) return { kind: "refused", problem: refused(response.status, body) };
  const playlist = readPlaylist(body);
  if (playlist === undefined)
    return { kind: "refused", problem: unplayable(`no playlist at ${new URL(url).pathname}`) };
  return playlist.segments === 0 ? { kind: "absent" } : { kind: "ready", ended: playlist.ended };
}
