// What an app says about its devices while it joins, and devices that are changed while their stream is off. The
// vendor's React examples switch both off in onMeetingJoined, and on again by changeWebcam and changeMic.

import { type Meeting, VideoSDK } from "@klatch/sdk";
import { check, equal, given, rejects, run, shows, until } from "./page.js";

/** What getUserMedia has returned. */
const opened: MediaStreamTrack[] = [];

run(async () => {
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    opened.push(...stream.getTracks());
    return stream;
  };
  VideoSDK.config(given.token);
  const ann = enter("ann", false);
  await ann.join();
  await switchedOff(ann);
  await changed(ann);
});

const faults: unknown[] = [];

function enter(participantId: string, on: boolean): Meeting {
  const meeting = VideoSDK.initMeeting({
    meetingId: given.meetingId,
    signalingBaseUrl: given.server,
    participantId,
    name: participantId,
    micEnabled: on,
    webcamEnabled: on,
  });
  meeting.on("error", ({ code, detail }) => faults.push([participantId, code, detail]));
  return meeting;
}

async function switchedOff(ann: Meeting): Promise<void> {
  const bob = enter("bob", true);
  const enabled: string[] = [];
  bob.localParticipant.on("stream-enabled", ({ kind }) => enabled.push(kind));
  let off: Promise<unknown> | undefined;
  bob.on("meeting-joined", () => (off = Promise.all([bob.disableWebcam(), bob.muteMic()])));
  await bob.join();
  await off;
  await until("his devices are closed", () => opened.length >= 2 && opened.every((one) => one.readyState === "ended"));
  equal("what has been sent", [enabled, bob.localParticipant.webcamOn, bob.localParticipant.micOn], [[], false, false]);

  const seen = await until("bob is there", () => ann.participants.get("bob"));
  const [camera] = await bob.getWebcams();
  const [microphone] = await bob.getMics();
  await bob.changeWebcam(await VideoSDK.createCameraVideoTrack({ cameraId: camera!.deviceId }));
  await bob.changeMic(microphone!.deviceId);
  check("both are on", bob.localParticipant.webcamOn && bob.localParticipant.micOn);
  await until("ann sees both", () => seen!.webcamOn && seen!.micOn);
  const picture = await until("the picture", () => [...seen!.streams.values()].find(({ kind }) => kind === "video"));
  await shows("the picture", picture!.track);

  await bob.disableWebcam();
  await until("ann does not see him", () => !seen!.webcamOn);
  equal("faults", faults.splice(0), []);
  await rejects("no such camera", () => bob.changeWebcam("none"), { code: 3051 });
  check("it stays off", !bob.localParticipant.webcamOn);
  await bob.changeWebcam(camera!.deviceId);
  await until("ann sees him again", () => seen!.webcamOn);
  equal("faults", faults.splice(0).length, 1);
  await bob.leave();
}

/** A change while the device of the options is being opened. */
async function changed(ann: Meeting): Promise<void> {
  const cat = enter("cat", true);
  const [camera] = await VideoSDK.getCameras();
  let change: Promise<void> | undefined;
  cat.on("meeting-joined", () => (change = cat.changeWebcam(camera!.deviceId)));
  await cat.join();
  await change;
  equal("faults", faults.splice(0), []);
  equal("her camera", [cat.localParticipant.webcamOn, cat.selectedCameraDevice.deviceId], [true, camera!.deviceId]);
  await rejects("on already", () => cat.enableWebcam(), { code: 3054 });
  const seen = await until("cat is there", () => ann.participants.get("cat"));
  await until("ann sees and hears her", () => seen!.webcamOn && seen!.micOn);
}
