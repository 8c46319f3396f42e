import { describe, expect, it } from "vitest";
import { hueOf, hues, initials } from "./initials";

describe("initials", () => {
  it.each([
    ["Ann", "A"],
    ["Ann Berg", "AB"],
    ["ann van der berg", "AB"],
    ["  ", "?"],
    ["", "?"],
    ["émile zola", "ÉZ"],
    ["😀 Bob", "B"],
    ["(Ann)", "A"],
    ["bot-7", "B7"],
    ["李 小龍", "李小"],
  ])("%j is %s", (name, want) => expect(initials(name)).toBe(want));
});

describe("hueOf", () => {
  it("is stable and spreads", () => {
    expect(hueOf("bob")).toBe(hueOf("bob"));
    const seen = new Set(Array.from({ length: 100 }, (_, i) => hueOf(`participant-${i}`)));
    expect(seen.size).toBe(hues);
  });
});
