import { expect, test } from "vitest";
import { whepOf } from "./whep";

test("a WHEP link names a room and a token", () => {
  const at = "https://meet.example.com/klatch/watch/whep";
  expect(whepOf(at, "room=a-b&token=t&source=ann")).toEqual({
    endpoint: "https://meet.example.com/klatch/v2/whep?roomId=a-b&remotePeerId=ann",
    token: "t",
  });
  expect(whepOf(at, "room=a-b")).toBeUndefined();
  expect(whepOf(at, "token=t")).toBeUndefined();
  expect(whepOf("https://meet.example.com/meet/x", "room=a&token=t")).toBeUndefined();
});
