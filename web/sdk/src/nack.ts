/**
 * Lost audio is asked for again. libwebrtc can do that, for what it sends and for what it receives, but does not offer
 * it: descriptions of our own are given `a=rtcp-fb:… nack` for Opus before they are set.
 */

const section = /(?=^m=)/m;

/** Adds NACK for Opus to the audio sections of a description, with `offer` to those that have it there. */
export function askAgain(sdp: string, offer?: string): string {
  const offered = offer?.split(section);
  return sdp
    .split(section)
    .map((part, i) => {
      if (!part.startsWith("m=audio")) return part;
      return part.replace(/^a=rtpmap:(\d+) opus\/.*\r\n/gim, (line, payloadType: string) => {
        const feedback = `a=rtcp-fb:${payloadType} nack\r\n`;
        if (part.includes(feedback)) return line;
        if (offered && !/^a=rtcp-fb:\d+ nack\s*$/m.test(offered[i] ?? "")) return line;
        return line + feedback;
      });
    })
    .join("");
}

/** Sets a local description with NACK for Opus; without, where the browser does not take it. Returns what was set. */
export async function setLocal(pc: RTCPeerConnection, description: RTCSessionDescriptionInit, offer?: string) {
  const sdp = description.sdp ?? "";
  const asking = askAgain(sdp, offer);
  if (asking !== sdp && takesRedundancy()) {
    try {
      await pc.setLocalDescription({ type: description.type, sdp: asking });
      return asking;
    } catch {
      // as below
    }
  }
  await pc.setLocalDescription(description);
  return sdp;
}

/** Browsers that know redundant audio are those that resend and ask for audio. */
const takesRedundancy = () =>
  !!RTCRtpSender.getCapabilities("audio")?.codecs.some(({ mimeType }) => mimeType.toLowerCase() === "audio/red");
