/** What participants may do, in words. */
import type { Restrictions } from "@klatch/sdk";
import { locale, personText } from "@klatch/ui";
import { t, type Text } from "../text/inside";
import type { Right } from "./room";

export const rightNames = {
  audio: "rightAudio",
  video: "rightVideo",
  share: "rightShare",
  chat: "rightChat",
} as const satisfies Record<Right, Text>;

export const rights = Object.keys(rightNames) as Right[];

/** Returns what somebody has switched off, or on again, for participants. */
export function rightsChanged(before: Restrictions, now: Restrictions, name: string): string {
  const list = new Intl.ListFormat(locale.value, { type: "conjunction" });
  const changed = (to: boolean): string =>
    list.format(rights.filter((r) => before[r] !== now[r] && now[r] === to).map((r) => t(rightNames[r])));
  return [{ text: "rightsTaken", what: changed(true) } as const, { text: "rightsGiven", what: changed(false) } as const]
    .filter(({ what }) => what !== "")
    .map(({ text, what }) => t(text, { name, what }))
    .join(" ");
}

/** Returns why somebody may not do something. */
export function whyNot(right: Right): string {
  return personText({ code: 4105, reason: `${right.toUpperCase()}_RESTRICTED` }).what;
}
