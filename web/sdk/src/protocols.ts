import type { PreferredProtocol } from "./types.js";

/** The values of the option. */
export const protocols: readonly PreferredProtocol[] = ["UDP_OVER_TCP", "UDP_ONLY", "TCP_ONLY"];

/**
 * The description of the server as this client uses it: without the candidates that the option rules out. The server is
 * ICE-lite, so no check goes another way (RFC 8445, 2.5).
 */
export function withProtocol(sdp: string, protocol: PreferredProtocol): string {
  const other = protocol === "UDP_ONLY" ? "tcp" : "udp";
  if (protocol === "UDP_OVER_TCP") return sdp;
  return sdp.replace(new RegExp(`^a=candidate:\\S+ \\d+ ${other} .*\\r\\n`, "gim"), "");
}

/** Of the relays those to which the option lets a client talk: RFC 7065, 3.1. */
export function relaysFor(servers: readonly RTCIceServer[], protocol: PreferredProtocol): RTCIceServer[] {
  const overTCP = (url: string): boolean => /^turns:|[?&]transport=tcp\b/i.test(url);
  if (protocol === "UDP_OVER_TCP") return [...servers];
  return servers
    .map((server) => ({
      ...server,
      urls: [server.urls].flat().filter((url) => overTCP(url) === (protocol === "TCP_ONLY")),
    }))
    .filter(({ urls }) => urls.length > 0);
}
