import type { VideoSDKError } from "@klatch/sdk";
import type { JSX } from "preact";
import type { Background, Prefs } from "./prefs";

/** Whose camera and microphone are changed. */
export interface EffectsOwner {
  readonly prefs: Prefs;
  setBackground(background: Background): Promise<void>;
  setNoise(on: boolean): Promise<void>;
  backgroundFailed(fault: VideoSDKError): Promise<void>;
}

/** Background and noise, once they are loaded. */
export interface Effects {
  /** Returns a camera with the background that is wanted. Rejects with a fault. */
  withBackground(owner: EffectsOwner, camera: MediaStream): Promise<MediaStream>;
  /** Returns a microphone without noise. Rejects with a fault. */
  withoutNoise(microphone: MediaStream): Promise<MediaStream>;
  /** Returns the track of the device that a track stands for. */
  deviceOf(track: MediaStreamTrack): MediaStreamTrack;
  EffectsSettings(): JSX.Element;
}
