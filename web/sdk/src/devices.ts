import { captureDevice, mediaDevices } from "./capture.js";
import { Emitter, uncaught } from "./emitter.js";
import { VideoSDKError } from "./fault.js";
import { Permission } from "./constants.js";
import {
  type CameraDeviceInfo,
  type DeviceInfo,
  deviceInfoOf,
  type MicrophoneDeviceInfo,
  type PlaybackDeviceInfo,
} from "./deviceinfo.js";
import { checkArgument } from "./options.js";

/** All cameras, microphones and loudspeakers. */
export async function getDevices(): Promise<DeviceInfo[]> {
  const list = await mediaDevices({}).enumerateDevices();
  // Before the user allowed the page anything, browsers give one entry per kind without id: it names no device.
  return list.filter(({ deviceId }) => deviceId !== "").map(deviceInfoOf);
}

interface DevicesByKind {
  readonly videoinput: CameraDeviceInfo;
  readonly audioinput: MicrophoneDeviceInfo;
  readonly audiooutput: PlaybackDeviceInfo;
}

export async function devicesOf<Kind extends MediaDeviceKind>(kind: Kind): Promise<DevicesByKind[Kind][]> {
  return (await getDevices()).filter((device) => device.kind === kind) as DevicesByKind[Kind][];
}

/** Events of `VideoSDK`. */
export interface DeviceEvents {
  /** A camera, microphone or loudspeaker came or went. */
  "device-changed": [change: { readonly devices: DeviceInfo[] }];
}

/** Watches the device list while somebody listens. */
export class DeviceWatch extends Emitter<DeviceEvents> {
  constructor() {
    super("VideoSDK", { "device-changed": true });
  }

  override on(event: "device-changed", listener: (...change: DeviceEvents["device-changed"]) => void): () => void {
    const devices = mediaDevices({});
    const undo = super.on(event, listener);
    if (this.listenerCount(event) === 1) devices.addEventListener("devicechange", this.#changed);
    return undo;
  }

  override off(event: "device-changed", listener?: (...change: DeviceEvents["device-changed"]) => void): void {
    super.off(event, listener);
    if (this.listenerCount(event) === 0) mediaDevices({}).removeEventListener("devicechange", this.#changed);
  }

  readonly #changed = (): void => {
    getDevices().then((devices) => this.emit("device-changed", { devices }), uncaught);
  };
}

type Asked = "audio" | "video";

/** The media that a call asks about; both where it says nothing. Throws 3073 for a kind that there is not. */
function asked(method: string, kind: string | null | undefined): Asked[] {
  checkArgument({ method }, "permissions", kind, Object.values(Permission));
  return kind === "audio" || kind === "video" ? [kind] : ["audio", "video"];
}

const refusals = ["PERMISSION_DENIED", "PERMISSION_DISMISSED", "DENIED_BY_SYSTEM"];
const names = { audio: "microphone", video: "camera" } as const;

/** Whether the page may use them now, without asking the user. */
export async function checkPermissions(kind?: string | null): Promise<Map<string, boolean>> {
  const entries = asked("checkPermissions", kind).map(async (media): Promise<[string, boolean]> => [
    media,
    await granted(media),
  ]);
  return new Map(await Promise.all(entries));
}

/** Asks the user. A refusal is `false`; any other trouble (no device, busy, policy) is thrown as its fault. */
export async function requestPermission(kind?: string | null): Promise<Map<string, boolean>> {
  const answers = new Map<string, boolean>();
  for (const media of asked("requestPermission", kind)) {
    try {
      const stream = await captureDevice(names[media], {}, {});
      for (const track of stream.getTracks()) track.stop();
      answers.set(media, true);
    } catch (refused) {
      if (!(refused instanceof VideoSDKError) || !refusals.includes(refused.reason)) throw refused;
      answers.set(media, false);
    }
  }
  return answers;
}

async function granted(media: Asked): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: names[media] as PermissionName })).state === "granted";
  } catch {
    // A browser that does not answer for this name gives labels only to pages that were allowed.
    const list = await mediaDevices({}).enumerateDevices();
    return list.some(({ kind, label }) => kind === `${media}input` && label !== "");
  }
}
