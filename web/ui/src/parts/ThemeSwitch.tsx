import type { Signal } from "@preact/signals";
import { Contrast, Moon, Sun } from "lucide";
import { t } from "../text";
import { type Theme } from "../theme";
import { IconButton } from "./IconButton";

const next: Readonly<Record<Theme, Theme>> = { auto: "light", light: "dark", dark: "auto" };
const icons = { auto: Contrast, light: Sun, dark: Moon };
const labels = { auto: "colorsAuto", light: "colorsLight", dark: "colorsDark" } as const;

/** Goes from one theme to the next. */
export function ThemeSwitch({ theme }: { theme: Signal<Theme> }) {
  const label = t(labels[theme.value]);
  const change = (): void => void (theme.value = next[theme.value]);
  return <IconButton icon={icons[theme.value]} label={label} testid="theme-button" onClick={change} />;
}
