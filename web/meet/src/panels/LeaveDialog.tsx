import { Dialog, Icon } from "@klatch/ui";
import { LogOut, OctagonX } from "lucide";
import { useStore } from "../state/context";
import { t } from "../text/inside";

/** Those who may end the meeting choose: leave, or end the meeting for everybody. */
export function LeaveDialog() {
  const store = useStore();
  return (
    <Dialog
      title={t("leaveAsk")}
      testid="leave-dialog"
      autofocus={false}
      onClose={() => (store.screen.dialog.value = null)}
    >
      <div class="leave-choices">
        <button
          type="button"
          class="button wide"
          data-testid="leave-confirm"
          data-autofocus
          onClick={() => void store.leave()}
        >
          <Icon icon={LogOut} directed /> {t("leaveOthersGoOn")}
        </button>
        <button
          type="button"
          class="button wide danger"
          data-testid="end-confirm"
          onClick={() => void store.endForAll()}
        >
          <Icon icon={OctagonX} /> {t("endForAll")}
        </button>
      </div>
    </Dialog>
  );
}
