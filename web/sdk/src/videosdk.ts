import type { Unsubscribe } from "./emitter.js";
import type { Meeting } from "./meeting.js";
import type {
  CameraTrackOptions, DeviceInfo, MeetingOptions, MicrophoneTrackOptions, PermissionKind, ScreenShareTrackOptions, ServerOptions,
} from "./types.js";
export declare class VideoSDK {
  /** Sets the token for meetings made after it. */
  static config(token: string, options?: ServerOptions): void;
  /** Makes a meeting; nothing goes over the wire until join(). Throws VideoSDKError for a bad option. */
  static initMeeting(options: MeetingOptions): Meeting;
  static createCameraVideoTrack(options?: CameraTrackOptions): Promise<MediaStream>;
  static createMicrophoneAudioTrack(options?: MicrophoneTrackOptions): Promise<MediaStream>;
  static createScreenShareVideoTrack(options?: ScreenShareTrackOptions): Promise<MediaStream>;
  static getDevices(): Promise<DeviceInfo[]>;
  static getCameras(): Promise<DeviceInfo[]>;
  static getMicrophones(): Promise<DeviceInfo[]>;
  static getPlaybackDevices(): Promise<DeviceInfo[]>;
  static on(event: "device-changed", listener: (devices: readonly DeviceInfo[]) => void): Unsubscribe;
  static off(event: "device-changed", listener?: (devices: readonly DeviceInfo[]) => void): void;
  /** Whether the page may use them now, without asking: keys "audio", "video". */
  static checkPermissions(kind?: PermissionKind): Promise<Map<string, boolean>>;
  /** Asks the user. Rejects with the fault where the browser refuses for another cause than the user's answer. */
  static requestPermission(kind?: PermissionKind): Promise<Map<string, boolean>>;
}
