import { effect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { useStore } from "../state/context";
import type { RoomState } from "../state/room";

/** How many of the last texts stand there: two that come at once are both spoken. */
const kept = 3;

/** Speaks what happens to those who do not see it. */
export function LiveRegion() {
  const { room } = useStore();
  const [said, setSaid] = useState<readonly RoomState["said"][]>([]);
  useEffect(
    () =>
      effect(() => {
        const now = room.value.said;
        setSaid((before) => (before.at(-1)?.n === now.n ? before : [...before, now].slice(-kept)));
      }),
    [room],
  );
  // The key makes a new node for the same text said twice, which is what screen readers notice.
  return (
    <div class="offscreen" aria-live="polite" data-testid="live-region">
      {said.map(({ n, text }) => (
        <p key={n}>{text}</p>
      ))}
    </div>
  );
}
