package sdk

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// traced are the requests that begin something.
var traced = map[string]bool{
	wire.MethodStartRecording: true, wire.MethodStartLivestream: true, wire.MethodStartHLS: true,
}

// traceFrom sets the parent of spans whose context has none.
func (m *Meeting) traceFrom(traceparent string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.traceparent = traceparent
}

// startSpan begins a span of a call, where Options has a TracerProvider. Its parent is the span of ctx, else that of
// the participation: the join, and for the join itself Options.Traceparent. end takes what the call failed with.
func (m *Meeting) startSpan(ctx context.Context, name string) (spanCtx context.Context, end func(error)) {
	if m.opts.TracerProvider == nil {
		return ctx, func(error) {}
	}
	if !trace.SpanContextFromContext(ctx).IsValid() {
		m.mu.Lock()
		parent := m.traceparent
		m.mu.Unlock()
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": parent})
	}
	ctx, span := m.opts.TracerProvider.Tracer("github.com/klatch/klatch/sdk").
		Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient))
	return ctx, func(err error) {
		m.mu.Lock()
		set(span, "klatch.meeting.id", m.opts.MeetingID)
		set(span, "klatch.session.id", m.sessionID)
		m.mu.Unlock()
		set(span, "klatch.participant.id", m.local.ID())
		if f := fault.From(err); f != nil { // without its texts, which may hold names
			set(span, "klatch.fault.id", f.ID)
			set(span, "klatch.fault.name", f.Name)
			set(span, "klatch.fault.reason", f.Reason)
			span.SetAttributes(attribute.Int("klatch.fault.code", f.Code))
			span.SetStatus(codes.Error, f.Name+"."+f.Reason)
		}
		span.End()
	}
}

func set(span trace.Span, key, value string) {
	if value != "" {
		span.SetAttributes(attribute.String(key, value))
	}
}

// traceparentOf returns the traceparent of the span that startSpan has put into ctx; "" for none.
func (m *Meeting) traceparentOf(ctx context.Context) string {
	if m.opts.TracerProvider == nil {
		return ""
	}
	into := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, into)
	return into["traceparent"]
}
