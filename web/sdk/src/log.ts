import { LogLevel } from "./constants.js";

const levels = Object.values(LogLevel);
type Written = Exclude<LogLevel, "NONE" | "ALL">;

const writers = { ERROR: "error", WARN: "warn", INFO: "info", DEBUG: "debug" } as const satisfies Record<
  Written,
  keyof Console
>;

let highest = levels.indexOf("NONE");

/** Sets how much is written to the console. Nothing is until it is called. */
export function setLogLevel(level: LogLevel): void {
  highest = levels.indexOf(level);
}

/** Reports whether something of a level is written. */
export const logs = (level: LogLevel): boolean => levels.indexOf(level) <= highest;

/** Writes a line to the console, if its level is on. What is `ALL` is written as debug. */
export function log(level: Written | "ALL", ...what: readonly unknown[]): void {
  if (logs(level)) console[level === "ALL" ? "debug" : writers[level]]("[klatch]", ...what);
}
