import { readAddress } from "./address.js";
import { faults, VideoSDKError } from "./fault.js";
import { build } from "./faults.gen.js";
import { setLocal } from "./feedback.js";
import { log } from "./log.js";
import { Observer } from "./observer.js";
import { checkOptions, requireArgument, requireToken } from "./options.js";
import { PreCallTestError } from "./precallresult.js";
import { relaysFor, withProtocol } from "./protocols.js";
import { newConnection } from "./relays.js";
import { Signal } from "./signal.js";
import { checkCameraOptions, checkMicrophoneOptions, encodingOf, trackOf } from "./tracks.js";
import { createCameraVideoTrack, createMicrophoneAudioTrack } from "./tracks.js";
import { VERSION } from "./version.js";

/**
 * @internal What of the SDK a test uses. The test itself is a module of its own (precallrun.ts), which is loaded when
 * one is run: few pages do. This is handed to it.
 */
export const kit = {
  Signal,
  Observer,
  VideoSDKError,
  PreCallTestError,
  faults,
  build,
  readAddress,
  withProtocol,
  relaysFor,
  newConnection,
  setLocal,
  createCameraVideoTrack,
  createMicrophoneAudioTrack,
  encodingOf,
  trackOf,
  checkOptions,
  checkCameraOptions,
  checkMicrophoneOptions,
  requireArgument,
  requireToken,
  log,
  version: VERSION,
} as const;

/** @internal */
export type PreCallKit = typeof kit;
