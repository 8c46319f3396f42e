package egress

import (
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// otlpReceiver takes spans, and reads them with the official types.
type otlpReceiver struct {
	mu    sync.Mutex // guards everything below
	spans map[string]*otlp.Span
	raw   strings.Builder
}

func (r *otlpReceiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	content, _ := io.ReadAll(req.Body)
	var request collector.ExportTraceServiceRequest
	if err := proto.Unmarshal(content, &request); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.raw.Write(content)
	for _, s := range request.ResourceSpans[0].ScopeSpans[0].Spans {
		r.spans[string(s.SpanId)] = s
	}
}

// find returns the span of a name in a trace, and the names of what it is in, the innermost first.
func (r *otlpReceiver) find(trace, name string) (span *otlp.Span, within []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.spans {
		if s.Name != name || trace != "" && hex.EncodeToString(s.TraceId) != trace {
			continue
		}
		for at := r.spans[string(s.ParentSpanId)]; at != nil; at = r.spans[string(at.ParentSpanId)] {
			within = append(within, at.Name)
		}
		return s, within
	}
	return nil, nil
}

func attributeOf(s *otlp.Span, key string) string {
	for _, a := range s.Attributes {
		if a.Key == key {
			return a.Value.GetStringValue()
		}
	}
	return ""
}

// A join, what it publishes and its recording are one trace, which the app began; a refusal carries its fault.
func TestTraces(t *testing.T) {
	receiver := &otlpReceiver{spans: map[string]*otlp.Span{}}
	at := httptest.NewServer(receiver)
	t.Cleanup(at.Close)
	h := testserver.Start(t, func(c *conf.Config) { c.Tracing.Endpoint = at.URL })
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	const trace = "0af7651916cd43dd8448eb211c80319c"
	own := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(own))
	bot, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: token, MeetingID: room, ParticipantID: "ann", Name: "planted display name",
		MicEnabled: true, Mic: sdk.TestTone("ann"), Traceparent: "00-" + trace + "-b7ad6b7169203331-01",
		TracerProvider: provider,
	})
	require.NoError(t, err)
	require.NoError(t, bot.Join(t.Context()))
	require.NoError(t, bot.StartRecording(t.Context(), sdk.RecordingOptions{
		Config: &sdk.EgressConfig{Mode: sdk.EgressAudioOnly},
	}))
	for name, within := range map[string][]string{ // of the server; the SDK has the spans around them
		"join": nil, "check the token": {"join"}, "enter the meeting": {"join"}, "publish": nil,
		"answer the offer": {"publish"}, "connect: ICE and DTLS": {"publish"},
		"wait for the first packet": {"publish"}, "startRecording": nil,
		"start recording": {"startRecording"}, "start the worker": {"start recording", "startRecording"},
		"wait for the first frame": {"start recording", "startRecording"},
	} {
		require.EventuallyWithT(t, func(c *assert.CollectT) {
			span, found := receiver.find(trace, name)
			require.NotNil(c, span, name)
			require.Equal(c, within, found, name)
			require.Nil(c, span.Status, name)
		}, 15*time.Second, 20*time.Millisecond)
	}
	join, _ := receiver.find(trace, "join")
	spans := map[string]tracetest.SpanStub{}
	for _, span := range own.GetSpans() {
		require.Equal(t, trace, span.SpanContext.TraceID().String(), span.Name)
		require.Equal(t, codes.Unset, span.Status.Code, span.Name)
		spans[span.Name] = span
	}
	require.Equal(t, "b7ad6b7169203331", spans["join"].Parent.SpanID().String())
	require.Equal(t, spans["join"].SpanContext.SpanID(), spans["unmuteMic"].Parent.SpanID())
	require.Equal(t, spans["join"].SpanContext.SpanID(), spans["startRecording"].Parent.SpanID())
	for of, call := range map[string]string{"join": "join", "publish": "unmuteMic", "startRecording": "startRecording"} {
		span, _ := receiver.find(trace, of)
		require.Equal(t, spans[call].SpanContext.SpanID().String(), hex.EncodeToString(span.ParentSpanId), of)
	}
	require.Equal(t, bot.SessionID(), attributeOf(join, "klatch.session.id"))

	stranger, err := sdk.InitMeeting(
		sdk.Options{URL: h.URL, Token: token + "x", MeetingID: room, TracerProvider: provider},
	)
	require.NoError(t, err)
	own.Reset()
	f := fault.From(stranger.Join(t.Context()))
	require.Len(t, own.GetSpans(), 1)
	failed := own.GetSpans()[0]
	require.Equal(t, codes.Error, failed.Status.Code)
	require.Contains(t, failed.Attributes, attribute.String("klatch.fault.id", f.ID))
	require.Contains(t, failed.Attributes, attribute.Int("klatch.fault.code", f.Code))
	status, answer := h.REST(t, token, http.MethodGet, "/v2/rooms/nowhere", nil)
	refused := testserver.Refused(t, status, answer)
	for name, of := range map[string]*fault.Error{"check the token": f, "join": f, "GET /v2/rooms/{roomId}": refused} {
		require.Eventually(t, func() bool {
			receiver.mu.Lock()
			defer receiver.mu.Unlock()
			for _, s := range receiver.spans {
				if s.Name == name && attributeOf(s, "klatch.fault.id") == of.ID {
					return s.Status.GetCode() == otlp.Status_STATUS_CODE_ERROR &&
						attributeOf(s, "klatch.fault.reason") == of.Reason &&
						(of == f || strings.Contains(string(answer), hex.EncodeToString(s.TraceId)))
				}
			}
			return false
		}, 15*time.Second, 20*time.Millisecond, name)
	}
	require.NoError(t, bot.Leave(t.Context()))
	receiver.mu.Lock()
	defer receiver.mu.Unlock()
	for _, secret := range []string{token, account.Secret, account.Key, "planted display name"} {
		require.NotContains(t, receiver.raw.String(), secret)
	}
}
