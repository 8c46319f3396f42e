import type { PubSubMessage } from "@klatch/sdk";
import { locale } from "@klatch/ui";
import { signal } from "@preact/signals";
import { type Text, t } from "../text/inside";

/** What can be sent, and the word for it. Anything else on the topic is not ours and is not shown. */
export const emojis: Readonly<Record<string, Text>> = {
  "👍": "thumbsUp",
  "❤️": "heart",
  "👏": "applause",
  "🎉": "celebration",
  "😂": "laughter",
  "😮": "surprise",
  "😢": "sadness",
  "🤔": "thinking",
};

/** A reaction while it is shown. */
export interface Reaction {
  readonly n: number;
  /** Whose it is. */
  readonly id: string;
  readonly name: string;
  readonly emoji: string;
  /** Whether it is shown at the edge of the stage: there is no tile of this person in sight. */
  readonly edge: boolean;
}

export const shownMs = 5000;
/** Of one person, within `shownMs`: the page sends no more, and of whoever sends more the rest is not shown. */
export const maxOfOne = 5;
/** Of all together, so that a large meeting does not cover itself. */
const maxShown = 40;
/** What is announced is collected for so long: screen readers shall not speak of each one. */
const collectMs = 1500;
/** More people than these are announced as a number. */
const maxNamed = 3;

/** Who reacts how. */
export class Reactions {
  readonly shown = signal<readonly Reaction[]>([]);
  /** Whether this person has to wait before the next one. */
  readonly paused = signal(false);
  /** Since when no reaction counts any more, by sender: times in ms. */
  readonly #times = new Map<string, readonly number[]>();
  #toSay: Reaction[] = [];
  #n = 0;

  constructor(
    private readonly meeting: {
      readonly nameOf: (id: string) => string;
      readonly isSelf: (id: string) => boolean;
      readonly inSight: (id: string) => boolean;
      readonly say: (text: string) => void;
    },
  ) {}

  /** Shows what came in. */
  received({ senderId: id, message: emoji }: Pick<PubSubMessage, "senderId" | "message">): void {
    if (emojis[emoji] === undefined || this.shown.value.length >= maxShown || !this.#counts(id)) return;
    const { nameOf, inSight } = this.meeting;
    const reaction = { n: ++this.#n, id, name: nameOf(id), emoji, edge: !inSight(id) };
    this.shown.value = [...this.shown.value, reaction];
    setTimeout(() => (this.shown.value = this.shown.value.filter((r) => r !== reaction)), shownMs);
    if (this.#toSay.push(reaction) === 1) setTimeout(() => this.#say(), collectMs);
  }

  /** Reports whether one more may be sent now, and counts it. */
  maySend(): boolean {
    const may = this.#counts("");
    if ((this.#times.get("")?.length ?? 0) >= maxOfOne && !this.paused.value) {
      this.paused.value = true;
      const [first = 0] = this.#times.get("") ?? [];
      setTimeout(() => (this.paused.value = false), first + shownMs - Date.now());
    }
    return may;
  }

  #counts(sender: string): boolean {
    const now = Date.now();
    const times = (this.#times.get(sender) ?? []).filter((at) => now - at < shownMs);
    const counts = times.length < maxOfOne;
    this.#times.set(sender, counts ? [...times, now] : times);
    return counts;
  }

  #say(): void {
    const said = this.#toSay;
    this.#toSay = [];
    const words = (of: readonly Reaction[]): string =>
      new Intl.ListFormat(locale.value, { type: "unit", style: "short" }).format(
        [...new Set(of.map((r) => r.emoji))].map((emoji) => t(emojis[emoji] ?? "reactions")),
      );
    const ids = [...new Set(said.map((r) => r.id))];
    const others = ids.filter((id) => !this.meeting.isSelf(id));
    if (others.length > maxNamed)
      return this.meeting.say(t("saysManyReacted", { count: ids.length, reactions: words(said) }));
    const lines = ids.map((id) => {
      const own = said.filter((r) => r.id === id);
      const reactions = words(own);
      return others.includes(id)
        ? t("saysReacted", { name: own[0]?.name ?? "", reactions })
        : t("saysYouReacted", { reactions });
    });
    this.meeting.say(lines.join("\n"));
  }
}

/** Reports whether the tile of a participant is on the stage, and not scrolled out of it. */
export function hasTileInSight(id: string): boolean {
  const stage = document.querySelector(".stage-body")?.getBoundingClientRect();
  const tile = document.querySelector(`[data-testid="tile-${CSS.escape(id)}"]`)?.getBoundingClientRect();
  if (stage === undefined || tile === undefined) return false;
  const [x, y] = [(tile.left + tile.right) / 2, (tile.top + tile.bottom) / 2];
  return x > stage.left && x < stage.right && y > stage.top && y < stage.bottom;
}
