"use client";

import { useState } from "react";
import { MeetingProvider, useMeeting, useParticipant, VideoPlayer } from "@klatch/react";

function Person({ id }: { id: string }) {
  const { displayName } = useParticipant(id);
  return (
    <figure>
      <VideoPlayer participantId={id} />
      <figcaption>{displayName}</figcaption>
    </figure>
  );
}

function Room() {
  const [problem, setProblem] = useState("");
  const { join, isMeetingJoined, participants } = useMeeting({
    onError: ({ code, reason, detail }) => setProblem(`${code} ${reason}: ${detail}`),
  });
  return (
    <section data-joined={isMeetingJoined}>
      {/* the server renders this button: hooks return idle values there */}
      {!isMeetingJoined && (
        <button id="join" onClick={() => join()}>
          Join {participants.size} people
        </button>
      )}
      {[...participants.keys()].map((id) => (
        <Person key={id} id={id} />
      ))}
      <p id="problem">{problem}</p>
    </section>
  );
}

export function Call({ serverUrl, meetingId, token }: { serverUrl: string; meetingId: string; token: string }) {
  return (
    <MeetingProvider
      token={token}
      config={{
        meetingId,
        name: "Next",
        micEnabled: true,
        webcamEnabled: true,
        serverUrl,
      }}
    >
      <Room />
    </MeetingProvider>
  );
}
