import { pageLanguages, type PageLanguage } from "@klatch/prebuilt";
import { Dialog, Icon, type Theme } from "@klatch/ui";
import { Languages } from "lucide";
import { useEffect, useMemo } from "preact/hooks";
import { facesAway } from "../device/facing";
import { DeviceSelects } from "../parts/DeviceSelect";
import { EffectsSection } from "../parts/EffectsSection";
import { Meter } from "../parts/Meter";
import { SpeakerTest } from "../parts/SpeakerTest";
import { Video } from "../parts/Video";
import { useStore } from "../state/context";
import { t } from "../text/inside";
import { language, languageNames } from "../text/language";

const themes: readonly {
  readonly value: Theme;
  readonly label: "colorsAsSystem" | "colorsLight" | "colorsDark";
}[] = [
  { value: "auto", label: "colorsAsSystem" },
  { value: "light", label: "colorsLight" },
  { value: "dark", label: "colorsDark" },
];

/** Devices and looks, while the meeting goes on. */
export function SettingsDialog() {
  const store = useStore();
  const me = store.self.value;
  const { audio, video } = me?.tracks ?? {};
  const sound = useMemo(() => (audio === undefined ? undefined : new MediaStream([audio])), [audio]);
  useEffect(() => void store.devices.refresh(), [store]);
  return (
    <Dialog title={t("settings")} testid="settings-dialog" onClose={() => (store.screen.dialog.value = null)}>
      <div class="settings">
        <div class="settings-preview">
          {me?.on.video === true && video !== undefined ? (
            <Video track={video} mirrored={!facesAway(video)} label={t("yourCamera")} />
          ) : (
            <p>{t("cameraIsOff")}</p>
          )}
        </div>
        <div class="settings-meter">
          <span>{t("microphone")}</span>
          {me?.on.audio === true && sound !== undefined ? <Meter stream={sound} /> : <span>{t("off")}</span>}
        </div>
        <DeviceSelects />
        <SpeakerTest />
        <EffectsSection />
        <div class="field">
          <label for="language-select">
            <Icon icon={Languages} size={16} /> {t("language")}
          </label>
          <select
            id="language-select"
            data-testid="language-select"
            value={language()}
            onChange={(e) => void store.chooseLanguage(e.currentTarget.value as PageLanguage)}
          >
            {pageLanguages.map((l) => (
              <option key={l} value={l} lang={l}>
                {languageNames[l]}
              </option>
            ))}
          </select>
        </div>
        <label class="check">
          <input
            type="checkbox"
            data-testid="sounds-check"
            checked={store.prefs.sounds.value}
            onChange={(e) => (store.prefs.sounds.value = e.currentTarget.checked)}
          />{" "}
          {t("playSounds")}
        </label>
        <fieldset class="choices">
          <legend>{t("colors")}</legend>
          {themes.map((c) => (
            <label key={c.value}>
              <input
                type="radio"
                name="theme"
                checked={store.prefs.theme.value === c.value}
                onChange={() => (store.prefs.theme.value = c.value)}
              />{" "}
              {t(c.label)}
            </label>
          ))}
        </fieldset>
      </div>
    </Dialog>
  );
}
