import { captureDevice, captureDisplay } from "./capture.js";
import { type FaultContext, faults, VideoSDKError } from "./fault.js";
import { bitrateModes, presets, SHARE_AUDIO_BPS } from "./presets.js";
import { type Encoding, type LayerOptions } from "./layers.js";
import { VideoCodec } from "./constants.js";
import { type Call, checkOptions, isAbsent, type Rule, type Rules } from "./options.js";
import type {
  CameraTrackOptions,
  CustomTrack,
  MicrophoneTrackOptions,
  ScreenShareTrackOptions,
  StreamKind,
} from "./types.js";

const hints: Rule = ["motion", "text", "detail"];

const cameraOptions: Rules<CameraTrackOptions> = {
  cameraId: "string",
  facingMode: ["user", "front", "environment"],
  encoderConfig: Object.keys(presets.camera),
  optimizationMode: hints,
  bitrateMode: bitrateModes,
  codec: Object.values(VideoCodec),
  multiStream: "boolean",
  maxLayer: [2, 3],
};

const microphoneOptions: Rules<MicrophoneTrackOptions> = {
  microphoneId: "string",
  encoderConfig: Object.keys(presets.audio),
  noiseConfig: {
    fields: {
      noiseSuppression: "boolean",
      noiseSuppresion: "boolean",
      echoCancellation: "boolean",
      autoGainControl: "boolean",
    },
  },
};

/** Checks options of a camera that another call was given. */
export const checkCameraOptions = (call: Call, options: unknown, prefix: string): void => {
  checkOptions<CameraTrackOptions>(call, "videoConfig", options, cameraOptions, prefix);
  checkLayers((options ?? {}) as CameraTrackOptions, call.method);
};

/** Checks options of a microphone that another call was given. */
export const checkMicrophoneOptions = (call: Call, options: unknown, prefix: string): void =>
  checkOptions<MicrophoneTrackOptions>(call, "audioConfig", options, microphoneOptions, prefix);

const shareOptions: Rules<ScreenShareTrackOptions> = {
  encoderConfig: Object.keys(presets.share),
  optimizationMode: hints,
  withAudio: ["enable", "disable"],
  codec: Object.values(VideoCodec),
  multiStream: "boolean",
};

// How a track of ours wants to be sent: its preset's rate. Tracks of others are sent with the default preset's.
const encodings = new WeakMap<MediaStreamTrack, Encoding>();

const defaults: Readonly<Record<StreamKind, Encoding>> = {
  audio: { maxBitrateBps: 24_000 },
  video: { maxBitrateBps: 1_500_000, degradation: "balanced" },
  share: { maxBitrateBps: 1_000_000, degradation: "maintain-resolution" },
  shareAudio: { maxBitrateBps: SHARE_AUDIO_BPS },
};

export function encodingOf(track: MediaStreamTrack, kind: StreamKind): Encoding {
  return encodings.get(track) ?? defaults[kind];
}

/** Opens the camera. Default 1280x720 at 30 frames a second, or what the camera has nearest to it. */
export async function createCameraVideoTrack(
  given?: CameraTrackOptions | null,
  at: FaultContext = {},
): Promise<MediaStream> {
  const options = given ?? {};
  checkOptions<CameraTrackOptions>({ method: "createCameraVideoTrack", at }, "options", options, cameraOptions);
  const method = "createCameraVideoTrack";
  const { width, height, frameRate, kbps } = choose(
    presets.camera,
    options.encoderConfig ?? "h720p_w1280p",
    method,
    at,
  );
  const layers = checkLayers(options, method, at);
  const mode = bitrateModes.indexOf(options.bitrateMode ?? "balanced");
  const stream = await captureDevice(
    "camera",
    {
      width: { ideal: width },
      height: { ideal: height },
      frameRate: { ideal: frameRate },
      ...(options.cameraId ? { deviceId: { exact: options.cameraId } } : {}),
      ...(options.facingMode
        ? { facingMode: { ideal: options.facingMode === "environment" ? "environment" : "user" } }
        : {}),
    },
    at,
  );
  const hint = options.optimizationMode ?? "motion";
  return prepare(stream, "video", hint, {
    maxBitrateBps: (kbps[mode] ?? kbps[1]) * 1000,
    degradation: hint === "motion" ? "balanced" : "maintain-resolution",
    ...(mode >= 0 && { mode }),
    ...layers,
  });
}

/** Opens the microphone, with echo cancellation and noise suppression for speech. */
export async function createMicrophoneAudioTrack(
  given?: MicrophoneTrackOptions | null,
  at: FaultContext = {},
): Promise<MediaStream> {
  const options = given ?? {};
  checkOptions<MicrophoneTrackOptions>(
    { method: "createMicrophoneAudioTrack", at },
    "options",
    options,
    microphoneOptions,
  );
  const { kbps, channels, speech } = choose(
    presets.audio,
    options.encoderConfig ?? "speech_standard",
    "createMicrophoneAudioTrack",
    at,
  );
  const { noiseSuppresion, echoCancellation, autoGainControl } = options.noiseConfig ?? {};
  const noiseSuppression = options.noiseConfig?.noiseSuppression ?? noiseSuppresion;
  const stream = await captureDevice(
    "microphone",
    {
      noiseSuppression: noiseSuppression ?? speech,
      echoCancellation: echoCancellation ?? speech,
      autoGainControl: autoGainControl ?? speech,
      channelCount: { ideal: channels },
      ...(options.microphoneId ? { deviceId: { exact: options.microphoneId } } : {}),
    },
    at,
  );
  return prepare(stream, "audio", speech ? "speech" : "music", { maxBitrateBps: kbps * 1000 });
}

