import { Page } from "@klatch/ui";
import { Avatar } from "../parts/Avatar";
import { Elapsed } from "../parts/Elapsed";
import { FaultCard } from "../parts/FaultCard";
import { useStore } from "../state/context";

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
        <h1>Asking to join…</h1>
        <p>You are in as soon as somebody inside lets you in.</p>
        <p class="lobby-time">
          Waiting for <Elapsed since={waitingSince} />
        </p>
        {hosts >= 0 && (
          <p class="lobby-hint" role="status" data-testid="lobby-hint">
            {hosts === 0
              ? "Nobody who could let you in is in the meeting yet. You can wait, or tell your host that you are here."
              : hosts === 1
                ? "One person inside has been asked and has not answered yet."
                : `${hosts} people inside have been asked and have not answered yet.`}
          </p>
        )}
        {faults
          .filter((f) => openFaults.includes(f.id))
          .map((f) => (
            <FaultCard key={f.id} fault={f} />
          ))}
        <button type="button" class="button wide" data-testid="lobby-cancel" onClick={() => void store.cancel()}>
          Cancel
        </button>
      </main>
    </Page>
  );
}
