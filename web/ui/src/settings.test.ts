import { expect, it } from "vitest";
import { loadSettings } from "./settings";

function memory(text?: string): Storage {
  const values = new Map(text === undefined ? [] : [["klatch.prefs", text]]);
  return {
    getItem: (k: string) => values.get(k) ?? null,
    setItem: (k: string, v: string) => values.set(k, v),
  } as unknown as Storage;
}

it("keeps the settings of other pages", () => {
  const storage = memory('{"name":"Ann","theme":"dark"}');
  const { theme } = loadSettings(storage, { theme: "auto" });
  expect(theme.value).toBe("dark");
  theme.value = "light";
  expect(JSON.parse(storage.getItem("klatch.prefs") ?? "")).toEqual({ name: "Ann", theme: "light" });
});

it.each([
  ["nonsense", "auto"],
  ["null", "auto"],
  ['{"theme":7}', "auto"],
  ['{"theme":"pink"}', "auto"],
  ['{"theme":"light"}', "light"],
])("reads %s", (text, want) => {
  const { theme } = loadSettings(memory(text), { theme: "auto" }, { theme: ["auto", "light"] });
  expect(theme.value).toBe(want);
});

it("works without a storage", () => {
  expect(loadSettings(undefined, { theme: "auto" }).theme.value).toBe("auto");
});