/** Asks for a screen, window or tab, with its sound where the browser can. */
export async function createScreenShareVideoTrack(
  given?: ScreenShareTrackOptions | null,
  at: FaultContext = {},
): Promise<MediaStream> {
  const options = given ?? {};
  checkOptions<ScreenShareTrackOptions>(
    { method: "createScreenShareVideoTrack", at },
    "options",
    options,
    shareOptions,
  );
  const method = "createScreenShareVideoTrack";
  const { width, height, frameRate, kbps } = choose(presets.share, options.encoderConfig ?? "h720p_15fps", method, at);
  const layers = checkLayers(options, method, at);
  const stream = await captureDisplay(
    {
      video: { width: { max: width }, height: { max: height }, frameRate: { max: frameRate } },
      // The voices of the meeting come out of this page: they must not go back in with the sound of the screen.
      audio:
        options.withAudio === "disable"
          ? false
          : { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    },
    at,
  );
  const hint = options.optimizationMode ?? "text";
  prepare(stream, "audio", "music", { maxBitrateBps: SHARE_AUDIO_BPS });
  return prepare(stream, "video", hint, {
    maxBitrateBps: kbps * 1000,
    ...layers,
    degradation: hint === "motion" ? "balanced" : "maintain-resolution",
  });
}

function prepare(stream: MediaStream, kind: "audio" | "video", hint: string, encoding: Encoding): MediaStream {
  for (const track of stream.getTracks().filter((one) => one.kind === kind)) {
    track.contentHint = hint;
    encodings.set(track, encoding);
  }
  return stream;
}

function choose<P extends object>(
  table: P,
  name: keyof P & string,
  method: string,
  at: FaultContext,
): P[keyof P & string] {
  if (Object.hasOwn(table, name)) return table[name];
  const wrong = { method, parameter: "encoderConfig", got: String(name), allowed: Object.keys(table) };
  throw new VideoSDKError(faults.invalidCustomTrackConfigNotAllowed(wrong, at));
}

const codecs: readonly VideoCodec[] = Object.values(VideoCodec);

/** What options say of codec and layers. Throws 3071 of a track's options, 3073 of others, for what does not exist. */
export function checkLayers(
  { codec, multiStream, maxLayer }: LayerOptions & { readonly codec?: VideoCodec },
  method: string,
  at?: FaultContext,
): Pick<Encoding, "codec" | "multiStream" | "maxLayer"> {
  const track = method.startsWith("create");
  const notAllowed = track ? faults.invalidCustomTrackConfigNotAllowed : faults.invalidParameterNotAllowed;
  const refuse = (parameter: string, got: unknown, allowed: readonly string[]): never => {
    throw new VideoSDKError(notAllowed({ method, parameter, got: String(got), allowed: [...allowed] }, at));
  };
  if (!isAbsent(codec) && !codecs.includes(codec)) refuse("codec", codec, codecs);
  if (!isAbsent(multiStream) && typeof multiStream !== "boolean") refuse("multiStream", multiStream, ["true", "false"]);
  if (!isAbsent(maxLayer) && maxLayer !== 2 && maxLayer !== 3) refuse("maxLayer", maxLayer, ["2", "3"]);
  if (!isAbsent(maxLayer) && multiStream === false) {
    const conflict = { method, parameter: "maxLayer", other: "multiStream: false" };
    throw new VideoSDKError(
      track ? faults.invalidCustomTrackConfigConflict(conflict, at) : faults.invalidParameterConflict(conflict, at),
    );
  }
  return {
    ...(!isAbsent(codec) && { codec }),
    ...(!isAbsent(multiStream) && { multiStream }),
    ...(!isAbsent(maxLayer) && { maxLayer }),
  };
}

const unusable = {
  audio: { none: faults.invalidCustomAudioTrackNoTrack, ended: faults.customAudioTrackEndedTrackNotLive },
  video: { none: faults.invalidCustomVideoTrackNoTrack, ended: faults.customVideoTrackEndedTrackNotLive },
  share: { none: faults.invalidParameterTrackNotLive, ended: faults.invalidParameterTrackNotLive },
} as const;

/**
 * The track inside a custom track. Throws 3029 to 3032 where it has none of the kind, or none that is live, and 3073
 * for a share, which has no code of its own.
 */
export function trackOf(
  custom: CustomTrack,
  use: "audio" | "video" | "share",
  method: string,
  at: FaultContext,
): MediaStreamTrack {
  const kind = use === "audio" ? "audio" : "video";
  const tracks = custom instanceof MediaStream ? custom.getTracks() : [custom];
  const track = tracks.find((one) => one instanceof MediaStreamTrack && one.kind === kind && one.readyState === "live");
  if (track) return track;
  const got = tracks
    .map((one) => (one instanceof MediaStreamTrack ? `${one.readyState} ${one.kind}` : typeof one))
    .join(", ");
  const ended = tracks.some((one) => one instanceof MediaStreamTrack && one.kind === kind);
  const make = unusable[use][ended ? "ended" : "none"];
  throw new VideoSDKError(make({ method, kind, got: got || "an empty stream" }, at));
}
