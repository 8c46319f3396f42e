import type { Entries } from "./catalogue";

/** What the shared parts of pages say. */
export const en = {
  close: "Close",
  more: "More",
  less: "Less",
  moreAbout: "More: {what}",
  lessAbout: "Less: {what}",
  dismiss: "Dismiss",
  dismissThis: "Dismiss: {what}",
  copied: "Copied",
  copyForbidden: "Not allowed here",
  copyAll: "Copy all",
  docs: "Docs",
  whatToDo: "What to do:",
  problem: "Problem {code} {name}",
  supportDetails: "Details for support",
  factCode: "Code",
  factReason: "Reason",
  factMessage: "Message",
  factId: "Id",
  poweredBy: "powered by Klatch",
  colorsAuto: "Colors: as the system. Change to light",
  colorsLight: "Colors: light. Change to dark",
  colorsDark: "Colors: dark. Change to as the system",
  anyFault: "Something did not work.",
  anyFaultTodo: "Try again. If it fails again, send the details for support to the people who run this service.",
} as const satisfies Entries;
