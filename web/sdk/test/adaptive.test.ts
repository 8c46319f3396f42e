import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Adaptive } from "../src/adaptive.js";

// The page: what has a video element, whether it is in the background, and the clock that timers and looks share.
let elements: object[];
let visibility: "visible" | "hidden";
let shown: string[];
let adaptive: Adaptive;
let look: () => void;
let now: number;

class Observer {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

const element = (...tracks: string[]): object => ({
  srcObject: { getVideoTracks: () => tracks.map((id) => ({ id })) },
  ownerDocument: document,
  getBoundingClientRect: () => ({ width: 320, height: 180 }),
});

beforeEach(() => {
  now = 0;
  vi.stubGlobal("performance", { now: () => now });
  vi.stubGlobal("IntersectionObserver", Observer);
  vi.stubGlobal("ResizeObserver", Observer);
  vi.stubGlobal("setInterval", (tick: () => void) => {
    look = tick;
    return 0;
  });
  const page = {
    get visibilityState() {
      return visibility;
    },
    pictureInPictureElement: null,
    querySelectorAll: () => elements,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  };
  vi.stubGlobal("document", page);
  visibility = "visible";
  shown = [];
  elements = [element("of-ann")];
  const pictures = new Map([
    ["of-ann", { participantId: "ann", kind: "video" as const }],
    ["of-bob", { participantId: "bob", kind: "video" as const }],
  ]);
  adaptive = new Adaptive({
    pictures: () => pictures,
    show: (participantId, _kind, what) => {
      if (participantId === "bob") shown.push(what === undefined ? "unknown" : what === "hidden" ? what : "seen");
    },
  });
});

afterEach(() => {
  adaptive.close();
  vi.unstubAllGlobals();
});

/** Looks that come after so many ms each. */
function looks(...after: number[]): void {
  for (const ms of after) {
    now += ms;
    look();
  }
}

test("a picture without an element is hidden after three looks", () => {
  looks(500, 500);
  expect(shown).toEqual([]);
  looks(500);
  expect(shown).toEqual(["hidden"]);
});

test("looks that come late do not count, nor those before them", () => {
  looks(500, 500, 2_000, 1_200, 500, 800, 500);
  expect(shown).toEqual([]);
  elements = [element("of-ann"), element("of-bob")];
  looks(4_000);
  expect(shown).toEqual(["seen"]);
});

test("a page that runs again hides what is still in no element", () => {
  looks(3_000, 500, 500);
  expect(shown).toEqual(["hidden"]);
});

test("a late look leaves hidden what was hidden before", () => {
  looks(500, 500, 500, 5_000, 500);
  expect(new Set(shown)).toEqual(new Set(["hidden"]));
});

test("in the background, where all looks are late, pictures are hidden", () => {
  visibility = "hidden";
  looks(1_000, 1_000, 1_000);
  expect(shown).toEqual(["hidden"]);
});
