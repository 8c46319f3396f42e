// The page of an app that makes traces with OpenTelemetry, and hands its Tracer to the SDK.
import { context, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { SimpleSpanProcessor, WebTracerProvider } from "@opentelemetry/sdk-trace-web";
import type { Tracer } from "../../../web/sdk/src/tracer.js";

/** Makes the app's provider: spans go to a receiver of OTLP. */
function start(url: string): { tracer: Tracer; within(name: string, run: () => Promise<unknown>): Promise<string> } {
  const provider = new WebTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter({ url: `${url}/v1/traces` }))],
  });
  provider.register();
  const tracer = trace.getTracer("app");
  return {
    tracer,
    /** Runs something in a span of the app, and returns the id of its trace. */
    async within(name, run) {
      const span = tracer.startSpan(name);
      try {
        await context.with(trace.setSpan(context.active(), span), run);
      } finally {
        span.end();
      }
      return span.spanContext().traceId;
    },
  };
}

Object.assign(globalThis, { startTracing: start });
