import { type FaultContext, faults, VideoSDKError } from "./fault.js";

/** Writes a value as JSON, or throws 3073 for one that JSON cannot hold: a circle, a BigInt. */
export function asJSON(method: string, parameter: string, value: unknown, where?: FaultContext): string {
  try {
    return JSON.stringify(value);
  } catch (thrown) {
    const problem = thrown instanceof Error ? (thrown.message.split("\n")[0] ?? "") : String(thrown);
    throw new VideoSDKError(faults.invalidParameterNotJSON({ method, parameter, problem }, where));
  }
}

/** Throws 3073 for a listener that cannot be called, where it is added and not at the first event. */
export function requireListener(method: string, listener: unknown, where?: FaultContext): void {
  if (typeof listener === "function") return;
  const got = listener === null ? "null" : typeof listener;
  throw new VideoSDKError(
    faults.invalidParameterWrongType({ method, parameter: "listener", got, want: "a function" }, where),
  );
}
