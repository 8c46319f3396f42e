import type { FaultFields } from "@klatch/sdk";
import { useStore } from "../state/context";
import { isBackgroundFailed } from "../state/trouble";
import { t } from "../text/inside";

/** Beside a fault of the background: switches the camera on as it is, which is this person's to decide. */
export function WithoutBackground({ fault }: { fault: FaultFields }) {
  const store = useStore();
  if (!isBackgroundFailed(fault) || !store.has("cam")) return null;
  return (
    <button
      type="button"
      class="button small"
      data-testid="without-background"
      onClick={() => void store.showWithoutBackground()}
    >
      {t("withoutBackground")}
    </button>
  );
}
