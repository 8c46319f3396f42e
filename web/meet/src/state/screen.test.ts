import { signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import { loadPrefs } from "./prefs";
import { emptyRoom, type Person, type RoomState } from "./room";
import { Screen } from "./screen";

const person = (id: string, more: Partial<Person> = {}): Person => ({
  id,
  name: id,
  local: id === "me",
  streams: {},
  tracks: {},
  paused: [],
  lowBandwidth: [],
  handAt: 0,
  spokeAt: 0,
  pin: { cam: false, share: false },
  connectionState: "CONNECTED",
  mode: "SEND_AND_RECV",
  metaData: undefined,
  on: { audio: true, video: true, share: false, shareAudio: false },
  ...more,
});
const setup = (...people: Person[]) => {
  const room = signal<RoomState>({ ...emptyRoom, phase: "meeting", people });
  const prefs = loadPrefs(undefined);
  const change = (more: Partial<RoomState>): void => void (room.value = { ...room.value, ...more });
  return { screen: new Screen(room, prefs), prefs, change };
};
const pin = { cam: true, share: false };
const sharing = { audio: true, video: true, share: true, shareAudio: false };

describe("layout", () => {
  it("follows the person's wish, remembered", () => {
    const { screen, prefs } = setup(person("me"));
    expect(screen.layout.value).toBe("grid");
    screen.toggleLayout();
    expect([screen.layout.value, prefs.layout.value]).toEqual(["speaker", "speaker"]);
  });
  it("shows a share large, and the old layout after it", () => {
    const { screen, change } = setup(person("me"));
    change({ people: [person("me"), person("b", { on: sharing })] });
    expect(screen.layout.value).toBe("speaker");
    change({ people: [person("me"), person("b")] });
    expect(screen.layout.value).toBe("grid");
  });
  it("shows a pin large until one asks for the grid, and the next pin again", () => {
    const { screen } = setup(person("me"), person("b", { pin }));
    expect(screen.layout.value).toBe("speaker");
    screen.toggleLayout();
    expect(screen.layout.value).toBe("grid");
    screen.pinned();
    expect(screen.layout.value).toBe("speaker");
  });
  it("turns to the speaker layout for somebody kept large, and lets go when they leave or a share begins", () => {
    const { screen } = setup(person("me"), person("b"));
    screen.focus("b");
    expect([screen.layout.value, screen.focusId.value]).toEqual(["speaker", "b"]);
    screen.left("c");
    expect(screen.focusId.value).toBe("b");
    screen.left("b");
    expect(screen.focusId.value).toBeNull();
    screen.focus("b");
    screen.shareBegan();
    expect(screen.focusId.value).toBeNull();
  });
});

describe("order", () => {
  it("keeps places, appends newcomers, drops who left", () => {
    const { screen, change } = setup(person("me"), person("a"), person("b"));
    change({ people: [person("me"), person("b"), person("c")] });
    expect(screen.order.value).toEqual(["me", "b", "c"]);
  });
  it("brings the speaker onto the first page", () => {
    const { screen, change } = setup(person("me"), person("a"), person("b"), person("c"));
    screen.pageSize.value = 2;
    change({ speakerId: "c" });
    expect(screen.order.value).toEqual(["me", "c", "b", "a"]);
  });
});
