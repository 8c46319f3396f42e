/** Keyboard shortcuts of the meeting: which key does what. ShortcutsDialog explains each command. */

export type Command =
  | "mic"
  | "cam"
  | "share"
  | "hand"
  | "react"
  | "chat"
  | "people"
  | "problems"
  | "layout"
  | "egress"
  | "settings"
  | "invite"
  | "lock"
  | "self"
  | "fullScreen"
  | "pictureInPicture"
  | "help"
  | "close";

export interface Shortcut {
  readonly command: Command;
  /** As KeyboardEvent.key, lower case. */
  readonly key: string;
  /** With Ctrl, or Cmd on a Mac. Such a key also works while one types. */
  readonly ctrl: boolean;
}

export const shortcuts: readonly Shortcut[] = [
  { command: "mic", key: "d", ctrl: true },
  { command: "mic", key: "m", ctrl: false },
  { command: "cam", key: "e", ctrl: true },
  { command: "cam", key: "v", ctrl: false },
  { command: "share", key: "s", ctrl: false },
  { command: "hand", key: "h", ctrl: false },
  { command: "react", key: "e", ctrl: false },
  { command: "chat", key: "c", ctrl: false },
  { command: "people", key: "p", ctrl: false },
  { command: "problems", key: "f", ctrl: false },
  { command: "egress", key: "r", ctrl: false },
  { command: "layout", key: "l", ctrl: false },
  { command: "self", key: "y", ctrl: false },
  { command: "fullScreen", key: "w", ctrl: false },
  { command: "pictureInPicture", key: "o", ctrl: false },
  { command: "invite", key: "i", ctrl: false },
  { command: "lock", key: "k", ctrl: false },
  { command: "settings", key: ",", ctrl: false },
  { command: "help", key: "?", ctrl: false },
  { command: "close", key: "escape", ctrl: false },
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
