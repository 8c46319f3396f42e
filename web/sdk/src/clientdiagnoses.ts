import { Autoplay, type AutoplayOwner } from "./autoplay.js";
import { BlackCamera, type BlackCameraOwner } from "./blackcamera.js";
import { Clock, type ClockOwner } from "./clock.js";
import { DefaultMicrophone, type DefaultMicrophoneOwner } from "./defaultmicrophone.js";
import { Diagnoses, type DiagnosesOwner } from "./diagnosis.js";
import { Limited, type LimitedOwner } from "./limited.js";
import { MutedSpeech, type MutedSpeechOwner } from "./mutedspeech.js";
import { SilentMicrophone, type SilentMicrophoneOwner } from "./silentmicrophone.js";
import { Suspension } from "./suspension.js";

/** What the diagnoses of a client ask of its meeting. */
export type ClientOwner = AutoplayOwner &
  BlackCameraOwner &
  ClockOwner &
  DefaultMicrophoneOwner &
  DiagnosesOwner &
  LimitedOwner &
  MutedSpeechOwner &
  SilentMicrophoneOwner;

/** Looks at what no call can fail with, from one join until the meeting is left. */
export function diagnose(owner: ClientOwner): Diagnoses {
  const clock = new Clock(owner);
  return new Diagnoses(owner, [
    new SilentMicrophone(owner),
    new MutedSpeech(owner),
    new BlackCamera(owner),
    new Limited("bandwidth", owner),
    new Limited("cpu", owner),
    new Autoplay(owner),
    new DefaultMicrophone(owner),
    new Suspension(owner, clock),
    clock,
  ]);
}
