import type { FaultFields } from "@klatch/sdk";

/** A fault as text, to be pasted into a report: every field that has something in it. */
export function faultText(f: FaultFields): string {
  const lines: readonly (readonly [string, string])[] = [
    ["", `${f.code} ${f.name} (${f.reason})`],
    ["", f.message],
    ["What happened: ", f.detail],
    ["What to do: ", f.remedy],
    ["Param: ", f.param ?? ""],
    ["Details: ", f.details === undefined ? "" : JSON.stringify(f.details)],
    ["Fault id: ", f.id],
    ["Follows from: ", f.causeId],
    ["At: ", f.at],
    ["Meeting: ", f.meetingId],
    ["Session: ", f.sessionId],
    ["Participant: ", f.participantId],
    ["Docs: ", f.docs],
    ["Console: ", f.consoleUrl],
  ];
  return lines
    .filter(([, value]) => value !== "")
    .map(([label, value]) => label + value)
    .join("\n");
}

/** The address of the fault's page: absolute, or on the server at `base`. Undefined when it is no web address. */
export function docsAddress(docs: string, base: string): string | undefined {
  if (docs.startsWith("/") && !docs.startsWith("//")) return base + docs;
  return /^https?:\/\//.test(docs) ? docs : undefined;
}

/**
 * A text of the fault for people: ids of participants among its values read as their names, with or without the name
 * that stands behind them in brackets. The text to be copied into a report keeps the ids.
 */
export function withNames(text: string, f: FaultFields, names: ReadonlyMap<string, string>): string {
  const values = Object.values(f.details ?? {}).filter((value) => typeof value === "string");
  const ids = values.filter((value) => names.has(value));
  if (ids.length === 0) return text;
  const any = (texts: readonly string[]): string => texts.map(escaped).join("|");
  // Whole words only: an id may be as short as a letter.
  const named = new RegExp(`(?<![\\w-])(${any(ids)})(?![\\w-])(?: \\((?:${any(values)}|"")\\))?`, "g");
  return text.replace(named, (_, id: string) => names.get(id) ?? id);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\-]/g, "\\$&");
}
