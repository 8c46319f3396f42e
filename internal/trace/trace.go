// Package trace makes OpenTelemetry spans of what the server does for a client: REST requests, joins, publishing, and
// starts of recordings and streams. It is off unless an endpoint is set, and then costs a look into a context.
//
// A span carries the ids of meeting, session and participant, and of a failure the id, code and reason of its fault; no
// token, name or secret. internal/server opens the Tracer and puts it into contexts.
package trace

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/klatch/klatch/fault"
)

// Options of Open. A zero value is the default beside it.
type Options struct {
	Endpoint string  // base URL of an OTLP/HTTP receiver; spans go to Endpoint/v1/traces
	Ratio    float64 // of the traces that begin here, from 0 to 1
	Version  string  // of the server
	Node     string  // its name in a cluster; "": it is alone
	Log      *slog.Logger
	Metrics  prometheus.Registerer

	Flush time.Duration // 2 s; how long spans wait for others
}

// Bounds of what waits for a receiver; what is beyond is dropped and counted.
const (
	maxQueued     = 4096
	maxBatch      = 512
	exportTimeout = 5 * time.Second
)

// Tracer makes spans. nil is one that is off.
type Tracer struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	started  atomic.Int64 // sampled spans that have ended, for the count of those dropped
	exporter *exporter
}

// Open starts the export; Close ends it. Without an endpoint it returns nil.
func Open(o Options) *Tracer {
	if o.Endpoint == "" {
		return nil
	}
	t := &Tracer{exporter: newExporter(o)}
	batches := sdktrace.NewBatchSpanProcessor(t.exporter, sdktrace.WithMaxQueueSize(maxQueued),
		sdktrace.WithMaxExportBatchSize(maxBatch), sdktrace.WithExportTimeout(exportTimeout),
		sdktrace.WithBatchTimeout(cmp.Or(o.Flush, 2*time.Second)))
	server := []attribute.KeyValue{
		attribute.String("service.name", "klatch"), attribute.String("service.version", o.Version),
	}
	if o.Node != "" {
		server = append(server, attribute.String("service.instance.id", o.Node))
	}
	t.provider = sdktrace.NewTracerProvider(
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(o.Ratio))),
		sdktrace.WithResource(resource.NewSchemaless(server...)),
		sdktrace.WithRawSpanLimits(sdktrace.SpanLimits{
			AttributeValueLengthLimit: 256, AttributeCountLimit: 32, EventCountLimit: 32, LinkCountLimit: 4,
			AttributePerEventCountLimit: 8, AttributePerLinkCountLimit: 4,
		}),
		sdktrace.WithSpanProcessor(counting{batches, &t.started}),
	)
	t.tracer = t.provider.Tracer("github.com/klatch/klatch")
	if o.Metrics != nil {
		o.Metrics.MustRegister(
			prometheus.NewCounterFunc(prometheus.CounterOpts{
				Name: "klatch_trace_spans_exported_total", Help: "Spans that the OTLP receiver has taken.",
			}, func() float64 { return float64(t.exporter.taken.Load()) }),
			prometheus.NewCounterFunc(prometheus.CounterOpts{
				Name: "klatch_trace_spans_failed_total", Help: "Spans that are lost because the OTLP receiver did not take them.",
			}, func() float64 { return float64(t.exporter.lost.Load()) }),
			prometheus.NewGaugeFunc(prometheus.GaugeOpts{
				Name: "klatch_trace_spans_pending",
				Help: "Spans that ended and were neither taken nor lost in a failed export: those that wait, and those " +
					"that were dropped because too many waited.",
			}, func() float64 {
				return float64(t.started.Load()) - float64(t.exporter.taken.Load()+t.exporter.lost.Load())
			}),
		)
	}
	return t
}

// counting counts the spans that end.
type counting struct {
	sdktrace.SpanProcessor
	ended *atomic.Int64
}

// OnEnd implements sdktrace.SpanProcessor.
func (c counting) OnEnd(s sdktrace.ReadOnlySpan) {
	if s.SpanContext().IsSampled() {
		c.ended.Add(1)
	}
	c.SpanProcessor.OnEnd(s)
}

// Close exports what waits, as long as ctx lasts.
func (t *Tracer) Close(ctx context.Context) {
	if t != nil {
		_ = t.provider.Shutdown(ctx) // the exporter has logged and counted what was lost
	}
}

