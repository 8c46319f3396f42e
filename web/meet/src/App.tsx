import { LiveRegion } from "./parts/LiveRegion";
import { StoreContext } from "./state/context";
import type { Store } from "./state/store";
import { JoinView } from "./views/JoinView";
import { LeftView } from "./views/LeftView";
import { LobbyView } from "./views/LobbyView";
import { MeetingView } from "./views/MeetingView";
import { RefusedView } from "./views/RefusedView";
import { TokenView } from "./views/TokenView";

const views = { form: JoinView, joining: JoinView, lobby: LobbyView, meeting: MeetingView, left: LeftView };

export function App({ store }: { store: Store }) {
  const { phase } = store.room.value;
  const { token, meetingId } = store.link.value;
  const View = phase === "form" && (token === "" || meetingId === "") ? TokenView : views[phase];
  return (
    <StoreContext.Provider value={store}>
      {store.asked.fault === null ? <View /> : <RefusedView fault={store.asked.fault} />}
      <LiveRegion />
    </StoreContext.Provider>
  );
}
