import { expect, it } from "vitest";
import { lifeOf, placeOf, withSignature } from "./address";

const signature = `1900000000.1800000000.${"s".repeat(43)}`;

it("a signature in the fragment is part of the path of the stream", () => {
  const place = placeOf(`https://a.example/k/watch/0b3e#${signature}`);
  expect(place).toMatchObject({
    full: `https://a.example/k/hls/${signature}/0b3e/index.m3u8`,
    renewal: `https://a.example/k/hls/${signature}/0b3e/link`,
  });
  const next = signature.replace("1900", "1901");
  expect(withSignature(`${place?.live}?_HLS_msn=3`, next)).toBe(
    `https://a.example/k/hls/${next}/0b3e/live.m3u8?_HLS_msn=3`,
  );
  expect(withSignature("https://a.example/hls/0b3e/live.m3u8", next)).toBe("https://a.example/hls/0b3e/live.m3u8");
  expect(lifeOf(place?.full ?? "", 1_899_999_000_000)).toBe(1_000_000);
  expect(lifeOf("https://a.example/hls/0b3e/live.m3u8", 0)).toBe(Infinity);
});

it.each([
  ["https://a.example/watch/0b3e-77_x", "https://a.example/hls/0b3e-77_x/"],
  ["https://a.example/k/watch/0b3e/", "https://a.example/k/hls/0b3e/"],
  ["http://a.example:8080/watch/watch/x#t=1", "http://a.example:8080/watch/hls/x/"],
])("%s", (address, base) => {
  expect(placeOf(address)).toMatchObject({ full: `${base}index.m3u8`, live: `${base}live.m3u8` });
});

it.each([
  "https://a.example/watch/",
  "https://a.example/watch",
  "https://a.example/watch/a%2Fb",
  "https://a.example/watch/a/b",
  `https://a.example/watch/${"x".repeat(129)}`,
])("%s names nothing", (address) => {
  expect(placeOf(address)).toBeUndefined();
});
