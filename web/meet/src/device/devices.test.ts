import { Codes, type DeviceInfo } from "@klatch/sdk";
import { expect, it } from "vitest";
import { emptyChoice } from "./devices";

const unnamed = { kind: "videoinput", deviceId: "", label: "", groupId: "" } as unknown as DeviceInfo;
const other = { ...unnamed, kind: "audioinput" } as DeviceInfo;

it.each([
  ["none is there", [other], { code: Codes.ERROR_CAMERA_NOT_FOUND }, "No camera found"],
  ["none is there, and none was wanted", [], null, "No camera found"],
  ["nobody has looked yet", null, null, "Default camera"],
  ["the browser denies it", [unnamed], { code: Codes.ERROR_CAMERA_ACCESS_DENIED_OR_DISMISSED }, "Camera not allowed"],
  ["the system denies it", [], { code: Codes.ERROR_CAMERA_PERMISSION_DENIED_BY_OS }, "Camera not allowed"],
  ["the page is not secure", [], { code: Codes.ERROR_CAMERA_ACCESS_UNAVAILABLE }, "Camera not allowed"],
  ["another program uses it", [unnamed], { code: Codes.ERROR_CAMERA_IN_USE }, "Default camera"],
  ["it has no name before permission", [unnamed], null, "Default camera"],
] as const)("%s", (_, devices, fault, want) => expect(emptyChoice(devices, "videoinput", fault)).toBe(want));
