import {
  CircleDot,
  Eye,
  EyeOff,
  Hand,
  Keyboard,
  LayoutGrid,
  LayoutPanelLeft,
  Lock,
  LockOpen,
  Maximize,
  MessageSquare,
  Mic,
  MicOff,
  Minimize,
  MonitorUp,
  MonitorX,
  PictureInPicture2,
  Settings,
  SmilePlus,
  SwitchCamera,
  TriangleAlert,
  UserPlus,
  Users,
  Video,
  VideoOff,
  type IconNode,
} from "lucide";
import { canFlip, flipCamera } from "../device/facing";
import type { Command } from "../keys";
import { useStore } from "../state/context";
import { egressKinds } from "../state/egress";
import { bars, may, type Person, type Right } from "../state/room";
import { whyNot } from "../state/rights";
import type { Store, Task } from "../state/store";
import type { Placement } from "../state/screen";
import { t } from "../text/inside";
import { canPictureInPicture, togglePictureInPicture } from "./pictureinpicture";

export type ToolName = Exclude<Command, "close"> | "flip";

/** A control of the meeting as toolbar, menu and keyboard know it. */
export interface Tool {
  readonly icon: IconNode;
  /** A word or two under the button. */
  readonly short: string;
  /** What a click does, in full; contains the short words, which voice control listens for. */
  readonly label: string;
  readonly run: () => void;
  readonly testid: string;
  /** Whether it is on, for buttons that stay pressed and keep their label; undefined for others. */
  readonly pressed: boolean | undefined;
  /** Whether it is on, for buttons whose label tells: "Lower hand, pressed" would tell it twice, and the opposite. */
  readonly lit: boolean;
  /** Microphone or camera off, which the button shows strongly. */
  readonly off: boolean;
  readonly busy: boolean;
  /** Why this person may not use it at the moment; a click tells it, too. */
  readonly barred: string | undefined;
  /** False where it makes no sense: phones share no screen, and a shared screen is always large. */
  readonly possible: boolean;
  readonly badge: number;
}

/** Those behind "More" on a phone, and in the toolbar of wider screens. */
export const secondaryTools: readonly ToolName[] = ["share", "react", "hand", "people", "egress", "problems"];

/** Those that are always behind "More". */
export const tertiaryTools: readonly ToolName[] = [
  "flip",
  "invite",
  "lock",
  "layout",
  "self",
  "fullScreen",
  "pictureInPicture",
  "settings",
  "help",
];

const canShare = "mediaDevices" in navigator && "getDisplayMedia" in navigator.mediaDevices;

const shows = ({ on }: Person): boolean => on.video || on.share;

export const refusals = { fullScreen: "fullScreenRefused", pictureInPicture: "pictureInPictureRefused" } as const;

/** Moves the picture to where it is wanted. A refusal by the browser is shown and announced. */
async function place(store: Store, what: Placement, run: () => Promise<void>): Promise<void> {
  store.screen.refused.value = null;
  try {
    await run();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    store.screen.refused.value = { what, problem };
    store.dispatch({ type: "say", text: t(refusals[what], { problem }) });
  }
}

export function useTools(): Readonly<Record<ToolName, Tool>> {
  return toolsOf(useStore());
}

