import { useEffect, useState } from "react";
import { MeetingProvider, useMeeting, useParticipant, VideoPlayer } from "@klatch/react";
import { VideoSDKMeeting } from "@klatch/prebuilt";

const query = new URLSearchParams(location.search);
const [server, meetingId, token] = ["server", "meeting", "token"].map((name) => query.get(name) ?? "");

function Person({ id }: { id: string }) {
  const { displayName, isLocal } = useParticipant(id);
  return (
    <figure data-local={isLocal}>
      <VideoPlayer participantId={id} />
      <figcaption>{displayName}</figcaption>
    </figure>
  );
}

function Room() {
  const [problem, setProblem] = useState("");
  const { isMeetingJoined, participants } = useMeeting({
    onError: ({ code, reason, detail }) => setProblem(`${code} ${reason}: ${detail}`),
  });
  return (
    <main data-joined={isMeetingJoined}>
      {[...participants.keys()].map((id) => (
        <Person key={id} id={id} />
      ))}
      <p id="problem">{problem}</p>
    </main>
  );
}

function Embedded() {
  const [state, setState] = useState("loading");
  useEffect(() => {
    const meeting = new VideoSDKMeeting();
    meeting.on("meeting-joined", () => setState("joined"));
    meeting
      .init({
        serverUrl: server!,
        meetingId: meetingId!,
        token: token!,
        containerId: "embedded",
        name: "Embedded",
        joinScreen: { visible: false },
      })
      .catch((fault: unknown) => setState(String(fault)));
    return () => meeting.destroy();
  }, []);
  return (
    <>
      <p id="state">{state}</p>
      <div id="embedded" style={{ height: 400 }} />
    </>
  );
}

export default function App() {
  if (query.has("embedded")) return <Embedded />;
  return (
    <MeetingProvider
      token={token!}
      joinWithoutUserInteraction
      config={{
        meetingId: meetingId!,
        name: "Vite",
        micEnabled: true,
        webcamEnabled: true,
        serverUrl: server,
      }}
    >
      <Room />
    </MeetingProvider>
  );
}
