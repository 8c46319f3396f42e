import { CopyButton, Dialog } from "@klatch/ui";
import { inviteAddress } from "../link";
import { QrCode } from "../parts/QrCode";
import { useStore } from "../state/context";

/** The address for others. It lets nobody in by itself: tokens come from the app that the meeting belongs to. */
export function InviteDialog() {
  const store = useStore();
  const { meetingUrl } = store.asked.options.joinScreen ?? {};
  const address = meetingUrl ?? inviteAddress(store.link.value);
  return (
    <Dialog title="Invite people" testid="invite-dialog" onClose={() => (store.screen.dialog.value = null)}>
      <div class="invite">
        <QrCode text={address} label="QR code of the link" />
        <div class="field">
          <label for="invite-link">Link to this meeting</label>
          <input
            id="invite-link"
            data-testid="invite-link"
            readOnly
            dir="ltr"
            value={address}
            onFocus={(e) => e.currentTarget.select()}
          />
        </div>
        <CopyButton label="Copy the link" text={() => address} testid="invite-copy" />
        {meetingUrl === undefined && (
          <p class="invite-hint" data-testid="invite-hint">
            This link says which meeting it is, and lets nobody in by itself. Whoever hosts the meeting gives each
            person a link of their own.
          </p>
        )}
      </div>
    </Dialog>
  );
}
