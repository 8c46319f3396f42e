import { effect, signal, type Signal } from "@preact/signals";

const key = "klatch.prefs";

/** What this browser remembers: one signal per setting, written back on every change. */
export type Settings<Values> = { readonly [K in keyof Values]: Signal<Values[K]> };

/**
 * Loads settings with their defaults. All pages of a server share one record, so a page leaves the settings of the others
 * in it. A stored value of another type, or that is none of the choices, counts as absent.
 */
export function loadSettings<Values extends object>(
  storage: Storage | undefined,
  defaults: Values,
  choices: { readonly [K in keyof Values]?: readonly Values[K][] } = {},
): Settings<Values> {
  const names = Object.keys(defaults) as (keyof Values)[];
  const stored = readStored(storage) as Partial<Values>;
  const load = <K extends keyof Values>(name: K): Signal<Values[K]> => {
    const value = stored[name] as Values[K];
    const fits = typeof value === typeof defaults[name] && (choices[name]?.includes(value) ?? true);
    return signal(fits ? value : defaults[name]);
  };
  const settings = Object.fromEntries(names.map((name) => [name, load(name)])) as unknown as Settings<Values>;
  effect(() => {
    const values = Object.fromEntries(names.map((name) => [name, settings[name].value]));
    try {
      storage?.setItem(key, JSON.stringify({ ...readStored(storage), ...values }));
    } catch {
      // A full or forbidden storage costs only the memory of these settings.
    }
  });
  return settings;
}

function readStored(storage: Storage | undefined): object {
  try {
    const value: unknown = JSON.parse(storage?.getItem(key) ?? "{}");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
