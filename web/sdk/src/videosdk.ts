import * as capture from "./tracks.js";
import { Constants, LogLevel, type LogLevel as Level } from "./constants.js";
import type { CameraDeviceInfo, DeviceInfo, MicrophoneDeviceInfo, PlaybackDeviceInfo } from "./deviceinfo.js";
import {
  checkPermissions,
  type DeviceEvents,
  devicesOf,
  DeviceWatch,
  getDevices,
  requestPermission,
} from "./devices.js";
import type { AnyListener, Unsubscribe } from "./emitter.js";
import type { ExternalE2EEKeyProvider } from "./e2ee.js";
import { setLogLevel } from "./log.js";
import { Meeting } from "./meeting.js";
import { readMeetingOptions } from "./meetingoptions.js";
import { checkArgument, checkOptions, requireToken } from "./options.js";
import { runPreCallTest } from "./precall.js";
import type { PreCallTest, PreCallTestOptions } from "./precallresult.js";
import { getNetworkStats, type NetworkStats, type NetworkStatsOptions } from "./throughput.js";
import type {
  CameraTrackOptions,
  MeetingOptions,
  MicrophoneTrackOptions,
  ScreenShareTrackOptions,
  ServerOptions,
} from "./types.js";
import { notOffered } from "./unoffered.js";

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
  /** The maps of constants: error codes, states, modes and so on. */
  static readonly Constants = Constants;

  /** Sets the token, and the server, of meetings made from now on. */
  static config(newToken: string, options?: ServerOptions): void {
    const call = { method: "config" };
    if (newToken !== "") requireToken(call, newToken); // join() of the meeting refuses an empty one, with its event
    checkOptions<ServerOptions>(call, "options", options, { serverUrl: "string" });
    token = newToken;
    server = options?.serverUrl;
  }

  /**
   * Makes a meeting, with the id of its local participant; nothing goes over the wire until join(). Throws 3067 for a
   * mode that does not exist, 3073 for an option that it does not know or of a wrong type, 3105 for what Klatch does
   * not offer.
   */
  static initMeeting(options: MeetingOptions): Meeting {
    const read = readMeetingOptions(options);
    const proxy = read.signalingBaseUrl;
    const serverUrl =
      read.serverUrl ?? (proxy && (proxy.includes("://") ? proxy : `${location.protocol}//${proxy}`)) ?? server;
    return new Meeting({ token, serverUrl: serverUrl ?? defaultServer ?? location.origin, options: read });
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

  static getCameras(): Promise<CameraDeviceInfo[]> {
    return devicesOf("videoinput");
  }

  static getMicrophones(): Promise<MicrophoneDeviceInfo[]> {
    return devicesOf("audioinput");
  }

  static getPlaybackDevices(): Promise<PlaybackDeviceInfo[]> {
    return devicesOf("audiooutput");
  }

  /** Fires with the new list when a device comes or goes. */
  static on(event: "device-changed", listener: (...change: DeviceEvents["device-changed"]) => void): Unsubscribe;
  static on(event: "device-changed", listener: AnyListener): Unsubscribe;
  static on(event: "device-changed", listener: AnyListener): Unsubscribe {
    return watch.on(event, listener);
  }

  static off(event: "device-changed", listener?: AnyListener): void {
    watch.off(event, listener);
  }

  /** Whether the page may use them now, without asking: keys "audio" and "video". Default both. */
  static checkPermissions(permissions?: string | null): Promise<Map<string, boolean>> {
    return checkPermissions(permissions);
  }

  /** Asks the user. A refusal is `false`; no device, a busy one or a policy rejects with its fault. Default both. */
  static requestPermission(permissions?: string | null): Promise<Map<string, boolean>> {
    return requestPermission(permissions);
  }

  /**
   * Sets how much the SDK writes to the console. Default INFO. Until it is called nothing is written but the fault
   * behind a text of `getNetworkStats`.
   */
  static setLogLevel(logLevel?: Level | null): void {
    checkArgument({ method: "setLogLevel" }, "logLevel", logLevel, Object.values(LogLevel));
    setLogLevel(logLevel ?? "INFO");
  }

  /** Throws 3105: Klatch does not offer end-to-end encryption. */
  static setKeyProvider(_keyProvider: ExternalE2EEKeyProvider): void {
    throw notOffered("setKeyProvider", "end-to-end encryption");
  }

  /**
   * Checks devices and network before a meeting, against the server: docs/precall.md. Call `stop()` of what it returns
   * to end the test before its time; joining a meeting does so too. Rejects with a PreCallTestError.
   */
  static runPreCallTest(options: PreCallTestOptions): PreCallTest {
    return runPreCallTest(options, server ?? defaultServer ?? location.origin);
  }

  /**
   * Measures what the network to the server carries, in megabytes per second; it takes some seconds, and no token.
   * Rejects with the published texts where there is no network and after `timeoutDuration`, else with a fault:
   * docs/precall.md.
   */
  static getNetworkStats(options?: NetworkStatsOptions): Promise<NetworkStats> {
    return getNetworkStats(options, server ?? defaultServer ?? location.origin);
  }
}
