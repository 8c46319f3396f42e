import type { Calls } from "./calls.js";
import { type FaultContext, faults, VideoSDKError } from "./fault.js";

/** What `end` rejects with: a refusal by the server (4xxx) is told, and named as the cause of 3057. */
export function endRefused(failure: unknown, calls: Calls, where: FaultContext): unknown {
  if (!(failure instanceof VideoSDKError) || failure.code < 4000 || failure.code >= 5000) return failure;
  calls.tell(failure);
  return new VideoSDKError(faults.endMeetingFailedEndRefused({ ...where, causeId: failure.id }));
}
