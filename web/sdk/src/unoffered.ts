import type { transcriptionEvents, translationEvents } from "./constants.js";
import { Emitter } from "./emitter.js";
import { faults, VideoSDKError } from "./fault.js";
import type { MeetingEvents } from "./meetingevents.js";
import type { TranscriptionConfig } from "./types.js";

/** The fault of a published call whose feature Klatch does not offer. */
export function notOffered(method: string, feature: string): VideoSDKError {
  return new VideoSDKError(faults.notOfferedNotOffered({ method, feature }));
}

/** Refuses an option that asks for what Klatch does not offer. */
export const refuseOption =
  (feature: string) =>
  (_: unknown, parameter: string, { method }: { readonly method: string }): void => {
    throw notOffered(`${method} with ${parameter}`, feature);
  };

/** Options of transcription: known, and refused where they ask for one. */
export function checkTranscription(method: string, transcription: TranscriptionConfig | null | undefined): void {
  if (transcription?.enabled || transcription?.summary?.enabled)
    throw notOffered(`${method} with transcription`, "transcription");
}

/** What of the published meeting Klatch does not offer: each call rejects with 3105, and fires `error`. */
export abstract class Unoffered extends Emitter<MeetingEvents> {
  /** @internal Rejects, and fires `error`. */
  protected abstract refused(fault: VideoSDKError): Promise<never>;

  /** Always TRANSCRIPTION_STOPPED. */
  get transcriptionState(): transcriptionEvents {
    return "TRANSCRIPTION_STOPPED";
  }
  /** Always TRANSLATION_STOPPED. */
  get translationState(): translationEvents {
    return "TRANSLATION_STOPPED";
  }
  /** Always false. */
  get isE2EEEnabled(): boolean {
    return false;
  }

  startTranscription(_options?: {
    webhookUrl?: string;
    modelConfig?: object;
    summary?: { enabled: boolean; prompt?: string };
  }): Promise<void> {
    return this.refused(notOffered("startTranscription", "transcription"));
  }
  stopTranscription(): Promise<void> {
    return this.refused(notOffered("stopTranscription", "transcription"));
  }
  requestMediaRelay(_options: {
    destinationMeetingId: string;
    token?: string;
    kinds?: ("audio" | "video" | "share" | "share_audio")[];
  }): Promise<void> {
    return this.refused(notOffered("requestMediaRelay", "media relay between meetings"));
  }
  stopMediaRelay(_destinationMeetingId: string): Promise<void> {
    return this.refused(notOffered("stopMediaRelay", "media relay between meetings"));
  }
  startWhiteboard(): Promise<void> {
    return this.refused(notOffered("startWhiteboard", "a whiteboard"));
  }
  stopWhiteboard(): Promise<void> {
    return this.refused(notOffered("stopWhiteboard", "a whiteboard"));
  }
}
