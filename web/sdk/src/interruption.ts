import * as Codes from "./codes.gen.js";
import type { Fault } from "./fault.js";

const interruptions: ReadonlySet<number> = new Set<number>([
  Codes.ERROR_OPERATION_ABORTED, Codes.ERROR_MEETING_RECONNECTING, Codes.ERROR_OPERATION_TIMED_OUT,
]);

/** Whether a call failed only because the connection was away or the meeting was left: a new connection restores it, or nothing does. */
export function isInterruption({ code }: Fault): boolean {
  return interruptions.has(code);
}
