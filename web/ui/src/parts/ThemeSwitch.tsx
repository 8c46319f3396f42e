import { Contrast, Moon, Sun } from "lucide";
import { useStore } from "../state/context";
import type { Theme } from "../state/prefs";
import { IconButton } from "./IconButton";

const next: Readonly<Record<Theme, Theme>> = { auto: "light", light: "dark", dark: "auto" };
const icons = { auto: Contrast, light: Sun, dark: Moon };
const words: Readonly<Record<Theme, string>> = { auto: "as the system", light: "light", dark: "dark" };

export function ThemeSwitch() {
  const { theme } = useStore().prefs;
  return <IconButton icon={icons[theme.value]} label={`Colors: ${words[theme.value]}. Change to ${words[next[theme.value]]}`} testid="theme-button" onClick={() => (theme.value = next[theme.value])} />;
}
