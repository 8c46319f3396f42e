/** Keyboard shortcuts of the meeting: which key does what. The dialog that explains them reads the same table. */

export type Command =
  | "mic"
  | "cam"
  | "share"
  | "hand"
  | "chat"
  | "people"
  | "problems"
  | "layout"
  | "egress"
  | "settings"
  | "invite"
  | "self"
  | "help"
  | "close";

export interface Shortcut {
  readonly command: Command;
  /** As KeyboardEvent.key, lower case. */
  readonly key: string;
  /** With Ctrl, or Cmd on a Mac. Such a key also works while one types. */
  readonly ctrl: boolean;
  readonly label: string;
}

export const shortcuts: readonly Shortcut[] = [
  { command: "mic", key: "d", ctrl: true, label: "Microphone on or off" },
  { command: "mic", key: "m", ctrl: false, label: "Microphone on or off" },
  { command: "cam", key: "e", ctrl: true, label: "Camera on or off" },
  { command: "cam", key: "v", ctrl: false, label: "Camera on or off" },
  { command: "share", key: "s", ctrl: false, label: "Share the screen, or stop" },
  { command: "hand", key: "h", ctrl: false, label: "Raise or lower your hand" },
  { command: "chat", key: "c", ctrl: false, label: "Chat" },
  { command: "people", key: "p", ctrl: false, label: "People" },
  { command: "problems", key: "f", ctrl: false, label: "Problems" },
  { command: "egress", key: "r", ctrl: false, label: "Record and stream" },
  { command: "layout", key: "l", ctrl: false, label: "Grid or speaker layout" },
  { command: "self", key: "y", ctrl: false, label: "Hide or show your own picture" },
  { command: "invite", key: "i", ctrl: false, label: "Invite people" },
  { command: "settings", key: ",", ctrl: false, label: "Device settings" },
  { command: "help", key: "?", ctrl: false, label: "These shortcuts" },
  { command: "close", key: "escape", ctrl: false, label: "Dismiss a problem, close the open panel" },
];

/** The parts of a KeyboardEvent that matter. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly repeat: boolean;
}

/** The command of a key press; `typing` says that the focus is where letters are text. */
export function commandOf(press: KeyPress, typing: boolean): Command | undefined {
  if (press.altKey || press.repeat) return undefined;
  const ctrl = press.ctrlKey || press.metaKey;
  const key = press.key.toLowerCase();
  const found = shortcuts.find((s) => s.key === key && s.ctrl === ctrl);
  if (found === undefined || (typing && !ctrl && found.command !== "close")) return undefined;
  return found.command;
}

/** Whether letters typed here are text, or keys belong to the control itself. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox]), textarea, select"))
  );
}
