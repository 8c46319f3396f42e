import { LiveRegion } from "./parts/LiveRegion";
import { StoreContext } from "./state/context";
import type { Store } from "./state/store";
import { JoinView } from "./views/JoinView";
import { RefusedView } from "./views/RefusedView";
import { TokenView } from "./views/TokenView";

export function App({ store }: { store: Store }) {
  const View = viewOf(store);
  return (
    <StoreContext.Provider value={store}>
      {store.asked.fault === null ? <View /> : <RefusedView fault={store.asked.fault} />}
      <LiveRegion />
    </StoreContext.Provider>
  );
}

function viewOf(store: Store) {
  const { phase } = store.room.value;
  const { token, meetingId } = store.link.value;
  const inside = store.inside.value;
  if (inside !== null) {
    if (phase === "meeting") return inside.MeetingView;
    if (phase === "lobby") return inside.LobbyView;
    if (phase === "left") return inside.LeftView;
  }
  return phase === "form" && (token === "" || meetingId === "") ? TokenView : JoinView;
}
