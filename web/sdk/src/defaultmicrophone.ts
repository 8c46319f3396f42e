import { devicesOf } from "./devices.js";
import type { Diagnosis, Found } from "./diagnosis.js";
import { type FaultContext, faults } from "./fault.js";

export interface DefaultMicrophoneOwner {
  /** The track that is sent; undefined while the microphone is off, or where the user has chosen a device. */
  defaultMicrophone(): MediaStreamTrack | undefined;
  where(): FaultContext;
}

/** DefaultMicrophone finds a microphone that is sent although another one has become the system's default since. */
export class DefaultMicrophone implements Diagnosis {
  readonly every = 2_000;
  readonly after = 0;
  readonly #owner: DefaultMicrophoneOwner;
  #track: MediaStreamTrack | undefined;
  /** The default when the track was first seen; "" where the track does not come from it. */
  #device = "";
  #label = "";

  constructor(owner: DefaultMicrophoneOwner) {
    this.#owner = owner;
  }

  async look(): Promise<Found> {
    const track = this.#owner.defaultMicrophone();
    if (!track) return undefined;
    // The default is listed first: Media Capture and Streams, 9.2.1. Chromium lists it a second time, under its own id;
    // only its group tells which one the first is.
    const [first, ...others] = await devicesOf("audioinput");
    if (!first || track !== this.#owner.defaultMicrophone()) return "unknown";
    const { deviceId, groupId } = first;
    const device = deviceId === "default" ? groupId : deviceId;
    const label = others.find((one) => deviceId === "default" && one.groupId === groupId)?.label ?? first.label;
    if (track !== this.#track) {
      this.#track = track;
      this.#device = track.getSettings().deviceId === deviceId ? device : "";
      this.#label = label;
    }
    if (this.#device === "" || device === "" || device === this.#device) return undefined;
    const details = { kind: "audio", label: this.#label, defaultLabel: label };
    return () => faults.clientImpairedDeviceChanged(details, this.#owner.where());
  }
}
