import { CopyButton, Dialog } from "@klatch/ui";
import { inviteAddress } from "../link";
import { QrCode } from "../parts/QrCode";
import { useStore } from "../state/context";
import { t } from "../text/inside";

/** The address for others. It lets nobody in by itself: tokens come from the app that the meeting belongs to. */
export function InviteDialog() {
  const store = useStore();
  const { meetingUrl } = store.asked.options.joinScreen ?? {};
  const address = meetingUrl ?? inviteAddress(store.link.value);
  return (
    <Dialog title={t("invitePeople")} testid="invite-dialog" onClose={() => (store.screen.dialog.value = null)}>
      <div class="invite">
        <QrCode text={address} label={t("qrOfLink")} />
        <div class="field">
          <label for="invite-link">{t("linkToMeeting")}</label>
          <input
            id="invite-link"
            data-testid="invite-link"
            readOnly
            dir="ltr"
            value={address}
            onFocus={(e) => e.currentTarget.select()}
          />
        </div>
        <CopyButton label={t("copyLink")} text={() => address} testid="invite-copy" />
        {meetingUrl === undefined && (
          <p class="invite-hint" data-testid="invite-hint">
            {t("inviteHint")}
          </p>
        )}
      </div>
    </Dialog>
  );
}
