package clients

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/sdk"
)

// collectorVariable names the program of the OpenTelemetry Collector (tools/otelcol); `make traces` builds it.
const collectorVariable = "TEST_OTELCOL"

// attributes are those of a span or a resource, in the JSON form of OTLP.
type attributes []struct {
	Key   string
	Value struct{ StringValue, IntValue string }
}

func (a attributes) get(key string) string {
	for _, one := range a {
		if one.Key == key {
			return one.Value.StringValue + one.Value.IntValue
		}
	}
	return ""
}

// span is a span as the collector passes it on.
type span struct {
	TraceID, SpanID, ParentSpanID, Name string
	Attributes                          attributes
	Status                              struct {
		Code    int
		Message string
	}

	resource attributes
}

// collector is the OpenTelemetry Collector: it takes spans of everybody, and passes them on as JSON, which is kept.
type collector struct {
	url string

	mu    sync.Mutex // guards everything below
	spans map[string]span
	raw   []byte
}

func startCollector(t *testing.T) *collector {
	t.Helper()
	program := os.Getenv(collectorVariable)
	if program == "" {
		t.Skip(collectorVariable + " is not set: `make traces` builds the OpenTelemetry Collector and sets it")
	}
	c := &collector{spans: map[string]span{}}
	sink := httptest.NewServer(http.HandlerFunc(c.keep))
	t.Cleanup(sink.Close)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	config := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `
receivers:
  otlp:
    protocols:
      http:
        endpoint: %s
        cors: { allowed_origins: ["*"], allowed_headers: ["*"] }
exporters:
  otlp_http: { endpoint: %s, encoding: json, compression: none }
service:
  telemetry: { metrics: { level: none }, logs: { level: warn } }
  pipelines:
    traces: { receivers: [otlp], exporters: [otlp_http] }
`, address, sink.URL), 0o600))
	command := testprocess.Command(program, "--config", config)
	command.Stdout, command.Stderr = os.Stderr, os.Stderr
	testprocess.Start(t, command)
	c.url = "http://" + address
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", address)
		return err == nil && conn.Close() == nil
	}, timeout, 20*time.Millisecond, "the collector does not listen")
	return c
}

// keep takes an ExportTraceServiceRequest in the JSON form, as the exporter of the collector writes it.
func (c *collector) keep(w http.ResponseWriter, r *http.Request) {
	var request struct {
		ResourceSpans []struct {
			Resource   struct{ Attributes attributes }
			ScopeSpans []struct{ Spans []span }
		}
	}
	content, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(content, &request) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.raw = append(c.raw, content...)
	for _, of := range request.ResourceSpans {
		for _, scope := range of.ScopeSpans {
			for _, s := range scope.Spans {
				s.resource = of.Resource.Attributes
				c.spans[s.SpanID] = s
			}
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, "{}")
}

// server is the name of the service in the spans of the server.
const server = "klatch"

// await waits for a span of a trace that a service made and that is directly within another one ("": of any parent),
// and returns it.
func (c *collector) await(t *testing.T, trace, service, name, within string) (found span) {
	t.Helper()
	require.EventuallyWithT(t, func(col *assert.CollectT) {
		c.mu.Lock()
		defer c.mu.Unlock()
		var seen []string
		for _, s := range c.spans {
			if s.TraceID != trace {
				continue
			}
			parent := c.spans[s.ParentSpanID]
			seen = append(seen, s.resource.get("service.name")+": "+s.Name+" < "+parent.Name)
			if s.resource.get("service.name") == service && s.Name == name &&
				(within == "" || parent.resource.get("service.name")+" "+parent.Name == within) {
				found = s
				return
			}
		}
		require.Fail(col, "no such span", "%s of %s within %q; there are %q", name, service, within, seen)
	}, timeout, 100*time.Millisecond)
	return found
}

// A receiver of OTLP that is not ours has the spans of the server and of the Go SDK as one trace.
func TestTracesOfThePrograms(t *testing.T) {
	c := startCollector(t)
	h := open(t, func(conf *conf.Config) { conf.Tracing.Endpoint = c.url })
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	exporter, err := otlptracehttp.New(t.Context(), otlptracehttp.WithEndpointURL(c.url+"/v1/traces"))
	require.NoError(t, err)
	t.Setenv("OTEL_SERVICE_NAME", "bot")
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))
	ctx, app := provider.Tracer("app").Start(t.Context(), "a call")
	trace := app.SpanContext().TraceID().String()
	options := sdk.Options{
		URL: h.URL, Token: token, MeetingID: room, ParticipantID: "ann", Name: "planted display name",
		MicEnabled: true, Mic: sdk.TestTone("ann"), TracerProvider: provider,
	}
	bot, err := sdk.InitMeeting(options)
	require.NoError(t, err)
	require.NoError(t, bot.Join(ctx))
	require.NoError(t, bot.StartRecording(ctx, sdk.RecordingOptions{
		Config: &sdk.EgressConfig{Mode: sdk.EgressAudioOnly},
	}))
	options.Token += "x"
	stranger, err := sdk.InitMeeting(options)
	require.NoError(t, err)
	another, refused := provider.Tracer("app").Start(t.Context(), "another call")
	f := fault.From(stranger.Join(another))
	require.NotNil(t, f)
	refused.End()
	session := bot.SessionID()
	require.NoError(t, bot.Leave(ctx))
	app.End()

	machine, err := os.Hostname()
	require.NoError(t, err)
	join := c.await(t, trace, server, "join", "bot join")
	require.Equal(t, machine, join.resource.get("service.instance.id"))
	require.Equal(t, session, join.Attributes.get("klatch.session.id"))
	for _, one := range [][2]string{
		{"check the token", "klatch join"}, {"enter the meeting", "klatch join"}, {"publish", "bot unmuteMic"},
		{"answer the offer", "klatch publish"}, {"connect: ICE and DTLS", "klatch publish"},
		{"wait for the first packet", "klatch publish"}, {"startRecording", "bot startRecording"},
		{"start recording", "klatch startRecording"}, {"start the worker", "klatch start recording"},
		{"wait for the first frame", "klatch start recording"},
	} {
		require.Zero(t, c.await(t, trace, server, one[0], one[1]).Status.Code, one[0])
	}
	c.requireRefused(t, refused.SpanContext().TraceID().String(), "bot", f.ID, f.Name+"."+f.Reason)
	c.requireHidden(t, token, account.Secret, account.Key, "planted display name")
}

