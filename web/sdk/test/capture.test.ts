import { describe, expect, test, vi } from "vitest";
import {
  captureDevice,
  captureDisplay,
  classifyDevice,
  classifyDisplay,
  deviceLost,
  publishRefused,
} from "../src/capture.js";

const anywhere = { allows: (): undefined => undefined };
const blocked = { allows: (): boolean => false };
const dom = (name: string, message = "", constraint?: string): object =>
  Object.assign(new DOMException(message, name), constraint && { constraint });

/** The codes of a camera and of a microphone. */
const codes: Readonly<Record<string, readonly [number, number]>> = {
  POLICY_BLOCKED: [3014, 3015],
  PERMISSION_DENIED: [3017, 3018],
  PERMISSION_DISMISSED: [3017, 3018],
  DENIED_BY_SYSTEM: [3019, 3020],
  NO_DEVICE: [3021, 3022],
  DEVICE_IN_USE: [3023, 3024],
  START_FAILED: [3026, 3012],
  DEVICE_UNAVAILABLE: [3051, 3059],
};

describe("getUserMedia", () => {
  test.each([
    ["Chromium, refused", dom("NotAllowedError", "Permission denied"), anywhere, "PERMISSION_DENIED"],
    ["Chromium, prompt closed", dom("NotAllowedError", "Permission dismissed"), anywhere, "PERMISSION_DISMISSED"],
    ["Chromium, system", dom("NotAllowedError", "Permission denied by system"), anywhere, "DENIED_BY_SYSTEM"],
    [
      "Firefox and Safari, refused",
      dom("NotAllowedError", "The request is not allowed by the user agent or the platform in the current context."),
      anywhere,
      "PERMISSION_DENIED",
    ],
    ["Chrome of old", dom("PermissionDeniedError"), anywhere, "PERMISSION_DENIED"],
    ["Chromium, iframe without allow", dom("NotAllowedError", "Permission denied"), blocked, "POLICY_BLOCKED"],
    [
      "a policy named in the text",
      dom("NotAllowedError", "The camera is disallowed by permissions policy"),
      anywhere,
      "POLICY_BLOCKED",
    ],
    ["capture switched off for the document", dom("SecurityError"), anywhere, "POLICY_BLOCKED"],
    ["Chromium and Safari, none", dom("NotFoundError", "Requested device not found"), anywhere, "NO_DEVICE"],
    ["Firefox, none", dom("NotFoundError", "The object can not be found here."), anywhere, "NO_DEVICE"],
    ["Chromium, busy", dom("NotReadableError", "Could not start video source"), anywhere, "START_FAILED"],
    ["Chromium, busy, newer text", dom("NotReadableError", "Device in use"), anywhere, "DEVICE_IN_USE"],
    ["Firefox, busy", dom("NotReadableError", "Failed to allocate videosource"), anywhere, "START_FAILED"],
    ["Chromium, slow", dom("AbortError", "Timeout starting video source"), anywhere, "START_FAILED"],
    ["Firefox, start failed", dom("AbortError", "Starting videoinput failed"), anywhere, "START_FAILED"],
    ["unplugged", dom("OverconstrainedError", "", "deviceId"), anywhere, "DEVICE_UNAVAILABLE"],
    ["something that is no error", "boom", anywhere, "START_FAILED"],
  ])("%s", (_, thrown, around, reason) => {
    const asked = { deviceId: "d1", label: "Cam" };
    for (const [n, device] of (["camera", "microphone"] as const).entries()) {
      const code = codes[reason]?.[n];
      const fault = classifyDevice(device, thrown, asked, { meetingId: "m" }, around);
      expect(fault).toMatchObject({ code, reason, fatal: false, meetingId: "m" });
      // 3012 is itself the code of the published page.
      expect(fault.details).toMatchObject(code === 3012 ? {} : { startingCode: 3011 + n });
      expect(fault.remedy).not.toBe("");
    }
  });

  test("the values of the incident are in details", () => {
    const asked = { deviceId: "d1", label: "Cam" };
    expect(classifyDevice("camera", dom("OverconstrainedError", "", "deviceId"), asked, {}, anywhere).details).toEqual({
      domName: "OverconstrainedError",
      constraint: "deviceId",
      deviceId: "d1",
      startingCode: 3011,
    });
    expect(
      classifyDevice("camera", dom("NotReadableError", "Could not start video source"), asked, {}, anywhere).details,
    ).toEqual({
      domName: "NotReadableError",
      domMessage: "Could not start video source",
      label: "Cam",
      startingCode: 3011,
    });
    expect(classifyDevice("microphone", dom("NotAllowedError", "x"), asked, {}, blocked).details).toMatchObject({
      feature: "microphone",
    });
  });
});

