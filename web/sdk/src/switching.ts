import { type FaultContext, faults, VideoSDKError } from "./fault.js";
import { checkOptions, requireArgument, type Rules } from "./options.js";
import type { Participant } from "./participant.js";
import type { MeetingOptions, SwitchOptions } from "./types.js";

/** The options of a meeting that say what is on when it is joined. */
export type MediaOptions = Pick<
  MeetingOptions,
  "micEnabled" | "webcamEnabled" | "customMicrophoneAudioTrack" | "customCameraVideoTrack"
>;

/** What `switchTo` asks of its meeting. */
export interface SwitchHost {
  readonly id: string;
  readonly local: Participant;
  where(): FaultContext;
  /** Leaves the present meeting, and joins the other one with this media. */
  move(to: SwitchOptions, media: MediaOptions): Promise<void>;
}

const rules: Rules<SwitchOptions> = { meetingId: "string", token: "string" };

/**
 * Leaves a meeting and joins another one, with the microphone and the camera as they are. Throws 3073, 4003 or 3054 for
 * options that name no other meeting, while this one goes on, and 4076 where the other one cannot be joined.
 */
export async function switchTo(host: SwitchHost, to: SwitchOptions): Promise<void> {
  const call = { method: "switchTo", at: host.where() };
  requireArgument(call, "options", to);
  checkOptions<SwitchOptions>(call, "options", to, rules);
  requireArgument(call, "meetingId", to.meetingId);
  if (to.meetingId === "") throw new VideoSDKError(faults.invalidMeetingIDEmpty(call.at));
  if (to.meetingId === host.id)
    throw new VideoSDKError(
      faults.alreadyInRequestedStateAlready({ method: call.method, state: to.meetingId }, call.at),
    );
  const mic = copyOf(host.local, "audio");
  const camera = copyOf(host.local, "video");
  const media: MediaOptions = {
    micEnabled: mic !== undefined,
    webcamEnabled: camera !== undefined,
    ...(mic && { customMicrophoneAudioTrack: mic }),
    ...(camera && { customCameraVideoTrack: camera }),
  };
  try {
    await host.move(to, media);
  } catch (failure) {
    for (const stream of [mic, camera]) for (const track of stream?.getTracks() ?? []) track.stop();
    if (!(failure instanceof VideoSDKError)) throw failure;
    const { meetingId } = to;
    throw new VideoSDKError(
      faults.switchMeetingFailedJoinFailed({ meetingId }, { ...host.where(), causeId: failure.id }),
    );
  }
}

/** A copy of what is sent, which stays when the meeting stops its own tracks. */
function copyOf(local: Participant, kind: "audio" | "video"): MediaStream | undefined {
  const track = [...local.streams.values()].find((stream) => stream.kind === kind)?.track;
  return track?.readyState === "live" ? new MediaStream([track.clone()]) : undefined;
}
