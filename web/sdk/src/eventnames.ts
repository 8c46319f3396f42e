import { faults, VideoSDKError } from "./fault.js";
import { nearest } from "./nearest.js";

/** Throws 3073 for an event that does not exist. */
export function requireEvent(method: string, named: unknown, names: object): void {
  if (typeof named === "string" && Object.hasOwn(names, named)) return;
  const event = String(named);
  const allowed = Object.keys(names);
  throw new VideoSDKError(
    faults.invalidParameterUnknownEvent({ method, event, nearest: nearest(event, allowed), allowed }),
  );
}
