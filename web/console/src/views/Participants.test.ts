import { expect, it } from "vitest";
import type { SessionRecord } from "../api/types";
import { insideMs, knownOf } from "./Participants";

it("puts the sessions of a participant together, the newest first", () => {
  const session = (id: string, ...people: string[]): SessionRecord =>
    ({ id, participants: people.map((p) => ({ participantId: p, name: `${p} of ${id}`, timelog: [] })) }) as never;
  const known = knownOf([session("s2", "ann"), session("s1", "bob", "ann")]);
  expect(known.map((k) => [k.participant.name, k.sessions.map((s) => s.id)])).toEqual([
    ["ann of s2", ["s2", "s1"]],
    ["bob of s1", ["s1"]],
  ]);
});

it("adds up stays, up to now for one that goes on", () => {
  const at = (s: number): string => new Date(s * 1000).toISOString();
  const stays = [
    { start: at(0), end: at(10) },
    { start: at(20), end: null },
  ];
  expect(insideMs(stays, 50_000)).toBe(40_000);
});
