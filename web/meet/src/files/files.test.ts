import { describe, expect, it } from "vitest";
import { addressOf, cleanName, fileOf } from "../state/files";
import { pictureType } from "./index";

describe("a picture", () => {
  const begins = (...parts: (string | number)[]): Uint8Array =>
    Uint8Array.from(parts.flatMap((p) => (typeof p === "number" ? [p] : [...p].map((c) => c.charCodeAt(0)))));
  it.each([
    ["image/png", begins(0x89, "PNG\r\n", 0x1a, "\n....")],
    ["image/jpeg", begins(0xff, 0xd8, 0xff, 0xe0)],
    ["image/gif", begins("GIF89a......")],
    ["image/webp", begins("RIFF", 0, 0, 1, 0, "WEBP")],
    [undefined, begins("<svg xmlns='http://www.w3.org/2000/svg'>")],
    [undefined, begins("<!doctype html>")],
    [undefined, begins("RIFF....WAVE")],
    [undefined, begins()],
  ])("is %s by its bytes", (type, bytes) => expect(pictureType(bytes)).toBe(type));
});

describe("a file of a message", () => {
  const url = "https://example.org/temporary-files/abcd-efgh-ijkl/k3zsuqwn";
  it("is read from its payload", () => {
    expect(fileOf({ file: { url, name: "notes.pdf", bytes: 12 } })).toEqual({ url, name: "notes.pdf", bytes: 12 });
  });
  it.each([
    [undefined],
    [{}],
    [{ file: null }],
    [{ file: { url, name: "a" } }],
    [{ file: { url, name: "a", bytes: -1 } }],
    [{ file: { url, name: "a", bytes: 1.5 } }],
    [{ file: { url: "javascript:alert(1)", name: "a", bytes: 1 } }],
    [{ file: { url: "https://example.org/v2/rooms", name: "a", bytes: 1 } }],
  ])("is none where something is wrong: %j", (payload) => expect(fileOf(payload)).toBeUndefined());

  it("has the path of the address alone, whatever server it names", () => {
    expect(addressOf(url)).toBe("/temporary-files/abcd-efgh-ijkl/k3zsuqwn");
    expect(addressOf(`${url}?x=1`)).toBeUndefined();
  });

  it("has a name that looks like what it is, and that the server takes", () => {
    expect(cleanName("a\u202egnp.exe")).toBe("a_gnp.exe");
    expect(cleanName("../../etc/passwd\n")).toBe(".._.._etc_passwd_");
    expect(cleanName("")).toBe("_");
    const long = cleanName(`${"漢".repeat(200)}.jpeg`);
    expect(long.endsWith("漢.jpeg")).toBe(true);
    expect(new TextEncoder().encode(long).length).toBeLessThanOrEqual(255);
  });
});
