import { signal } from "@preact/signals";
import { VideoSDKError, type Fault } from "@klatch/sdk";
import { describe, expect, it } from "vitest";
import { Capture } from "./capture";

class FakeStream {
  stopped = false;
  getTracks() {
    return [{ stop: () => void (this.stopped = true) }];
  }
}

/** A device whose opening the test finishes by hand. */
function device() {
  const opened: { id: string; stream: FakeStream; done: () => void; fail: (e: unknown) => void }[] = [];
  const open = (id: string) =>
    new Promise<MediaStream>((resolve, reject) => {
      const stream = new FakeStream();
      opened.push({ id, stream, done: () => resolve(stream as unknown as MediaStream), fail: reject });
    });
  const at = (i: number) => {
    const entry = opened[i];
    if (entry === undefined) throw new Error(`opened only ${opened.length} times`);
    return entry;
  };
  return { at, count: () => opened.length, capture: new Capture(signal(true), signal("front"), open) };
}

const fault = new VideoSDKError({
  code: 3021,
  name: "ERROR_CAMERA_NOT_FOUND",
  reason: "NO_DEVICE",
  message: "m",
  detail: "d",
  remedy: "r",
  fatal: false,
  retryable: false,
  retryAfterMs: 0,
  id: "flt_1",
  causeId: "",
  at: "",
  docs: "",
  consoleUrl: "",
  meetingId: "",
  sessionId: "",
  participantId: "",
  details: { domName: "", domMessage: "", startingCode: 3011 },
} satisfies Fault);

describe("Capture", () => {
  it("opens the chosen device and hands it over", async () => {
    const { capture, at } = device();
    const ready = capture.update();
    expect(capture.opening.value).toBe(true);
    at(0).done();
    await ready;
    expect([at(0).id, capture.opening.value]).toEqual(["front", false]);
    expect(capture.take()).toBe(at(0).stream);
    capture.close();
    expect(at(0).stream.stopped).toBe(false);
  });
  it("stops a stream that arrives after it was switched off", async () => {
    const { capture, at } = device();
    const ready = capture.update();
    await capture.set(false);
    at(0).done();
    await ready;
    expect([capture.stream.value, at(0).stream.stopped, capture.opening.value]).toEqual([null, true, false]);
  });
  it("keeps the newest device when choices overtake each other", async () => {
    const { capture, at } = device();
    const first = capture.update();
    const second = capture.choose("back");
    at(1).done();
    await second;
    at(0).done();
    await first;
    expect(capture.stream.value).toBe(at(1).stream);
    expect([at(0).stream.stopped, at(1).stream.stopped]).toEqual([true, false]);
  });
  it("keeps the fault until the next try", async () => {
    const { capture, at } = device();
    const ready = capture.update();
    at(0).fail(fault);
    await ready;
    expect([capture.fault.value, capture.stream.value, capture.wanted.value]).toEqual([fault, null, true]);
    void capture.update();
    expect(capture.fault.value).toBeNull();
  });
  it("does not swallow what is not a fault", async () => {
    const { capture, at } = device();
    const ready = capture.update();
    at(0).fail(new TypeError("bug"));
    await expect(ready).rejects.toThrow("bug");
  });
  it("closes the device when the page is left", async () => {
    const { capture, at } = device();
    const ready = capture.update();
    at(0).done();
    await ready;
    capture.close();
    expect([at(0).stream.stopped, capture.wanted.value]).toEqual([true, true]);
  });
});
