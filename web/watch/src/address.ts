/** Where the playlists of one HLS are, from the address of this page: `<base>/watch/<id>`. */
export interface Place {
  readonly id: string;
  /** From the first moment on; a recording once it is over. */
  readonly full: string;
  /** The last few seconds only. */
  readonly live: string;
}

/** Undefined when the address names no HLS. */
export function placeOf(address: string): Place | undefined {
  const { origin, pathname } = new URL(address);
  const at = pathname.lastIndexOf("/watch/");
  const id = at < 0 ? "" : pathname.slice(at + "/watch/".length).replace(/\/+$/, "");
  // What the server names so; anything else would only be refused.
  if (!/^[\w-]{1,128}$/.test(id)) return undefined;
  const base = `${origin}${pathname.slice(0, at)}/hls/${id}/`;
  return { id, full: `${base}index.m3u8`, live: `${base}live.m3u8` };
}
