import { faults, VideoSDKError } from "./fault.js";
import type { Mode, ModeName } from "./types.js";

const present: Readonly<Record<ModeName, Mode>> = {
  SEND_AND_RECV: "SEND_AND_RECV",
  RECV_ONLY: "RECV_ONLY",
  SIGNALLING_ONLY: "SIGNALLING_ONLY",
  CONFERENCE: "SEND_AND_RECV",
  VIEWER: "SIGNALLING_ONLY",
};

const old: Readonly<Partial<Record<Mode, ModeName>>> = { SEND_AND_RECV: "CONFERENCE", SIGNALLING_ONLY: "VIEWER" };

/** The present name of a mode. Throws 3067 for one that does not exist. */
export function presentMode(mode: string): Mode {
  if (Object.hasOwn(present, mode)) return present[mode as ModeName];
  throw new VideoSDKError(
    faults.invalidModeUnknownMode({ mode: mode.slice(0, 64), allowed: [...new Set(Object.values(present))] }),
  );
}

/**
 * ModeNames are the names of modes that an app uses. One that calls a mode by its old name, CONFERENCE or VIEWER, is
 * told the modes of everybody by their old names, as it compares them with what it knows.
 */
export class ModeNames {
  #old = false;

  /** Takes note of a name that the app has used. */
  used(name: string): void {
    if (name === "CONFERENCE" || name === "VIEWER") this.#old = true;
    else if (Object.hasOwn(old, name)) this.#old = false;
  }

  /** The mode as the app calls it. It is typed as the present name, which is the only one that the types know. */
  of(mode: Mode): Mode {
    return ((this.#old && old[mode]) || mode) as Mode;
  }
}
