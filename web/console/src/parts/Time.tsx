import { now } from "./clock";
import { durationText } from "./duration";
import { agoText, momentText, timeOf, utcText } from "./time";

/** A moment in the reader's zone; UTC when one points at it. */
export function Time({
  at,
  millis = false,
  ago = false,
}: {
  at: string | null | undefined;
  millis?: boolean;
  ago?: boolean;
}) {
  const ms = timeOf(at);
  if (Number.isNaN(ms)) return <span class="soft">–</span>;
  const text = ago ? agoText(ms, now.value) : momentText(ms, now.peek(), { millis });
  return (
    <time class="time" dateTime={new Date(ms).toISOString()} title={utcText(ms)}>
      {text}
    </time>
  );
}

/** How long something lasted, or lasts. */
export function Duration({ from, to }: { from: string | null | undefined; to: string | null | undefined }) {
  const start = timeOf(from);
  if (Number.isNaN(start)) return <span class="soft">–</span>;
  const end = to === null || to === undefined ? now.value : timeOf(to);
  return <span class="time">{durationText(end - start)}</span>;
}
