import { type Fault, type FaultContext, faults, VideoSDKError } from "./fault.js";

// One function per call of the browser: what it threw, to a fault. The names are those of Media Capture and
// Streams, 10.3.5 (getUserMedia) and Screen Capture, 5.1 (getDisplayMedia); the texts are those of the browsers,
// where one name stands for two causes.

/** What is captured with getUserMedia. */
export type Device = "camera" | "microphone";

/** What was asked of getUserMedia, for the words of the fault. */
export interface Asked {
  readonly deviceId: string;
  readonly label: string;
}

/** The page, as far as it decides what a browser error means. */
export interface Surroundings {
  /** Whether the permissions policy lets this page use the feature; undefined where the browser does not say. */
  allows(feature: string): boolean | undefined;
}

export const page: Surroundings = {
  // Chromium only, and old: the standard has no such question yet. Others put it into the message or say nothing.
  allows: (feature) =>
    (document as { featurePolicy?: { allowsFeature(name: string): boolean } }).featurePolicy?.allowsFeature(feature),
};

const constructors = {
  camera: {
    permissionDenied: faults.startingVideoPermissionDenied,
    policyBlocked: faults.startingVideoPolicyBlocked,
    inUse: faults.startingVideoDeviceInUse,
    noDevice: faults.startingVideoNoDevice,
    unavailable: faults.startingVideoDeviceUnavailable,
    lost: faults.startingVideoDeviceLost,
    publishRefused: faults.startingVideoPublishRefused,
  },
  microphone: {
    permissionDenied: faults.startingAudioPermissionDenied,
    policyBlocked: faults.startingAudioPolicyBlocked,
    inUse: faults.startingAudioDeviceInUse,
    noDevice: faults.startingAudioNoDevice,
    unavailable: faults.startingAudioDeviceUnavailable,
    lost: faults.startingAudioDeviceLost,
    publishRefused: faults.startingAudioPublishRefused,
  },
} as const;

const policyText = /permissions?[- ]policy|feature[- ]policy/i;

/** What getUserMedia threw. */
export function classifyDevice(device: Device, thrown: unknown, asked: Asked, at: FaultContext, around = page): Fault {
  const make = constructors[device];
  const { name: domName, message: domMessage, constraint } = domError(thrown);
  switch (domName) {
    case "NotAllowedError":
    case "PermissionDeniedError": // Chrome and Firefox of old
    case "SecurityError": // "user media support is disabled on the document"
      return domName === "SecurityError" || policyText.test(domMessage) || around.allows(device) === false
        ? make.policyBlocked({ domName, domMessage, feature: device }, at)
        : make.permissionDenied({ domName, domMessage }, at);
    case "NotFoundError":
    case "DevicesNotFoundError":
      return make.noDevice({ domName, domMessage }, at);
    case "OverconstrainedError":
    case "ConstraintNotSatisfiedError":
    case "TypeError": // constraints that no browser takes
      return make.unavailable({ domName, constraint: constraint || domMessage, deviceId: asked.deviceId }, at);
    default:
      // NotReadableError ("Could not start video source", "Device in use", "Failed to allocate videosource"),
      // AbortError ("Timeout starting video source"), TrackStartError: it is there and does not start.
      return make.inUse({ domName, domMessage, label: asked.label }, at);
  }
}

/** What getDisplayMedia threw. */
export function classifyDisplay(thrown: unknown, at: FaultContext, around = page): Fault {
  const { name: domName, message: domMessage } = domError(thrown);
  const dom = { domName, domMessage };
  switch (domName) {
    case "InvalidStateError": // Chromium and Firefox: "requires transient activation"
    case "InvalidAccessError": // WebKit: "must be called from a user gesture handler"
      return faults.startingScreenshareNoUserGesture(dom, at);
    case "NotAllowedError":
      if (policyText.test(domMessage) || around.allows("display-capture") === false) {
        return faults.startingScreensharePolicyBlocked({ ...dom, feature: "display-capture" }, at);
      }
      // A closed picker and a refused prompt look the same; only the system's refusal has a text of its own.
      return /system/i.test(domMessage)
        ? faults.startingScreensharePermissionDenied(dom, at)
        : faults.startingScreenshareUserCancelled(dom, at);
    case "SecurityError":
      return faults.startingScreensharePolicyBlocked({ ...dom, feature: "display-capture" }, at);
    default:
      return faults.startingScreenshareCaptureFailed(dom, at);
  }
}

