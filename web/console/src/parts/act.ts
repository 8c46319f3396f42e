import { Problem } from "../api/client";
import { notify } from "./confirm";

/** Does something that changes the server and says how it went: `done`, or the fault with its remedy. */
export async function act(what: Promise<unknown>, done: string, undo?: () => void): Promise<boolean> {
  try {
    await what;
    notify(done, undo ? { undo } : {});
    return true;
  } catch (e) {
    if (!(e instanceof Problem)) throw e;
    const code = e.fault === undefined ? "" : `${e.fault.code} ${e.fault.reason}: `;
    notify(`${code}${e.message} ${e.remedy}`, { bad: true });
    return false;
  }
}
