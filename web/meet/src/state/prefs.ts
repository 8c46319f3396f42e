import { type PageLanguage, pageLanguages } from "@klatch/prebuilt";
import { loadSettings, type Settings, type Theme, themes } from "@klatch/ui";
import type { PictureLayout, PictureQuality, PictureTheme } from "./egress";

/** Empty: as it is. */
export type Background = "" | "blur" | "picture";

export type Layout = "grid" | "speaker";

interface Values {
  name: string;
  /** Empty: as the browser has it. */
  language: PageLanguage | "";
  theme: Theme;
  layout: Layout;
  cameraId: string;
  micId: string;
  speakerId: string;
  camOn: boolean;
  micOn: boolean;
  singleKeys: boolean;
  hideSelf: boolean;
  sounds: boolean;
  background: Background;
  noise: boolean;
  pictureLayout: PictureLayout;
  pictureTheme: PictureTheme;
  pictureQuality: PictureQuality;
}

const defaults: Values = {
  name: "",
  language: "",
  theme: "auto",
  layout: "grid",
  cameraId: "",
  micId: "",
  speakerId: "",
  camOn: true,
  micOn: true,
  singleKeys: true,
  hideSelf: false,
  sounds: true,
  background: "",
  noise: false,
  pictureLayout: "GRID",
  pictureTheme: "DEFAULT",
  pictureQuality: "med",
};

const choices: { readonly [K in keyof Values]?: readonly Values[K][] } = {
  language: ["", ...pageLanguages],
  theme: themes,
  layout: ["grid", "speaker"],
  background: ["", "blur", "picture"],
  pictureLayout: ["GRID", "SIDEBAR", "SPOTLIGHT"],
  pictureTheme: ["DEFAULT", "DARK", "LIGHT"],
  pictureQuality: ["low", "med", "high"],
};

/** What this browser remembers between meetings. */
export type Prefs = Settings<Values>;

export function loadPrefs(storage: Storage | undefined): Prefs {
  return loadSettings(storage, defaults, choices);
}
