import { describe, expect, it } from "vitest";
import { commandOf, shortcuts, type KeyPress } from "./keys";

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  ...more,
});

describe("commandOf", () => {
  it.each([
    ["Ctrl+D is the microphone", press("d", { ctrlKey: true }), false, "mic"],
    ["Cmd+D too", press("d", { metaKey: true }), false, "mic"],
    ["also while typing", press("D", { ctrlKey: true }), true, "mic"],
    ["Ctrl+E is the camera", press("e", { ctrlKey: true }), true, "cam"],
    ["m alone", press("m"), false, "mic"],
    ["M with shift lock", press("M"), false, "mic"],
    ["a letter while typing is text", press("m"), true, undefined],
    ["Escape closes while typing", press("Escape"), true, "close"],
    ["? is help", press("?"), false, "help"],
    ["Ctrl+C stays copy", press("c", { ctrlKey: true }), false, undefined],
    ["Alt belongs to menus", press("m", { altKey: true }), false, undefined],
    ["holding a key acts once", press("m", { repeat: true }), false, undefined],
    ["d alone is nothing", press("d"), false, undefined],
  ])("%s", (_, key, typing, want) => {
    expect(commandOf(key, typing)).toBe(want);
  });

  it("gives no key two meanings", () => {
    const seen = shortcuts.map((s) => `${s.ctrl ? "ctrl+" : ""}${s.key}`);
    expect(new Set(seen).size).toBe(seen.length);
  });
});