type tracerKey struct{}

// With returns a context in which spans of t begin.
func (t *Tracer) With(ctx context.Context) context.Context {
	if t == nil {
		return ctx
	}
	return context.WithValue(ctx, tracerKey{}, t)
}

// Extract returns a context whose spans have the parent of a traceparent (W3C Trace Context, section 3.2). What is not
// one is ignored there, as that specification says: a new trace begins.
func Extract(ctx context.Context, traceparent string) context.Context {
	if traceparent == "" || !on(ctx) {
		return ctx
	}
	return propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": traceparent})
}

// ExtractHeader is Extract for the headers of a request.
func ExtractHeader(ctx context.Context, header http.Header) context.Context {
	return Extract(ctx, header.Get("traceparent"))
}

func on(ctx context.Context) bool {
	_, is := ctx.Value(tracerKey{}).(*Tracer)
	return is
}

// Span is a span, or none where tracing is off.
type Span struct{ of trace.Span }

// Start begins a span of what ctx belongs to. Attributes are key and value in turn; empty values are left out.
func Start(ctx context.Context, name string, attributes ...string) (context.Context, Span) {
	t, is := ctx.Value(tracerKey{}).(*Tracer)
	if !is {
		return ctx, Span{}
	}
	ctx, of := t.tracer.Start(ctx, name)
	s := Span{of}
	s.Set(attributes...)
	return ctx, s
}

// StartServer is Start for a request of a client.
func StartServer(ctx context.Context, name string, attributes ...string) (context.Context, Span) {
	t, is := ctx.Value(tracerKey{}).(*Tracer)
	if !is {
		return ctx, Span{}
	}
	ctx, of := t.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindServer))
	s := Span{of}
	s.Set(attributes...)
	return ctx, s
}

// Current returns the span of ctx.
func Current(ctx context.Context) Span {
	if !on(ctx) {
		return Span{}
	}
	return Span{trace.SpanFromContext(ctx)}
}

// Set adds attributes: key and value in turn. It returns the span.
func (s Span) Set(attributes ...string) Span {
	if s.of == nil {
		return s
	}
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			s.of.SetAttributes(attribute.String(attributes[i], attributes[i+1]))
		}
	}
	return s
}

// Name changes the name.
func (s Span) Name(name string) {
	if s.of != nil {
		s.of.SetName(name)
	}
}

// Event notes that something happened.
func (s Span) Event(name string) {
	if s.of != nil {
		s.of.AddEvent(name)
	}
}

// Fail notes the fault of what failed. The texts of the fault are left out: they may hold names.
func (s Span) Fail(f *fault.Error) {
	if s.of == nil || f == nil {
		return
	}
	s.Set("klatch.fault.id", f.ID, "klatch.fault.name", f.Name, "klatch.fault.reason", f.Reason,
		"klatch.meeting.id", f.MeetingID, "klatch.session.id", f.SessionID, "klatch.participant.id", f.ParticipantID)
	s.of.SetAttributes(attribute.Int("klatch.fault.code", f.Code))
	s.of.SetStatus(codes.Error, f.Name+"."+f.Reason)
}

// End ends the span; err, where there is one, is what it failed with.
func (s Span) End(err error) {
	if s.of == nil {
		return
	}
	if err != nil {
		s.Fail(fault.From(err))
	}
	s.of.End()
}

// Detached returns a context with the span and the tracer of ctx, and nothing else of it: for what goes on after ctx.
func Detached(ctx, of context.Context) context.Context {
	if !on(of) {
		return ctx
	}
	ctx = of.Value(tracerKey{}).(*Tracer).With(ctx)
	return trace.ContextWithSpanContext(ctx, trace.SpanContextFromContext(of))
}

// ID returns the id of the trace that ctx belongs to; "" for none.
func ID(ctx context.Context) string {
	if c := trace.SpanContextFromContext(ctx); c.IsValid() && on(ctx) {
		return c.TraceID().String()
	}
	return ""
}

// Parent returns the traceparent of ctx, for another process; "" for none.
func Parent(ctx context.Context) string {
	if !on(ctx) {
		return ""
	}
	into := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, into)
	return into["traceparent"]
}
