import { TopBar } from "@klatch/ui";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { stayAwake } from "../device/awake";
import { commandOf, isTyping } from "../keys";
import { GridLayout } from "../layout/GridLayout";
import { SpeakerLayout } from "../layout/SpeakerLayout";
import { ConnectionDialog } from "../panels/ConnectionDialog";
import { InviteDialog } from "../panels/InviteDialog";
import { LeaveDialog } from "../panels/LeaveDialog";
import { LiveDialog } from "../panels/LiveDialog";
import { MoreDialog } from "../panels/MoreDialog";
import { SettingsDialog } from "../panels/SettingsDialog";
import { ShortcutsDialog } from "../panels/ShortcutsDialog";
import { SidePanel } from "../panels/SidePanel";
import { AboveWindow } from "../parts/AboveWindow";
import { EgressMarks } from "../parts/EgressMarks";
import { FaultLines } from "../parts/FaultLines";
import { LockedMark } from "../parts/LockedMark";
import { Notices } from "../parts/Notices";
import { EdgeReactions, ReactionBar } from "../parts/Reactions";
import { closePictureInPicture } from "../parts/pictureinpicture";
import { Reconnecting } from "../parts/Reconnecting";
import { Sounds } from "../parts/Sound";
import { Toolbar } from "../parts/Toolbar";
import { toolsOf } from "../parts/tools";
import { useStore } from "../state/context";
import { t } from "../text/inside";
import { watchConnectionQuality } from "../state/connectionquality";
import type { Store } from "../state/store";

const dialogs = {
  settings: SettingsDialog,
  invite: InviteDialog,
  shortcuts: ShortcutsDialog,
  more: MoreDialog,
  leave: LeaveDialog,
  live: LiveDialog,
  connection: ConnectionDialog,
};

export function MeetingView() {
  const store = useStore();
  const { reconnectingSince } = store.room.value;
  const stage = useRef<HTMLElement>(null);
  useEffect(() => stage.current?.focus(), []);
  // Who had the focus in a tile that is gone, or is another one in the other layout, goes on from the stage.
  useLayoutEffect(() => {
    if (document.activeElement === document.body) stage.current?.focus();
  }, [store.screen.layout.value, store.screen.page.value, store.shown.value]);
  useEffect(() => listenToKeys(store), [store]);
  useEffect(() => store.devices.watch(), [store]);
  useEffect(() => store.screen.watchFull(), [store]);
  useEffect(() => watchConnectionQuality(store), [store]);
  useEffect(stayAwake, []);
  useEffect(() => () => void closePictureInPicture(), []);

  const Dialog = store.screen.dialog.value === null ? null : dialogs[store.screen.dialog.value];
  return (
    <div class={`meeting${store.screen.panel.value === null ? "" : " with-panel"}`} data-testid="meeting-view">
      <TopBar theme={store.prefs.theme}>
        <LockedMark />
        <EgressMarks />
      </TopBar>
      <FaultLines />
      <Notices />
      <main class="stage" ref={stage} tabIndex={-1} aria-label={t("meeting")}>
        {reconnectingSince > 0 && <Reconnecting />}
        <div class="stage-body">{store.screen.layout.value === "speaker" ? <SpeakerLayout /> : <GridLayout />}</div>
        <EdgeReactions />
      </main>
      <SidePanel />
      {store.screen.reacting.value && <ReactionBar />}
      <Toolbar />
      <Sounds />
      <AboveWindow />
      {Dialog !== null && <Dialog />}
    </div>
  );
}

function listenToKeys(store: Store): () => void {
  const onKey = (event: KeyboardEvent): void => {
    const command = commandOf(event, isTyping(event.target));
    if (
      command === undefined ||
      (!event.ctrlKey && !event.metaKey && command !== "close" && !store.prefs.singleKeys.value)
    )
      return;
    // An open dialog keeps its keys, Escape among them; Ctrl+D and Ctrl+E work everywhere.
    if (store.screen.dialog.value !== null && !event.ctrlKey && !event.metaKey) return;
    if (command === "close") {
      // First the reactions, then the newest line about a fault, then the open panel.
      if (store.screen.reacting.value) {
        store.screen.reacting.value = false;
        return;
      }
      const line = store.screen.panel.value === "problems" ? undefined : store.lines.value.at(-1);
      if (line === undefined) store.screen.panel.value = null;
      else store.dispatch({ type: "fault-dismissed", id: line });
      return;
    }
    event.preventDefault();
    const tool = toolsOf(store)[command];
    if (tool.possible) tool.run();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}
