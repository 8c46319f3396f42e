import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Scenario } from "../src/simulation.js";
import { browser, closeAll, meeting } from "./environment.js";
import { ScriptedServer } from "./server.js";

let server: ScriptedServer;

beforeEach(async () => {
  browser();
  server = await ScriptedServer.start();
});

afterEach(async () => {
  await closeAll();
  await server.close();
});

test("a cut of signaling lasts for so long, and is resumed", async () => {
  const m = meeting(server);
  await m.join();
  const states: string[] = [];
  m.on("meeting-state-changed", ({ state }) => states.push(state));
  const began = Date.now();
  await m.simulate("signaling-cut", { forMs: 300 });
  await vi.waitFor(() => expect(m.state).toBe("CONNECTED"), { timeout: 5_000 });
  expect(states).toEqual(["RECONNECTING", "CONNECTED"]);
  expect(Date.now() - began).toBeGreaterThanOrEqual(300);
});

test("what cannot be simulated is refused, and nothing happens", async () => {
  const m = meeting(server);
  await expect(m.simulate("signaling-cut")).rejects.toMatchObject({ code: 3035 });
  await m.join();
  await expect(m.simulate("migration" as Scenario)).rejects.toMatchObject({
    code: 3073,
    reason: "NOT_ALLOWED",
    details: { allowed: ["signaling-cut", "publish-lost", "subscribe-lost", "server-gone"] },
  });
  await expect(m.simulate("signaling-cut", { forMs: 60_001 })).rejects.toMatchObject({ reason: "OUT_OF_RANGE" });
  await expect(m.simulate("signaling-cut", { after: 1 } as object)).rejects.toMatchObject({ reason: "UNKNOWN_OPTION" });
  await expect(m.simulate("publish-lost")).rejects.toMatchObject({ code: 3048, reason: "NOT_CONNECTED" });
  expect(m.state).toBe("CONNECTED");
});
