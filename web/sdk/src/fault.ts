import { type Fault, type FaultContext, faults } from "./faults.gen.js";

class FaultError extends Error {
  /** The fault as a plain object, as it travels. */
  toJSON(): Fault {
    const { code, name, message, ...rest } = this as unknown as Fault;
    return { code, name, message, ...rest } as Fault;
  }
}

/**
 * A fault as it is thrown, rejected with and given to `error` listeners: an Error with the fields of `Fault`.
 * It is a union: a check of `code` (and `reason`) narrows `details`.
 */
export type VideoSDKError = FaultError & Fault;

/** What `VideoSDKError` is as a value: a class, for `instanceof`. */
export interface VideoSDKErrorConstructor {
  readonly prototype: VideoSDKError;
  /** @internal */
  new (fault: Fault): VideoSDKError;
}

/** Class of all errors the SDK throws or rejects with. */
export const VideoSDKError = class VideoSDKError extends FaultError {
  constructor(fault: Fault) {
    super(fault.message);
    // `message` is defined by Error as not enumerable: defined again so that toJSON and logging see every field.
    Object.defineProperty(this, "message", { enumerable: true });
    Object.assign(this, fault);
  }
} as unknown as VideoSDKErrorConstructor;

export { type Fault, type FaultContext, faults };
