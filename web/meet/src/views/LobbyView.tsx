import { Page } from "@klatch/ui";
import { Avatar } from "../parts/Avatar";
import { Elapsed } from "../parts/Elapsed";
import { FaultCard } from "../parts/FaultCard";
import { useStore } from "../state/context";
import { rich, t } from "../text/inside";

/** Waiting for somebody inside to answer the request to enter. */
export function LobbyView() {
  const store = useStore();
  const { waitingSince, hosts, faults, openFaults } = store.room.value;
  const name = store.prefs.name.value.trim();
  return (
    <Page theme={store.prefs.theme} testid="lobby-view">
      <main class="card lobby">
        <span class="knock">
          <Avatar id={name === "" ? "me" : name} name={name === "" ? "?" : name} />
        </span>
        <h1>{t("askingToJoin")}</h1>
        <p>{t("lobbyWait")}</p>
        <p class="lobby-time">{rich("waitingFor", { time: <Elapsed since={waitingSince} /> })}</p>
        {hosts >= 0 && (
          <p class="lobby-hint" role="status" data-testid="lobby-hint">
            {hosts === 0 ? t("lobbyNobody") : t("lobbyAsked", { count: hosts })}
          </p>
        )}
        {faults
          .filter((f) => openFaults.includes(f.id))
          .map((f) => (
            <FaultCard key={f.id} fault={f} />
          ))}
        <button type="button" class="button wide" data-testid="lobby-cancel" onClick={() => void store.cancel()}>
          {t("cancel")}
        </button>
      </main>
    </Page>
  );
}
