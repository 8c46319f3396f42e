import { Icon } from "@klatch/ui";
import { SwitchCamera } from "lucide";
import { canFlip, flipCamera } from "../device/facing";
import { useStore } from "../state/context";
import { t } from "../text/inside";

/** In the preview of a phone: the camera on its other side. */
export function FlipButton() {
  const store = useStore();
  if (!canFlip(store)) return null;
  return (
    <button
      type="button"
      class="tool"
      aria-label={t("flipCameraLong")}
      title={t("flipCameraLong")}
      data-testid="flip-button"
      onClick={() => void flipCamera(store)}
    >
      <span class="tool-face">
        <Icon icon={SwitchCamera} size={22} />
      </span>
    </button>
  );
}
