import { Dialog } from "@klatch/ui";
import { useEffect, useState } from "preact/hooks";
import type { Connection } from "../state/connection";
import { useStore } from "../state/context";
import { personName } from "../state/room";
import { t } from "../text/inside";

/** The numbers behind the mark of somebody's connection; what shows them is loaded when it is opened. */
export function ConnectionDialog() {
  const store = useStore();
  const [connection, setConnection] = useState<Connection | null>(null);
  const close = (): void => void (store.screen.dialog.value = null);
  useEffect(
    () =>
      void store.openConnection().then((loaded) => {
        // A fault tells why.
        if (loaded === null) close();
        else setConnection(loaded);
      }),
    [store],
  );
  const id = store.screen.connectionId.value;
  return (
    <Dialog
      title={t("connectionOf", { name: personName(store.room.value, id) })}
      testid="connection-dialog"
      onClose={close}
    >
      {connection === null ? <p role="status">{t("loadingNumbers")}</p> : <connection.Numbers id={id} />}
    </Dialog>
  );
}
