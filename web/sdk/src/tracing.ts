import { type FaultContext, VideoSDKError } from "./fault.js";
import type { TraceContext, TraceSpan } from "./tracer.js";
import type { MeetingOptions, StreamKind } from "./types.js";

type Parent = Pick<TraceSpan, "spanContext">;

/** SpanKind.CLIENT and SpanStatusCode.ERROR of the API. */
const CLIENT = 2;
const ERROR = 2;

/** Under this key a context has its span, in every version 1 of the API: several of them share it in one page. */
const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");

const contextOf = (values: ReadonlyMap<symbol, unknown>): TraceContext => ({
  getValue: (key) => values.get(key),
  setValue: (key, value) => contextOf(new Map(values).set(key, value)),
  deleteValue: (key) => contextOf(new Map([...values].filter(([other]) => other !== key))),
});

/** The calls that make spans: they begin something. */
const traced = /^(join|unmuteMic|enable(Webcam|ScreenShare)|start(Recording|Livestream|Hls))$/;

/** Those of them that the request `publish` may belong to. */
const publishes: Partial<Record<StreamKind, string>> = {
  audio: "unmuteMic",
  video: "enableWebcam",
  share: "enableScreenShare",
};

/** The span that a traceparent names; W3C Trace Context, section 3.2. */
const remote = (traceparent: string): Parent => {
  const [, traceId = "", spanId = "", flags = ""] = traceparent.split("-");
  return { spanContext: () => ({ traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true }) };
};

type Options = Pick<MeetingOptions, "tracer" | "traceparent">;

/** Tracing makes spans of calls with the Tracer of the application, where there is one. */
export class Tracing {
  readonly #options: Options;
  readonly #where: () => FaultContext;
  /** The calls under way: the first of each method. */
  readonly #open = new Map<string, TraceSpan>();
  /** The one that is making its request just now. */
  #present: { readonly method: string; readonly span: TraceSpan } | undefined;
  /** Of the join: later calls are within it, however long ago it ended. */
  #joined: TraceSpan | undefined;

  constructor(options: Options, where: () => FaultContext) {
    this.#options = options;
    this.#where = where;
  }

  /**
   * Runs a call in a span. The one of a join begins before this returns, so that its parent is what is active in the
   * application, where that names no `traceparent`.
   */
  run<T>(method: string, call: () => Promise<T>): Promise<T> {
    const { tracer, traceparent } = this.#options;
    if (!tracer || !traced.test(method)) return call();
    const parent =
      method === "join" ? (traceparent ? remote(traceparent) : undefined) : (this.#open.get("join") ?? this.#joined);
    const context = parent && contextOf(new Map([[SPAN, parent]]));
    return this.#within(method, tracer.startSpan(method, { kind: CLIENT }, context), call);
  }

  async #within<T>(method: string, span: TraceSpan, call: () => Promise<T>): Promise<T> {
    const first = !this.#open.has(method);
    if (first) this.#open.set(method, span);
    try {
      this.#present = { method, span };
      const answer = call();
      this.#present = undefined;
      const result = await answer;
      if (method === "join") this.#joined = span;
      return result;
    } catch (failure) {
      if (failure instanceof VideoSDKError) fail(span, failure);
      throw failure;
    } finally {
      if (first) this.#open.delete(method);
      const { meetingId = "", sessionId = "", participantId = "" } = this.#where();
      set(span, { "meeting.id": meetingId, "session.id": sessionId, "participant.id": participantId });
      span.end();
    }
  }

  /** The traceparent of a request: that of the call which it belongs to. */
  of(method: string, params: Readonly<Record<string, unknown>> = {}): string | undefined {
    const streams = (params["streams"] ?? []) as readonly { readonly kind: StreamKind; readonly enabled: boolean }[];
    const calls = method === "publish" ? streams.map(({ kind, enabled }) => enabled && publishes[kind]) : [method];
    for (const call of calls) {
      const present = this.#present?.method === call ? this.#present?.span : undefined;
      const span = present ?? this.#open.get(call || "");
      const { traceId = "", spanId = "", traceFlags = 0 } = span?.spanContext() ?? {};
      // Without a provider a Tracer makes spans whose ids are zeros, which no traceparent may have.
      if (/[^0]/.test(spanId)) return `00-${traceId}-${spanId}-0${traceFlags & 1}`;
    }
    return undefined;
  }
}

/** Notes a fault, without its texts, which may hold names. */
function fail(span: TraceSpan, { id, code, name, reason }: VideoSDKError): void {
  set(span, { "fault.id": id, "fault.code": code, "fault.name": name, "fault.reason": reason });
  span.setStatus({ code: ERROR, message: `${name}.${reason}` });
}

function set(span: TraceSpan, values: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(values)) if (value) span.setAttribute(`klatch.${name}`, value);
}
