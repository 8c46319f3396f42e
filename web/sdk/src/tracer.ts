// OpenTelemetry as far as the SDK uses it: what an application hands over, without a dependency on its API.

/**
 * What the SDK uses of a `Tracer` of OpenTelemetry (`@opentelemetry/api`, version 1), which is one of these. Ours.
 */
export interface Tracer {
  startSpan(name: string, options?: { kind?: number }, context?: TraceContext): TraceSpan;
}

/** A `Span` of OpenTelemetry. Ours. */
export interface TraceSpan {
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
  setAttribute(name: string, value: string | number): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  end(): void;
}

/** A `Context` of OpenTelemetry. Ours. */
export interface TraceContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): TraceContext;
  deleteValue(key: symbol): TraceContext;
}
