import { expect, test } from "vitest";
import { Emitter } from "../src/emitter.js";

interface Events {
  said: [word: string, times: number];
}

test("listeners hear in order, and undo what they began", () => {
  const emitter = new Emitter<Events>("test", { said: true });
  const heard: string[] = [];
  const undo = emitter.on("said", (word) => heard.push(`1 ${word}`));
  const second = (word: string, times: number): void => void heard.push(`2 ${word} ${times}`);
  emitter.on("said", second);
  emitter.once("said", () => heard.push("once"));
  emitter.emit("said", "a", 1);
  undo();
  emitter.emit("said", "b", 2);
  emitter.off("said", second);
  emitter.emit("said", "c", 3);
  expect(heard).toEqual(["1 a", "2 a 1", "once", "2 b 2"]);
});

test("off without a listener removes all of that event", () => {
  const emitter = new Emitter<Events>("test", { said: true });
  emitter.on("said", () => expect.unreachable());
  emitter.off("said");
  emitter.emit("said", "a", 1);
  expect(emitter.listenerCount("said")).toBe(0);
});

test("a listener may leave while it hears; the others still hear", () => {
  const emitter = new Emitter<Events>("test", { said: true });
  const heard: number[] = [];
  const undo = emitter.on("said", () => undo());
  emitter.on("said", (_, times) => heard.push(times));
  emitter.emit("said", "a", 1);
  emitter.emit("said", "a", 2);
  expect(heard).toEqual([1, 2]);
});

test("a listener that throws harms nobody else, and is reported", async () => {
  const emitter = new Emitter<Events>("test", { said: true });
  const heard: string[] = [];
  const reported = new Promise<Error>((resolve) => process.once("uncaughtException", resolve));
  emitter.on("said", () => {
    throw new Error("mine");
  });
  emitter.on("said", (word) => heard.push(word));
  emitter.emit("said", "a", 1);
  expect(heard).toEqual(["a"]);
  expect((await reported).message).toBe("mine");
});

test("what cannot be called is refused where it is added", () => {
  const emitter = new Emitter<Events>("test", { said: true });
  expect(() => emitter.on("said", undefined as unknown as () => void)).toThrow(
    expect.objectContaining({
      code: 3073,
      reason: "WRONG_TYPE",
      details: expect.objectContaining({ parameter: "listener" }),
    }),
  );
});
