import { expect, it } from "vitest";
import { Volumes } from "./volumes";

function storageWith(kept: Record<string, string>): Storage {
  const map = new Map(Object.entries(kept));
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
  } as Storage;
}

it("keeps how loud somebody is over a reload", () => {
  const storage = storageWith({});
  const before = new Volumes(storage, "k");
  expect(before.of("ann")).toBe(100);
  before.set("ann", 30);
  before.set("bob", 0);
  const after = new Volumes(storage, "k");
  expect([after.of("ann"), after.of("bob"), after.of("cam")]).toEqual([30, 0, 100]);
});

it.each(["{", "null", "[7]", '{"ann":"loud","bob":-1,"cam":1000}'])("takes nothing of %s", (kept) => {
  const volumes = new Volumes(storageWith({ k: kept }), "k");
  expect(["ann", "bob", "cam"].map((id) => volumes.of(id))).toEqual([100, 100, 100]);
});
