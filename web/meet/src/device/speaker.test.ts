import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Speaker } from "./speaker";

/** An <audio> of a browser that wants a click before it plays. */
class StrictAudio {
  srcObject: unknown = null;
  sinkId = "";
  playing = false;
  static clicked = false;
  async play(): Promise<void> {
    if (!StrictAudio.clicked) throw new DOMException("play() needs a click", "NotAllowedError");
    this.playing = true;
  }
  async setSinkId(id: string): Promise<void> {
    if (id === "gone") throw new DOMException("no such output", "NotFoundError");
    this.sinkId = id;
  }
}
const audio = () => new StrictAudio() as StrictAudio & HTMLAudioElement;
const track = {} as MediaStreamTrack;
const settled = () => new Promise((done) => setTimeout(done));

beforeEach(() => {
  StrictAudio.clicked = false;
  vi.stubGlobal("MediaStream", class {});
  vi.stubGlobal("HTMLMediaElement", StrictAudio);
});
afterEach(() => vi.unstubAllGlobals());

it("says that the browser holds the sound back, and plays all of it after a click", async () => {
  const speaker = new Speaker();
  const [a, b] = [audio(), audio()];
  speaker.play(a, track);
  speaker.play(b, track);
  await settled();
  expect([speaker.blocked.value, a.playing, b.playing]).toEqual([true, false, false]);
  StrictAudio.clicked = true;
  await speaker.unblock();
  expect([speaker.blocked.value, a.playing, b.playing]).toEqual([false, true, true]);
});

it("asks again when the click was not enough", async () => {
  const speaker = new Speaker();
  speaker.play(audio(), track);
  await settled();
  await speaker.unblock();
  expect(speaker.blocked.value).toBe(true);
});

it("sends present and later sound to the chosen output, and survives one that is gone", async () => {
  StrictAudio.clicked = true;
  const speaker = new Speaker();
  const [a, b] = [audio(), audio()];
  speaker.play(a, track);
  await speaker.choose("headset");
  const undo = speaker.play(b, track);
  await settled();
  expect([a.sinkId, b.sinkId]).toEqual(["headset", "headset"]);
  undo();
  await speaker.choose("gone");
  expect([a.sinkId, b.sinkId, b.srcObject]).toEqual(["headset", "headset", null]);
});
