// Every published option of initMeeting changes something that can be seen: what the SDK asks the browser for, what it
// sends, or what it refuses. Each meeting is joined twice, without the option and with it.

import { VideoSDK } from "@videosdk.live/js-sdk";
import { check, given, rejects, run, until } from "../page.js";

type Options = Required<Parameters<typeof VideoSDK.initMeeting>[0]>;

/** What a meeting has done since it was made. */
interface Log {
  asked: MediaStreamConstraints[];
  encodings: number[];
  sockets: string[];
  /** Requests by their method. */
  requests: { method: string; params: Record<string, unknown> }[];
  /** Candidates of the server, as they were given to the browser. */
  candidates: string[];
}
let log: Log;

function record(): void {
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = (constraints) => {
    log.asked.push(constraints ?? {});
    return open(constraints);
  };
  const { addTransceiver } = RTCPeerConnection.prototype;
  // The last of its overloads has callbacks, which no SDK uses.
  const setRemoteDescription = RTCPeerConnection.prototype.setRemoteDescription as (
    this: RTCPeerConnection,
    description: RTCSessionDescriptionInit,
  ) => Promise<void>;
  RTCPeerConnection.prototype.addTransceiver = function (media, init) {
    if (media === "video") log.encodings.push(init?.sendEncodings?.length ?? 1);
    return addTransceiver.call(this, media, init);
  };
  RTCPeerConnection.prototype.setRemoteDescription = function (description: RTCSessionDescriptionInit) {
    log.candidates.push(...(description.sdp?.match(/^a=candidate:.*$/gm) ?? []));
    return setRemoteDescription.call(this, description);
  };
  globalThis.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      log.sockets.push(String(url));
    }
    override send(data: string): void {
      log.requests.push(JSON.parse(data) as Log["requests"][number]);
      super.send(data);
    }
  };
}

interface Case {
  value: unknown;
  /** Options that both meetings have. */
  beside?: object;
  seen(log: Log): unknown;
  /** What the app does in the meeting before it is looked at. */
  act?(meeting: ReturnType<typeof VideoSDK.initMeeting>): Promise<unknown>;
  /** It is published, and refused by this code. */
  refused?: number;
}

const joined = (name: string) => (of: Log) => of.requests.find(({ method }) => method === "join")?.params[name];
const asks = (kind: "audio" | "video") => (of: Log) => of.asked.filter((each) => each[kind]).length;
const firstPicture = (of: Log) => of.asked.find(({ video }) => video)?.video;
const camera = { webcamEnabled: true };

/** A picture that changes, for a browser that sends what has changed alone. */
function picture(): MediaStream {
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
  const pen = canvas.getContext("2d");
  setInterval(() => pen?.fillRect(0, 0, performance.now() % 320, 180), 50);
  return canvas.captureStream(10);
}
const sound = (): MediaStream => {
  const context = new AudioContext();
  const to = context.createMediaStreamDestination();
  const tone = context.createOscillator();
  tone.connect(to);
  tone.start();
  return to.stream;
};

const cases = {
  meetingId: { value: "none-none-none", seen: joined("meetingId") },
  participantId: { value: "cid", seen: joined("participantId") },
  name: { value: "Cid", seen: joined("name") },
  mode: { value: "RECV_ONLY", seen: joined("mode") },
  metaData: { value: { role: "host" }, seen: joined("metaData") },
  autoConsume: { value: false, seen: joined("autoConsume") },
  micEnabled: { value: true, seen: asks("audio") },
  webcamEnabled: { value: true, seen: asks("video") },
  customCameraVideoTrack: { value: picture, beside: camera, seen: asks("video") },
  customMicrophoneAudioTrack: { value: sound, beside: { micEnabled: true }, seen: asks("audio") },
  maxResolution: { value: "sd", beside: camera, seen: firstPicture },
  multiStream: { value: false, beside: camera, seen: ({ encodings }: Log) => encodings },
  maxLayer: { value: 2, beside: camera, seen: ({ encodings }: Log) => encodings },
  defaultCamera: { value: "back", beside: camera, seen: firstPicture },
  preferredProtocol: {
    value: "TCP_ONLY",
    beside: camera,
    seen: ({ candidates }: Log) => candidates.some((each) => / udp /i.test(each)),
  },
  debugMode: {
    value: false,
    seen: ({ requests }: Log) => requests.some(({ method }) => method === "report"),
    // a fault that only the page knows
    act: (meeting) => {
      const { getUserMedia } = navigator.mediaDevices;
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException("Permission denied", "NotAllowedError"));
      return Promise.resolve(meeting.enableWebcam())
        .catch(() => new Promise((wake) => setTimeout(wake, 500)))
        .finally(() => (navigator.mediaDevices.getUserMedia = getUserMedia));
    },
  },
  serverUrl: { value: "http://127.0.0.1:9", seen: ({ sockets }: Log) => sockets[0] },
  signalingBaseUrl: { value: "http://127.0.0.1:9", seen: ({ sockets }: Log) => sockets[0] },
  traceparent: {
    value: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    seen: ({ requests }: Log) => requests[0],
  },
  pubsubWorkerUrl: { value: "https://example.org/worker.js", seen: () => undefined, refused: 3105 },
} satisfies Record<string, Case>;

run(async () => {
  // An option that is published, and has no case, does not compile. That of codecs needs a browser that lacks one:
  // entry.ts has it. The tracer is an option of ours alone.
  const all: Record<Exclude<keyof Options, "codecSwitchEnabled" | "tracer">, Case> = cases;
  record();
  VideoSDK.config(given.token);
  const seen = async ({ seen, act }: Case, options: object): Promise<string> => {
    log = { asked: [], encodings: [], sockets: [], requests: [], candidates: [] };
    const mine = log;
    const meeting = VideoSDK.initMeeting({
      meetingId: given.meetingId,
      participantId: "ann",
      name: "Ann",
      micEnabled: false,
      webcamEnabled: false,
      signalingBaseUrl: given.server,
      ...options,
    } as never);
    const entered = new Promise((done) => {
      meeting.on("meeting-joined", () => done(true));
      meeting.on("error", () => done(false)); // of a meeting or an address that does not exist
    });
    void Promise.resolve(meeting.join()).catch(() => undefined);
    if (await entered) {
      const { micEnabled, webcamEnabled } = options as { micEnabled?: boolean; webcamEnabled?: boolean };
      if (micEnabled || webcamEnabled)
        await until(
          "what is sent is negotiated",
          () => mine.candidates.length > 0 || mine.requests.length > 20,
          10_000,
        );
      await act?.(meeting);
    }
    const result = JSON.stringify(seen(mine)) ?? "";
    meeting.leave();
    return result;
  };
  for (const [name, one] of Object.entries<Case>(all)) {
    const value: unknown = typeof one.value === "function" ? (one.value as () => unknown)() : one.value;
    if (one.refused) {
      const refused = () => VideoSDK.initMeeting({ meetingId: given.meetingId, [name]: value } as never);
      await rejects(name, refused, { code: one.refused });
      continue;
    }
    const without = await seen(one, { ...one.beside });
    const having = await seen(one, { ...one.beside, [name]: value });
    check(`${name} is taken and ignored: ${without}`, without !== having);
  }
});
