// Every name of Participant and Stream: two people of one meeting, each with a microphone and a camera.
import { Participant, Stream, VideoSDK } from "@klatch/sdk";
import { check, equal, given, next, rejects, run, until } from "./page.js";

const enter = (name: string) => {
  VideoSDK.config(given.token);
  return VideoSDK.initMeeting({
    meetingId: given.meetingId,
    participantId: name,
    name,
    metaData: { desk: name },
    micEnabled: true,
    signalingBaseUrl: given.server,
  });
};

const canvas = document.createElement("canvas");
const draw = canvas.getContext("2d") as CanvasRenderingContext2D;
Object.assign(canvas, { width: 640, height: 360 });
setInterval(() => {
  // Noise, so that the encoder has something to send.
  for (let i = 0; i < 200; i++) {
    draw.fillStyle = `hsl(${Math.random() * 360} 90% 50%)`;
    draw.fillRect(Math.random() * canvas.width, Math.random() * canvas.height, 40, 40);
  }
}, 60);

const members = {
  participant: [
    ...["id", "displayName", "streams", "quality", "screenShareQuality", "local", "pinState", "webcamOn", "micOn"],
    ...["screenShareOn", "screenShareAudioOn", "mode", "metaData", "remove", "enableMic", "disableMic", "enableWebcam"],
    ...["disableWebcam", "setQuality", "setScreenShareQuality", "setViewPort", "pin", "unpin", "renderVideo"],
    ...["renderAudio", "captureImage", "getVideoStats", "getShareStats", "getShareAudioStats", "getAudioStats"],
    ...["getTransportStats", "consumeMicStreams", "consumeWebcamStreams", "stopConsumingMicStreams"],
    ...["stopConsumingWebcamStreams", "on", "off"],
  ],
  stream: ["id", "kind", "codec", "track", "displaySurface", "paused", "resume", "pause", "on", "off"],
};

const streamOf = (participant: Participant, kind: string): Stream | undefined =>
  [...participant.streams.values()].find((stream) => stream.kind === kind);

