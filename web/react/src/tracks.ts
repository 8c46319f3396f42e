import { VideoSDK } from "@klatch/sdk";

// Functions of the published React package that are static methods of `VideoSDK`.

export const createCameraVideoTrack: typeof VideoSDK.createCameraVideoTrack = (options) =>
  VideoSDK.createCameraVideoTrack(options);

export const createMicrophoneAudioTrack: typeof VideoSDK.createMicrophoneAudioTrack = (options) =>
  VideoSDK.createMicrophoneAudioTrack(options);

export const createScreenShareVideoTrack: typeof VideoSDK.createScreenShareVideoTrack = (options) =>
  VideoSDK.createScreenShareVideoTrack(options);
