// What a viewer asks for who receives nothing counts when the mode changes, and changes of the mode that follow each
// other at once are no fault. The vendor's React example for HLS asks for a quality of everybody who joins.

import { type Meeting, VideoSDK } from "@klatch/sdk";
import { check, equal, given, run, shows, until } from "./page.js";

const faults: unknown[] = [];

function enter(participantId: string, mode: "SEND_AND_RECV" | "SIGNALLING_ONLY"): Meeting {
  const meeting = VideoSDK.initMeeting({
    meetingId: given.meetingId,
    signalingBaseUrl: given.server,
    participantId,
    name: participantId,
    micEnabled: true,
    webcamEnabled: true,
    mode,
  });
  meeting.on("error", ({ code, detail }) => faults.push([participantId, code, detail]));
  return meeting;
}

/** What getUserMedia has returned. */
const opened: MediaStreamTrack[] = [];

function record(): void {
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    opened.push(...stream.getTracks());
    return stream;
  };
}

run(async () => {
  record();
  VideoSDK.config(given.token);
  const ann = enter("ann", "SEND_AND_RECV");
  await ann.join();
  await until("ann is on", () => ann.localParticipant.webcamOn && ann.localParticipant.micOn);
  const vic = enter("vic", "SIGNALLING_ONLY");
  vic.on("participant-joined", (participant) => void participant.setQuality("low").catch(() => undefined));
  await vic.join();
  const seen = (await until("vic knows ann", () => vic.participants.get("ann")))!;
  await until("her camera is on", () => seen.webcamOn);
  await seen.setQuality("low");
  seen.setViewPort(320, 180);
  equal("faults of a viewer", faults.splice(0), []);

  for (let times = 0; times < 3; times++)
    for (const mode of ["SEND_AND_RECV", "SIGNALLING_ONLY"] as const) await vic.changeMode(mode);
  await vic.changeMode("RECV_ONLY");
  const picture = await until("a picture", () => [...seen.streams.values()].find(({ kind }) => kind === "video"));
  await shows("it", picture!.track);
  const [stats] = (await until("statistics", () => seen.getVideoStats())) ?? [];
  check("in the quality that was asked for", stats && stats.size.height <= 360);

  await ann.changeMode("RECV_ONLY");
  check("two devices were opened", opened.length === 2);
  await until("both are closed in the audience", () => opened.every(({ readyState }) => readyState === "ended"));
  await ann.changeMode("SEND_AND_RECV");
  await ann.unmuteMic();
  await until("vic hears ann again", () => seen.micOn);
  equal("faults", faults, []);
});
