// Every option of the calls that create a track changes something that can be seen: what the SDK asks the browser for,
// what the track is marked as, or how it is sent. Each track is made and sent twice, without the option and with it.

import {
  type CameraTrackOptions,
  type MicrophoneTrackOptions,
  type ScreenShareTrackOptions,
  VideoSDK,
} from "@klatch/sdk";
import { check, given, run, until } from "./page.js";

/** What was asked of the browser since the last track. */
let log: unknown[] = [];

function record(): void {
  const devices = navigator.mediaDevices;
  const [open, display] = [
    devices.getUserMedia.bind(devices),
    devices.getDisplayMedia.bind(devices),
  ];
  devices.getUserMedia = (constraints) => {
    log.push(constraints);
    return open(constraints);
  };
  devices.getDisplayMedia = (constraints) => {
    log.push(constraints);
    return display(constraints);
  };
  const { addTransceiver } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.addTransceiver = function (media, init) {
    log.push(init?.sendEncodings);
    return addTransceiver.call(this, media, init);
  };
  const { setCodecPreferences } = RTCRtpTransceiver.prototype;
  RTCRtpTransceiver.prototype.setCodecPreferences = function (codecs) {
    log.push(codecs[0]?.mimeType);
    setCodecPreferences.call(this, codecs);
  };
}

type Cases<Options> = {
  readonly [Name in keyof Required<Options>]: readonly [
    value: unknown,
    beside?: Options,
  ];
};

const camera: Cases<CameraTrackOptions> = {
  cameraId: ["the first camera"],
  facingMode: ["environment"],
  encoderConfig: ["h360p_w640p"],
  optimizationMode: ["detail"],
  bitrateMode: ["high_quality"],
  codec: ["VP9"],
  multiStream: [false],
  maxLayer: [2, { multiStream: true }],
};
const noise: Cases<NonNullable<MicrophoneTrackOptions["noiseConfig"]>> = {
  noiseSuppression: [false],
  noiseSuppresion: [false],
  echoCancellation: [false],
  autoGainControl: [false],
};
const microphone: Cases<Omit<MicrophoneTrackOptions, "noiseConfig">> = {
  microphoneId: ["the first microphone"],
  encoderConfig: ["high_quality_stereo"],
};
const share: Cases<ScreenShareTrackOptions> = {
  encoderConfig: ["h720p_5fps"],
  optimizationMode: ["motion"],
  withAudio: ["disable"],
  codec: ["VP9"],
  multiStream: [false],
};

run(async () => {
  record();
  VideoSDK.config(given.token);
  const seen = async (
    make: () => Promise<MediaStream>,
    send: "unmuteMic" | "enableWebcam" | "enableScreenShare",
  ) => {
    const meeting = VideoSDK.initMeeting({
      meetingId: given.meetingId,
      signalingBaseUrl: given.server,
    });
    await meeting.join();
    log = [];
    const stream = await make();
    await meeting[send](stream);
    const tracks = stream.getTracks();
    const kind = send === "unmuteMic" ? "audio" : "video";
    const sent = (): RTCRtpSender | undefined =>
      (
        (globalThis as { __connections?: RTCPeerConnection[] }).__connections ??
        []
      )
        .flatMap((pc) => pc.getSenders())
        .find(
          ({ track }) => track?.kind === kind && track?.readyState === "live",
        );
    const rates = (): (number | undefined)[] | undefined =>
      sent()
        ?.getParameters()
        .encodings.map(({ maxBitrate }) => maxBitrate);
    await until("the track is sent at its rate", () =>
      rates()?.every((rate) => rate !== undefined),
    );
    const all = JSON.stringify([
      log,
      rates(),
      tracks.map(({ contentHint }) => contentHint),
    ]);
    for (const track of tracks) track.stop();
    await meeting.leave();
    return all;
  };
  const walk = async (
    cases: Readonly<Record<string, readonly [unknown, object?]>>,
    make: (options: object) => Promise<MediaStream>,
    send: "unmuteMic" | "enableWebcam" | "enableScreenShare",
  ): Promise<void> => {
    for (const [name, [value, beside]] of Object.entries(cases)) {
      const without = await seen(() => make({ ...beside }), send);
      const having = await seen(() => make({ ...beside, [name]: value }), send);
      check(`${name} is taken and ignored: ${without}`, without !== having);
    }
  };
  await VideoSDK.requestPermission(); // devices have no ids before
  const devices = await VideoSDK.getDevices();
  const idOf = (kind: string): string =>
    devices.find((one) => one.kind === kind)?.deviceId ?? "";
  await walk(
    { ...camera, cameraId: [idOf("videoinput")] },
    (options) => VideoSDK.createCameraVideoTrack(options),
    "enableWebcam",
  );
  await walk(
    { ...microphone, microphoneId: [idOf("audioinput")] },
    (options) => VideoSDK.createMicrophoneAudioTrack(options),
    "unmuteMic",
  );
  await walk(
    noise as Readonly<Record<string, readonly [unknown, object?]>>,
    (noiseConfig) => VideoSDK.createMicrophoneAudioTrack({ noiseConfig }),
    "unmuteMic",
  );
  if (given.browser === "chromium")
    await walk(
      share,
      (options) => VideoSDK.createScreenShareVideoTrack(options),
      "enableScreenShare",
    );
});
