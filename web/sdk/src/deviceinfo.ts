/** A camera, microphone or loudspeaker. `label` is "" until the user has allowed the page to use such a device. */
export class DeviceInfo {
  readonly deviceId: string;
  readonly groupId: string;
  readonly kind: MediaDeviceKind;
  readonly label: string;

  constructor(deviceId: string, groupId: string, kind: string, label: string) {
    this.deviceId = deviceId;
    this.groupId = groupId;
    this.kind = kind as MediaDeviceKind;
    this.label = label;
  }
}

export class CameraDeviceInfo extends DeviceInfo {
  /** Where it looks: `front` at the user, `environment` away, as far as the browser or its label says so. */
  readonly facingMode: "front" | "environment";

  constructor(deviceId: string, groupId: string, kind: string, label: string, facingMode?: "front" | "environment") {
    super(deviceId, groupId, kind, label);
    this.facingMode = facingMode ?? (/\b(back|rear|environment)\b/i.test(label) ? "environment" : "front");
  }
}

export class MicrophoneDeviceInfo extends DeviceInfo {}

export class PlaybackDeviceInfo extends DeviceInfo {}

/** @internal The device as the class of its kind. */
export function deviceInfoOf(device: MediaDeviceInfo): DeviceInfo {
  const { deviceId, groupId, kind, label } = device;
  if (kind === "audioinput") return new MicrophoneDeviceInfo(deviceId, groupId, kind, label);
  if (kind === "audiooutput") return new PlaybackDeviceInfo(deviceId, groupId, kind, label);
  // W3C Media Capture and Streams, 9.3: only input devices have capabilities, and not in every browser.
  const { facingMode = [] } = "getCapabilities" in device ? (device as InputDeviceInfo).getCapabilities() : {};
  const away = facingMode.includes("environment") ? "environment" : undefined;
  return new CameraDeviceInfo(deviceId, groupId, kind, label, away);
}
