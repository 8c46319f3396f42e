import { Icon } from "@klatch/ui";
import { Lock } from "lucide";
import { useStore } from "../state/context";
import { t } from "../text/inside";

/** Says to everybody that nobody new can join. A click shows who is here, where moderators unlock. */
export function LockedMark() {
  const store = useStore();
  if (!store.room.value.locked) return null;
  return (
    <button
      type="button"
      class="mark locked"
      data-testid="locked-mark"
      aria-label={t("markSays", { mark: t("markLocked"), what: t("meetingLocked") })}
      title={t("meetingLocked")}
      onClick={() => (store.screen.panel.value = "people")}
    >
      <Icon icon={Lock} size={14} /> {t("markLocked")}
    </button>
  );
}
