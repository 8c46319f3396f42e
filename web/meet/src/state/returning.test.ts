import { afterEach, expect, it, vi } from "vitest";
import { keepId, takeId } from "./returning";

afterEach(() => void vi.useRealTimers());

function memory(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage;
}

it("gives an id back once, in the same meeting, with the same token, within a minute", () => {
  vi.useFakeTimers();
  const storage = memory();
  const token = "header.claims.signature-of-ann";
  keepId(storage, "m", token, "ann");
  expect(takeId(storage, "other", token)).toBe("");
  expect(takeId(storage, "m", token)).toBe("ann");
  expect(takeId(storage, "m", token)).toBe("");
  keepId(storage, "m", token, "ann");
  expect(takeId(storage, "m", "header.claims.signature-of-bob")).toBe("");
  keepId(storage, "m", token, "ann");
  vi.advanceTimersByTime(61_000);
  expect(takeId(storage, "m", token)).toBe("");
});

it("does without a storage", () => {
  keepId(undefined, "m", "t", "ann");
  expect(takeId(undefined, "m", "t")).toBe("");
});
