import { useState } from "preact/hooks";
import { useStore } from "../state/context";
import type { Effects } from "../state/effects";
import { t } from "../text/inside";

/** Background and noise; loaded when it is opened. */
export function EffectsSection() {
  const store = useStore();
  const [effects, setEffects] = useState<Effects | null>(null);
  return (
    <details
      class="effects-section"
      onToggle={(e) => {
        if (e.currentTarget.open && effects === null) void store.openEffects().then(setEffects);
      }}
    >
      <summary data-testid="effects">{t("effects")}</summary>
      {effects !== null && <effects.EffectsSettings />}
    </details>
  );
}
