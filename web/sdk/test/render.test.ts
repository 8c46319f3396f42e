// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Renderer, type RendererOwner } from "../src/render.js";

class Stream {
  constructor(readonly tracks: readonly MediaStreamTrack[]) {}
  getTracks(): readonly MediaStreamTrack[] {
    return this.tracks;
  }
}

let resized: () => void = () => undefined;
let track: MediaStreamTrack | undefined;
const want = vi.fn();
const owner = (local = false): RendererOwner => ({
  className: "participant-video-bob",
  local,
  track: () => track,
  want,
  where: () => ({}),
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("MediaStream", Stream);
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(look: () => void) {
        resized = look;
      }
      observe(): void {}
    },
  );
  // happy-dom takes no other MediaStream than its own.
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", { value: null, writable: true, configurable: true });
  vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue();
  track = undefined;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  want.mockReset();
});

const shownIn = (element: HTMLMediaElement): unknown =>
  (element.srcObject as unknown as Stream | null)?.getTracks()[0] ?? null;

test("a picture follows its stream, in one element with the styles of each call", () => {
  const renderer = new Renderer(owner());
  const container = renderer.video({ containerStyle: { width: "300px" }, videostyle: { borderRadius: "8px" } });
  const video = container.querySelector("video") as HTMLVideoElement;
  expect([container.style.width, video.style.borderRadius, video.style.objectFit]).toEqual(["300px", "8px", "cover"]);
  expect([video.muted, video.autoplay, video.style.visibility]).toEqual([true, true, "hidden"]);
  track = { id: "1" } as MediaStreamTrack;
  renderer.update("video");
  expect([shownIn(video), video.style.visibility]).toEqual([track, ""]);
  expect(renderer.video({ containerStyle: { width: "400px" } })).toBe(container);
  expect(container.style.width).toBe("400px");
  track = undefined;
  renderer.update("video");
  expect([shownIn(video), video.style.visibility]).toEqual([null, "hidden"]);
  expect(renderer.video({ type: "share" }).querySelector("video")?.style.objectFit).toBe("contain");
});

test("auto asks for the size of the element, a quality for that quality, an own picture for nothing", () => {
  const renderer = new Renderer(owner());
  const container = renderer.video();
  container.getBoundingClientRect = () => ({ width: 320, height: 180.5 }) as DOMRect;
  resized();
  expect(want).not.toHaveBeenCalled();
  vi.advanceTimersByTime(300);
  expect(want.mock.calls).toEqual([["video", { width: 320, height: 181 }]]);
  renderer.video({ maxQuality: "low" });
  renderer.video({ maxQuality: "low" });
  resized();
  vi.advanceTimersByTime(300);
  renderer.video();
  expect(want.mock.calls.slice(1)).toEqual([
    ["video", { quality: "low" }],
    ["video", { quality: "high" }],
  ]);
  want.mockReset();
  new Renderer(owner(true)).video({ maxQuality: "low" });
  expect(want).not.toHaveBeenCalled();
});

test("a sound follows its stream; that of oneself is muted", () => {
  track = { id: "1" } as MediaStreamTrack;
  const element = new Renderer(owner()).audio();
  expect([shownIn(element), element.autoplay, element.muted]).toEqual([track, true, false]);
  expect(new Renderer(owner(true)).audio().muted).toBe(true);
});

test("other options are refused", () => {
  const renderer = new Renderer(owner());
  const refused = (parameter: string): unknown =>
    expect.objectContaining({ code: 3073, reason: "NOT_ALLOWED", details: expect.objectContaining({ parameter }) });
  expect(() => renderer.video({ type: "audio" as "video" })).toThrow(refused("type"));
  expect(() => renderer.video({ maxQuality: "best" as "high" })).toThrow(refused("maxQuality"));
  expect(() => renderer.video({ videoStyle: {} } as object)).toThrow(
    expect.objectContaining({ reason: "UNKNOWN_OPTION", details: expect.objectContaining({ nearest: "videostyle" }) }),
  );
  expect(() => renderer.audio({ type: "video" as "audio" })).toThrow(refused("type"));
});
