import { useMeeting } from "@klatch/react";
import { useEffect, useState } from "react";
import { Devices } from "./Devices";

interface Props {
  hands: ReadonlySet<string>;
  raise: (raised: boolean) => Promise<void>;
  chatOpen: boolean;
  onChat: () => void;
}

/** The buttons. What fails is told by `onError` of the room; a call here needs no handling of its own. */
export function Controls({ hands, raise, chatOpen, onChat }: Props) {
  const {
    isMeetingJoined,
    localParticipant,
    localMicOn,
    localWebcamOn,
    localScreenShareOn,
    recordingState,
    meeting,
    toggleMic,
    toggleWebcam,
    toggleScreenShare,
    startRecording,
    stopRecording,
    leave,
  } = useMeeting();
  const handRaised = isMeetingJoined && hands.has(localParticipant.id);
  const mayRecord = isMeetingJoined && meeting.permissions.includes("allow_egress");
  const recording = recordingState === "RECORDING_STARTED";
  const changing = recordingState === "RECORDING_STARTING" || recordingState === "RECORDING_STOPPING";
  const [devicesOpen, setDevicesOpen] = useState(false);
  const told = (call: Promise<unknown>) => void call.catch(() => undefined);

  return (
    <nav aria-label="Controls">
      <button id="mic" aria-pressed={localMicOn} onClick={() => told(toggleMic())}>
        Microphone
      </button>
      <button id="webcam" aria-pressed={localWebcamOn} onClick={() => told(toggleWebcam())}>
        Camera
      </button>
      <button id="share" aria-pressed={localScreenShareOn} onClick={() => told(toggleScreenShare())}>
        Share screen
      </button>
      <button id="hand" aria-pressed={handRaised} onClick={() => told(raise(!handRaised))}>
        Hand
      </button>
      <button id="chat" aria-pressed={chatOpen} onClick={onChat}>
        Chat
      </button>
      <button id="devices" aria-pressed={devicesOpen} onClick={() => setDevicesOpen(!devicesOpen)}>
        Devices
      </button>
      {mayRecord && (
        <button
          id="record"
          aria-pressed={recording}
          disabled={changing}
          onClick={() => told(recording ? stopRecording() : startRecording())}
        >
          Record
        </button>
      )}
      <button id="leave" onClick={() => told(leave())}>
        Leave
      </button>
      {recording && <RecordingClock />}
      {devicesOpen && <Devices />}
    </nav>
  );
}

/** Tells everybody that the meeting is recorded, and for how long. */
function RecordingClock() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span id="recording" role="status">
      ● Recording {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, "0")}
    </span>
  );
}
