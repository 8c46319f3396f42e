import { asJSON } from "./argument.js";
import { checkArgument, checkOptions, requireArgument, requireMeetingId, type Rules } from "./options.js";
import { presentMode } from "./modes.js";
import { protocols } from "./protocols.js";
import { checkLayers } from "./tracks.js";
import type { Tracer } from "./tracer.js";
import type { MeetingOptions } from "./types.js";
import { refuseOption } from "./unoffered.js";

const rules: Rules<MeetingOptions> = {
  meetingId: "string",
  participantId: "string",
  name: "string",
  micEnabled: "boolean", // the text "false" would switch it on
  webcamEnabled: "boolean",
  mode: (mode, parameter, call) => {
    checkArgument(call, parameter, mode, "string");
    presentMode(mode as string);
  },
  metaData: (metaData, parameter, call) => {
    checkArgument(call, parameter, metaData, "object");
    asJSON(call.method, parameter, metaData);
  },
  autoConsume: "boolean",
  traceparent: "string",
  tracer: (tracer, parameter, call) => {
    checkArgument(call, parameter, tracer, "object");
    const { startSpan } = tracer as Partial<Tracer>;
    requireArgument(call, `${parameter}.startSpan`, startSpan);
    checkArgument(call, `${parameter}.startSpan`, startSpan, "function");
  },
  customCameraVideoTrack: "object",
  customMicrophoneAudioTrack: "object",
  maxResolution: ["hd", "sd"],
  multiStream: "boolean",
  maxLayer: [2, 3],
  preferredProtocol: protocols,
  serverUrl: "string",
  signalingBaseUrl: "string",
  defaultCamera: ["user", "front", "environment", "enviornment", "back"],
  codecSwitchEnabled: "boolean",
  debugMode: "boolean",
  pubsubWorkerUrl: refuseOption("a PubSub worker, which it does not need"),
};

/** The options of `initMeeting` without those that are absent. Throws 3067, 3073 or 3105. */
export function readMeetingOptions(options: MeetingOptions): MeetingOptions {
  const call = { method: "initMeeting" };
  requireArgument(call, "options", options);
  requireMeetingId(call, options.meetingId);
  checkOptions<MeetingOptions>(call, "options", options, rules);
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined && value !== null),
  );
  const read = given as unknown as MeetingOptions;
  checkLayers(read, call.method);
  return read;
}
