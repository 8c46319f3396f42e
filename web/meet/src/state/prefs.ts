import { effect, signal, type Signal } from "@preact/signals";
import type { PictureLayout, PictureQuality, PictureTheme } from "./egress";

export type Theme = "auto" | "light" | "dark";
export type Layout = "grid" | "speaker";

interface Values {
  name: string;
  theme: Theme;
  layout: Layout;
  cameraId: string;
  micId: string;
  speakerId: string;
  camOn: boolean;
  micOn: boolean;
  singleKeys: boolean;
  pictureLayout: PictureLayout;
  pictureTheme: PictureTheme;
  pictureQuality: PictureQuality;
}

const defaults: Values = {
  name: "",
  theme: "auto",
  layout: "grid",
  cameraId: "",
  micId: "",
  speakerId: "",
  camOn: true,
  micOn: true,
  singleKeys: true,
  pictureLayout: "GRID",
  pictureTheme: "DEFAULT",
  pictureQuality: "med",
};

const choices: { readonly [K in keyof Values]?: readonly Values[K][] } = {
  theme: ["auto", "light", "dark"],
  layout: ["grid", "speaker"],
  pictureLayout: ["GRID", "SIDEBAR", "SPOTLIGHT"],
  pictureTheme: ["DEFAULT", "DARK", "LIGHT"],
  pictureQuality: ["low", "med", "high"],
};

const key = "klatch.prefs";

/** What this browser remembers between meetings: one signal per setting, written back on every change. */
export type Prefs = { readonly [K in keyof Values]: Signal<Values[K]> };

export function loadPrefs(storage: Storage | undefined): Prefs {
  const stored = readStored(storage);
  const pick = <K extends keyof Values>(name: K): Signal<Values[K]> => {
    const value = stored[name];
    const fits = typeof value === typeof defaults[name] && (choices[name]?.includes(value as Values[K]) ?? true);
    return signal(fits ? (value as Values[K]) : defaults[name]);
  };
  const prefs: Prefs = {
    name: pick("name"),
    theme: pick("theme"),
    layout: pick("layout"),
    cameraId: pick("cameraId"),
    micId: pick("micId"),
    speakerId: pick("speakerId"),
    camOn: pick("camOn"),
    micOn: pick("micOn"),
    singleKeys: pick("singleKeys"),
    pictureLayout: pick("pictureLayout"),
    pictureTheme: pick("pictureTheme"),
    pictureQuality: pick("pictureQuality"),
  };
  effect(() => {
    const text = JSON.stringify(Object.fromEntries(Object.entries(prefs).map(([name, s]) => [name, s.value])));
    try {
      storage?.setItem(key, text);
    } catch {
      // A full or forbidden storage costs only the memory of these settings.
    }
  });
  return prefs;
}

function readStored(storage: Storage | undefined): Partial<Record<keyof Values, unknown>> {
  try {
    const value: unknown = JSON.parse(storage?.getItem(key) ?? "{}");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
