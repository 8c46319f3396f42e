import { expect, it } from "vitest";
import { otherCamera } from "./facing";

const camera = (deviceId: string, ...facingMode: string[]) =>
  ({ deviceId, getCapabilities: () => ({ facingMode }) }) as unknown as MediaDeviceInfo;
const untold = (deviceId: string) => ({ deviceId }) as MediaDeviceInfo;

it.each([
  ["the back", [camera("f", "user"), camera("b", "environment")], { deviceId: "f", facingMode: "user" }, "b"],
  ["the front", [camera("f", "user"), camera("b", "environment")], { deviceId: "b", facingMode: "environment" }, "f"],
  [
    "the back, past another one of the front",
    [camera("f", "user"), camera("g", "user"), camera("b", "environment")],
    { deviceId: "f", facingMode: "user" },
    "b",
  ],
  ["the next one where nothing is told", [untold("x"), untold("y"), untold("z")], { deviceId: "y" }, "z"],
  ["the first one after the last", [untold("x"), untold("y")], { deviceId: "y" }, "x"],
  ["none", [untold("x")], { deviceId: "x" }, undefined],
  ["the only one that is not open", [untold("x")], {}, "x"],
])("finds %s", (_, cameras, open, want) => expect(otherCamera(cameras, open)).toBe(want));
