import { describe, expect, it } from "vitest";
import { loadPrefs } from "./prefs";

const memory = (initial?: string) => {
  const map = new Map<string, string>(initial === undefined ? [] : [["klatch.prefs", initial]]);
  const storage = {
    getItem: (k: string) => map.get(k) ?? null,
    setItem: (k: string, v: string) => void map.set(k, v),
  } as Storage;
  return { map, storage };
};

describe("loadPrefs", () => {
  it("remembers a change", () => {
    const { storage } = memory();
    loadPrefs(storage).name.value = "Ann";
    expect(loadPrefs(storage).name.value).toBe("Ann");
  });
  it.each(["", "null", "7", "{", '{"theme":"pink","layout":3,"micOn":"yes","name":{}}'])(
    "falls back to defaults for %j",
    (text) => {
      const prefs = loadPrefs(memory(text).storage);
      expect([prefs.theme.value, prefs.layout.value, prefs.micOn.value, prefs.name.value]).toEqual([
        "auto",
        "grid",
        true,
        "",
      ]);
    },
  );
  it("works without storage, and with one that refuses", () => {
    expect(loadPrefs(undefined).theme.value).toBe("auto");
    const refusing = {
      getItem: () => null,
      setItem: () => {
        throw new Error("full");
      },
    } as unknown as Storage;
    const prefs = loadPrefs(refusing);
    prefs.theme.value = "dark";
    expect(prefs.theme.value).toBe("dark");
  });
});
