import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inviteAddress, claimsOf, meetAddress, parseLink, readPasted, takeLink, tokenKey, watchAddress } from "./link";

const jwt = (claims: object): string =>
  ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "c2ln"].join(".");

it("invites others without one's own token", () =>
  expect(inviteAddress({ base: "https://a.example/p", meetingId: "a/b", token: "x.y.z", name: "Ann" })).toBe(
    "https://a.example/p/meet/a%2Fb",
  ));

describe("parseLink", () => {
  it.each([
    ["root", "https://a.example/meet/abcd-efgh-ijkl#token=t", "https://a.example", "abcd-efgh-ijkl", "t", ""],
    ["prefix", "https://a.example/x/y/meet/m#token=t&name=Ann%20B", "https://a.example/x/y", "m", "t", "Ann B"],
    ["name in query", "http://127.0.0.1:80/meet/m?name=Bo#token=t", "http://127.0.0.1", "m", "t", "Bo"],
    ["no token", "https://a.example/meet/m", "https://a.example", "m", "", ""],
    ["token in query is not taken", "https://a.example/meet/m?token=t", "https://a.example", "m", "", ""],
    ["no meeting", "https://a.example/meet/", "https://a.example", "", "", ""],
    ["escaped id", "https://a.example/meet/a%20b", "https://a.example", "a b", "", ""],
    ["broken escape", "https://a.example/meet/a%2", "https://a.example", "a%2", "", ""],
    ["prefix that is meet itself", "https://a.example/meet/meet/m", "https://a.example/meet", "m", "", ""],
  ])("%s", (_, address, base, meetingId, token, name) => {
    expect(parseLink(address)).toEqual({ base, meetingId, token, name });
  });

  it.each(["", "abcd", "javascript:alert(1)", "https://a.example/other"])("refuses %j", (address) => {
    expect(parseLink(address)).toBeUndefined();
  });

  it("reads back what meetAddress writes", () => {
    const link = parseLink(meetAddress("https://a.example/p", "a b/c", jwt({})));
    expect(link).toMatchObject({ base: "https://a.example/p", meetingId: "a b/c", token: jwt({}) });
  });
});

describe("readPasted", () => {
  it("takes a whole link, quoted", () => {
    expect(readPasted(` "https://a.example/meet/m#token=t" `)).toMatchObject({
      kind: "link",
      link: { meetingId: "m", token: "t" },
    });
  });
  it("takes a token with its room", () => {
    const token = jwt({ roomId: "abcd-efgh-ijkl" });
    expect(readPasted(`Bearer ${token}`)).toEqual({ kind: "token", token, meetingId: "abcd-efgh-ijkl" });
  });
  it("takes a token whose payload is not JSON", () => {
    expect(readPasted("a.b.c")).toEqual({ kind: "token", token: "a.b.c", meetingId: "" });
  });
  it.each([
    ["", "pasteLink"],
    ["hello", "pastedNoLink"],
    ["https://a.example/", "pastedNoLink"],
    ["https://a.example/meet/m", "pastedNoToken"],
  ])("says what is wrong with %j", (text, why) => {
    const got = readPasted(text);
    expect(got.kind === "neither" && got.why).toBe(why);
  });
});

describe("claimsOf", () => {
  it("reads permissions", () => {
    expect(claimsOf(jwt({ permissions: ["ask_join", 7] }))).toEqual({ roomId: "", permissions: ["ask_join"] });
  });
  it.each(["", "a", "a.b.c", jwt([]), `e30.${btoa("null")}.x`])("claims nothing for %j", (token) => {
    expect(claimsOf(token)).toEqual({ roomId: "", permissions: [] });
  });
});

describe("takeLink", () => {
  const memory = (): Storage => {
    const map = new Map<string, string>();
    return {
      getItem: (k: string) => map.get(k) ?? null,
      setItem: (k: string, v: string) => void map.set(k, v),
    } as Storage;
  };
  const at = (href: string): [Location, History, string[]] => {
    const replaced: string[] = [];
    const history = {
      replaceState: (_s: unknown, _t: string, to: string) => void replaced.push(to),
    } as unknown as History;
    return [new URL(href) as unknown as Location, history, replaced];
  };

  it("moves the token out of the address bar and keeps it for a reload", () => {
    const storage = memory();
    const [location, history, replaced] = at("https://a.example/p/meet/m?name=Ann#token=secret");
    expect(takeLink(location, history, storage)).toEqual({
      base: "https://a.example/p",
      meetingId: "m",
      token: "secret",
      name: "Ann",
    });
    expect(replaced).toEqual(["https://a.example/p/meet/m"]);
    expect(storage.getItem(tokenKey("m"))).toBe("secret");

    const [again, h2, r2] = at("https://a.example/p/meet/m");
    expect(takeLink(again, h2, storage).token).toBe("secret");
    expect(r2).toEqual([]);
  });
  it("begins with the first script of the page", () => {
    const script = readFileSync(new URL("../public/address.js", import.meta.url), "utf8");
    const page = readFileSync(new URL("../index.html", import.meta.url), "utf8");
    expect(page.indexOf("address.js")).toBeLessThan(page.indexOf("<link"));
    const storage = memory();
    const [location, history, replaced] = at("https://a.example/p/meet/a%2Fb?name=Ann#token=secret");
    const scope: { klatchAddress?: string } = {};
    new Function("globalThis", "location", "history", "sessionStorage", script)(scope, location, history, storage);
    expect(replaced).toEqual(["https://a.example/p/meet/a%2Fb"]);
    expect(storage.getItem(tokenKey("a/b"))).toBe("secret");
    const [after, h2, r2] = at("https://a.example/p/meet/a%2Fb");
    expect(takeLink(after, h2, undefined, scope.klatchAddress)).toEqual({
      base: "https://a.example/p",
      meetingId: "a/b",
      token: "secret",
      name: "Ann",
    });
    expect(r2).toEqual([]);
  });
  it("does not use the token of another meeting", () => {
    const storage = memory();
    storage.setItem(tokenKey("m"), "secret");
    const [location, history] = at("https://a.example/meet/other");
    expect(takeLink(location, history, storage).token).toBe("");
  });
});

describe("watchAddress", () => {
  it.each([
    ["https://pub.example/k/hls/0b3e-77/playback.m3u8", "https://a.example/k/watch/0b3e-77"],
    ["/hls/x_1/livestream.m3u8", "https://a.example/k/watch/x_1"],
    ["/hls/x_1/live.m3u8", "https://a.example/k/watch/x_1"],
    [
      `https://a.example/hls/19.18.${"s".repeat(43)}/0b3e/livestream.m3u8`,
      `https://a.example/k/watch/0b3e#19.18.${"s".repeat(43)}`,
    ],
    ["https://cdn.example/other.m3u8", "https://cdn.example/other.m3u8"],
  ])("%s", (playlist, want) => expect(watchAddress("https://a.example/k", playlist)).toBe(want));
});
