import { afterEach, beforeEach, expect, test } from "vitest";
import { readMeetingOptions } from "../src/meetingoptions.js";
import type { TraceContext, Tracer, TraceSpan } from "../src/tracer.js";
import { Tracing } from "../src/tracing.js";
import { browser, closeAll, listen, meeting } from "./environment.js";
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

interface Recorded {
  readonly name: string;
  readonly parent: string | undefined;
  readonly attributes: Record<string, string | number>;
  status: string | undefined;
  ended: boolean;
}

/** A Tracer that keeps its spans; the ids are 1, 2 and so on. e2e/clients has the real one. */
function tracer(): { spans: Recorded[]; tracer: Tracer } {
  const spans: Recorded[] = [];
  const key = Symbol.for("OpenTelemetry Context Key SPAN");
  const startSpan = (name: string, _options?: { kind?: number }, within?: TraceContext): TraceSpan => {
    const parent = within?.getValue(key) as TraceSpan | undefined;
    const attributes: Recorded["attributes"] = {};
    const span: Recorded = { name, parent: parent?.spanContext().spanId, attributes, status: undefined, ended: false };
    const spanId = spans.push(span).toString(16).padStart(16, "0");
    return {
      spanContext: () => ({ traceId: "a".repeat(32), spanId, traceFlags: 1 }),
      setAttribute: (of, value) => (attributes[of] = value),
      setStatus: ({ message }) => (span.status = message),
      end: () => (span.ended = true),
    };
  };
  return { spans, tracer: { startSpan } };
}

const traceparent = (span: number): string => `00-${"a".repeat(32)}-${String(span).padStart(16, "0")}-01`;

/** The traceparent of each request that has one. */
const told = (): string[] =>
  server.requests.flatMap((one) => {
    const {
      method,
      params,
      traceparent: of,
    } = one as {
      method: string;
      params?: { traceparent?: string };
      traceparent?: string;
    };
    const parent = of ?? params?.traceparent;
    return parent === undefined ? [] : [`${method} ${parent}`];
  });

test("the spans of calls are within that of the join, and their requests within them", async () => {
  const kept = tracer();
  server.on.set("startRecording", () => undefined); // no answer
  const m = meeting(server, { tracer: kept.tracer, traceparent: `00-${"b".repeat(32)}-${"c".repeat(16)}-01` });
  listen(m);
  await m.join();
  const recording = m.startRecording();
  await expect.poll(told).toContain(`startRecording ${traceparent(2)}`);
  expect(kept.spans[1]?.ended).toBe(false);
  await m.leave();
  await expect(recording).rejects.toMatchObject({ code: 3056 });
  expect(told()).toEqual([`join ${traceparent(1)}`, `startRecording ${traceparent(2)}`]);
  expect(kept.spans).toMatchObject([
    { name: "join", parent: "c".repeat(16), status: undefined, ended: true },
    { name: "startRecording", parent: "0000000000000001", status: "ERROR_OPERATION_ABORTED.LEFT", ended: true },
  ]);
  expect(kept.spans[0]?.attributes).toEqual({
    "klatch.meeting.id": "abcd-efgh-ijkl",
    "klatch.session.id": "s1",
    "klatch.participant.id": "ann",
  });
  expect(kept.spans[1]?.attributes).toMatchObject({ "klatch.fault.code": 3056, "klatch.fault.reason": "LEFT" });
});

test("two calls of one kind at a time make requests of their own", async () => {
  const kept = tracer();
  server.on.set("startRecording", () => undefined); // no answer
  const m = meeting(server, { tracer: kept.tracer });
  listen(m);
  await m.join();
  const recordings = [m.startRecording(), m.startRecording()];
  await expect
    .poll(told)
    .toEqual([`join ${traceparent(1)}`, `startRecording ${traceparent(2)}`, `startRecording ${traceparent(3)}`]);
  await m.leave();
  await Promise.allSettled(recordings);
});

test("an offer belongs to the call that switches its stream on", async () => {
  const kept = tracer();
  const tracing = new Tracing({ tracer: kept.tracer }, () => ({}));
  let finish = (): void => undefined;
  const open = new Promise<void>((resolve) => (finish = resolve));
  const calls = ["unmuteMic", "enableWebcam"].map((one) => tracing.run(one, () => open));
  const streams = ["audio", "video"].map((kind) => ({ kind, enabled: kind === "video" }));
  expect(tracing.of("publish", { streams })).toBe(traceparent(2));
  expect(tracing.of("ping")).toBeUndefined();
  finish();
  await Promise.all(calls);
  expect(tracing.of("publish", { streams })).toBeUndefined();
});

test("a Tracer without a provider changes nothing", async () => {
  const nothing: Tracer = {
    startSpan: () => ({
      spanContext: () => ({ traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 0 }),
      setAttribute: () => undefined,
      setStatus: () => undefined,
      end: () => undefined,
    }),
  };
  const own = `00-${"b".repeat(32)}-${"c".repeat(16)}-01`;
  await meeting(server, { tracer: nothing, traceparent: own }).join();
  expect(told()).toEqual([`join ${own}`]);
});

test("what is no Tracer is refused by name", () => {
  for (const [wrong, parameter] of [
    ["x", "tracer"],
    [{}, "tracer.startSpan"],
    [{ startSpan: 1 }, "tracer.startSpan"],
  ] as const)
    expect(() => readMeetingOptions({ meetingId: "abcd-efgh-ijkl", tracer: wrong as unknown as Tracer })).toThrow(
      expect.objectContaining({ code: 3073, details: expect.objectContaining({ parameter }) }),
    );
});
