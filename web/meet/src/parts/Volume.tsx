import { locale } from "@klatch/ui";
import { computed } from "@preact/signals";
import { useId, useMemo } from "preact/hooks";
import { useStore } from "../state/context";
import { volumeStep } from "../state/volumes";
import { t } from "../text/inside";

const percents = computed(() => new Intl.NumberFormat(locale.value, { style: "percent" }));

interface Props {
  id: string;
  name: string;
}

/** How loud somebody is, in words. */
export const volumeText = (name: string, percent: number): string =>
  t("volumeIs", { name, percent: percents.value.format(percent / 100) });

/** How loud one participant is, for this person alone. */
export function VolumeSlider({ id, name }: Props) {
  const { volumes } = useStore();
  const hint = useId();
  const step = useMemo(volumeStep, []);
  const percent = volumes?.of(id) ?? 100;
  const text = percents.value.format(percent / 100);
  return (
    <div class="volume">
      <input
        type="range"
        min={0}
        max={100}
        step={step}
        value={percent}
        aria-label={t("volumeOf", { name })}
        aria-valuetext={text}
        aria-describedby={hint}
        data-testid={`volume-${id}`}
        onInput={(e) => volumes?.set(id, e.currentTarget.valueAsNumber)}
      />
      <output>{text}</output>
      <p id={hint}>{t("volumeHere")}</p>
    </div>
  );
}
