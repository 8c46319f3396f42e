package trace

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"google.golang.org/protobuf/encoding/protowire"
)

// exporter sends spans to an OTLP receiver over HTTP, in the binary form (OTLP specification 1.5, "OTLP/HTTP"). It is
// our own because the module otlptracehttp brings gRPC with it, some 8 MB of the program.
type exporter struct {
	url    string
	client *http.Client
	log    *slog.Logger

	taken, lost atomic.Int64
	failing     atomic.Bool // that was logged
}

func newExporter(o Options) *exporter {
	return &exporter{
		url: strings.TrimSuffix(o.Endpoint, "/") + "/v1/traces", client: &http.Client{Timeout: exportTimeout}, log: o.Log,
	}
}

// ExportSpans implements sdktrace.SpanExporter. What the receiver does not take is lost and counted; the beginning and
// the end of that are logged once.
func (e *exporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	if len(spans) == 0 {
		return nil
	}
	err := e.post(ctx, encode(spans))
	if err == nil {
		e.taken.Add(int64(len(spans)))
		if e.failing.CompareAndSwap(true, false) {
			e.log.Info("the OTLP receiver takes spans again")
		}
		return nil
	}
	e.lost.Add(int64(len(spans)))
	if e.failing.CompareAndSwap(false, true) {
		e.log.Warn("the OTLP receiver takes no spans; until it does they are lost", "err", err)
	}
	return nil // it was told
}

func (e *exporter) post(ctx context.Context, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-protobuf")
	req.Header.Set("User-Agent", "Klatch")
	res, err := e.client.Do(req)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // so that the connection is used again
	_ = res.Body.Close()
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("status %d", res.StatusCode)
	}
	return nil
}

// Shutdown implements sdktrace.SpanExporter.
func (e *exporter) Shutdown(context.Context) error {
	e.client.CloseIdleConnections()
	return nil
}

// encode returns an ExportTraceServiceRequest (opentelemetry/proto/collector/trace/v1). All spans are of one resource
// and one scope. The numbers are those of the fields in trace.proto, common.proto and resource.proto.
func encode(spans []sdktrace.ReadOnlySpan) []byte {
	var scopeSpans []byte
	scopeSpans = message(scopeSpans, 1, text(nil, 1, spans[0].InstrumentationScope().Name))
	for _, s := range spans {
		scopeSpans = message(scopeSpans, 2, encodeSpan(s))
	}
	var resourceSpans []byte
	resourceSpans = message(resourceSpans, 1, attributes(nil, 1, spans[0].Resource().Attributes()))
	resourceSpans = message(resourceSpans, 2, scopeSpans)
	return message(nil, 1, resourceSpans)
}

func encodeSpan(s sdktrace.ReadOnlySpan) []byte {
	id, spanID := s.SpanContext().TraceID(), s.SpanContext().SpanID()
	b := message(nil, 1, id[:])
	b = message(b, 2, spanID[:])
	b = text(b, 3, s.SpanContext().TraceState().String())
	if parent := s.Parent().SpanID(); parent.IsValid() {
		b = message(b, 4, parent[:])
	}
	b = text(b, 5, s.Name())
	b = number(b, 6, uint64(s.SpanKind())) // of the same values: internal 1, server 2
	b = instant(b, 7, s.StartTime())
	b = instant(b, 8, s.EndTime())
	b = attributes(b, 9, s.Attributes())
	for _, e := range s.Events() {
		b = message(b, 11, attributes(text(instant(nil, 1, e.Time), 2, e.Name), 3, e.Attributes))
	}
	if status := s.Status(); status.Code != codes.Unset {
		code := uint64(1) // STATUS_CODE_OK
		if status.Code == codes.Error {
			code = 2
		}
		b = message(b, 15, number(text(nil, 2, status.Description), 3, code))
	}
	return b
}

func message(b []byte, field protowire.Number, content []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), content)
}

func text(b []byte, field protowire.Number, content string) []byte {
	if content == "" {
		return b
	}
	return protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), content)
}

func number(b []byte, field protowire.Number, value uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), value)
}

func instant(b []byte, field protowire.Number, t time.Time) []byte {
	return protowire.AppendFixed64(protowire.AppendTag(b, field, protowire.Fixed64Type), uint64(t.UnixNano()))
}

// attributes encodes KeyValue messages; this server has strings and whole numbers.
func attributes(b []byte, field protowire.Number, all []attribute.KeyValue) []byte {
	for _, a := range all {
		var value []byte
		if a.Value.Type() == attribute.INT64 {
			value = number(nil, 3, uint64(a.Value.AsInt64()))
		} else {
			value = protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), a.Value.AsString())
		}
		b = message(b, field, message(text(nil, 1, string(a.Key)), 2, value))
	}
	return b
}
