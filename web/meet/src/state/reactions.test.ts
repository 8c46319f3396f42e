import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { maxOfOne, Reactions, shownMs } from "./reactions";

const said: string[] = [];
const reactions = () =>
  new Reactions({
    nameOf: (id) => id.toUpperCase(),
    isSelf: (id) => id === "me",
    inSight: (id) => id !== "far",
    say: (text) => void said.push(text),
  });

beforeEach(() => {
  said.length = 0;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

it("shows a reaction for a while, at the edge where there is no tile", () => {
  const r = reactions();
  r.received({ senderId: "ann", message: "👍" });
  r.received({ senderId: "far", message: "🎉" });
  r.received({ senderId: "ann", message: "heartEye" }); // of another app
  expect(r.shown.value.map(({ name, emoji, edge }) => [name, emoji, edge])).toEqual([
    ["ANN", "👍", false],
    ["FAR", "🎉", true],
  ]);
  vi.advanceTimersByTime(shownMs);
  expect(r.shown.value).toEqual([]);
});

it("announces many at once as one", () => {
  const r = reactions();
  for (const [senderId, message] of [
    ["ann", "👍"],
    ["ann", "👍"],
    ["ann", "❤️"],
    ["me", "😂"],
  ] as const)
    r.received({ senderId, message });
  vi.advanceTimersByTime(shownMs);
  expect(said).toEqual(["ANN reacted: Thumbs up, Heart\nYou reacted: Laughter"]);
  for (const senderId of ["a", "b", "c", "d"]) r.received({ senderId, message: "👏" });
  vi.advanceTimersByTime(shownMs);
  expect(said.at(-1)).toBe("4 people reacted: Applause");
});

it("takes a few of each, and sends no more than others show", () => {
  const r = reactions();
  for (let i = 0; i < 2 * maxOfOne; i++) r.received({ senderId: "ann", message: "👍" });
  expect(r.shown.value.length).toBe(maxOfOne);
  const sent = Array.from({ length: 2 * maxOfOne }, () => r.maySend());
  expect(sent.filter(Boolean).length).toBe(maxOfOne);
  expect(r.paused.value).toBe(true);
  vi.advanceTimersByTime(shownMs);
  expect(r.paused.value).toBe(false);
  expect(r.maySend()).toBe(true);
});
