import { effect, type Signal } from "@preact/signals";

/** Light, dark, or as the system has it. */
export type Theme = "auto" | "light" | "dark";

export const themes: readonly Theme[] = ["auto", "light", "dark"];

/** Keeps the document in the theme of a setting; tokens.css has the colors. */
export function applyTheme(theme: Signal<Theme>): void {
  effect(() => {
    if (theme.value === "auto") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme.value;
  });
}
