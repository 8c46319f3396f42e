import { type Fault, type FaultContext, faults } from "./faults.gen.js";

class FaultError extends Error {
  /** The fault as a plain object, as it travels. */
  toJSON(): Fault {
    const { code, name, message, ...rest } = this as unknown as Fault;
    return { code, name, message, ...rest } as Fault;
  }

  /** Code, name, reason, detail, remedy and id in one line. */
  override toString(): string {
    return inOneLine(this as unknown as Fault);
  }
}

/** The same line as `Error` of the Go SDK. */
function inOneLine({ code, name, reason, detail, remedy, id }: Fault): string {
  return `${code} ${name} (${reason}): ${detail} ${remedy} [${id}]`;
}

/**
 * A fault as it is thrown, rejected with and given to `error` listeners: an Error with the fields of `Fault`.
 * It is a union: a check of `code` (and `reason`) narrows `details`.
 */
export type VideoSDKError = FaultError & Fault;

/** What `VideoSDKError` is as a value: a class, for `instanceof`. */
export interface VideoSDKErrorConstructor {
  readonly prototype: VideoSDKError;
  /** Makes what is thrown of a fault that was received as data, for instance in a webhook. */
  new (fault: Fault): VideoSDKError;
}

/** Class of all errors the SDK throws or rejects with. */
export const VideoSDKError = class VideoSDKError extends FaultError {
  constructor(fault: Fault) {
    const line = inOneLine(fault);
    // Firefox reports an uncaught error with the message it was made with: the whole line, not the published text
    // alone.
    super(line);
    // Chromium and Node print the stack, which begins with the message; in Firefox and Safari it is frames only.
    const { stack = "" } = this;
    const frames = stack.startsWith("Error: ") ? stack.slice(stack.indexOf(line) + line.length) : `\n${stack}`;
    Object.defineProperty(this, "stack", {
      value: `VideoSDKError: ${line}${frames}`,
      configurable: true,
      writable: true,
    });
    // `message` is defined by Error as not enumerable: defined again so that toJSON and logging see every field.
    Object.defineProperty(this, "message", { enumerable: true });
    Object.assign(this, fault);
  }
} as unknown as VideoSDKErrorConstructor;

export { type Fault, type FaultContext, faults };
