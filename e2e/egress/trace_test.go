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
	bot, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: token, MeetingID: room, ParticipantID: "ann", Name: "planted display name",
		MicEnabled: true, Mic: sdk.TestTone("ann"), Traceparent: "00-" + trace + "-b7ad6b7169203331-01",
	})
	require.NoError(t, err)
	require.NoError(t, bot.Join(t.Context()))
	require.NoError(t, bot.StartRecording(t.Context(), sdk.RecordingOptions{
		Config: &sdk.EgressConfig{Mode: sdk.EgressAudioOnly},
	}))
	for name, within := range map[string][]string{
		"join": nil, "check the token": {"join"}, "enter the meeting": {"join"}, "publish": {"join"},
		"answer the offer": {"publish", "join"}, "connect: ICE and DTLS": {"publish", "join"},
		"wait for the first packet": {"publish", "join"}, "startRecording": {"join"},
		"start recording": {"startRecording", "join"}, "start the worker": {"start recording", "startRecording", "join"},
		"wait for the first frame": {"start recording", "startRecording", "join"},
	} {
		require.EventuallyWithT(t, func(c *assert.CollectT) {
			span, found := receiver.find(trace, name)
			require.NotNil(c, span, name)
			require.Equal(c, within, found, name)
			require.Nil(c, span.Status, name)
		}, 15*time.Second, 20*time.Millisecond)
	}
	join, _ := receiver.find(trace, "join")
	require.Equal(t, "b7ad6b7169203331", hex.EncodeToString(join.ParentSpanId))
	require.Equal(t, bot.SessionID(), attributeOf(join, "klatch.session.id"))

	stranger, err := sdk.InitMeeting(sdk.Options{URL: h.URL, Token: token + "x", MeetingID: room})
	require.NoError(t, err)
	f := fault.From(stranger.Join(t.Context()))
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
