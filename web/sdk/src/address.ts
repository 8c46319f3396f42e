import { faults, VideoSDKError } from "./fault.js";

/** Where a server is: the base address without a slash at its end, and the signaling address. */
export interface Address {
  readonly base: string;
  readonly signal: string;
}

// A secure page may talk to these without TLS: W3C Secure Contexts, 3.1 "potentially trustworthy".
const loopback = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Reads `serverUrl`. Throws 3102 BAD_URL, or MIXED_CONTENT where the page is secure and the server is not. */
export function readAddress(serverUrl: string, page: { readonly protocol: string; readonly origin: string }): Address {
  const bad = (problem: string): never => {
    throw new VideoSDKError(faults.signalingUnreachableBadURL({ url: withoutSecrets(serverUrl), problem }));
  };
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(serverUrl))
    bad(serverUrl.trim() === "" ? "it is empty" : "it does not begin with http:// or https://");
  const url = parse(serverUrl) ?? bad("it is not a valid URL");
  const secure = url.protocol === "https:" || url.protocol === "wss:";
  if (!secure && url.protocol !== "http:" && url.protocol !== "ws:") bad(`its scheme is ${url.protocol.slice(0, -1)}`);
  if (url.username !== "" || url.password !== "") bad("it contains a user name or password");
  if (url.search !== "" || url.hash !== "") bad("it has a query or fragment");
  const rest = url.host + url.pathname.replace(/\/+$/, "");
  if (page.protocol === "https:" && !secure && !loopback.test(url.hostname)) {
    throw new VideoSDKError(faults.signalingUnreachableMixedContent({ url: serverUrl, page: page.origin }));
  }
  return { base: `${secure ? "https" : "http"}://${rest}`, signal: `${secure ? "wss" : "ws"}://${rest}/v1/signal` };
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//").replace(/[?#].*/s, ""); // the link to a meeting holds a token
}
