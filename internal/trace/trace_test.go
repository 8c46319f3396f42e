package trace

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/klatch/klatch/fault"
)

// The official types of OTLP read what is sent: ids, parents, times, attributes, events, status.
func TestExport(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex // guards spans
	var spans []*otlp.Span
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, _ := io.ReadAll(r.Body)
		var request collector.ExportTraceServiceRequest
		if err := proto.Unmarshal(content, &request); err != nil || r.URL.Path != "/v1/traces" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		server := map[string]string{}
		for _, a := range request.ResourceSpans[0].Resource.Attributes {
			server[a.Key] = a.Value.GetStringValue()
		}
		require.Equal(t, map[string]string{
			"service.name": "klatch", "service.version": "1.2.3", "service.instance.id": "node-1",
		}, server)
		spans = append(spans, request.ResourceSpans[0].ScopeSpans[0].Spans...)
	}))
	defer receiver.Close()
	tracer := Open(Options{
		Endpoint: receiver.URL, Ratio: 0, Version: "1.2.3", Node: "node-1", Log: slog.New(slog.DiscardHandler),
	})

	_, unsampled := Start(tracer.With(t.Context()), "not taken by the ratio")
	unsampled.End(nil)
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	ctx, outer := StartServer(Extract(tracer.With(t.Context()), parent), "join", "klatch.meeting.id", "m", "empty", "")
	require.Equal(t, "0af7651916cd43dd8448eb211c80319c", ID(ctx))
	require.True(t, strings.HasPrefix(Parent(ctx), "00-0af7651916cd43dd8448eb211c80319c-"))
	_, inner := Start(Detached(context.Background(), ctx), "check")
	inner.Event("asked")
	f := fault.InvalidTokenAlgNotAllowed("none", "HS256")
	inner.End(f)
	outer.End(nil)
	tracer.Close(t.Context())

	require.Len(t, spans, 2)
	check, join := spans[0], spans[1]
	require.Equal(t, "check", check.Name)
	require.Equal(t, join.SpanId, check.ParentSpanId)
	require.Equal(t, join.TraceId, check.TraceId)
	require.Equal(t, []byte{0xb7, 0xad, 0x6b, 0x71, 0x69, 0x20, 0x33, 0x31}, join.ParentSpanId)
	require.Equal(t, otlp.Span_SPAN_KIND_SERVER, join.Kind)
	require.Equal(t, otlp.Status_STATUS_CODE_ERROR, check.Status.Code)
	require.Equal(t, "asked", check.Events[0].Name)
	require.InDelta(t, time.Now().UnixNano(), join.EndTimeUnixNano, 60e9)
	require.LessOrEqual(t, join.StartTimeUnixNano, check.StartTimeUnixNano)
	values := map[string]any{}
	for _, a := range check.Attributes {
		values[a.Key] = a.Value.GetStringValue()
		if a.Key == "klatch.fault.code" {
			values[a.Key] = a.Value.GetIntValue()
		}
	}
	require.Equal(t, map[string]any{"klatch.fault.id": f.ID, "klatch.fault.code": int64(4002),
		"klatch.fault.name": "INVALID_TOKEN", "klatch.fault.reason": "ALG_NOT_ALLOWED"}, values)
	require.Len(t, join.Attributes, 1)
}

// A receiver that does not answer, or refuses, delays nobody; what is lost is counted, and logged once.
func TestAReceiverThatFails(t *testing.T) {
	t.Parallel()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer receiver.Close()
	var log bytes.Buffer
	metrics := prometheus.NewRegistry()
	tracer := Open(
		Options{Endpoint: receiver.URL, Ratio: 1, Log: slog.New(slog.NewTextHandler(&log, nil)), Metrics: metrics},
	)
	began := time.Now()
	const all = 5 * maxQueued
	for range all {
		_, span := Start(tracer.With(t.Context()), "x")
		span.End(nil)
	}
	require.Less(t, time.Since(began), 5*time.Second)
	tracer.Close(t.Context())
	require.Equal(t, 1, strings.Count(log.String(), "level=WARN"), log.String())
	families, err := metrics.Gather()
	require.NoError(t, err)
	values := map[string]float64{}
	for _, f := range families {
		m := f.Metric[0]
		values[f.GetName()] = m.GetCounter().GetValue() + m.GetGauge().GetValue()
	}
	require.Positive(t, values["klatch_trace_spans_failed_total"])
	require.EqualValues(t, all, values["klatch_trace_spans_failed_total"]+values["klatch_trace_spans_pending"])
}

// Without an endpoint nothing is allocated.
func TestOff(t *testing.T) {
	var tracer *Tracer
	ctx := tracer.With(t.Context())
	require.Zero(t, testing.AllocsPerRun(100, func() {
		ctx, span := StartServer(Extract(ctx, "x"), "join", "a", "b")
		_, inner := Start(ctx, "check")
		inner.End(nil)
		span.End(nil)
	}))
	tracer.Close(ctx)
}
