import { IconButton, locale } from "@klatch/ui";
import { computed } from "@preact/signals";
import { Volume1, Volume2, VolumeX } from "lucide";
import { useId, useMemo } from "preact/hooks";
import { useStore } from "../state/context";
import { volumeStep } from "../state/volumes";
import { t } from "../text/inside";

const percents = computed(() => new Intl.NumberFormat(locale.value, { style: "percent" }));

interface Props {
  id: string;
  name: string;
}

/** Opens the slider, and shows where it stands. */
export function VolumeButton({ id, name, open, onClick }: Props & { open: boolean; onClick: () => void }) {
  const percent = useStore().volumes?.of(id) ?? 100;
  return (
    <IconButton
      icon={percent === 0 ? VolumeX : percent < 100 ? Volume1 : Volume2}
      label={t("volumeIs", { name, percent: percents.value.format(percent / 100) })}
      testid={`volume-button-${id}`}
      pressed={open}
      onClick={onClick}
    />
  );
}

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
        ref={focusOnce}
        onInput={(e) => volumes?.set(id, e.currentTarget.valueAsNumber)}
      />
      <output>{text}</output>
      <p id={hint}>{t("volumeHere")}</p>
    </div>
  );
}

function focusOnce(input: HTMLInputElement | null): void {
  input?.focus();
}
