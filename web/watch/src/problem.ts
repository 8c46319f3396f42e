import { personText } from "@klatch/ui";

/** Something that keeps the page from playing: what happened, what to do, and what support needs. */
export interface Problem {
  readonly title: string;
  readonly detail: string;
  readonly remedy: string;
  /** For whoever runs the server: code and reason of a fault, or what the player said. */
  readonly technical: string;
}

export const noAddress: Problem = {
  title: "This link is not complete",
  detail: "The end of the address is missing.",
  remedy: "Ask the host for the whole link.",
  technical: "no id in the address",
};

export const noPlayer: Problem = {
  title: "This browser cannot play the stream",
  detail: "It does not know this kind of video.",
  remedy: "Open the link in a current Chrome, Edge, Firefox or Safari.",
  technical: "no MediaSource, no application/vnd.apple.mpegurl",
};

export const noWebRTC: Problem = {
  title: "This browser cannot play without delay",
  detail: "It cannot receive live video, or that is switched off.",
  remedy: "Open the link in a current Chrome, Edge, Firefox or Safari.",
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
  detail: "The stream was found, but its picture and sound did not arrive within 10 seconds.",
  remedy:
    "Use another network, such as that of your phone. If that does not help, tell the people who run this service.",
  technical: "3101 MEDIA_CONNECTION_LOST NO_PATH: check that media.udpAddress or media.tcpAddress is open to viewers.",
};

/** The server answered, and said no: with a fault where it has one. */
export function refused(status: number, body: string): Problem {
  const fault = faultIn(body);
  if (fault === undefined)
    return {
      title: "This stream cannot be played at the moment",
      detail: "",
      remedy: "Reload the page later. If it stays like this, tell the people who run this service.",
      technical: `HTTP ${status}`,
    };
  const { what, todo } = personText(fault);
  return {
    title: what,
    detail: "",
    remedy: todo,
    technical: `${fault.code} ${fault.name} ${fault.reason} ${fault.id}: ${fault.detail} ${fault.remedy}`,
  };
}

/** The player gave up on what it was given. */
export function unplayable(technical: string): Problem {
  return {
    title: "The stream cannot be played",
    detail: "What the server sent could not be decoded here.",
    remedy:
      "Reload the page, or try another browser. If that does not help, send the details for support to the people who run this service.",
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
  return `${p.title}\n${p.detail === "" ? "" : `${p.detail}\n`}What to do: ${p.remedy}\n${p.technical}`;
}
