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
    denied: faults.cameraAccessDeniedOrDismissedPermissionDenied,
    dismissed: faults.cameraAccessDeniedOrDismissedPermissionDismissed,
    deniedBySystem: faults.cameraPermissionDeniedByOsDeniedBySystem,
    policyBlocked: faults.getVideoMediaPermissionDeniedPolicyBlocked,
    insecure: faults.cameraAccessUnavailableInsecureContext,
    inUse: faults.cameraInUseDeviceInUse,
    startFailed: faults.videoSourceInitiationFailedStartFailed,
    noDevice: faults.cameraNotFoundNoDevice,
    unavailable: faults.noWebcamDeviceFoundDeviceUnavailable,
    lost: faults.webcamTrackEndedDeviceLost,
    publishRefused: faults.webcamProduceFailedPublishRefused,
  },
  microphone: {
    denied: faults.microphoneAccessDeniedOrDismissedPermissionDenied,
    dismissed: faults.microphoneAccessDeniedOrDismissedPermissionDismissed,
    deniedBySystem: faults.microphonePermissionDeniedByOsDeniedBySystem,
    policyBlocked: faults.getAudioMediaPermissionDeniedPolicyBlocked,
    insecure: faults.microphoneAccessUnavailableInsecureContext,
    inUse: faults.microphoneInUseDeviceInUse,
    startFailed: faults.startingAudioStartFailed, // no published code is for it alone
    noDevice: faults.microphoneNotFoundNoDevice,
    unavailable: faults.noMicrophoneDeviceFoundDeviceUnavailable,
    lost: faults.microphoneTrackEndedDeviceLost,
    publishRefused: faults.microphoneProduceFailedPublishRefused,
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
      if (domName === "SecurityError" || policyText.test(domMessage) || around.allows(device) === false)
        return make.policyBlocked({ domName, domMessage, feature: device }, at);
      // Chromium says who refused: the user or a setting ("denied"), nobody ("dismissed"), the system. Others do not.
      if (/dismissed/i.test(domMessage)) return make.dismissed({ domName, domMessage }, at);
      return /by system/i.test(domMessage)
        ? make.deniedBySystem({ domName, domMessage }, at)
        : make.denied({ domName, domMessage }, at);
    case "NotFoundError":
    case "DevicesNotFoundError":
      return make.noDevice({ domName, domMessage }, at);
    case "OverconstrainedError":
    case "ConstraintNotSatisfiedError":
    case "TypeError": // constraints that no browser takes
      return make.unavailable({ domName, constraint: constraint || domMessage, deviceId: asked.deviceId }, at);
    default:
      // Chromium says "Device in use" where the system says so. NotReadableError ("Could not start video source",
      // "Failed to allocate videosource"), AbortError ("Timeout starting video source"), TrackStartError: it is there
      // and does not start, and why is not known.
      return (/^device in use$/i.test(domMessage) ? make.inUse : make.startFailed)(
        { domName, domMessage, label: asked.label },
        at,
      );
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
        return faults.getDisplayMediaPermissionDeniedPolicyBlocked({ ...dom, feature: "display-capture" }, at);
      }
      // A closed picker and a refused prompt look the same; only the system's refusal has a text of its own.
      return /system/i.test(domMessage)
        ? faults.getDisplayMediaPermissionDeniedPermissionDenied(dom, at)
        : faults.getDisplayMediaPermissionDeniedUserCancelled(dom, at);
    case "SecurityError":
      return faults.getDisplayMediaPermissionDeniedPolicyBlocked({ ...dom, feature: "display-capture" }, at);
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
  return faults.screenshareProduceFailedPublishRefused({ kind }, where);
}

/** Opens a camera or microphone. Throws 3012 to 3034, 3051 or 3059 with what the browser said, or 3104. */
export async function captureDevice(
  device: Device,
  constraints: MediaTrackConstraints,
  at: FaultContext,
): Promise<MediaStream> {
  const devices = mediaDevices(at, device);
  try {
    return await devices.getUserMedia(device === "camera" ? { video: constraints } : { audio: constraints });
  } catch (thrown) {
    const deviceId = exactDevice(constraints);
    const asked = { deviceId, label: await labelOf(devices, device, deviceId) };
    throw new VideoSDKError(classifyDevice(device, thrown, asked, at));
  }
}

/** Asks the user for a screen, window or tab. Throws 3013 or 3016 with what the browser said, or 3104. */
export async function captureDisplay(options: DisplayMediaStreamOptions, at: FaultContext): Promise<MediaStream> {
  const devices = mediaDevices(at);
  if (!("getDisplayMedia" in devices)) {
    throw new VideoSDKError(faults.startingScreenshareNoScreenShare({ userAgent: navigator.userAgent }, at));
  }
  try {
    return await devices.getDisplayMedia(options);
  } catch (thrown) {
    throw new VideoSDKError(classifyDisplay(thrown, at));
  }
}

/** navigator.mediaDevices; a page that is not secure has none (Media Capture and Streams, 9.1). */
export function mediaDevices(at: FaultContext, device?: Device): MediaDevices {
  const devices = (navigator as Partial<Navigator>).mediaDevices;
  if (devices) return devices;
  if (isSecureContext)
    throw new VideoSDKError(faults.unsupportedEnvironmentNoWEBRTC({ userAgent: navigator.userAgent }, at));
  const insecure = device ? constructors[device].insecure : faults.unsupportedEnvironmentInsecureContext;
  throw new VideoSDKError(insecure({ origin: location.origin }, at));
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
