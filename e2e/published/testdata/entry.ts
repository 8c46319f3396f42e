import { check, equal, given, next, rejects, run, shows, until } from "./page.js";
import { Constants, VideoSDK, type Meeting, type Stream } from "@klatch/sdk";

const init = (options: object): Meeting =>
  VideoSDK.initMeeting({ meetingId: given.meetingId, signalingBaseUrl: given.server, ...options } as never);

/** A microphone that gives zeros, until it is turned up. */
function deadMicrophone(): { track: MediaStreamTrack; turnUp(): void } {
  const context = new AudioContext();
  const gain = context.createGain();
  gain.gain.value = 0;
  const tone = context.createOscillator();
  const to = context.createMediaStreamDestination();
  tone.connect(gain).connect(to);
  tone.start();
  return { track: to.stream.getAudioTracks()[0]!, turnUp: () => void (gain.gain.value = 0.5) };
}

/** This page takes no VP9: what it is offered under that name it does not know. */
const setRemote = RTCPeerConnection.prototype.setRemoteDescription;
RTCPeerConnection.prototype.setRemoteDescription = function (description: RTCSessionDescriptionInit) {
  const sdp = description.type === "offer" ? description.sdp?.replaceAll(" VP9/90000", " XVP9/90000") : description.sdp;
  return setRemote.call(this, { type: description.type, sdp: sdp ?? "" });
};

run(async () => {
  const asked: MediaStreamConstraints[] = [];
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (constraints) => {
    asked.push(constraints ?? {});
    return open(constraints);
  };

  VideoSDK.config(given.tess!);
  equal("the id of the token", init({}).localParticipant.id, "tess");
  VideoSDK.config(given.token);

  const { modes, recordingEvents, hlsEvents } = VideoSDK.Constants;
  const bob = init({ name: "Bob", mode: modes.CONFERENCE });
  const bobFaults: string[] = [];
  bob.on("error", ({ code, reason }) => bobFaults.push(`${code} ${reason}`));
  await bob.join();
  equal("his states", [bob.recordingState, bob.hlsState], [recordingEvents.RECORDING_STOPPED, hlsEvents.HLS_STOPPED]);

  // The own picture and sound, with listeners from before joining.
  const dead = deadMicrophone();
  const ann = init({
    name: "Ann",
    micEnabled: true,
    webcamEnabled: true,
    defaultCamera: "back",
    customMicrophoneAudioTrack: given.browser === "chromium" ? new MediaStream([dead.track]) : null,
  });
  const id = ann.localParticipant.id;
  check(`an id before joining: ${id}`, /^[a-z][a-z0-9]{7}$/.test(id));
  const own: Stream[] = [];
  ann.localParticipant.on("stream-enabled", (stream: Stream) => own.push(stream));
  const silent = next(ann, "audio-input-silence", 30_000);
  const joined = next(bob, "participant-joined");
  await ann.join();
  equal("the id after joining", ann.localParticipant.id, id);
  const [annThere] = await joined;
  equal("how bob knows her", [annThere.id, annThere.mode], [id, modes.CONFERENCE]);
  await until("her own streams", () => own.length === 2);
  equal("their kinds", own.map(({ kind }) => kind).toSorted(), ["audio", "video"]);
  await shows("her own picture", own.find(({ kind }) => kind === "video")!.track);
  const camera = asked.map(({ video }) => video as MediaTrackConstraints).find((video) => video);
  equal("the camera that is asked for", camera?.facingMode, { ideal: "environment" });
  const { deviceId, kind, label } = ann.selectedCameraDevice;
  const listed = (await ann.getWebcams()).find((one) => one.deviceId === deviceId);
  equal("the selected camera", [kind, label], ["videoinput", listed?.label]);
  check(
    `its facing mode: ${listed?.facingMode}`,
    listed?.facingMode === "front" || listed?.facingMode === "environment",
  );

  await rejects("a name with an error", () => init({ micEnable: true }), { code: 3073, reason: "UNKNOWN_OPTION" });
  await rejects("a mode that does not exist", () => init({ mode: "NOPE" }), { code: 3067 });
  await rejects("transcription", () => ann.startRecording("", "", {}, { enabled: true }), { code: 3105 });
  await rejects("media relay", () => ann.requestMediaRelay({ destinationMeetingId: "x" }), { code: 3105 });

  // A codec that a receiver cannot decode.
  const vp9 = (): Promise<MediaStream> =>
    VideoSDK.createCameraVideoTrack({
      codec: Constants.VideoCodec.VP9,
      multiStream: false,
      encoderConfig: "h180p_w320p",
    });
  const kim = init({ participantId: "kim", codecSwitchEnabled: false });
  const kept: unknown[] = [];
  kim.on("codec-changed", (change) => kept.push(change));
  await kim.join();
  await kim.enableWebcam(await vp9());
  await until("bob learns that he cannot receive kim", () => bobFaults.includes("3104 CODEC_NOT_RECEIVED"));
  equal("kim keeps her codec", kept, []);
  void kim.leave();

  const lee = init({ participantId: "lee" });
  const changed = next(lee, "codec-changed");
  await lee.join();
  await lee.enableWebcam(await vp9());
  const [change] = await changed;
  const { previousCodec, currentCodec, unsupportedRemoteCodec } = change;
  equal(
    "the change",
    [change.kind, previousCodec, currentCodec, unsupportedRemoteCodec],
    ["video", "VP9", "VP8", "VP9"],
  );
  check("who caused it", [bob.localParticipant.id, id].includes(change.causedBy?.id));
  const shown = Object.assign(document.createElement("video"), { autoplay: true, muted: true });
  document.body.append(shown);
  await until("lee's picture", () => {
    const track = bob.participants.get("lee")?.stream("video")?.track; // another one after the change
    const [before] = (shown.srcObject as MediaStream | null)?.getTracks() ?? [];
    if (track && track !== before) shown.srcObject = new MediaStream([track]);
    return shown.videoWidth > 0;
  });
  check("her own picture is still there", lee.localParticipant.webcamOn);

  if (given.browser === "chromium") {
    const [silence] = await silent;
    equal("silence", silence.state, "detected");
    const heard = next(ann, "audio-input-silence");
    dead.turnUp();
    equal("sound", (await heard)[0].state, "resolved");
  } else silent.catch(() => undefined);
  await Promise.all([ann.leave(), bob.leave(), lee.leave()]);
});
