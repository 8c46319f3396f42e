import type { Meeting } from "@klatch/sdk";

/** Methods of a meeting as the published React package calls them. */
interface Published {
  send(payload: string | Blob | ArrayBuffer | ArrayBufferView, options?: object): Promise<boolean>;
  switchTo(target: { meetingId: string; token?: string }): Promise<void>;
  requestMediaRelay(options: object): Promise<void>;
  stopMediaRelay(id: string): Promise<void>;
  uploadBase64File(file: object): Promise<string | null>;
  fetchBase64File(file: object): Promise<string | null>;
  readonly realtimeStore: {
    setValue(key: string, value: string): Promise<unknown>;
    getValue(key: string): Promise<string>;
    observe(key: string, listener: (change: { value: unknown; updatedBy: unknown }) => void): Promise<string>;
    stopObserving(id: string): Promise<unknown>;
  };
}

export type PublishedMeeting = Omit<Meeting, keyof Published> & Published;
