import { type DeviceInfo, VideoSDK } from "@klatch/sdk";
import { useEffect, useInsertionEffect, useRef } from "react";

export interface MediaDeviceCallbacks {
  /** Gets the new list when a device comes or goes. */
  onDeviceChanged?: ((devices: Promise<DeviceInfo[]>) => void) | undefined;
}

const methods = {
  getDevices: () => VideoSDK.getDevices(),
  getCameras: () => VideoSDK.getCameras(),
  getMicrophones: () => VideoSDK.getMicrophones(),
  getPlaybackDevices: () => VideoSDK.getPlaybackDevices(),
  checkPermissions: (kind?: PermissionName) => VideoSDK.checkPermissions(kind),
  requestPermission: (kind?: PermissionName) => VideoSDK.requestPermission(kind),
};

type PermissionName = "audio" | "video" | "audio_video";

/** Returns the calls about devices and permissions, of constant identity. It needs no provider above. */
export function useMediaDevice({ onDeviceChanged }: MediaDeviceCallbacks = {}): typeof methods {
  const newest = useRef(onDeviceChanged);
  useInsertionEffect(() => {
    newest.current = onDeviceChanged;
  });
  useEffect(
    () =>
      VideoSDK.on("device-changed", (devices: readonly DeviceInfo[]) =>
        newest.current?.(Promise.resolve([...devices])),
      ),
    [],
  );
  return methods;
}
