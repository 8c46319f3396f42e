import type { Store } from "../state/store";

type Facing = "user" | "environment";

/** Reports whether a camera looks at others: its picture is not shown as in a mirror. */
export function facesAway(track: MediaStreamTrack | undefined): boolean {
  return track?.getSettings().facingMode === "environment";
}

/** Reports whether a device has cameras on its front and back, rather than beside each other: a phone, a tablet. */
function isHandheld(track: MediaStreamTrack): boolean {
  return track.getSettings().facingMode !== undefined || matchMedia("(pointer: coarse)").matches;
}

/**
 * Returns the id of the camera on the other side of the device: where the browser does not tell which that is, the next
 * one. undefined: there is no other one.
 */
export function otherCamera(cameras: readonly MediaDeviceInfo[], open: MediaTrackSettings): string | undefined {
  const facing = (d: MediaDeviceInfo): readonly string[] =>
    "getCapabilities" in d ? ((d as InputDeviceInfo).getCapabilities().facingMode ?? []) : [];
  const wanted: Facing = open.facingMode === "environment" ? "user" : "environment";
  const at = cameras.findIndex((d) => d.deviceId === open.deviceId);
  const others = [...cameras.slice(at + 1), ...cameras.slice(0, Math.max(at, 0))];
  return (others.find((d) => facing(d).includes(wanted)) ?? others[0])?.deviceId;
}

/** Reports whether there is a camera on the other side of this device. */
export function canFlip(store: Store): boolean {
  const track = store.cameraTrack();
  const cameras = (store.devices.list.value ?? []).filter((d) => d.kind === "videoinput");
  return track !== undefined && cameras.length > 1 && isHandheld(track);
}

/** Goes on with the camera on the other side of the device. */
export async function flipCamera(store: Store): Promise<void> {
  const open = store.cameraTrack();
  const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((d) => d.kind === "videoinput");
  const id = open && otherCamera(cameras, open.getSettings());
  if (id !== undefined) await store.chooseDevice("videoinput", id);
}
