import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";
import { useStore } from "../state/context";
import type { PictureLayout, PictureQuality, PictureTheme } from "../state/egress";
import { t, type Text } from "../text/inside";

const layoutWords: Readonly<Record<PictureLayout, Text>> = {
  GRID: "layoutGrid",
  SIDEBAR: "layoutSidebar",
  SPOTLIGHT: "layoutSpotlight",
};
const themeWords: Readonly<Record<PictureTheme, Text>> = {
  DEFAULT: "themeDefault",
  DARK: "themeDark",
  LIGHT: "themeLight",
};
const sizes: Readonly<Record<PictureQuality, string>> = { low: "854 × 480", med: "1280 × 720", high: "1920 × 1080" };

function inWords<T extends string>(keys: Readonly<Record<T, Text>>): Readonly<Record<T, string>> {
  return Object.fromEntries(Object.entries<Text>(keys).map(([value, key]) => [value, t(key)])) as Record<T, string>;
}

/** How the next recording or stream shall look; remembered by this browser. */
export function PictureFields() {
  const { pictureLayout, pictureTheme, pictureQuality } = useStore().prefs;
  return (
    <div class="picture-fields">
      <Choice label={t("layout")} of={pictureLayout} words={inWords(layoutWords)} testid="picture-layout" />
      <Choice label={t("colors")} of={pictureTheme} words={inWords(themeWords)} testid="picture-theme" />
      <Choice label={t("size")} of={pictureQuality} words={sizes} testid="picture-quality" />
    </div>
  );
}

function Choice<T extends string>({
  label,
  of,
  words,
  testid,
}: {
  label: string;
  of: Signal<T>;
  words: Readonly<Record<T, string>>;
  testid: string;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} data-testid={testid} value={of.value} onChange={(e) => (of.value = e.currentTarget.value as T)}>
        {Object.entries<string>(words).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