describe("getDisplayMedia", () => {
  test.each([
    ["picker closed", dom("NotAllowedError", "Permission denied"), anywhere, "USER_CANCELLED"],
    [
      "picker closed, Safari",
      dom(
        "NotAllowedError",
        "The request is not allowed by the user agent or the platform in the current context, " +
          "possibly because the user denied permission.",
      ),
      anywhere,
      "USER_CANCELLED",
    ],
    ["macOS", dom("NotAllowedError", "Permission denied by system"), anywhere, "PERMISSION_DENIED"],
    [
      "iframe",
      dom("NotAllowedError", 'Access to the feature "display-capture" is disallowed by permissions policy.'),
      anywhere,
      "POLICY_BLOCKED",
    ],
    ["iframe, Chromium's own word", dom("NotAllowedError", "Permission denied"), blocked, "POLICY_BLOCKED"],
    [
      "no click, Chromium",
      dom(
        "InvalidStateError",
        "Failed to execute 'getDisplayMedia' on 'MediaDevices': " +
          "getDisplayMedia() requires transient activation (user gesture).",
      ),
      anywhere,
      "NO_USER_GESTURE",
    ],
    [
      "no click, Safari",
      dom("InvalidAccessError", "getDisplayMedia must be called from a user gesture handler."),
      anywhere,
      "NO_USER_GESTURE",
    ],
    ["not readable", dom("NotReadableError", "Could not start video source"), anywhere, "CAPTURE_FAILED"],
    ["no screen", dom("NotFoundError"), anywhere, "CAPTURE_FAILED"],
  ])("%s", (_, thrown, around, reason) =>
    expect(classifyDisplay(thrown, {}, around)).toMatchObject(
      reason === "NO_USER_GESTURE" || reason === "CAPTURE_FAILED"
        ? { code: 3013, reason }
        : { code: 3016, reason, details: { startingCode: 3013 } },
    ),
  );
});

test("a page without mediaDevices is not secure, or has no WebRTC", async () => {
  vi.stubGlobal("navigator", { userAgent: "ua" });
  vi.stubGlobal("location", { origin: "http://app.test" });
  vi.stubGlobal("isSecureContext", false);
  await expect(captureDisplay({}, {})).rejects.toMatchObject({ code: 3104, reason: "INSECURE_CONTEXT" });
  await expect(captureDevice("microphone", {}, {})).rejects.toMatchObject({ code: 3034, reason: "INSECURE_CONTEXT" });
  await expect(captureDevice("camera", {}, {})).rejects.toMatchObject({
    code: 3033,
    reason: "INSECURE_CONTEXT",
    details: { origin: "http://app.test" },
  });
  vi.stubGlobal("isSecureContext", true);
  await expect(captureDevice("camera", {}, {})).rejects.toMatchObject({ code: 3104, reason: "NO_WEBRTC" });
  vi.stubGlobal("navigator", { userAgent: "phone", mediaDevices: {} });
  await expect(captureDisplay({}, {})).rejects.toMatchObject({
    code: 3013,
    reason: "NO_SCREEN_SHARE",
    details: { userAgent: "phone" },
  });
  vi.unstubAllGlobals();
});

test("a busy camera is named by its label", async () => {
  vi.stubGlobal("document", {});
  vi.stubGlobal("navigator", {
    mediaDevices: {
      getUserMedia: () => Promise.reject(dom("NotReadableError", "Could not start video source")),
      enumerateDevices: () =>
        Promise.resolve([
          { kind: "audioinput", deviceId: "a", label: "Mic" },
          { kind: "videoinput", deviceId: "v1", label: "Front" },
          { kind: "videoinput", deviceId: "v2", label: "Back" },
        ]),
    },
  });
  await expect(captureDevice("camera", { deviceId: { exact: "v2" } }, {})).rejects.toMatchObject({
    details: { label: "Back" },
  });
  await expect(captureDevice("camera", {}, {})).rejects.toMatchObject({ details: { label: "Front" } });
  vi.unstubAllGlobals();
});

test("lost devices and refused streams have the code of their kind", () => {
  expect(deviceLost("camera", "Cam", {})).toMatchObject({
    code: 3027,
    reason: "DEVICE_LOST",
    details: { label: "Cam", startingCode: 3011 },
  });
  expect(deviceLost("microphone", "Mic", {})).toMatchObject({ code: 3028, reason: "DEVICE_LOST" });
  const codes = (["audio", "video", "share", "shareAudio"] as const).map((kind) => publishRefused(kind, "flt_1", {}));
  expect(codes.map(({ code, reason, causeId }) => [code, reason, causeId])).toEqual(
    [3058, 3049, 3061, 3061].map((code) => [code, "PUBLISH_REFUSED", "flt_1"]),
  );
});
