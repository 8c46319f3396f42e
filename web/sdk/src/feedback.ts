import { during } from "./connection.js";

/**
 * RTCP feedback that libwebrtc knows and does not offer. Descriptions of our own are given it before they are set:
 *
 * - `nack` for Opus: lost audio is asked for again, in both directions.
 * - `rrtr` for video that is received (RFC 3611, sections 4.4 and 4.5): the receiver measures the round-trip time,
 *   which it otherwise takes for 100 ms. It waits for that long before it asks for a lost packet once more.
 */

const section = /(?=^m=)/m;

/** Adds the feedback to a description of our own: what its answer can have, or with `offer` what that has too. */
export function addFeedback(sdp: string, offer?: string): string {
  const offered = offer?.split(section);
  return sdp
    .split(section)
    .map((part, i) => {
      const other = offered && (offered[i] ?? "");
      if (part.startsWith("m=audio")) return withFeedback(part, /^a=rtpmap:(\d+) opus\/.*\r\n/gim, "nack", other);
      if (!part.startsWith("m=video") || !other) return part; // an answer is what receives
      return withFeedback(part, /^a=rtcp-fb:(\d+) nack\r\n/gm, "rrtr", other);
    })
    .join("");
}

/** Adds a kind of feedback to a section, after each line that names the payload type of a codec which can have it. */
function withFeedback(part: string, codec: RegExp, kind: string, offered?: string): string {
  if (offered !== undefined && !new RegExp(`^a=rtcp-fb:\\d+ ${kind}\\s*$`, "m").test(offered)) return part;
  return part.replace(codec, (line, payloadType: string) => {
    const feedback = `a=rtcp-fb:${payloadType} ${kind}\r\n`;
    return part.includes(feedback) ? line : line + feedback;
  });
}

/** Sets a local description with the feedback; without, where the browser does not take it. Returns what was set. */
export async function setLocal(pc: RTCPeerConnection, description: RTCSessionDescriptionInit, offer?: string) {
  const sdp = description.sdp ?? "";
  const more = addFeedback(sdp, offer);
  if (more !== sdp && takesRedundancy()) {
    try {
      await during(pc, pc.setLocalDescription({ type: description.type, sdp: more }));
      return more;
    } catch {
      // as below
    }
  }
  await during(pc, pc.setLocalDescription(description));
  return sdp;
}

/** Browsers that know redundant audio are those that take such descriptions. */
const takesRedundancy = () =>
  !!RTCRtpSender.getCapabilities("audio")?.codecs.some(({ mimeType }) => mimeType.toLowerCase() === "audio/red");
