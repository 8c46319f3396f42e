// Presets: what the browser is told to send at most. That it does send so much is measured by hand.
import { VideoSDK } from "@klatch/sdk";
import { check, equal, given, rejects, run, until } from "./page.js";

const sendersOf = (track: MediaStreamTrack | undefined): RTCRtpSender[] =>
  ((globalThis as { __connections?: RTCPeerConnection[] }).__connections ?? [])
    .flatMap((pc) => pc.getSenders())
    .filter((sender) => track && sender.track === track);

const rates = (track: MediaStreamTrack | undefined): (number | undefined)[] =>
  sendersOf(track).flatMap((sender) => sender.getParameters().encodings.map(({ maxBitrate }) => maxBitrate));

run(async () => {
  VideoSDK.config(given.token);
  const ann = VideoSDK.initMeeting({ meetingId: given.meetingId, signalingBaseUrl: given.server });
  await ann.join();
  const sends = async (what: string, stream: MediaStream, want: number[]): Promise<void> => {
    const [track] = stream.getTracks();
    for (const end = Date.now() + 5_000; Date.now() < end && JSON.stringify(rates(track)) !== JSON.stringify(want);)
      await new Promise((wake) => setTimeout(wake, 50));
    equal(`${what}: rates`, rates(track), want);
  };

  if (given.browser === "firefox") {
    const voice = await VideoSDK.createMicrophoneAudioTrack({ encoderConfig: "speech_low_quality" });
    await ann.unmuteMic(voice);
    await sends("speech_low_quality", voice, [16_000]);
    await ann.muteMic();
    const music = await VideoSDK.createMicrophoneAudioTrack({
      encoderConfig: "high_quality_stereo",
      noiseConfig: { noiseSuppression: false, echoCancellation: false, autoGainControl: false },
    });
    await ann.unmuteMic(music);
    await sends("high_quality_stereo", music, [192_000]);

    const single = { multiStream: false, optimizationMode: "motion", facingMode: "user" } as const;
    const small = await VideoSDK.createCameraVideoTrack({
      ...single,
      encoderConfig: "h480p_w640p",
      bitrateMode: "bandwidth_optimized",
    });
    await ann.enableWebcam(small);
    await sends("h480p_w640p", small, [300_000]);
    await ann.disableWebcam();
  }
  if (given.browser === "chromium") {
    const large = await VideoSDK.createCameraVideoTrack({
      encoderConfig: "h720p_w1280p",
      bitrateMode: "high_quality",
      multiStream: true,
      maxLayer: 3,
      codec: "VP8",
    });
    const { width, height, frameRate } = (large.getVideoTracks()[0] as MediaStreamTrack).getSettings();
    equal("the size of h720p_w1280p", [width, height], [1280, 720]);
    check("its frame rate", Number(frameRate) <= 30);
    await ann.enableWebcam(large);
    await sends("h720p_w1280p", large, [250_000, 600_000, 2_000_000]);
    await ann.disableWebcam();
    const share = await VideoSDK.createScreenShareVideoTrack({
      encoderConfig: "h720p_5fps",
      optimizationMode: "text",
      withAudio: "disable",
      multiStream: false,
    });
    const screen = (share.getVideoTracks()[0] as MediaStreamTrack).getSettings();
    check(`the frame rate of h720p_5fps ${screen.frameRate}`, Number(screen.frameRate) <= 5);
    await ann.enableScreenShare(share);
    const own = await until("the own share", () =>
      [...ann.localParticipant.streams.values()].find(({ kind }) => kind === "share"),
    );
    const shown = own?.displaySurface;
    check(`displaySurface ${shown}`, ["monitor", "window", "browser"].includes(String(shown)));
    // As published: of the shares of local and remote participants.
    const bob = VideoSDK.initMeeting({ meetingId: given.meetingId, signalingBaseUrl: given.server });
    await bob.join();
    const seen = () =>
      [...(bob.participants.get(ann.localParticipant.id)?.streams.values() ?? [])].find(({ kind }) => kind === "share");
    const other = await until("the share of somebody else", seen);
    equal("its displaySurface", other.displaySurface, shown);
    await ann.disableScreenShare();
    await until("the end of the share", () => !seen());
    await ann.enableScreenShare();
    equal("after another share", (await until("another share", seen)).displaySurface, shown);
    await bob.leave();
  }
  for (const encoderConfig of ["h721p", "h720p_15fps"])
    await rejects(
      "another preset",
      () => VideoSDK.createCameraVideoTrack({ encoderConfig: encoderConfig as "h90p_w160p" }),
      {
        code: 3071,
        reason: "NOT_ALLOWED",
      },
    );
  await ann.leave();
});
