import * as Codes from "./codes.gen.js";
import { type Fault, newFaultId, VideoSDKErrors } from "./faults.gen.js";

// WebSocket close codes a server may not use for 5xxx faults stand for them: RFC 6455, 7.4.1 and IANA 1012, 1013.
const serverCodes: Readonly<Record<number, number>> = { 1012: Codes.SERVER_SHUTDOWN, 1013: Codes.SERVER_UNAVAILABLE };

/**
 * Makes the fault of a close frame whose own frame was lost: the close code is the fault's, and the close reason
 * holds "NAME REASON id". undefined where the frame carries no fault: the socket was cut.
 */
export function faultOfClose(code: number, reason: string): Fault | undefined {
  const faultCode = serverCodes[code] ?? code;
  if (faultCode < 3000 || faultCode >= 6000) return undefined;
  const [name = "", sub = "", id = ""] = reason.split(" ");
  const published: { readonly name: string; readonly message: string } | undefined =
    VideoSDKErrors[faultCode as keyof typeof VideoSDKErrors];
  // A proxy may close with 1012 or 1013 of its own.
  if (name === "" && code < 3000) return undefined;
  const incident = id || newFaultId();
  return {
    code: faultCode,
    name: name || published?.name || "",
    message: published?.message ?? "The server ended the connection.",
    reason: sub,
    detail:
      `The server closed the connection with ${faultCode} ${name} (${sub}); ` +
      "the message with the values did not arrive.",
    remedy: "Look up this code and reason in docs, or this id in the server's log or console.",
    fatal: true,
    retryable: faultCode >= 5000,
    retryAfterMs: 0,
    id: incident,
    causeId: "",
    at: new Date().toISOString(),
    docs: `/errors/${faultCode}#${sub}`,
    consoleUrl: `/console/faults/${incident}`,
    meetingId: "",
    sessionId: "",
    participantId: "",
  } as Fault;
}
