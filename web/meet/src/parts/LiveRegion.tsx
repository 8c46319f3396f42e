import { useStore } from "../state/context";

/** Speaks what happens to those who do not see it. */
export function LiveRegion() {
  const { said } = useStore().room.value;
  // The key makes a new node for the same text said twice, which is what screen readers notice.
  return (
    <div class="offscreen" aria-live="polite" data-testid="live-region">
      <span key={said.n}>{said.text}</span>
    </div>
  );
}
