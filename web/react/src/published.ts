import type { Meeting } from "@klatch/sdk";

/** Methods of a meeting that the SDK is about to get. */
export interface PublishedMeeting extends Meeting {
  switchTo(target: { meetingId: string; token?: string }): Promise<void>;
  requestMediaRelay(options: object): Promise<void>;
  stopMediaRelay(id: string): Promise<void>;
  uploadBase64File(file: object): Promise<string | null>;
  fetchBase64File(file: object): Promise<string | null>;
}