run(async () => {
  const [ann, bob] = [enter("ann"), enter("bob")];
  await Promise.all([ann.join(), bob.join()]);
  const seen = (await until("ann sees bob", () => ann.participants.get("bob"))) as Participant;

  // Elements that are there before the stream follow it.
  const div = seen.renderVideo({
    videostyle: { borderRadius: "8px" },
    containerStyle: { width: "320px", height: "180px" },
  });
  const audio = seen.renderAudio();
  document.body.append(div, audio);
  const video = div.querySelector("video") as HTMLVideoElement;
  check("a style of the element", video.style.borderRadius === "8px" && div.style.width === "320px");

  await until("ann hears bob", () => seen.micOn); // which is told first
  const mine = canvas.captureStream(15);
  const status = next(seen, "media-status-changed");
  const enabled = next(seen, "stream-enabled");
  await bob.enableWebcam(mine);
  const [change] = await status;
  equal("media-status-changed", [change.kind, change.newStatus, change.peerId], ["video", true, "bob"]);
  check("stream-enabled", (await enabled)[0] instanceof Stream);
  const received = (await until("the camera of bob", () => streamOf(seen, "video"))) as Stream;

  for (const name of members.participant)
    check(`a participant has ${name}`, name in seen && name in bob.localParticipant);
  for (const name of members.stream) check(`a stream has ${name}`, name in received);
  equal("whose", [seen.local, bob.localParticipant.local], [false, true]);
  equal(
    "what bob is",
    [seen.id, seen.displayName, seen.mode, seen.metaData],
    ["bob", "bob", "SEND_AND_RECV", { desk: "bob" }],
  );
  await until("the microphone is on", () => seen.micOn && streamOf(seen, "audio"));
  equal(
    "what is on",
    [seen.micOn, seen.webcamOn, seen.screenShareOn, seen.screenShareAudioOn],
    [true, true, false, false],
  );
  equal("nothing shared", [received.displaySurface, received.paused, received.codec], [undefined, false, "VP8"]);
  for (const event of ["video-quality-changed", "stream-paused", "stream-resumed", "e2ee-state-change"] as const) {
    const listener = (): void => undefined;
    seen.on(event, listener);
    seen.off(event, listener);
  }
  await rejects("an event that does not exist", () => seen.on("stream" as "stream-paused", () => undefined), {
    code: 3073,
  });

  await until(
    "the rendered picture",
    () => video.videoWidth > 0 && !video.paused && video.videoWidth > video.videoHeight,
  );
  await until("the rendered sound", () => audio.srcObject instanceof MediaStream && !audio.paused);

  // What a phone does that is turned while it sends.
  Object.assign(canvas, { width: 360, height: 640 });
  await until("the turned picture", () => video.videoHeight > video.videoWidth && video.videoWidth > 0);
  await until("its size in the statistics", async () => {
    const [stats] = await seen.getVideoStats();
    return stats && stats.size.height > stats.size.width;
  });

  // Units: kbit/s and ms, against what the browser counts itself.
  const receiver = (connections() ?? [])
    .flatMap((pc) => pc.getReceivers())
    .find(({ track }) => track === received.track);
  const bytes = async (): Promise<[number, number]> => {
    const report = (await receiver?.getStats()) as unknown as Map<string, Record<string, number | string>>;
    const rtp = [...report.values()].find(({ type }) => type === "inbound-rtp");
    return [Number(rtp?.bytesReceived), Number(rtp?.timestamp)];
  };
  await seen.getVideoStats();
  const before = await bytes();
  await new Promise((wake) => setTimeout(wake, 1_000)); // a rate needs time
  const [stats] = await seen.getVideoStats();
  const after = await bytes();
  const kbps = ((after[0] - before[0]) * 8) / (after[1] - before[1]);
  // On a busy machine few pictures are sent, and the two are not counted over the same moment.
  check(
    `bitrate ${stats?.bitrate}, counted ${kbps} kbit/s`,
    stats && Math.abs(stats.bitrate - kbps) < Math.max(20, kbps),
  );
  const [sound] = await seen.getAudioStats();
  check(`bitrate of the sound ${sound?.bitrate} kbit/s`, sound && sound.bitrate > 0 && sound.bitrate < 100);
  for (const one of [stats, sound])
    for (const field of ["rtt", "jitter", "packetsLost", "totalPackets"] as const)
      check(`${field} ${one?.[field]}`, typeof one?.[field] === "number" && one[field] >= 0 && one[field] < 100_000);
  equal("codecs", [stats?.codec, sound?.codec], ["VP8", "opus"]);
  const own = await bob.localParticipant.getVideoStats();
  check("own sizes", own.length > 0 && own.every(({ bitrate, size }) => bitrate >= 0 && size.height >= size.width));
  const transport = await bob.localParticipant.getTransportStats();
  const sent = own.reduce((sum, { bitrate }) => sum + bitrate, 0);
  // The two are not counted over the same moment.
  check(
    `transport ${JSON.stringify(transport)}, streams ${sent} kbit/s`,
    transport && Number(transport.send.outgoingBitrate) > sent / 10 && Number(transport.send.totalSentBytes) > 1_000,
  );
  equal("nothing shared", [await seen.getShareStats(), await seen.getShareAudioStats()], [[], []]);

  // Images.
  for (const who of [seen, bob.localParticipant]) {
    const image = Object.assign(new Image(), {
      src: `data:image/jpeg;base64,${await who.captureImage({ height: 128 })}`,
    });
    await image.decode();
    equal("the size of an image", [image.width, image.height], [72, 128]);
  }
  await rejects("an image of no camera", () => ann.localParticipant.captureImage(), {
    code: 3062,
    reason: "CAMERA_OFF",
  });
  await rejects("an image without a size", () => seen.captureImage({ width: -1 }), {
    code: 3073,
    reason: "OUT_OF_RANGE",
  });

  // What is received of a stream.
  await seen.setQuality("low");
  seen.setViewPort(320, 180);
  await rejects("an unknown quality", () => seen.setQuality("best" as "low"), { code: 3073 });
  await seen.setScreenShareQuality("low"); // kept until there is a share
  await rejects("a quality of oneself", () => bob.localParticipant.setQuality("low"), { code: 3068 });
  await rejects("pausing an own stream", () => streamOf(bob.localParticipant, "video")?.pause(), { code: 3068 });
  await received.pause();
  check("paused", received.paused);
  await rejects("pausing twice", () => received.pause(), { code: 3054 });
  const active = next(received, "state");
  await received.resume();
  check("resumed", !received.paused);
  equal("the state", (await active)[0].state, "active");
  await seen.stopConsumingWebcamStreams();
  await until("the camera is not received", () => !streamOf(seen, "video"));
  check("the element is empty", video.srcObject === null);
  await seen.consumeWebcamStreams();
  await until("the camera is received again", () => streamOf(seen, "video") && video.srcObject);
  await seen.stopConsumingMicStreams();
  await seen.consumeMicStreams();

  // Pins, for everybody.
  const pinned = next(bob, "pin-state-changed");
  await seen.pin("CAM");
  equal("pin-state-changed", (await pinned)[0].state, { cam: true, share: false });
  equal(
    "pinState",
    [seen.pinState, bob.localParticipant.pinState],
    [
      { cam: true, share: false },
      { cam: true, share: false },
    ],
  );
  await seen.unpin("SHARE_AND_CAM");
  await rejects("an unknown pin", () => seen.pin("ALL" as "CAM"), { code: 3073 });

  // A moderator mutes a stream that is heard.
  const track = await until("bob is heard", () => streamOf(seen, "audio")?.track);
  const ownTrack = streamOf(bob.localParticipant, "audio")?.track;
  const off = next(bob.localParticipant, "stream-disabled");
  const gone = next(seen, "stream-disabled");
  await seen.disableMic();
  equal("the own stream is off", (await off)[0].kind, "audio");
  equal("the stream of bob is off", (await gone)[0].kind, "audio");
  equal("who is muted", [bob.localParticipant.micOn, seen.micOn], [false, false]);
  equal("no own stream", streamOf(bob.localParticipant, "audio"), undefined);
  check("the own track gives nothing", ownTrack && (ownTrack.readyState === "ended" || !ownTrack.enabled));
  check("the element is silent", audio.srcObject === null);
  const rates = (await seen.getAudioStats()).map(({ bitrate }) => bitrate);
  check(
    "nothing is received",
    rates.every((rate) => rate === 0),
  );
  await silent(track as MediaStreamTrack);
  // It cannot switch it on again: it asks.
  const asked = next(bob, "mic-requested");
  await seen.enableMic();
  await (await asked)[0].accept();
  await until("bob is heard again", () => seen.micOn && streamOf(seen, "audio") && audio.srcObject);
  await seen.disableWebcam();
  await until("the camera is off", () => !seen.webcamOn && !bob.localParticipant.webcamOn && !streamOf(seen, "video"));
  const camera = next(bob, "webcam-requested");
  await seen.enableWebcam();
  (await camera)[0].reject();

  const left = next(bob, "meeting-left");
  await seen.remove();
  equal("removed", (await left)[0].code, 1002);
  await rejects("somebody who is gone", () => seen.disableMic(), { code: 4068, reason: "NO_SUCH_PARTICIPANT" });
  await rejects("somebody who is gone", () => seen.remove(), { code: 4066, reason: "NO_SUCH_PARTICIPANT" });
  await ann.leave();
  await rejects("a meeting that was left", () => seen.setQuality("low"), { code: 3035 });
});

/** The connections of the page, which testbrowser records. */
function connections(): RTCPeerConnection[] | undefined {
  return (globalThis as { __connections?: RTCPeerConnection[] }).__connections;
}

/** Waits until a track is silent. */
async function silent(track: MediaStreamTrack): Promise<void> {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  void context.resume(); // Firefox keeps it waiting where nobody has clicked: then the analyser hears nothing anyway
  const samples = new Float32Array(analyser.fftSize);
  await until("silence", () => {
    analyser.getFloatTimeDomainData(samples);
    return samples.every((sample) => Math.abs(sample) < 0.001);
  });
  await context.close();
}
