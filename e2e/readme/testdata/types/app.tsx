// What the declarations of all packages say, without skipLibCheck.

import { VideoSDK, VideoSDKError, type Meeting } from "@klatch/sdk";
import { MeetingProvider, useFile, useMeeting, VideoPlayer } from "@klatch/react";
import Default, { VideoSDK as Published, type Meeting as PublishedMeeting } from "@klatch/videosdk-js";
import { type PageOptions, type PrebuiltConfig, VideoSDKMeeting } from "@klatch/prebuilt";

const meeting: Meeting = VideoSDK.initMeeting({
  meetingId: "aaaa-bbbb-cccc",
  name: "Ann",
});
meeting.on("error", (fault) => {
  if (fault.code === 3102 && fault.reason === "BAD_URL") console.error(fault.details.problem);
  console.error(fault.code, fault.reason, fault instanceof VideoSDKError);
});
// @ts-expect-error no event has this name
meeting.on("participant-join", () => undefined);
const published: PublishedMeeting = Published.initMeeting({
  meetingId: "aaaa-bbbb-cccc",
});
published.on("meeting-left", (reason) => console.log(reason.code));
export const same: boolean = Default === VideoSDK;

const options: PageOptions = { layout: { type: "GRID" } };
const config: PrebuiltConfig = {
  meetingId: "aaaa-bbbb-cccc",
  token: "token",
  ...options,
};
const page = new VideoSDKMeeting();
page.on("participant-joined", ({ name }) => console.log(name.length));
void page.init(config);
// @ts-expect-error a layout has one of three names
export const wrong: PageOptions = { layout: { type: "CIRCLE" } };

function Room() {
  const { join, participants } = useMeeting({
    onSwitchMeeting: () => undefined,
  });
  const { uploadBase64File } = useFile();
  const send = () =>
    void uploadBase64File({
      base64Data: "eA==",
      token: "token",
      fileName: "x.txt",
    });
  return (
    <>
      <button onClick={() => join()}>Join</button>
      <button onClick={send}>Send</button>
      {[...participants.keys()].map((id) => (
        <VideoPlayer key={id} participantId={id} />
      ))}
    </>
  );
}

export const app = (
  <MeetingProvider
    token="token"
    config={{
      meetingId: "aaaa-bbbb-cccc",
      name: "Ann",
      micEnabled: true,
      webcamEnabled: false,
    }}
  >
    <Room />
  </MeetingProvider>
);