// requireRefused waits for the spans of a join with the fault that it was refused with: of the client and the server.
func (c *collector) requireRefused(t *testing.T, trace, client, id, status string) {
	t.Helper()
	require.EventuallyWithT(t, func(col *assert.CollectT) {
		c.mu.Lock()
		defer c.mu.Unlock()
		got := map[string]string{}
		for _, s := range c.spans {
			if s.TraceID == trace && s.Attributes.get("klatch.fault.id") == id {
				require.Equal(col, 2, s.Status.Code) // STATUS_CODE_ERROR
				got[s.resource.get("service.name")+" "+s.Name] = s.Status.Message
			}
		}
		require.Equal(col, map[string]string{
			client + " join": status, "klatch join": status, "klatch check the token": status,
		}, got)
	}, timeout, 100*time.Millisecond)
}

func (c *collector) requireHidden(t *testing.T, secrets ...string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	require.NotEmpty(t, c.raw)
	for _, secret := range secrets {
		require.NotContains(t, string(c.raw), secret)
	}
}

// bundleTracing makes one script of the page of the app and of OpenTelemetry, and checks that the Tracer of
// OpenTelemetry is one that the SDK takes.
func bundleTracing(t *testing.T) string {
	t.Helper()
	const page, bin = "testdata/tracing.ts", "../../web/node_modules/.bin/"
	out, err := exec.CommandContext(t.Context(), bin+"tsc", "--noEmit", "--strict", "--skipLibCheck", "--target", "es2022",
		"--module", "esnext", "--moduleResolution", "bundler", "--lib", "es2022,dom,dom.iterable", page).CombinedOutput()
	require.NoError(t, err, string(out))
	bundle := filepath.Join(t.TempDir(), "tracing.js")
	out, err = exec.CommandContext(t.Context(), bin+"rolldown", page, "--file", bundle, "--format", "iife").
		CombinedOutput()
	require.NoError(t, err, string(out))
	script, err := os.ReadFile(bundle)
	require.NoError(t, err)
	return string(script)
}

// tracedApp runs an app that makes traces with OpenTelemetry: it joins, sends its microphone, records, and is refused.
const tracedApp = `(async (serverUrl, collector, token, meetingId) => {
  const { VideoSDK } = await import(serverUrl + "/sdk/klatch.mjs");
  const app = startTracing(collector);
  const options = { meetingId, name: "planted display name", micEnabled: true, webcamEnabled: false,
    tracer: app.tracer };
  VideoSDK.config(token, { serverUrl });
  const meeting = VideoSDK.initMeeting({ ...options, participantId: "ann" });
  const done = {};
  done.trace = await app.within("a call", () => meeting.join());
  while (!meeting.localParticipant.micOn) await new Promise((next) => setTimeout(next, 20));
  done.session = meeting.sessionId;
  await meeting.startRecording(null, null, { mode: "audio" });
  VideoSDK.config(token + "x", { serverUrl });
  const refused = VideoSDK.initMeeting({ ...options, participantId: "eve" });
  done.refusedIn = await app.within("another call", () => refused.join().catch((fault) => { done.fault = fault; }));
  await meeting.leave();
  return done;
})(%q, %q, %q, %q)`

// The same of the browser SDK, with the Tracer of OpenTelemetry for browsers.
func TestTracesOfAPage(t *testing.T) {
	c := startCollector(t)
	script := bundleTracing(t)
	h := open(t, func(conf *conf.Config) { conf.Tracing.Endpoint = c.url })
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
	}))
	defer app.Close()
	page := testbrowser.Open(t, testbrowser.FakeDevices, testbrowser.Allow).Page(t, app.URL, script)
	var done struct {
		Trace, RefusedIn, Session string
		Fault                     fault.Error
	}
	page.Eval(fmt.Sprintf(tracedApp, h.URL, c.url, token, room), &done)

	const service = "unknown_service" // the app names none
	c.await(t, done.Trace, service, "join", service+" a call")
	join := c.await(t, done.Trace, server, "join", service+" join")
	require.Equal(t, done.Session, join.Attributes.get("klatch.session.id"))
	c.await(t, done.Trace, service, "unmuteMic", service+" join")
	c.await(t, done.Trace, server, "publish", service+" unmuteMic")
	c.await(t, done.Trace, server, "connect: ICE and DTLS", "klatch publish")
	recording := c.await(t, done.Trace, service, "startRecording", service+" join")
	require.Equal(t, done.Session, recording.Attributes.get("klatch.session.id"))
	c.await(t, done.Trace, server, "wait for the first frame", "klatch start recording")
	c.await(t, done.Trace, server, "startRecording", service+" startRecording")
	c.requireRefused(t, done.RefusedIn, service, done.Fault.ID, done.Fault.Name+"."+done.Fault.Reason)
	c.requireHidden(t, token, account.Secret, account.Key, "planted display name")
}