/** A track ended that nobody stopped: unplugged, or taken by the system. */
export function deviceLost(device: Device, label: string, at: FaultContext): Fault {
  return constructors[device].lost({ label }, at);
}

/** The server did not take what was captured; causeId names its fault. */
export function publishRefused(
  kind: "audio" | "video" | "share" | "shareAudio",
  causeId: string,
  at: FaultContext,
): Fault {
  const where = { ...at, causeId };
  if (kind === "audio") return constructors.microphone.publishRefused({ kind }, where);
  if (kind === "video") return constructors.camera.publishRefused({ kind }, where);
  return faults.startingScreensharePublishRefused({ kind }, where);
}

/** Opens a camera or microphone. Throws 3011 or 3012 with what the browser said, or 3104. */
export async function captureDevice(
  device: Device,
  constraints: MediaTrackConstraints,
  at: FaultContext,
): Promise<MediaStream> {
  const devices = mediaDevices(at);
  try {
    return await devices.getUserMedia(device === "camera" ? { video: constraints } : { audio: constraints });
  } catch (thrown) {
    const deviceId = exactDevice(constraints);
    const asked = { deviceId, label: await labelOf(devices, device, deviceId) };
    throw new VideoSDKError(classifyDevice(device, thrown, asked, at));
  }
}

/** Asks the user for a screen, window or tab. Throws 3013 with what the browser said, or 3104. */
export async function captureDisplay(options: DisplayMediaStreamOptions, at: FaultContext): Promise<MediaStream> {
  const devices = mediaDevices(at);
  if (!("getDisplayMedia" in devices)) {
    throw new VideoSDKError(faults.unsupportedEnvironmentNoScreenShare({ userAgent: navigator.userAgent }, at));
  }
  try {
    return await devices.getDisplayMedia(options);
  } catch (thrown) {
    throw new VideoSDKError(classifyDisplay(thrown, at));
  }
}

/** navigator.mediaDevices; a page that is not secure has none (Media Capture and Streams, 9.1). */
export function mediaDevices(at: FaultContext): MediaDevices {
  const devices = (navigator as Partial<Navigator>).mediaDevices;
  if (devices) return devices;
  throw new VideoSDKError(
    isSecureContext
      ? faults.unsupportedEnvironmentNoWEBRTC({ userAgent: navigator.userAgent }, at)
      : faults.unsupportedEnvironmentInsecureContext({ origin: location.origin }, at),
  );
}

function domError(thrown: unknown): { name: string; message: string; constraint: string } {
  const { name, message, constraint } = (typeof thrown === "object" && thrown !== null ? thrown : {}) as Record<
    string,
    unknown
  >;
  return {
    name: typeof name === "string" ? name : "Error",
    message: typeof message === "string" ? message : String(thrown),
    constraint: typeof constraint === "string" ? constraint : "",
  };
}

function exactDevice({ deviceId }: MediaTrackConstraints): string {
  const exact = typeof deviceId === "object" && !Array.isArray(deviceId) ? deviceId.exact : deviceId;
  return typeof exact === "string" ? exact : "";
}

/** The label of the device that was asked for, or of the one the browser would have taken. */
async function labelOf(devices: MediaDevices, device: Device, deviceId: string): Promise<string> {
  const kind = device === "camera" ? "videoinput" : "audioinput";
  const list = (await devices.enumerateDevices().catch(() => [])).filter((info) => info.kind === kind);
  const found = deviceId ? list.find((info) => info.deviceId === deviceId) : list[0];
  return found?.label || deviceId;
}
