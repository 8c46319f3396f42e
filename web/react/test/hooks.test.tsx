import { memo, useEffect, useState } from "react";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { participant, fault } from "../../sdk/test/server";
import {
  MeetingConsumer,
  MeetingProvider,
  type UseMeeting,
  type UseParticipant,
  useCharacter,
  useMeeting,
  useParticipant,
  usePubSub,
  useStream,
  useTranscription,
  useWhiteboard,
} from "../src/index";
import { acting, Stage, until } from "./stage";

let stage: Stage;
beforeEach(async () => void (stage = await Stage.open()));
afterEach(() => stage.close());

const count = (method: string): number => stage.server.methods().filter((m) => m === method).length;

test("StrictMode joins once, and unmounting leaves", async () => {
  let meeting: UseMeeting | undefined;
  const joined: string[] = [];
  function App() {
    meeting = useMeeting({ onMeetingJoined: () => joined.push("joined") });
    return <p>{meeting.isMeetingJoined ? "in" : "out"}</p>;
  }
  await stage.render(<App />, { joinWithoutUserInteraction: true });
  await until("joined", () => meeting?.isMeetingJoined === true);
  expect(joined).toEqual(["joined"]);
  expect(document.body.textContent).toContain("in");
  expect([...(meeting?.participants.keys() ?? [])]).toEqual(["ann", "bob"]);
  expect(meeting?.localParticipant.id).toBe("ann");
  await stage.unmount();
  await until("left", () => count("leave") === 1);
  expect(count("join")).toBe(1);
  expect(stage.server.connections).toHaveLength(1);
});

test("a join that an effect asks for twice is one", async () => {
  const failed: unknown[] = [];
  let meeting: UseMeeting | undefined;
  function App() {
    meeting = useMeeting({ onError: (error) => failed.push(error) });
    const { join } = meeting;
    useEffect(() => void join(), [join]);
    return null;
  }
  await stage.render(<App />);
  await until("joined", () => meeting?.isMeetingJoined === true);
  expect([count("join"), failed]).toEqual([1, []]);
});

test("callbacks are those of the last rendering, and each is called once", async () => {
  const heard: string[] = [];
  let count = 0;
  let again: (n: number) => void = () => undefined;
  function App() {
    const [n, setN] = useState(0);
    again = setN;
    const { isMeetingJoined } = useMeeting({ onParticipantJoined: (p) => heard.push(`${n} ${p.id}`) });
    useParticipant("carol", { onMediaStatusChanged: ({ kind, peerId }) => heard.push(`${n} ${peerId} ${kind}`) });
    count++;
    return <p>{String(isMeetingJoined)}</p>;
  }
  await stage.render(<App />, { joinWithoutUserInteraction: true });
  await until("bob", () => heard.length === 1);
  await acting(() => again(1));
  stage.server.event("participant-joined", { participant: participant("carol") });
  await until("carol", () => heard.length === 2);
  await acting(() => again(2));
  stage.server.event("stream-enabled", {
    participantId: "carol",
    stream: { id: "s", kind: "audio", codec: "opus" },
  });
  await until("her microphone", () => heard.length === 3);
  expect(heard).toEqual(["0 bob", "1 carol", "2 carol audio"]);
  expect(count).toBeGreaterThan(0);
});

test("a component renders again for what it has read only", async () => {
  const renders = { join: 0, speaker: 0, people: 0, bob: 0 };
  let speaker: string | null = null;
  const Join = memo(function Join() {
    const { join } = useMeeting();
    renders.join++;
    return <p>{typeof join}</p>;
  });
  const Speaker = memo(function Speaker() {
    speaker = useMeeting().activeSpeakerId;
    renders.speaker++;
    return null;
  });
  const People = memo(function People() {
    const { participants } = useMeeting();
    renders.people++;
    return <p>{[...participants.keys()].join()}</p>;
  });
  const Bob = memo(function Bob() {
    const { micOn, isActiveSpeaker } = useParticipant("bob");
    renders.bob++;
    return <p>{`${micOn} ${isActiveSpeaker}`}</p>;
  });
  await stage.render(
    <>
      <Join />
      <Speaker />
      <People />
      <Bob />
    </>,
    { joinWithoutUserInteraction: true },
  );
  await until("bob", () => document.body.textContent?.includes("ann,bob") === true);
  const before = { ...renders };
  stage.server.event("speaker-changed", { participantId: "ann" });
  await until("ann speaks", () => speaker === "ann");
  expect(renders).toEqual({ ...before, speaker: renders.speaker });
  expect(renders.speaker).toBeGreaterThan(before.speaker);
  const spoken = { ...renders };
  stage.server.event("stream-enabled", { participantId: "bob", stream: { id: "s", kind: "audio", codec: "opus" } });
  await until("bob is heard", () => document.body.textContent?.includes("true false") === true);
  expect(renders).toEqual({ ...spoken, bob: renders.bob });
});

