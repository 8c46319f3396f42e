import { expect, test } from "vitest";
import { nameOr, type Snapshot } from "./snapshot";
import { emptyView, reduceView, type View } from "./view";

interface Person extends Snapshot {
  readonly raised: boolean;
}

const enter = (p: Snapshot): Person => ({ ...p, raised: false });

function person(id: string, local = false): Snapshot {
  const on = { audio: false, video: false, share: false, shareAudio: false };
  return {
    id,
    name: id,
    local,
    mode: "SEND_AND_RECV",
    metaData: undefined,
    on,
    streams: {},
    tracks: {},
    paused: [],
    lowBandwidth: [],
    pin: { cam: false, share: false },
    connectionState: "CONNECTED",
  };
}

const empty: View<Person> = emptyView;

test("people enter, change and leave, and keep what their owner knows of them", () => {
  let view = reduceView(empty, { type: "person", person: person("me", true) }, enter);
  view = reduceView(view, { type: "person", person: person("bob") }, enter);
  view = { ...view, people: view.people.map((p) => ({ ...p, raised: p.id === "bob" })) };
  view = reduceView(view, { type: "person", person: { ...person("bob"), name: "Bob" } }, enter);
  expect(view.people.map(({ id, name, raised }) => [id, name, raised])).toEqual([
    ["me", "me", false],
    ["bob", "Bob", true],
  ]);
  view = reduceView(view, { type: "person-left", id: "bob" }, enter);
  expect(view.people.map(({ id }) => id)).toEqual(["me"]);
});

test("oneself may get another id, and stays one person", () => {
  let view = reduceView(empty, { type: "person", person: person("made-here", true) }, enter);
  view = reduceView(view, { type: "person", person: person("by-the-server", true) }, enter);
  expect(view.people.map(({ id }) => id)).toEqual(["by-the-server"]);
});

test("what changes nothing returns the same view", () => {
  for (const change of [
    { type: "connection", state: "DISCONNECTED" },
    { type: "speaker", id: null, at: 0 },
    { type: "presenter", id: null },
    { type: "main", id: null },
    { type: "person-left", id: "nobody" },
  ] as const) {
    expect(reduceView(empty, change, enter)).toBe(empty);
  }
});

test("who has left keeps the permissions and nothing else", () => {
  const inside = { ...empty, inside: true, permissions: ["allow_join"], speakerId: "bob" };
  const left = reduceView(
    inside,
    { type: "left", reason: { code: 1001, reason: "LEFT", message: "" } as never },
    enter,
  );
  expect(left).toEqual({ ...empty, permissions: ["allow_join"] });
});

test("nobody is without a name", () => {
  expect(nameOr("  ", "abcdef")).toBe("Guest abcd");
  expect(nameOr(" Ann ", "abcdef")).toBe("Ann");
});