export function toolsOf(store: Store): Readonly<Record<ToolName, Tool>> {
  const room = store.room.value;
  const me = store.self.value;
  const on = me?.on;
  const hand = (me?.handAt ?? 0) > 0;
  const busy = (task: Task): boolean => store.busy.value.has(task);
  const open = store.screen.panel.value;
  const grid = store.screen.layout.value === "grid";
  const plain = {
    pressed: undefined,
    lit: false,
    off: false,
    busy: false,
    badge: 0,
    possible: true,
    barred: undefined,
  };
  /** What a tool becomes for somebody who may not switch on what is off. */
  const barring = (right: Right, isOn: boolean): Partial<Pick<Tool, "barred" | "run">> => {
    if (isOn || !bars(room, right)) return {};
    const barred = whyNot(right);
    return { barred, run: () => store.dispatch({ type: "rights-notice", text: barred }) };
  };
  return {
    mic: {
      ...plain,
      icon: on?.audio === true ? Mic : MicOff,
      short: t(on?.audio === true ? "mute" : "unmute"),
      label: t(on?.audio === true ? "muteMicrophone" : "unmuteMicrophone"),
      testid: "mic-button",
      off: on?.audio !== true,
      possible: store.has("mic"),
      busy: busy("mic"),
      run: () => void store.toggleMic(),
      ...barring("audio", on?.audio === true),
    },
    cam: {
      ...plain,
      icon: on?.video === true ? Video : VideoOff,
      short: t(on?.video === true ? "stopVideo" : "startVideo"),
      label: t(on?.video === true ? "stopVideoLong" : "startVideoLong"),
      testid: "cam-button",
      off: on?.video !== true,
      possible: store.has("cam"),
      busy: busy("cam"),
      run: () => void store.toggleCam(),
      ...barring("video", on?.video === true),
    },
    flip: {
      ...plain,
      icon: SwitchCamera,
      short: t("flipCamera"),
      label: t("flipCameraLong"),
      testid: "flip-button",
      possible: store.has("cam") && canFlip(store),
      busy: busy("cam"),
      run: () => void flipCamera(store),
    },
    share: {
      ...plain,
      icon: on?.share === true ? MonitorX : MonitorUp,
      short: t(on?.share === true ? "stopSharing" : "share"),
      label: t(on?.share === true ? "stopSharingScreen" : "shareScreen"),
      testid: "share-button",
      lit: on?.share === true,
      busy: busy("share"),
      possible: canShare && store.has("share"),
      run: () => void store.toggleShare(),
      ...barring("share", on?.share === true),
    },
    hand: {
      ...plain,
      icon: Hand,
      short: t(hand ? "lowerHand" : "raiseHand"),
      label: t(hand ? "lowerHand" : "raiseHand"),
      testid: "hand-button",
      lit: hand,
      busy: busy("hand"),
      possible: store.has("hand"),
      run: () => void store.toggleHand(),
    },
    react: {
      ...plain,
      icon: SmilePlus,
      short: t("react"),
      label: t("reactLong"),
      testid: "react-button",
      pressed: store.screen.reacting.value,
      possible: store.has("react"),
      run: () => void (store.screen.reacting.value = !store.screen.reacting.value),
    },
    chat: {
      ...plain,
      icon: MessageSquare,
      short: t("chat"),
      label: room.unread > 0 ? t("chatUnread", { count: room.unread }) : t("chat"),
      testid: "chat-button",
      pressed: open === "chat",
      possible: store.has("chat"),
      badge: room.unread,
      run: () => store.screen.togglePanel("chat"),
    },
    people: {
      ...plain,
      icon: Users,
      short: t("people"),
      label:
        room.entries.length > 0
          ? t("peopleWaiting", { count: room.entries.length })
          : t("peopleHere", { count: room.people.length }),
      testid: "people-button",
      pressed: open === "people",
      possible: store.has("people"),
      badge: room.entries.length,
      run: () => store.screen.togglePanel("people"),
    },
    problems: {
      ...plain,
      icon: TriangleAlert,
      short: t("problems"),
      label: t("problemsCount", { count: room.faults.length }),
      testid: "problems-button",
      pressed: open === "problems",
      badge: room.openFaults.length,
      possible: room.faults.length > 0,
      run: () => store.screen.togglePanel("problems"),
    },
    egress: {
      ...plain,
      icon: CircleDot,
      short: t("record"),
      label: t("recordAndStream"),
      testid: "egress-button",
      pressed: open === "egress",
      busy: busy("recording") || busy("livestream") || busy("hls"),
      possible: may(room, "allow_egress") && egressKinds.some((kind) => store.has(kind)),
      run: () => store.screen.togglePanel("egress"),
    },
    layout: {
      ...plain,
      icon: grid ? LayoutPanelLeft : LayoutGrid,
      short: t(grid ? "speakerView" : "gridView"),
      label: t(grid ? "speakerViewLong" : "gridViewLong"),
      testid: "layout-button",
      possible: store.has("layout") && !room.people.some((p) => p.on.share),
      run: () => store.screen.toggleLayout(),
    },
    self: {
      ...plain,
      icon: store.prefs.hideSelf.value ? Eye : EyeOff,
      short: t(store.prefs.hideSelf.value ? "showYourself" : "hideYourself"),
      label: t(store.prefs.hideSelf.value ? "showYourselfLong" : "hideYourselfLong"),
      testid: "self-button",
      run: () => void (store.prefs.hideSelf.value = !store.prefs.hideSelf.value),
    },
    fullScreen: {
      ...plain,
      icon: store.screen.full.value ? Minimize : Maximize,
      short: t(store.screen.full.value ? "leaveFullScreen" : "fullScreen"),
      label: t(store.screen.full.value ? "leaveFullScreen" : "fullScreen"),
      testid: "full-screen-button",
      possible: document.fullscreenEnabled === true, // an iPhone has none, nor a frame that may not
      run: () => void place(store, "fullScreen", () => store.screen.toggleFull()),
    },
    pictureInPicture: {
      ...plain,
      icon: PictureInPicture2,
      short: t("pictureInPicture"),
      label: t("pictureInPicture"),
      testid: "picture-in-picture-button",
      possible: canPictureInPicture() && room.people.some((p) => !p.local && shows(p)),
      run: () => void place(store, "pictureInPicture", togglePictureInPicture),
    },
    invite: {
      ...plain,
      icon: UserPlus,
      short: t("invite"),
      label: t("invitePeople"),
      testid: "invite-button",
      possible: store.has("invite"),
      run: () => (store.screen.dialog.value = "invite"),
    },
    lock: {
      ...plain,
      icon: room.locked ? LockOpen : Lock,
      short: t(room.locked ? "unlockMeeting" : "lockMeeting"),
      label: t(room.locked ? "unlockMeetingLong" : "lockMeetingLong"),
      testid: "lock-button",
      busy: busy("lock"),
      possible: may(room, "allow_mod"),
      run: () => void store.toggleLock(),
    },
    settings: {
      ...plain,
      icon: Settings,
      short: t("settings"),
      label: t("settingsLong"),
      testid: "settings-button",
      run: () => (store.screen.dialog.value = "settings"),
    },
    help: {
      ...plain,
      icon: Keyboard,
      short: t("shortcuts"),
      label: t("shortcutsLong"),
      testid: "shortcuts-button",
      run: () => (store.screen.dialog.value = "shortcuts"),
    },
  };
}
