/** Where the playlists of one HLS are, from the address of this page: `<base>/watch/<id>`, or `<base>/watch/<id>#<signature>`. */
export interface Place {
  readonly id: string;
  /** From the first moment on; a recording once it is over. */
  readonly full: string;
  /** The last few seconds only. */
  readonly live: string;
  /** Where the next signature is; undefined where addresses are not signed. */
  readonly renewal?: string | undefined;
}

/** `EXPIRES.FIRST.SIGNATURE`, times in seconds. */
const signed = /^([0-9]{1,12})\.[0-9]{1,12}\.[\w-]{43}$/;

/** Undefined when the address names no HLS. */
export function placeOf(address: string): Place | undefined {
  const { origin, pathname, hash } = new URL(address);
  const at = pathname.lastIndexOf("/watch/");
  const id = at < 0 ? "" : pathname.slice(at + "/watch/".length).replace(/\/+$/, "");
  // What the server names so; anything else would only be refused.
  if (!/^[\w-]{1,128}$/.test(id)) return undefined;
  const signature = hash.slice(1);
  const base = `${origin}${pathname.slice(0, at)}/hls/${signed.test(signature) ? `${signature}/` : ""}${id}/`;
  return {
    id,
    full: `${base}index.m3u8`,
    live: `${base}live.m3u8`,
    renewal: signed.test(signature) ? `${base}link` : undefined,
  };
}

/** The same address with another signature. */
export function withSignature(url: string, signature: string): string {
  return url.replace(/\/hls\/[0-9]+\.[0-9]+\.[\w-]{43}\//, `/hls/${signature}/`);
}

/** How long the signature in an address is good from now, in milliseconds. */
export function lifeOf(url: string, now: number): number {
  const expires = /\/hls\/([0-9]+)\.[0-9]+\.[\w-]{43}\//.exec(url)?.[1];
  return expires === undefined ? Infinity : Number(expires) * 1000 - now;
}
