import { useMeeting, VideoPlayer } from "@klatch/react";
import { useState } from "react";
import { Chat } from "./Chat";
import { Controls } from "./Controls";
import { useHands } from "./hands";
import { Problems, useProblems } from "./Problems";
import { Tile } from "./Tile";

/** A meeting: a shared screen large, the people as a grid, the chat beside, the controls below. */
export function Room({ onLeft }: { onLeft: () => void }) {
  const { problems, onError, dismiss } = useProblems();
  const [file, setFile] = useState("");
  const { isMeetingJoined, participants, presenterId } = useMeeting({
    onError,
    onMeetingLeft: onLeft,
    onRecordingStateChanged: ({ fileUrl }) => fileUrl && setFile(fileUrl), // who may record gets a link that expires
  });
  const { hands, raise } = useHands();
  const [chatOpen, setChatOpen] = useState(false);

  return (
    <div className="room">
      <Problems problems={problems} onDismiss={dismiss} />
      {!isMeetingJoined && <p role="status">Joining…</p>}
      <main>
        {presenterId && (
          <div className="share">
            <VideoPlayer participantId={presenterId} type="share" />
          </div>
        )}
        <div className="grid">
          {[...participants.keys()].map((id) => (
            <Tile key={id} id={id} handRaised={hands.has(id)} />
          ))}
        </div>
      </main>
      <Chat hidden={!chatOpen} />
      {file && (
        <p role="status">
          <a id="file" href={file}>
            The recording
          </a>
        </p>
      )}
      <Controls raise={raise} hands={hands} chatOpen={chatOpen} onChat={() => setChatOpen(!chatOpen)} />
    </div>
  );
}
