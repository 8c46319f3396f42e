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
  ];
  return lines.filter(([, value]) => value !== "").map(([label, value]) => label + value).join("\n");
}

/** The address of the fault's page: absolute, or on the server at `base`. Undefined when it is no web address. */
export function docsAddress(docs: string, base: string): string | undefined {
  if (docs.startsWith("/") && !docs.startsWith("//")) return base + docs;
  return /^https?:\/\//.test(docs) ? docs : undefined;
}
