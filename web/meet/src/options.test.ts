import { describe, expect, it } from "vitest";
import { optionsKey, takeOptions } from "./options";

function memory(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as unknown as Storage;
}

describe("takeOptions", () => {
  it("keeps them for a reload, without the token", () => {
    const storage = memory();
    const address = "https://a.example/meet/m?theme=DARK#token=secret&chatEnabled=false&parentOrigin=https://b.example";
    const asked = takeOptions(address, "m", storage);
    expect(asked).toEqual({
      options: { theme: "DARK", chatEnabled: false },
      fault: null,
      parentOrigin: "https://b.example",
    });
    expect(storage.getItem(optionsKey("m"))).not.toContain("secret");
    expect(takeOptions("https://a.example/meet/m", "m", storage)).toEqual(asked);
  });

  it("forgets them with a link that has none", () => {
    const storage = memory();
    takeOptions("https://a.example/meet/m#token=t&theme=DARK", "m", storage);
    expect(takeOptions("https://a.example/meet/m#token=t", "m", storage).options).toEqual({});
    expect(storage.getItem(optionsKey("m"))).toBeNull();
  });

  it("names what is wrong", () => {
    const { fault } = takeOptions("https://a.example/meet/m#token=t&them=DARK", "m", undefined);
    expect(fault).toMatchObject({ code: 3073, reason: "UNKNOWN_OPTION" });
  });
});
