import { applyTheme, loadSettings, storageIfAllowed, type Theme, themes } from "@klatch/ui";

/** Light, dark, or as the system; all pages of a server share it. */
export const { theme } = loadSettings<{ theme: Theme }>(
  storageIfAllowed("localStorage"),
  { theme: "auto" },
  { theme: themes },
);
applyTheme(theme);
