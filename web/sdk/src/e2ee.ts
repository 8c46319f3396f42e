import { notOffered } from "./unoffered.js";

/** Options of `ExternalE2EEKeyProvider`. */
export interface E2EEKeyProviderOptions {
  ratchetWindowSize?: number;
  failureTolerance?: number;
  discardFrameWhenCryptorNotReady?: boolean;
}

/** The published key provider of end-to-end encryption, which Klatch does not offer: it takes no key. */
export class ExternalE2EEKeyProvider {
  constructor(_options?: E2EEKeyProviderOptions) {}

  /** Rejects with 3105. */
  setSharedKey(_key: string | ArrayBuffer): Promise<void> {
    return Promise.reject(notOffered("setSharedKey", "end-to-end encryption"));
  }
}
