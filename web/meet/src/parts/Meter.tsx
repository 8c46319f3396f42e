import { useEffect, useRef } from "preact/hooks";
import { watchLevel } from "../device/level";
import { t } from "../text";

/** Shows how loud a microphone is: five bars. */
export function Meter({ stream }: { stream: MediaStream }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      watchLevel(stream, (level) => {
        const bars = ref.current?.children ?? [];
        const lit = Math.round(level * bars.length);
        for (let i = 0; i < bars.length; i++) bars[i]?.classList.toggle("lit", i < lit);
        if (ref.current !== null) ref.current.ariaValueNow = String(Math.round(level * 100));
      }),
    [stream],
  );
  return (
    <div
      class="meter"
      ref={ref}
      role="meter"
      aria-label={t("microphoneLevel")}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={0}
      data-testid="mic-level"
    >
      <i />
      <i />
      <i />
      <i />
      <i />
      <i />
      <i />
    </div>
  );
}