test("a value that a handler reads is the present one", async () => {
  let first: UseMeeting | undefined;
  function App() {
    const meeting = useMeeting();
    first ??= meeting;
    return null;
  }
  await stage.render(<App />, { joinWithoutUserInteraction: true });
  await until("joined", () => first?.isMeetingJoined === true);
  expect(first?.localParticipant.id).toBe("ann");
});

test("what fails is told to onError, and is an unhandled rejection without one", async () => {
  const refused = fault(4002, "INVALID_TOKEN", "EXPIRED");
  stage.server.on.set("join", ({ id }, connection) => connection.refuse(id, refused));
  const told: number[] = [];
  let meeting: UseMeeting | undefined;
  const left: number[] = [];
  function App({ hears }: { hears: boolean }) {
    meeting = useMeeting({
      ...(hears && { onError: ({ code }) => told.push(code) }),
      onMeetingLeft: ({ code }) => left.push(code),
    });
    return null;
  }
  await stage.render(<App hears />);
  await acting(() => meeting?.join().catch(() => undefined));
  expect([told, left]).toEqual([[4002], [1103]]);
  const unhandled: unknown[] = [];
  const hear = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", hear);
  try {
    // With onError nobody needs to await it.
    void meeting?.join();
    await until("told again", () => told.length === 2);
    await stage.render(<App hears={false} />);
    void meeting?.join();
    await until("unhandled", () => unhandled.length > 0);
    expect(unhandled).toEqual([expect.objectContaining({ code: 4002, reason: "EXPIRED" })]);
    expect(told).toHaveLength(2);
  } finally {
    process.off("unhandledRejection", hear);
  }
});

test("a subscription that is under way when the meeting is left is no error of the page", async () => {
  let subscribed = 0;
  stage.server.on.set("pubsub.subscribe", () => void subscribed++);
  let meeting: UseMeeting | undefined;
  function App() {
    meeting = useMeeting();
    usePubSub("CHAT");
    return null;
  }
  const uncaught: unknown[] = [];
  const hear = (thrown: unknown): void => void uncaught.push(thrown);
  window.addEventListener("error", hear);
  process.on("uncaughtException", hear);
  try {
    await stage.render(<App />, { joinWithoutUserInteraction: true });
    await until("subscribed", () => subscribed > 0);
    await acting(() => meeting?.leave());
    await new Promise((wake) => setTimeout(wake));
    expect(uncaught).toEqual([]);
  } finally {
    window.removeEventListener("error", hear);
    process.off("uncaughtException", hear);
  }
});

test("a call before joining, of nobody, and of what is not offered is refused by its fault", async () => {
  let meeting: UseMeeting | undefined;
  let nobody: UseParticipant | undefined;
  const refusals: (() => Promise<unknown>)[] = [];
  function App() {
    meeting = useMeeting();
    nobody = useParticipant("nobody");
    const { startTranscription, stopTranscription } = useTranscription();
    const { startWhiteboard, whiteboardUrl } = useWhiteboard();
    const { join, displayName, webcamOn } = useCharacter({ interactionId: "i" });
    refusals.splice(0, 9, () => startTranscription({}), stopTranscription, startWhiteboard, join);
    return <p>{JSON.stringify([whiteboardUrl, displayName, webcamOn])}</p>;
  }
  await stage.render(<App />);
  expect(document.body.textContent).toContain('[null,"",false]');
  await acting(() => expect(meeting?.muteMic()).rejects.toMatchObject({ code: 3035, reason: "NOT_JOINED" }));
  await expect(nobody?.pin("CAM")).rejects.toMatchObject({ code: 3035, details: { method: "participant.pin" } });
  for (const refused of refusals) await expect(refused()).rejects.toMatchObject({ code: 3105, reason: "NOT_OFFERED" });
  await acting(() => meeting?.join());
  await expect(nobody?.remove()).rejects.toMatchObject({
    code: 3073,
    reason: "NOT_ALLOWED",
    details: { parameter: "participantId", got: "nobody", allowed: ["ann", "bob"] },
  });
  expect(await nobody?.getVideoStats()).toEqual([]);
  expect([nobody?.displayName, nobody?.micOn, nobody?.webcamStream]).toEqual(["", false, null]);
});

