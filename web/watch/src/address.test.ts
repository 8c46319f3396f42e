import { expect, it } from "vitest";
import { placeOf } from "./address";

it.each([
  ["https://a.example/watch/0b3e-77_x", "https://a.example/hls/0b3e-77_x/"],
  ["https://a.example/k/watch/0b3e/", "https://a.example/k/hls/0b3e/"],
  ["http://a.example:8080/watch/watch/x#t=1", "http://a.example:8080/watch/hls/x/"],
])("%s", (address, base) => {
  expect(placeOf(address)).toMatchObject({ full: `${base}index.m3u8`, live: `${base}live.m3u8` });
});

it.each(["https://a.example/watch/", "https://a.example/watch", "https://a.example/watch/a%2Fb", "https://a.example/watch/a/b", `https://a.example/watch/${"x".repeat(129)}`])("%s names nothing", (address) => {
  expect(placeOf(address)).toBeUndefined();
});
