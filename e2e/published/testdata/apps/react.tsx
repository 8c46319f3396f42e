// An app of two people, written from the published docs of the React SDK: it uses every name of it, and compiles
// against its declarations and ours.

import {
  AudioPlayer,
  CameraDeviceInfo,
  Constants,
  createCameraVideoTrack,
  createMicrophoneAudioTrack,
  createScreenShareVideoTrack,
  DeviceInfo,
  MeetingConsumer,
  MeetingProvider,
  MicrophoneDeviceInfo,
  PreCallTestError,
  runPreCallTest,
  setLogLevel,
  useAgentParticipant,
  useCharacter,
  useFile,
  useMediaDevice,
  useMeeting,
  useParticipant,
  usePubSub,
  useRealtimeStore,
  useStream,
  useTranscription,
  useTranslation,
  useWhiteboard,
  VideoPlayer,
  withAdaptiveObservers,
} from "@videosdk.live/react-sdk";
import { memo, StrictMode, useEffect, useMemo, useRef, useState, version } from "react";
import { createRoot } from "react-dom/client";
import { check, equal, given, rejects, run, sounds, until } from "../page.js";

type Meeting = ReturnType<typeof useMeeting>;
type Person = ReturnType<typeof useParticipant>;

/** What each of the two sees, and what it was told. */
class Seat {
  meeting!: Meeting;
  readonly people = new Map<string, Person>();
  readonly shares = new Map<string, MediaStreamTrack | null>();
  readonly heard: string[] = [];
  readonly errors: unknown[] = [];
  chat!: ReturnType<typeof usePubSub>;
  store!: ReturnType<typeof useRealtimeStore>;
  files!: ReturnType<typeof useFile>;
  devices!: ReturnType<typeof useMediaDevice>;
  stream: ReturnType<typeof useStream> | undefined;
  refused: Record<string, () => Promise<unknown>> = {};
  idle: unknown[] = [];
}

const Adaptive = withAdaptiveObservers(VideoPlayer, { root: null, rootMargin: "0px", threshold: 0 }, 100);

const Tile = memo(function Tile({ id, seat }: { id: string; seat: Seat }) {
  const video = useRef<HTMLVideoElement>(null);
  const person = useParticipant(id, {
    onStreamEnabled: (stream) => seat.heard.push(`${id} enabled ${stream.kind}`),
    onStreamDisabled: (stream) => seat.heard.push(`${id} disabled ${stream.kind}`),
    onMediaStatusChanged: ({ kind, newStatus, peerId }) => seat.heard.push(`${peerId} ${kind} ${newStatus}`),
    onVideoQualityChanged: ({ currentQuality, prevQuality, peerId }) => void [currentQuality, prevQuality, peerId],
    onStreamPaused: ({ kind, reason }) => void [kind, reason],
    onStreamResumed: ({ kind, reason }) => void [kind, reason],
  });
  seat.people.set(id, person);
  // As the vendor's example for HLS does: with screenShareOn the stream is there.
  const { screenShareOn, screenShareStream } = person;
  const shared = useMemo(() => (screenShareOn ? screenShareStream.track : null), [screenShareOn, screenShareStream]);
  seat.shares.set(id, shared);
  const { displayName, webcamOn, micOn, isLocal, webcamStream } = person;
  return (
    <div>
      <p>{`${displayName} ${webcamOn ? "camera" : "-"} ${micOn ? "microphone" : "-"}`}</p>
      {webcamOn && (
        <VideoPlayer
          participantId={id}
          type="video"
          containerStyle={{ width: 96, height: 54 }}
          className="tile"
          classNameVideo={`picture-${id}`}
          videoStyle={{ objectFit: "cover" }}
          videoRef={video}
        />
      )}
      <Adaptive participantId={id} type="share" containerStyle={{ width: 16, height: 9 }} />
      {!isLocal && <AudioPlayer participantId={id} type="audio" />}
      {!isLocal && webcamStream && <Watch id={webcamStream.id} seat={seat} />}
    </div>
  );
});

function Watch({ id, seat }: { id: string; seat: Seat }) {
  seat.stream = useStream(id, { onStreamStateChanged: ({ state }) => seat.heard.push(`stream ${state}`) });
  return <p>{`${seat.stream.kind} ${seat.stream.codec} ${String(seat.stream.paused)}`}</p>;
}

