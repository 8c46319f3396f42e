import { signal } from "@preact/signals";
import { Codes, DeviceWatch, getDevices, VideoSDKError, type DeviceInfo, type FaultFields } from "@klatch/sdk";
import { t } from "../text";

const changes = new DeviceWatch();

/** The devices there are, kept up to date. Labels are "" until the person has allowed one of the kind. */
export class Devices {
  readonly list = signal<readonly DeviceInfo[] | null>(null); // null until they have been read

  /** Reads the list now, and again whenever it changes; returns the undo. */
  watch(): () => void {
    void this.refresh();
    try {
      return changes.on("device-changed", ({ devices }) => void (this.list.value = devices));
    } catch (error) {
      ignoreFault(error);
      return () => undefined;
    }
  }

  async refresh(): Promise<void> {
    try {
      this.list.value = await getDevices();
    } catch (error) {
      this.list.value ??= [];
      ignoreFault(error);
    }
  }
}

/**
 * Where devices cannot even be listed, as on a page that is not secure, opening one fails too, and that fault is
 * shown.
 */
function ignoreFault(error: unknown): void {
  if (!(error instanceof VideoSDKError)) throw error;
}

const words = {
  videoinput: { number: "cameraNumber", standard: "defaultCamera", none: "noCamera", denied: "cameraNotAllowed" },
  audioinput: {
    number: "microphoneNumber",
    standard: "defaultMicrophone",
    none: "noMicrophone",
    denied: "microphoneNotAllowed",
  },
  audiooutput: { number: "speakerNumber", standard: "defaultSpeaker", none: "noSpeaker", denied: "speakerNotAllowed" },
} as const;

/** What stands for the device that the browser chooses. */
export function defaultChoice(kind: MediaDeviceKind): string {
  return t(words[kind].standard);
}

/** The devices of a kind with a name for each: browsers hide labels before permission is given. */
export function choicesOf(
  devices: readonly DeviceInfo[] | null,
  kind: MediaDeviceKind,
): readonly { readonly id: string; readonly label: string }[] {
  return (devices ?? [])
    .filter((d) => d.kind === kind && d.deviceId !== "")
    .map((d, i) => ({ id: d.deviceId, label: d.label === "" ? t(words[kind].number, { number: i + 1 }) : d.label }));
}

const denied: ReadonlySet<number> = new Set<number>([
  Codes.ERROR_GET_VIDEO_MEDIA_PERMISSION_DENIED,
  Codes.ERROR_GET_AUDIO_MEDIA_PERMISSION_DENIED,
  Codes.ERROR_CAMERA_ACCESS_DENIED_OR_DISMISSED,
  Codes.ERROR_MICROPHONE_ACCESS_DENIED_OR_DISMISSED,
  Codes.ERROR_CAMERA_PERMISSION_DENIED_BY_OS,
  Codes.ERROR_MICROPHONE_PERMISSION_DENIED_BY_OS,
  Codes.ERROR_CAMERA_ACCESS_UNAVAILABLE,
  Codes.ERROR_MICROPHONE_ACCESS_UNAVAILABLE,
]);

/**
 * What stands where there is nothing to choose: that the browser blocks the devices, that there is none, or that it
 * has not named them yet: not before permission is given. `fault` is why the device is off.
 */
export function emptyChoice(
  devices: readonly DeviceInfo[] | null,
  kind: MediaDeviceKind,
  fault: Pick<FaultFields, "code"> | null,
): string {
  if (fault !== null && denied.has(fault.code)) return t(words[kind].denied);
  const some = devices === null || devices.some((d) => d.kind === kind);
  return some ? defaultChoice(kind) : t(words[kind].none);
}
