import { type FaultContext, faults, VideoSDKError } from "./fault.js";
import { checkArgument, checkOptions } from "./options.js";

/** What `meeting.simulate` makes happen. */
export type Scenario = "signaling-cut" | "publish-lost" | "subscribe-lost" | "server-gone";

/** Options of `meeting.simulate`. */
export interface SimulateOptions {
  /** For how long it lasts before the SDK can restore anything, in ms: 0 to 60000, default 5000. */
  forMs?: number;
}

const scenarios: readonly Scenario[] = ["signaling-cut", "publish-lost", "subscribe-lost", "server-gone"];
const DEFAULT_MS = 5_000;
const MAX_MS = 60_000;

export interface SimulationOwner {
  /** Closes the socket, and lets no other one open for so long; `gone`: the server does not know the session then. */
  cut(forMs: number, gone: boolean): void;
  /** Closes a media connection, and lets no other one be made for so long. Reports whether there was one. */
  lose(connection: "publish" | "subscribe", forMs: number): boolean;
  where(): FaultContext;
}

/**
 * Makes an outage happen to this client alone, as a network or a server does it: the SDK restores everything by its
 * own means, and tells what it tells then. Throws 3073, and 3048 where there is no connection that could be lost.
 */
export function simulate(owner: SimulationOwner, scenario: Scenario, options: SimulateOptions | undefined): void {
  const call = { method: "simulate", at: owner.where() };
  checkArgument(call, "scenario", scenario ?? "", scenarios);
  checkOptions<SimulateOptions>(call, "options", options, { forMs: "number" });
  const forMs = options?.forMs ?? DEFAULT_MS;
  if (!(forMs >= 0 && forMs <= MAX_MS)) {
    const want = `between 0 and ${MAX_MS}`;
    const wrong = { method: call.method, parameter: "forMs", got: String(forMs), want };
    throw new VideoSDKError(faults.invalidParameterOutOfRange(wrong, call.at));
  }
  switch (scenario) {
    case "signaling-cut":
      return owner.cut(forMs, false);
    case "server-gone":
      owner.lose("publish", forMs);
      owner.lose("subscribe", forMs);
      return owner.cut(forMs, true);
    default: {
      const connection = scenario === "publish-lost" ? "publish" : "subscribe";
      if (owner.lose(connection, forMs)) return;
      throw new VideoSDKError(faults.mediaNotReadyNotConnected({ method: call.method, connection }, call.at));
    }
  }
}
