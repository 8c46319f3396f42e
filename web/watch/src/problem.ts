/** Something that keeps the page from playing: what happened, what to do, and words for a report. */
export interface Problem {
  readonly title: string;
  readonly detail: string;
  readonly remedy: string;
  /** For whoever runs the server: code and reason of a fault, or what the player said. */
  readonly technical: string;
}

export const noAddress: Problem = {
  title: "This link is not complete",
  detail: "The address of a watch page ends in the id of a stream.",
  remedy: "Ask whoever invited you for the whole link.",
  technical: "no id in the address",
};

export const noPlayer: Problem = {
  title: "This browser cannot play the stream",
  detail: "It has neither Media Source Extensions nor HLS of its own.",
  remedy: "Open the link in a current Chrome, Edge, Firefox or Safari.",
  technical: "no MediaSource, no application/vnd.apple.mpegurl",
};

export const noWebRTC: Problem = {
  title: "This browser cannot play without delay",
  detail: "It has no WebRTC, or it is switched off.",
  remedy: "Open the link in a current Chrome, Edge, Firefox or Safari, and allow WebRTC.",
  technical: "no RTCPeerConnection",
};

export const unreachable: Problem = {
  title: "The server does not answer",
  detail: "It did not take the connection in three tries.",
  remedy: "Check your connection and reload the page.",
  technical: "no answer to POST /v2/whep",
};

export const noPath: Problem = {
  title: "The picture does not get through",
  detail: "The server answered, and within 10 seconds no media connection to it came up.",
  remedy:
    "Use another network, or ask whoever runs the server to open its media port (media.udpAddress, media.tcpAddress).",
  technical: "3101 MEDIA_CONNECTION_LOST NO_PATH",
};

/** The server answered, and said no: with a fault where it has one. */
export function refused(status: number, body: string): Problem {
  const fault = faultIn(body);
  return {
    title: "The server does not give out this stream",
    detail: fault?.detail ?? `It answered with HTTP ${status}.`,
    remedy: fault?.remedy ?? "Reload the page later. Tell whoever runs the server when it stays like this.",
    technical: fault === undefined ? `HTTP ${status}` : `${fault.code} ${fault.name} ${fault.reason} ${fault.id}`,
  };
}

/** The player gave up on what it was given. */
export function unplayable(technical: string): Problem {
  return {
    title: "The stream cannot be played",
    detail: "What the server sent could not be decoded here.",
    remedy: "Reload the page. If that does not help, try another browser, and report the line below.",
    technical,
  };
}

interface FaultBody {
  readonly code: number;
  readonly name: string;
  readonly reason: string;
  readonly detail: string;
  readonly remedy: string;
  readonly id: string;
}

function faultIn(body: string): FaultBody | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== "object" || value === null) return undefined;
    const { code, name, reason, detail, remedy, id } = value as Record<string, unknown>;
    if (typeof code !== "number" || typeof detail !== "string" || typeof remedy !== "string") return undefined;
    return { code, detail, remedy, name: text(name), reason: text(reason), id: text(id) };
  } catch {
    return undefined;
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

export function problemText(p: Problem): string {
  return `${p.title}\n${p.detail}\nWhat to do: ${p.remedy}\n${p.technical}`;
}
