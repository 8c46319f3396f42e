import type { Player } from "./player";
import { noPath, noWebRTC, refused, type Problem } from "./problem";

/** Where a meeting is played from over WHEP, with less than half a second of delay. */
export interface WhepPlace {
  readonly endpoint: string;
  readonly token: string;
}

/**
 * What a WHEP link says: `<base>/watch/<id>#room=<roomId>&token=<token>`, and `source=<participantId>` for one
 * participant. The id is that of an HLS to fall back to; `whep` names none. Undefined for a link of HLS.
 */
export function whepOf(address: string, fragment: string): WhepPlace | undefined {
  const { origin, pathname } = new URL(address);
  const at = pathname.lastIndexOf("/watch/");
  const said = new URLSearchParams(fragment);
  const [room, token, source] = [said.get("room"), said.get("token"), said.get("source")];
  if (at < 0 || !room || !token) return undefined;
  const query = new URLSearchParams({ roomId: room, ...(source ? { remotePeerId: source } : {}) });
  return { endpoint: `${origin}${pathname.slice(0, at)}/v2/whep?${query.toString()}`, token };
}

export interface WhepEvents {
  /** There is something to see or hear. */
  begun(): void;
  /** The server or the path is gone; another try may help. */
  lost(): void;
  /** It will not play this way. */
  failed(problem: Problem): void;
}

/** How long a connection may take to come up. */
const connectMs = 10_000;

/** Plays a meeting in a video element until it is closed. */
export async function openWhep(video: HTMLVideoElement, place: WhepPlace, events: WhepEvents): Promise<Player> {
  if (!("RTCPeerConnection" in globalThis)) {
    events.failed(noWebRTC);
    return { close: () => undefined, late: () => undefined, catchUp: () => undefined };
  }
  const pc = new RTCPeerConnection();
  const headers = { Authorization: `Bearer ${place.token}` };
  const stream = new MediaStream();
  let session: string | undefined;
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = (): void => {
    over = true;
    clearTimeout(timer);
    video.removeEventListener("loadeddata", events.begun);
    video.srcObject = null;
    pc.close();
  };
  const fail = (problem: Problem): void => {
    if (over) return;
    end();
    events.failed(problem);
  };
  const lose = (): void => {
    if (over) return;
    end();
    events.lost();
  };
  pc.ontrack = ({ track }) => stream.addTrack(track);
  pc.onconnectionstatechange = () => {
    switch (pc.connectionState) {
      case "connected":
        clearTimeout(timer);
        break;
      case "failed":
      case "closed":
        void whyEnded(session, headers).then((problem) => (problem === undefined ? lose() : fail(problem)));
    }
  };
  video.addEventListener("loadeddata", events.begun);
  video.srcObject = stream;
  void (async () => {
    try {
      pc.addTransceiver("audio", { direction: "recvonly" });
      pc.addTransceiver("video", { direction: "recvonly" });
      await pc.setLocalDescription(await pc.createOffer());
      const response = await fetch(place.endpoint, {
        method: "POST",
        headers: { ...headers, "Content-Type": "application/sdp" },
        body: pc.localDescription?.sdp ?? "",
      });
      const answer = await response.text();
      if (response.status !== 201) return response.status >= 500 ? lose() : fail(refused(response.status, answer));
      session = new URL(response.headers.get("Location") ?? "", place.endpoint).href;
      if (over) return void leave(session, headers);
      timer = setTimeout(() => fail(noPath), connectMs);
      await pc.setRemoteDescription({ type: "answer", sdp: answer });
    } catch {
      lose();
    }
  })();
  return {
    late: () => undefined,
    catchUp: () => undefined,
    close() {
      end();
      if (session !== undefined) leave(session, headers);
    },
  };
}

function leave(session: string, headers: Record<string, string>): void {
  void fetch(session, { method: "DELETE", headers, keepalive: true }).catch(() => undefined);
}

/** Asks the server why a session has ended; undefined where it has not, or nobody answers. */
async function whyEnded(session: string | undefined, headers: Record<string, string>): Promise<Problem | undefined> {
  if (session === undefined) return undefined;
  try {
    const response = await fetch(session, { method: "DELETE", headers });
    return response.ok || response.status >= 500 ? undefined : refused(response.status, await response.text());
  } catch {
    return undefined;
  }
}
