import { Dialog } from "@klatch/ui";
import { type Command, shortcuts, type Shortcut } from "../keys";
import { useStore } from "../state/context";
import { t, type Text } from "../text/inside";

const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);

const words: Readonly<Record<Command, Text>> = {
  mic: "keyMic",
  cam: "keyCam",
  share: "keyShare",
  hand: "keyHand",
  react: "keyReact",
  chat: "keyChat",
  people: "keyPeople",
  problems: "keyProblems",
  egress: "keyEgress",
  layout: "keyLayout",
  self: "keySelf",
  fullScreen: "fullScreen",
  pictureInPicture: "pictureInPicture",
  invite: "keyInvite",
  lock: "keyLock",
  settings: "keySettings",
  help: "keyHelp",
  close: "keyClose",
};

export function ShortcutsDialog() {
  const store = useStore();
  const commands = [...new Set(shortcuts.map((s) => s.command))];
  return (
    <Dialog title={t("shortcutsLong")} testid="shortcuts-dialog" onClose={() => (store.screen.dialog.value = null)}>
      <dl class="shortcuts">
        {commands.map((command) => {
          const keys = shortcuts.filter((s) => s.command === command);
          return (
            <div key={command}>
              <dt>{t(words[command])}</dt>
              <dd>
                {keys.map((s, i) => (
                  <span key={s.key}>
                    {i > 0 && t("keyOr")}
                    <Keys shortcut={s} />
                  </span>
                ))}
              </dd>
            </div>
          );
        })}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={store.prefs.singleKeys.value}
          onChange={(e) => (store.prefs.singleKeys.value = e.currentTarget.checked)}
        />{" "}
        {t("singleKeys")}
      </label>
    </Dialog>
  );
}

function Keys({ shortcut }: { shortcut: Shortcut }) {
  return (
    <>
      {shortcut.ctrl && (
        <>
          <kbd>{mac ? "⌘" : t("keyControl")}</kbd>{" "}
        </>
      )}
      <kbd>{shortcut.key === "escape" ? t("keyEscape") : shortcut.key.toUpperCase()}</kbd>
    </>
  );
}
