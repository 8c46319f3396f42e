import { type FaultContext, faults, VideoSDKError } from "./fault.js";
import { checkOptions, requireArgument, type Rules } from "./options.js";
import type { Participant } from "./participant.js";
import type { Timing } from "./signal.js";
import type { MeetingOptions, SwitchOptions } from "./types.js";

/** @internal What `initMeeting` hands over. */
export interface MeetingSetup {
  readonly token: string;
  readonly serverUrl: string;
  readonly options: Readonly<MeetingOptions>;
  readonly timing?: Partial<Timing>;
}

/** The options of a meeting that say what is on when it is joined. */
type MediaOptions = Pick<
  MeetingOptions,
  "micEnabled" | "webcamEnabled" | "customMicrophoneAudioTrack" | "customCameraVideoTrack"
>;

/** What `switchTo` asks of its meeting. */
export interface SwitchHost {
  readonly local: Participant;
  where(): FaultContext;
  setup(): MeetingSetup;
  become(setup: MeetingSetup): void;
  /** Leaves the present meeting for another one. */
  leave(): Promise<void>;
  join(meetingId: string): Promise<void>;
}

const rules: Rules<SwitchOptions> = { meetingId: "string", token: "string" };

/** Switching leaves a meeting and joins another one, with the microphone and the camera as they are. */
export class Switching {
  readonly #host: SwitchHost;
  #active = false;

  constructor(host: SwitchHost) {
    this.#host = host;
  }

  /** Whether the present meeting is left for another one, which is then joined. */
  get active(): boolean {
    return this.#active;
  }

  /**
   * Throws 3073, 4003 or 3054 for options that name no other meeting, while this one goes on, and 4076 where the other
   * one cannot be joined.
   */
  async to(to: SwitchOptions): Promise<void> {
    const call = { method: "switchTo", at: this.#host.where() };
    requireArgument(call, "options", to);
    checkOptions<SwitchOptions>(call, "options", to, rules);
    requireArgument(call, "meetingId", to.meetingId);
    if (to.meetingId === "") throw new VideoSDKError(faults.invalidMeetingIDEmpty(call.at));
    if (to.meetingId === call.at.meetingId)
      throw new VideoSDKError(
        faults.alreadyInRequestedStateAlready({ method: call.method, state: to.meetingId }, call.at),
      );
    const mic = copyOf(this.#host.local, "audio");
    const camera = copyOf(this.#host.local, "video");
    try {
      await this.#move(to, {
        micEnabled: mic !== undefined,
        webcamEnabled: camera !== undefined,
        ...(mic && { customMicrophoneAudioTrack: mic }),
        ...(camera && { customCameraVideoTrack: camera }),
      });
    } catch (failure) {
      for (const stream of [mic, camera]) for (const track of stream?.getTracks() ?? []) track.stop();
      if (!(failure instanceof VideoSDKError)) throw failure;
      const { meetingId } = to;
      throw new VideoSDKError(
        faults.switchMeetingFailedJoinFailed({ meetingId }, { ...this.#host.where(), causeId: failure.id }),
      );
    }
  }

  /** Later joins are of the other meeting, with the media that the options ask for. */
  async #move({ meetingId, token = this.#host.setup().token }: SwitchOptions, media: MediaOptions): Promise<void> {
    const host = this.#host;
    const { id: participantId, mode } = host.local;
    const options = { ...host.setup().options, meetingId, participantId, mode };
    this.#active = true;
    try {
      await host.leave();
      host.become({ ...host.setup(), token, options: { ...options, ...media } });
      await host.join(meetingId);
    } finally {
      this.#active = false;
      host.become({ ...host.setup(), options });
    }
  }
}

/** A copy of what is sent, which stays when the meeting stops its own tracks. */
function copyOf(local: Participant, kind: "audio" | "video"): MediaStream | undefined {
  const track = [...local.streams.values()].find((stream) => stream.kind === kind)?.track;
  return track?.readyState === "live" ? new MediaStream([track.clone()]) : undefined;
}
