// A page without a bundler, as the published quick start has it: the script sets window.VideoSDK.
import type { VideoSDK as Shape } from "@videosdk.live/js-sdk";
import { equal, given, run, shows, sounds, until } from "./page.js";

declare const window: { VideoSDK: typeof Shape };

run(async () => {
  const enter = (name: string) => {
    window.VideoSDK.config(given.token);
    return window.VideoSDK.initMeeting({
      meetingId: given.meetingId,
      name,
      micEnabled: true,
      webcamEnabled: true,
      signalingBaseUrl: given.server,
    });
  };
  const ann = enter("Ann");
  const bob = enter("Bob");
  await Promise.all([ann.join(), bob.join()]);
  for (const meeting of [ann, bob]) {
    const other = await until("the other one is there", () => [...meeting.participants.values()][0]);
    const streams = await until("both streams", () => other!.streams.size === 2 && [...other!.streams.values()]);
    for (const stream of streams || []) {
      if (stream.kind === "video") await shows(stream.kind, stream.track);
      else await sounds(stream.kind, stream.track);
    }
  }
  equal(
    "the name",
    [...ann.participants.values()].map((p) => p.displayName),
    ["Bob"],
  );
  await Promise.all([ann.leave(), bob.leave()]);
});