/** Features that are not offered: idle values, and calls that are refused. */
function Refused({ seat }: { seat: Seat }) {
  const transcription = useTranscription({
    onTranscriptionStateChanged: () => undefined,
    onTranscriptionText: () => undefined,
  });
  const translation = useTranslation({ onTranslationStateChanged: () => undefined });
  const whiteboard = useWhiteboard();
  const character = useCharacter(
    {
      interactionId: "i",
      id: "c",
      displayName: "C",
      characterRole: "r",
      characterMode: "text",
      knowledgeBases: [],
      language: "en",
      metaData: {},
    },
    { onCharacterMessage: ({ text }) => void text },
  );
  const agent = useAgentParticipant("agent", { onAgentStateChanged: ({ state }) => void state });
  seat.idle = [whiteboard.whiteboardUrl, character.webcamOn, character.micOn, agent.webcamOn, agent.displayName];
  seat.refused = {
    startTranscription: () => transcription.startTranscription({ summary: { enabled: true } }),
    stopTranscription: transcription.stopTranscription,
    startTranslation: translation.startTranslation,
    changeTranslationLanguage: () => translation.changeTranslationLanguage("en"),
    stopTranslation: translation.stopTranslation,
    startWhiteboard: whiteboard.startWhiteboard,
    stopWhiteboard: whiteboard.stopWhiteboard,
    "character.join": character.join,
    "character.sendMessage": () => character.sendMessage("hi"),
    "agent.remove": agent.remove,
    requestMediaRelay: () => seat.meeting.requestMediaRelay({ destinationMeetingId: "abcd-efgh-ijkl" }),
    stopMediaRelay: () => seat.meeting.stopMediaRelay("abcd-efgh-ijkl"),
  };
  return null;
}

function Room({ seat }: { seat: Seat }) {
  const meeting = useMeeting({
    onMeetingJoined: () => seat.heard.push("joined"),
    onMeetingLeft: ({ code }) => seat.heard.push(`left ${code}`),
    onParticipantJoined: ({ id }) => seat.heard.push(`joined ${id}`),
    onParticipantLeft: ({ id }, { code }) => seat.heard.push(`left ${id} ${code}`),
    onSpeakerChanged: (id) => void id,
    onPresenterChanged: (id) => void id,
    onMainParticipantChanged: (main) => void main.id,
    onEntryRequested: ({ participantId, name, allow, deny }) => void [participantId, name, allow, deny],
    onMicRequested: ({ participantId, accept, reject }) => void [participantId, accept, reject],
    onWebcamRequested: ({ accept }) => accept(),
    onPinStateChanged: ({ participantId, state, pinnedBy }) =>
      seat.heard.push(`pin ${participantId} ${state.cam} ${pinnedBy}`),
    onRecordingStateChanged: ({ status }) => void (status === "RECORDING_STARTED"),
    onLivestreamStateChanged: ({ status }) => void (status === "LIVESTREAM_STARTED"),
    onHlsStateChanged: ({ status, playbackHlsUrl }) => void [status === "HLS_PLAYABLE", playbackHlsUrl],
    onMeetingStateChanged: ({ state }) => seat.heard.push(state),
    onParticipantModeChanged: ({ participantId, mode }) => void [participantId, mode],
    onPausedAllStreams: ({ kind }) => void kind,
    onResumedAllStreams: ({ kind }) => void kind,
    onData: ({ from, payload, reliability }) => void [from, payload, reliability],
    onQualityLimitation: ({ type, state, timestamp }) => void [type, state, timestamp],
    onCodecChanged: ({ currentCodec }) => void currentCodec,
    onMediaRelayStarted: ({ meetingId }) => void meetingId,
    onError: (error) => seat.errors.push(error),
  });
  seat.meeting = meeting;
  seat.chat = usePubSub(
    "CHAT",
    {
      onMessageReceived: ({ message, senderId }) => seat.heard.push(`${senderId}: ${message}`),
      onOldMessagesReceived: (messages, { isLast }) => void [messages.length, isLast],
      onBatchReceived: (messages) => void messages.length,
      onMessageDrop: ({ droppedCount }) => void droppedCount,
    },
    { maxMessages: 10, bufferMessages: true },
  );
  seat.store = useRealtimeStore("KEY");
  seat.files = useFile();
  seat.devices = useMediaDevice({ onDeviceChanged: (devices) => void devices.then((all) => all.length) });
  return (
    <>
      {[...meeting.participants.keys()].map((id) => (
        <Tile key={id} id={id} seat={seat} />
      ))}
      <Refused seat={seat} />
    </>
  );
}

function Seated({ seat, id, camera }: { seat: Seat; id: string; camera?: MediaStream | undefined }) {
  return (
    <MeetingProvider
      token={given.token}
      joinWithoutUserInteraction
      reinitialiseMeetingOnConfigChange={false}
      config={{
        meetingId: given.meetingId,
        participantId: id,
        name: id.toUpperCase(),
        micEnabled: true,
        webcamEnabled: true,
        customCameraVideoTrack: camera,
        multiStream: true,
        mode: "SEND_AND_RECV",
        metaData: { seat: id },
        signalingBaseUrl: given.server,
        debugMode: false,
      }}
    >
      <MeetingConsumer onMeetingJoined={() => seat.heard.push("consumer joined")}>
        {() => <Room seat={seat} />}
      </MeetingConsumer>
    </MeetingProvider>
  );
}

