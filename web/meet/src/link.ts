/**
 * The address of the page: `<base>/meet/<meetingId>#token=<jwt>&name=<name>`.
 *
 * The token is a secret and stands only in the fragment, which browsers send to nobody. It is taken out of
 * the address bar at once and kept in sessionStorage, so that a reload still works and a copied address
 * carries no token.
 */
export interface MeetLink {
  /** Everything before `/meet/`, without a trailing slash: the server's base address. */
  readonly base: string;
  /** Empty when the address names no meeting. */
  readonly meetingId: string;
  readonly token: string;
  readonly name: string;
}

/** Parses an absolute address; undefined when it is none of ours. */
export function parseLink(address: string): MeetLink | undefined {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return undefined;
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  const at = url.pathname.lastIndexOf("/meet/");
  if (at < 0) return undefined;
  const hash = new URLSearchParams(url.hash.replace(/^#/, ""));
  return {
    base: url.origin + url.pathname.slice(0, at),
    meetingId: decodePart(url.pathname.slice(at + "/meet/".length).replace(/\/+$/, "")),
    token: hash.get("token")?.trim() ?? "",
    name: hash.get("name") ?? url.searchParams.get("name") ?? "",
  };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What is wrong with what was pasted: the key of the text that says it. */
export type PasteProblem = "pasteLink" | "pastedNoLink" | "pastedNoToken" | "pastedNoMeeting";

/** What somebody pasted: a whole link, or a bare token for the meeting of this page. */
export type Pasted =
  | { readonly kind: "link"; readonly link: MeetLink }
  | { readonly kind: "token"; readonly token: string; readonly meetingId: string }
  | { readonly kind: "neither"; readonly why: Exclude<PasteProblem, "pastedNoMeeting"> };

/** Reads pasted text. A bare token may name its meeting in the `roomId` claim. */
export function readPasted(text: string): Pasted {
  const trimmed = text.trim().replace(/^["'<]+|["'>]+$/g, "");
  if (trimmed === "") return { kind: "neither", why: "pasteLink" };
  if (/^https?:\/\//i.test(trimmed)) {
    const link = parseLink(trimmed);
    if (link === undefined) return { kind: "neither", why: "pastedNoLink" };
    if (link.token === "") {
      return {
        kind: "neither",
        why: "pastedNoToken",
      };
    }
    return { kind: "link", link };
  }
  const token = trimmed.replace(/^bearer\s+/i, "");
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
    return {
      kind: "neither",
      why: "pastedNoLink",
    };
  }
  return { kind: "token", token, meetingId: claimsOf(token).roomId };
}

/** What the page reads from a token, without any check: the server is the judge of tokens. */
export interface Claims {
  readonly roomId: string;
  readonly permissions: readonly string[];
}

export function claimsOf(token: string): Claims {
  try {
    const payload = token.split(".")[1] ?? "";
    const claims: unknown = JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/")));
    if (typeof claims === "object" && claims !== null) {
      const { roomId, permissions } = claims as Record<string, unknown>;
      return {
        roomId: typeof roomId === "string" ? roomId : "",
        permissions: Array.isArray(permissions) ? permissions.filter((p) => typeof p === "string") : [],
      };
    }
  } catch {
    // An unreadable token claims nothing; the server will say what is wrong with it.
  }
  return { roomId: "", permissions: [] };
}

/**
 * Takes the link out of the address bar; a token seen before in this tab fills in for an absent one. `address` is what
 * public/address.js has found there, and taken away, when the page began to load.
 */
export function takeLink(
  location: Location,
  history: History,
  storage: Storage | undefined,
  address = location.href,
): MeetLink {
  const link = parseLink(address) ?? { base: location.origin, meetingId: "", token: "", name: "" };
  const key = tokenKey(link.meetingId);
  if (link.token !== "") {
    storage?.setItem(key, link.token);
  }
  if (location.hash !== "" || location.search !== "") {
    history.replaceState(null, "", location.origin + location.pathname);
  }
  return link.token !== "" ? link : { ...link, token: storage?.getItem(key) ?? "" };
}

export function tokenKey(meetingId: string): string {
  return `klatch.token.${meetingId}`;
}

/** The address of a meeting's page, with the token in the fragment. */
export function meetAddress(base: string, meetingId: string, token: string): string {
  return `${base}/meet/${encodeURIComponent(meetingId)}#token=${token}`;
}

/** The same without a token, for others: what names the meeting is no secret, and one's own token is for oneself. */
export function inviteAddress({ base, meetingId }: MeetLink): string {
  return `${base}/meet/${encodeURIComponent(meetingId)}`;
}

/**
 * The address of the page that plays an HLS of this server, from that of its playlist; another server's playlist is
 * its own address. It begins with the base this page was loaded from, which the reader's browser can reach too.
 */
export function watchAddress(base: string, playlist: string): string {
  const [, signature, id] =
    /\/hls\/(?:([0-9]+\.[0-9]+\.[\w-]{43})\/)?([\w-]+)\/(?:playback|livestream|index|live)\.m3u8$/.exec(playlist) ?? [];
  if (id === undefined) return playlist;
  return `${base}/watch/${id}${signature === undefined ? "" : `#${signature}`}`;
}
