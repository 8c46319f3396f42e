import { expect, it } from "vitest";
import { linkify } from "./linkify";

it.each([
  ["plain", [{ text: "plain" }]],
  ["", []],
  [
    "see https://a.example/x?y=1.",
    [{ text: "see " }, { text: "https://a.example/x?y=1", href: "https://a.example/x?y=1" }, { text: "." }],
  ],
  ["(http://a.example)", [{ text: "(" }, { text: "http://a.example", href: "http://a.example" }, { text: ")" }]],
  ["javascript:alert(1)", [{ text: "javascript:alert(1)" }]],
  ["https://", [{ text: "https://" }]],
])("%j", (text, want) => expect(linkify(text)).toEqual(want));