const ann = new Seat();
const bob = new Seat();
let show: (what: { ann: boolean; bob: boolean }) => void = () => undefined;

function App({ camera }: { camera: MediaStream }) {
  const [shown, setShown] = useState({ ann: true, bob: true });
  useEffect(() => void (show = setShown), []);
  return (
    <>
      {shown.ann && <Seated seat={ann} id="ann" camera={camera} />}
      {shown.bob && <Seated seat={bob} id="bob" />}
    </>
  );
}

const plays = (className: string) => () =>
  [...document.querySelectorAll<HTMLVideoElement>(`.${className}`)].filter(
    (v) => v.videoWidth > 0 && v.currentTime > 0.1,
  ).length;

run(async () => {
  setLogLevel("WARN");
  equal(
    "constants",
    [Constants.modes.RECV_ONLY, Constants.recordingEvents.RECORDING_STARTED],
    ["RECV_ONLY", "RECORDING_STARTED"],
  );
  equal(
    "functions",
    [createMicrophoneAudioTrack, createScreenShareVideoTrack, runPreCallTest].map((f) => typeof f),
    Array(3).fill("function"),
  );
  equal(
    "classes",
    [PreCallTestError, CameraDeviceInfo, DeviceInfo, MicrophoneDeviceInfo].map((c) => typeof c),
    Array(4).fill("function"),
  );
  const camera = await createCameraVideoTrack({
    optimizationMode: "motion",
    encoderConfig: "h360p_w640p",
    multiStream: false,
  });
  createRoot(document.getElementById("root")!).render(
    <StrictMode>
      <App camera={camera} />
    </StrictMode>,
  );

  await until("both are in", () => ann.meeting?.participants.size === 2 && bob.meeting?.participants.size === 2);
  equal("oneself is among the participants", ann.meeting.participants.get("ann")?.id, ann.meeting.localParticipant.id);
  await until("all pictures play", () => plays("picture-ann")() === 2 && plays("picture-bob")() === 2);
  const annAtBob = (): Person => bob.people.get("ann")!;
  await sounds("ann at bob", annAtBob().micStream.track);
  await sounds("bob at ann", ann.people.get("bob")!.micStream.track);
  equal("StrictMode joins once", ann.heard.filter((what) => what === "joined" || what === "consumer joined").length, 2);
  equal("ann's metaData", annAtBob().metaData, { seat: "ann" });
  check("a captured picture", ((await annAtBob().captureImage({ width: 64, height: 36 }))?.length ?? 0) > 100);
  equal("statistics", (await annAtBob().getVideoStats()).length > 0, true);
  equal("the stream", bob.stream?.kind, "video");
  await until("it flows", () => bob.stream?.paused === false); // held back while there is no bandwidth

  await ann.chat.publish("hello", { persist: true });
  await until("bob reads it", () => bob.heard.includes("ann: hello") && bob.chat.messages.length === 1);
  await bob.people.get("ann")!.pin("CAM");
  await until("ann is pinned", () => ann.meeting.pinnedParticipants.get("ann")?.cam === true);

  await ann.meeting.toggleWebcam();
  await until("no camera of ann", () => annAtBob().webcamOn === false && plays("picture-ann")() === 0);
  await ann.meeting.toggleWebcam();
  await until("ann's camera again", () => plays("picture-ann")() === 2);
  await ann.meeting.enableScreenShare(await createCameraVideoTrack({}));
  const shares = () => [ann, bob].map(({ shares }) => shares.get("ann")?.readyState);
  await until("ann shares, for both", () => shares().every((state) => state === "live"));
  await ann.meeting.disableScreenShare();
  await until("ann shares no more", () => shares().every((state) => state === undefined));
  await ann.meeting.muteMic();
  await until("ann is muted", () => annAtBob().micOn === false && ann.meeting.localMicOn === false);
  check("devices", (await bob.devices.getCameras()).length > 0);
  check("permissions", (await bob.devices.checkPermissions()).size > 0);

  equal("idle values", bob.idle, [null, false, false, false, ""]);
  for (const [name, call] of Object.entries(bob.refused))
    await rejects(name, call, { code: 3105, reason: "NOT_OFFERED" });
  equal("they were told", bob.errors.length, Object.keys(bob.refused).length);
  equal("ann was told of nothing", ann.errors, []);

  show({ ann: false, bob: true });
  await until("ann left by unmounting", () => bob.heard.includes("left ann 1101"));
  equal("bob is alone", [...bob.meeting.participants.keys()], ["bob"]);
  await bob.meeting.leave();
  await until("bob has left", () => bob.heard.includes("left 1101") && bob.meeting.isMeetingJoined === false);
  return version;
});
