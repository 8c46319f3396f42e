import { LogLevel } from "./constants.js";

const levels = Object.values(LogLevel);
type Written = Exclude<LogLevel, "NONE" | "ALL">;

const writers = { ERROR: "error", WARN: "warn", INFO: "info", DEBUG: "debug" } as const satisfies Record<
  Written,
  keyof Console
>;

/** Undefined: the app has chosen none. */
let highest: number | undefined;

/** Sets how much is written to the console. Until it is called, `log` writes nothing. */
export function setLogLevel(level: LogLevel): void {
  highest = levels.indexOf(level);
}

/** Reports whether something of a level is written. */
export const logs = (level: LogLevel): boolean => levels.indexOf(level) <= (highest ?? levels.indexOf("NONE"));

/** Writes a warning of what the app is told nowhere else, unless it has chosen a level below. */
export function warn(...what: readonly unknown[]): void {
  if (highest === undefined || logs("WARN")) console.warn("[klatch]", ...what);
}

/** Writes a line to the console, if its level is on. What is `ALL` is written as debug. */
export function log(level: Written | "ALL", ...what: readonly unknown[]): void {
  if (logs(level)) console[level === "ALL" ? "debug" : writers[level]]("[klatch]", ...what);
}
