import { Dialog, type Theme } from "@klatch/ui";
import { useEffect, useMemo } from "preact/hooks";
import { DeviceSelects } from "../parts/DeviceSelect";
import { Meter } from "../parts/Meter";
import { Video } from "../parts/Video";
import { useStore } from "../state/context";

const themes: readonly { readonly value: Theme; readonly label: string }[] = [
  { value: "auto", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** Devices and looks, while the meeting goes on. */
export function SettingsDialog() {
  const store = useStore();
  const me = store.self.value;
  const { audio, video } = me?.tracks ?? {};
  const sound = useMemo(() => (audio === undefined ? undefined : new MediaStream([audio])), [audio]);
  useEffect(() => void store.devices.refresh(), [store]);
  return (
    <Dialog title="Settings" testid="settings-dialog" onClose={() => (store.screen.dialog.value = null)}>
      <div class="settings">
        <div class="settings-preview">
          {me?.on.video === true && video !== undefined ? (
            <Video track={video} mirrored label="Your camera" />
          ) : (
            <p>Your camera is off.</p>
          )}
        </div>
        <div class="settings-meter">
          <span>Microphone</span>
          {me?.on.audio === true && sound !== undefined ? <Meter stream={sound} /> : <span>off</span>}
        </div>
        <DeviceSelects />
        <fieldset class="choices">
          <legend>Colors</legend>
          {themes.map((t) => (
            <label key={t.value}>
              <input
                type="radio"
                name="theme"
                checked={store.prefs.theme.value === t.value}
                onChange={() => (store.prefs.theme.value = t.value)}
              />{" "}
              {t.label}
            </label>
          ))}
        </fieldset>
      </div>
    </Dialog>
  );
}