test("usePubSub subscribes once, keeps messages and unsubscribes", async () => {
  const heard: string[] = [];
  let publish: ((message: string) => Promise<void>) | undefined;
  const old = {
    id: "1",
    topic: "CHAT",
    message: "old",
    senderId: "bob",
    senderName: "Bob",
    timestamp: "2026-11-22T07:00:00Z",
  };
  stage.server.on.set("pubsub.subscribe", ({ id }, connection) => connection.answer(id, { messages: [old] }));
  function Chat() {
    const chat = usePubSub("CHAT", { onMessageReceived: ({ message }) => heard.push(message) }, { maxMessages: 2 });
    publish = chat.publish;
    return <p>{chat.messages.map(({ message }) => message).join()}</p>;
  }
  function App() {
    const { isMeetingJoined } = useMeeting();
    const [shown, setShown] = useState(true);
    return (
      <>
        <button onClick={() => setShown(false)}>{String(isMeetingJoined)}</button>
        {shown && <Chat />}
      </>
    );
  }
  await stage.render(<App />, { joinWithoutUserInteraction: true });
  await until("old ones", () => document.body.textContent?.includes("old") === true);
  expect(count("pubsub.subscribe")).toBe(1);
  stage.server.event("pubsub-message", { ...old, id: "2", message: "new" });
  stage.server.event("pubsub-message", { ...old, id: "3", message: "newer" });
  await until("new ones", () => document.body.textContent?.includes("new,newer") === true);
  expect(heard).toEqual(["new", "newer"]);
  await publish?.("hi");
  expect(stage.server.requests.at(-1)?.params).toMatchObject({ topic: "CHAT", message: "hi" });
  await acting(() => document.querySelector("button")?.click());
  await until("unsubscribed", () => count("pubsub.unsubscribe") === 1);
});

test("a component that shows the own participant survives leaving", async () => {
  function Inside() {
    const { localParticipant, leave, participants } = useMeeting();
    return <button onClick={() => void leave()}>{`${localParticipant.mode} ${participants.size}`}</button>;
  }
  function App() {
    const [inside, setInside] = useState(false);
    useMeeting({ onMeetingJoined: () => setInside(true), onMeetingLeft: () => setTimeout(() => setInside(false)) });
    return inside ? <Inside /> : <p>outside</p>;
  }
  await stage.render(<App />, { joinWithoutUserInteraction: true });
  await until("in", () => document.querySelector("button")?.textContent === "SEND_AND_RECV 2");
  await acting(() => document.querySelector("button")?.click());
  await until("out", () => document.body.textContent?.includes("outside") === true);
});

test("another token leaves and joins again, if so wished", async () => {
  const left: number[] = [];
  function App() {
    const { isMeetingJoined } = useMeeting({ onMeetingLeft: ({ code }) => left.push(code) });
    return <p>{isMeetingJoined ? "in" : "out"}</p>;
  }
  const tokens = (): unknown[] =>
    stage.server.requests.filter(({ method }) => method === "join").map((r) => r.params["token"]);
  await stage.render(<App />, { joinWithoutUserInteraction: true, reinitialiseMeetingOnConfigChange: true });
  await until("in", () => document.body.textContent?.includes("in") === true);
  await stage.render(<App />, { reinitialiseMeetingOnConfigChange: true, token: "other" });
  await until("in again", () => tokens().length === 2 && document.body.textContent?.includes("in") === true);
  expect([tokens(), left, count("leave")]).toEqual([["t", "other"], [1101], 1]);
});

test("MeetingConsumer hands over what useMeeting returns", async () => {
  await stage.render(<MeetingConsumer>{({ meetingId }: UseMeeting) => <p>{meetingId}</p>}</MeetingConsumer>);
  expect(document.body.textContent).toContain("abcd-efgh-ijkl");
});

test("without a provider and on a server there are idle values", () => {
  function App() {
    const { participants, localMicOn, hlsState } = useMeeting();
    const { displayName } = useParticipant("ann");
    const { stream } = useStream("s");
    const { messages } = usePubSub("CHAT");
    return (
      <p>{[participants.size, localMicOn, hlsState, displayName, stream === undefined, messages.length].join()}</p>
    );
  }
  const idle = "0,false,HLS_STOPPED,,true,0";
  expect(renderToString(<App />)).toContain(idle);
  const below = (
    <MeetingProvider token="t" config={{ meetingId: "m", name: "Ann", micEnabled: false, webcamEnabled: false }}>
      <App />
    </MeetingProvider>
  );
  expect(renderToString(below)).toContain(idle);
});
