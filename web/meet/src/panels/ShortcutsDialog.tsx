import { Dialog } from "@klatch/ui";
import { shortcuts, type Shortcut } from "../keys";
import { useStore } from "../state/context";

const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
const keyNames: Readonly<Record<string, string>> = { escape: "Esc" };

export function ShortcutsDialog() {
  const store = useStore();
  const commands = [...new Set(shortcuts.map((s) => s.command))];
  return (
    <Dialog title="Keyboard shortcuts" testid="shortcuts-dialog" onClose={() => (store.screen.dialog.value = null)}>
      <dl class="shortcuts">
        {commands.map((command) => {
          const keys = shortcuts.filter((s) => s.command === command);
          return (
            <div key={command}>
              <dt>{keys[0]?.label}</dt>
              <dd>
                {keys.map((s, i) => (
                  <span key={s.key}>
                    {i > 0 && " or "}
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
        Use single keys
      </label>
    </Dialog>
  );
}

function Keys({ shortcut }: { shortcut: Shortcut }) {
  return (
    <>
      {shortcut.ctrl && (
        <>
          <kbd>{mac ? "⌘" : "Ctrl"}</kbd>{" "}
        </>
      )}
      <kbd>{keyNames[shortcut.key] ?? shortcut.key.toUpperCase()}</kbd>
    </>
  );
}
