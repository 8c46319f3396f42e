import { checkProtocol } from "./protocols.js";
import * as capture from "./tracks.js";
import { checkPermissions, devicesOf, DeviceWatch, getDevices, requestPermission } from "./devices.js";
import type { Unsubscribe } from "./emitter.js";
import { asJSON } from "./argument.js";
import { faults, VideoSDKError } from "./fault.js";
import { Meeting } from "./meeting.js";
import type {
  CameraTrackOptions,
  DeviceInfo,
  MeetingOptions,
  MicrophoneTrackOptions,
  PermissionKind,
  ScreenShareTrackOptions,
  ServerOptions,
} from "./types.js";

const watch = new DeviceWatch();

let token = "";
let server: string | undefined;
let defaultServer: string | undefined;

/** @internal Sets the server of meetings for which an app names none, instead of the page's origin. */
export function setDefaultServer(url: string | undefined): void {
  defaultServer = url;
}

/** The entry: a token, then a meeting. */
export class VideoSDK {
  /** Sets the token, and the server, of meetings made from now on. */
  static config(newToken: string, options: ServerOptions = {}): void {
    requireType("config", "token", newToken, "string");
    token = newToken;
    server = options.serverUrl;
  }

  /** Makes a meeting; nothing goes over the wire until join(). Throws 3073 for an option of a wrong type. */
  static initMeeting(options: MeetingOptions): Meeting {
    const method = "initMeeting";
    requireType(method, "options", options, "object");
    requireType(method, "meetingId", options.meetingId, "string");
    for (const key of ["participantId", "name", "mode", "serverUrl", "signalingBaseUrl"] as const) {
      if (options[key] !== undefined) requireType(method, key, options[key], "string");
    }
    for (const key of ["micEnabled", "webcamEnabled", "autoConsume", "multiStream"] as const) {
      // the text "false" would switch it on
      if (options[key] !== undefined) requireType(method, key, options[key], "boolean");
    }
    checkProtocol(method, options.preferredProtocol);
    capture.checkLayers(options, method);
    if (options.metaData !== undefined) {
      requireType(method, "metaData", options.metaData, "object");
      asJSON(method, "metaData", options.metaData);
    }
    const proxy = options.signalingBaseUrl;
    const serverUrl =
      options.serverUrl ?? (proxy && (proxy.includes("://") ? proxy : `${location.protocol}//${proxy}`)) ?? server;
    return new Meeting({ token, serverUrl: serverUrl ?? defaultServer ?? location.origin, options });
  }

  static createCameraVideoTrack(options?: CameraTrackOptions): Promise<MediaStream> {
    return capture.createCameraVideoTrack(options);
  }

  static createMicrophoneAudioTrack(options?: MicrophoneTrackOptions): Promise<MediaStream> {
    return capture.createMicrophoneAudioTrack(options);
  }

  static createScreenShareVideoTrack(options?: ScreenShareTrackOptions): Promise<MediaStream> {
    return capture.createScreenShareVideoTrack(options);
  }

  /** Cameras, microphones and loudspeakers. */
  static getDevices(): Promise<DeviceInfo[]> {
    return getDevices();
  }

  static getCameras(): Promise<DeviceInfo[]> {
    return devicesOf("videoinput");
  }

  static getMicrophones(): Promise<DeviceInfo[]> {
    return devicesOf("audioinput");
  }

  static getPlaybackDevices(): Promise<DeviceInfo[]> {
    return devicesOf("audiooutput");
  }

  /** Fires with the new list when a device comes or goes. */
  static on(event: "device-changed", listener: (devices: readonly DeviceInfo[]) => void): Unsubscribe {
    return watch.on(event, listener);
  }

  static off(event: "device-changed", listener?: (devices: readonly DeviceInfo[]) => void): void {
    watch.off(event, listener);
  }

  /** Whether the page may use them now, without asking: keys "audio" and "video". */
  static checkPermissions(kind: PermissionKind = "audio_video"): Promise<Map<string, boolean>> {
    return checkPermissions(kind);
  }

  /** Asks the user. A refusal is `false`; no device, a busy one or a policy rejects with its fault. */
  static requestPermission(kind: PermissionKind = "audio_video"): Promise<Map<string, boolean>> {
    return requestPermission(kind);
  }
}

function requireType(method: string, parameter: string, value: unknown, want: "string" | "object" | "boolean"): void {
  if (value === undefined || value === null)
    throw new VideoSDKError(faults.invalidParameterMissing({ method, parameter }));
  const got = Array.isArray(value) ? "array" : typeof value;
  if (got !== want) throw new VideoSDKError(faults.invalidParameterWrongType({ method, parameter, got, want }));
}
