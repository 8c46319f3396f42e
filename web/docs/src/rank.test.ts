import { describe, expect, it } from "vitest";
import { find, type Entry } from "./rank";

const entries: Entry[] = [
  { u: "tokens", p: "Tokens", t: "Tokens", x: "A token names its key. A token that has EXPIRED is refused with 4002." },
  { u: "tokens#roles", p: "Tokens", t: "Roles", x: "A token with the role crawler calls REST." },
  { u: "network#udp", p: "Networks", t: "UDP", x: "A firewall may block UDP: 3101 UDP_BLOCKED." },
  { u: "../errors/4009#LIMIT", p: "4009 MAX_PARTCIPANT_REACHED", t: "LIMIT", x: "Full.", c: 4009, r: "LIMIT" },
  { u: "../errors/3101#UDP_BLOCKED", p: "3101 MEDIA", t: "UDP_BLOCKED", x: "No path.", c: 3101, r: "UDP_BLOCKED" },
  { u: "../errors/4002#EXPIRED", p: "4002 INVALID_TOKEN", t: "EXPIRED", x: "It expired.", c: 4002, r: "EXPIRED" },
];

const addresses = (asked: string): string[] => find(entries, asked).map(({ entry }) => entry.u);

describe("find", () => {
  it.each([
    ["a code", "4009", ["../errors/4009#LIMIT"]],
    ["a code that pages name", "4002", ["../errors/4002#EXPIRED", "tokens"]],
    ["a reason", "UDP_BLOCKED", ["../errors/3101#UDP_BLOCKED", "network#udp"]],
    ["a reason in lower case", "udp_blocked", ["../errors/3101#UDP_BLOCKED", "network#udp"]],
    ["code and reason", "4002.EXPIRED", ["../errors/4002#EXPIRED", "tokens"]],
    ["the name of a page before its sections", "tokens", ["tokens", "tokens#roles"]],
    ["the beginning of a word", "fire", ["network#udp"]],
    ["all words", "token crawler", ["tokens#roles"]],
    ["the middle of a word", "rewall", []],
    ["nothing", "  ", []],
    ["what is special in patterns", "(.*", []],
  ])("%s", (_, asked, want) => {
    expect(addresses(asked)).toEqual(want);
  });

  it("shows where the word is", () => {
    const [result] = find(
      [{ u: "a", p: "A", t: "A", x: `${"before ".repeat(60)}needle ${"after ".repeat(60)}` }],
      "needle",
    );
    expect(result?.excerpt).toMatch(/^… .*needle.* …$/);
    expect(result?.excerpt.length).toBeLessThan(150);
  });
});
