import { useStore } from "../state/context";
import { t } from "../text/inside";

/** Beside a fault of the background: switches the camera on as it is, which is this person's to decide. */
export function WithoutBackground() {
  const store = useStore();
  if (!store.has("cam")) return null;
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
