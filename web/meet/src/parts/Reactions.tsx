import { useEffect, useRef } from "preact/hooks";
import { useStore } from "../state/context";
import { emojis } from "../state/reactions";
import { t } from "../text/inside";

/** The emoji that can be sent, above the toolbar, until it is closed. */
export function ReactionBar() {
  const store = useStore();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const bar = ref.current;
    bar?.querySelector("button")?.focus();
    return () => {
      if (document.activeElement === document.body || bar?.contains(document.activeElement) === true)
        [...document.querySelectorAll<HTMLElement>('[data-testid="react-button"], [data-testid="more-button"]')]
          .find((b) => b.checkVisibility())
          ?.focus();
    };
  }, []);
  const paused = store.reactions.value?.paused.value === true;
  return (
    <div class="reaction-bar" role="group" aria-label={t("reactions")} data-testid="reaction-bar" ref={ref}>
      {Object.entries(emojis).map(([emoji, word], i) => (
        <button
          key={emoji}
          type="button"
          aria-label={t(word)}
          title={t(word)}
          aria-disabled={paused}
          data-testid={`react-${i}`}
          onClick={() => void store.react(emoji)}
        >
          {emoji}
        </button>
      ))}
    </div>
  );
}

/** The latest reactions of one participant, on its tile. They are announced elsewhere. */
export function TileReactions({ id }: { id: string }) {
  const shown = useStore().reactions.value?.shown.value.filter((r) => r.id === id && !r.edge) ?? [];
  if (shown.length === 0) return null;
  return (
    <div class="tile-reactions" aria-hidden="true" data-testid={`reactions-${id}`}>
      {shown.slice(-3).map((r) => (
        <span key={r.n} class="reaction">
          {r.emoji}
        </span>
      ))}
    </div>
  );
}

/** Those of people without a tile in sight, at the edge of the stage. */
export function EdgeReactions() {
  const shown = useStore().reactions.value?.shown.value.filter((r) => r.edge) ?? [];
  if (shown.length === 0) return null;
  return (
    <ul class="edge-reactions" aria-hidden="true" data-testid="edge-reactions">
      {shown.slice(-5).map((r) => (
        <li key={r.n} class="reaction">
          {r.emoji} <bdi>{r.name}</bdi>
        </li>
      ))}
    </ul>
  );
}
