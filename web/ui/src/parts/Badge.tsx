/** A small count on a button. The button's label says it in words, so the number is drawn by the style sheet. */
export function Badge({ count }: { count: number }) {
  return count > 0 ? <span class="badge" data-count={count > 99 ? "99+" : count} aria-hidden="true" /> : null;
}
