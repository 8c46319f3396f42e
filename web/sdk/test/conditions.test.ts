import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Conditions, LEAD_GRACE_MS } from "../src/conditions.js";
import { type Fault, faults, type VideoSDKError } from "../src/fault.js";
import { FaultReports } from "../src/faultreports.js";
import { Meeting } from "../src/meeting.js";
import { browser, closeAll, listen, quick } from "./environment.js";
import { ScriptedServer } from "./server.js";

let server: ScriptedServer;

beforeEach(async () => {
  browser();
  server = await ScriptedServer.start();
});

afterEach(async () => {
  vi.useRealTimers();
  await closeAll();
  await server.close();
});

test.each([true, false])(
  "a server that is away is told after a while and when it is back, and the server learns both (debugMode %s)",
  async (debugMode) => {
    const m = new Meeting({
      token: "t",
      serverUrl: server.url,
      timing: { ...quick, unreachable: 100 },
      options: { meetingId: "abcd-efgh-ijkl", participantId: "ann", name: "Ann", debugMode },
    });
    const heard = listen(m);
    const cleared: unknown[] = [];
    m.on("fault-cleared", (data) => cleared.push(data));
    await m.join();
    server.up = false;
    server.cut();
    const told = (): VideoSDKError | undefined =>
      heard.find(([name]) => name === "error")?.[1] as VideoSDKError | undefined;
    await vi.waitFor(() => expect(told()).toMatchObject({ code: 3102, fatal: false, causeId: "" }), { timeout: 2_500 });
    const id = told()?.id;
    await expect(m.respondEntry("x", "denied")).rejects.toMatchObject({ code: 3065, causeId: id });
    server.up = true;
    await vi.waitFor(() => expect(cleared).toMatchObject([{ id, code: 3102 }]), { timeout: 2_500 });
    expect((cleared[0] as { forMs: number }).forMs).toBeGreaterThan(100);
    const reports = (): unknown[] =>
      server.requests.filter(({ method }) => method.startsWith("report")).map(({ method, params }) => [method, params]);
    if (debugMode)
      await vi.waitFor(() =>
        expect(reports()).toMatchObject([
          ["report", { fault: { id, code: 3102, fatal: false }, agoMs: expect.any(Number) as number }],
          ["reportCleared", { id, agoMs: expect.any(Number) as number }],
        ]),
      );
    const [began] = server.requests.filter(({ method }) => method === "report");
    if (debugMode) expect(began?.params["agoMs"]).toBeGreaterThan(100);
    await m.leave();
    if (!debugMode) expect(reports()).toEqual([]);
  },
);

const lost = (connection: string): Fault =>
  faults.mediaConnectionLostPathLost({ connection, connectedForMs: 1, attempts: 1 });

function recorded() {
  const told: string[] = [];
  const cleared: string[] = [];
  const sent: [string, Record<string, unknown>][] = [];
  const reports = new FaultReports({
    reports: () => true,
    isConnected: () => true,
    request: async (method, params) => void sent.push([method, params]),
  });
  const owner = {
    tell: ({ id }: VideoSDKError) => void told.push(id),
    cleared: ({ id }: Fault) => void cleared.push(id),
  };
  return { told, cleared, sent, conditions: new Conditions(owner, reports) };
}

test("one dead network is told once; what follows from it names it", async () => {
  const { told, cleared, sent, conditions } = recorded();
  const [publish, subscribe] = [lost("publish"), lost("subscribe")];
  const away = faults.signalingUnreachableNoConnection({ url: "u", attempts: 1 });
  conditions.raise(publish);
  conditions.raise({ ...away, fatal: false });
  conditions.raise(subscribe);
  expect(told).toEqual([publish.id]);
  await vi.waitFor(() => expect(sent).toHaveLength(3));
  expect(sent.map(([, { fault }]) => (fault as Fault).causeId)).toEqual(["", publish.id, publish.id]);
  conditions.end(subscribe, 1);
  conditions.end({ ...away, fatal: false }, 1);
  conditions.end(publish, 1);
  expect(cleared).toEqual([publish.id]);
  await vi.waitFor(() => expect(sent.slice(3).map(([method]) => method)).toEqual(Array(3).fill("reportCleared")));
  conditions.raise(subscribe); // another incident would have another id
  expect(told).toEqual([publish.id, subscribe.id]);
});

test("what outlives its cause is told", () => {
  vi.useFakeTimers();
  const { told, cleared, conditions } = recorded();
  const [publish, subscribe] = [lost("publish"), lost("subscribe")];
  conditions.raise(publish);
  conditions.raise(subscribe);
  conditions.end(publish, 1);
  vi.advanceTimersByTime(LEAD_GRACE_MS - 1);
  expect(told).toEqual([publish.id]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([publish.id, subscribe.id]);
  conditions.end(subscribe, 1);
  expect(cleared).toEqual([publish.id, subscribe.id]);
});
