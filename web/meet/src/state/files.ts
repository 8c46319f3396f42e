import type { Meeting } from "@klatch/sdk";
import type { JSX } from "preact";

/** A file that somebody has sent in the chat, as its message tells. */
export interface ChatFile {
  readonly url: string;
  readonly name: string;
  readonly bytes: number;
}

/** A file that is uploaded; the page knows the token. */
export type Upload = Omit<Parameters<Meeting["uploadBase64File"]>[0], "token">;

/** What sends and shows files of the chat, once it is loaded. */
export interface Files {
  /** Tells how large a file may be, before one is chosen. */
  open(): void;
  /** Attaches files to the next message. */
  add(files: readonly File[]): void;
  /** Reports whether some are attached; a signal is read for it. */
  isAny(): boolean;
  /** Reports whether some are being sent. */
  isSending(): boolean;
  /**
   * Sends what is attached, the text with the first. What was not sent stays, and says why. Returns the text where it
   * was not sent either.
   */
  send(text: string): Promise<string>;
  /** Those that are attached. */
  Attached(): JSX.Element | null;
  /** One that somebody has sent. */
  Received(of: { file: ChatFile }): JSX.Element;
}

/** Reads the file of a message from its payload, which is whatever its sender put there. */
export function fileOf(payload: Readonly<Record<string, unknown>> | undefined): ChatFile | undefined {
  const { url, name, bytes } = (payload?.["file"] ?? {}) as Partial<Record<keyof ChatFile, unknown>>;
  if (typeof url !== "string" || typeof name !== "string" || typeof bytes !== "number") return undefined;
  if (addressOf(url) === undefined || !Number.isSafeInteger(bytes) || bytes < 0) return undefined;
  return { url, name: cleanName(name), bytes };
}

/** The path of a file below the address of the server, to which alone the token goes. */
export function addressOf(url: string): string | undefined {
  return /\/temporary-files\/[^/?#]+\/[a-z0-9]+$/.exec(url)?.[0];
}

/** A name without what makes it look like another one, and without what no server takes: at most 255 bytes. */
export function cleanName(name: string): string {
  const clean = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\]/gu, "_");
  const [, stem = clean, extension = ""] = /^(.*?)(\.[^.]{1,16})?$/su.exec(clean) ?? [];
  const letters = [...stem];
  const size = (text: string): number => new TextEncoder().encode(text).length;
  while (letters.length > 0 && size(letters.join("") + extension) > 255) letters.pop();
  return letters.join("") + extension || "_";
}
