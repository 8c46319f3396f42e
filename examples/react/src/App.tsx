import { MeetingProvider } from "@klatch/react";
import { useState } from "react";
import { Entry, type Invitation } from "./Entry";
import { Room } from "./Room";

/** Asks for a name, and then holds the meeting. Unmounting the provider leaves it. */
export function App() {
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [left, setLeft] = useState(false);
  if (invitation === null) return <Entry onInvited={setInvitation} left={left} />;
  const { serverUrl, meetingId, participantId, name, token } = invitation;
  return (
    <MeetingProvider
      token={token}
      joinWithoutUserInteraction
      config={{ serverUrl, meetingId, participantId, name, micEnabled: true, webcamEnabled: true }}
    >
      <Room
        onLeft={() => {
          setLeft(true);
          setInvitation(null);
        }}
      />
    </MeetingProvider>
  );
}
