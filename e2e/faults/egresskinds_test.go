package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// egressKind is a way to carry a meeting out of the server, with its codes.
type egressKind struct {
	kind   job.Kind
	start  int
	stop   int
	failed int
	path   string // of REST
	method string // of signaling after start and stop; "": REST only
}

var egressKinds = []egressKind{
	{job.Recording, 4011, 4012, 5001, "/v2/recordings", "Recording"},
	{job.Livestream, 4013, 4014, 5002, "/v2/livestreams", "Livestream"},
	{job.HLS, 4016, 4017, 5003, "/v2/hls", "Hls"},
	{job.Participant, 4035, 4036, 5001, "/v2/recordings/participant", ""},
	{job.Track, 4037, 4038, 5001, "/v2/recordings/participant/track", ""},
	{job.Composite, 4039, 4040, 5001, "/v2/recordings/composite", ""},
}

// cheapConfig is a config whose encoders use little CPU time: many scenarios run at once.
func cheapConfig(kind job.Kind) *sdk.EgressConfig {
	if kind == job.Livestream { // has a picture; with a file it needs the storage, too
		return &sdk.EgressConfig{Quality: sdk.QualityLow, Recording: &sdk.Switch{Enabled: true}}
	}
	return &sdk.EgressConfig{Mode: sdk.EgressAudioOnly}
}

// startBody is what starts a job of participant ann over REST.
func (k egressKind) startBody(meeting string, outputs ...sdk.LivestreamOutput) map[string]any {
	body := map[string]any{"roomId": meeting}
	if k.kind.Composed() {
		body["config"] = cheapConfig(k.kind)
	} else {
		body["participantId"], body["fileFormat"] = "ann", "webm"
	}
	switch k.kind {
	case job.Track:
		body["kind"] = "audio"
	case job.Composite:
		body["participants"] = []map[string]any{{"participantId": "ann"}}
	case job.Livestream:
		body["outputs"] = outputs
	}
	return body
}

// startParams starts a job over signaling.
func (k egressKind) startParams(outputs ...sdk.LivestreamOutput) map[string]any {
	params := map[string]any{"config": cheapConfig(k.kind)}
	if k.kind == job.Livestream {
		params["outputs"] = outputs
	}
	return params
}

// startBySDK starts a job with the Go SDK.
func (k egressKind) startBySDK(ctx context.Context, c *client, outputs ...sdk.LivestreamOutput) error {
	config := cheapConfig(k.kind)
	switch k.kind {
	case job.Livestream:
		return c.StartLivestream(ctx, outputs, sdk.LivestreamOptions{Config: config})
	case job.HLS:
		return c.StartHLS(ctx, sdk.HLSOptions{Config: config})
	}
	return c.StartRecording(ctx, sdk.RecordingOptions{Config: config})
}

// stopBySDK stops a job with the Go SDK.
func (k egressKind) stopBySDK(ctx context.Context, c *client) error {
	switch k.kind {
	case job.Livestream:
		return c.StopLivestream(ctx)
	case job.HLS:
		return c.StopHLS(ctx)
	}
	return c.StopRecording(ctx)
}

// sharedServers are servers that scenarios of the suite share, each opened when the first one needs it, and the browser
// for those who are in pages.
type sharedServers struct {
	t       *testing.T // of the suite: they end with it
	browser func() *chromium
	mu      sync.Mutex // guards open
	open    map[string]func() *testserver.Server
}

// onShared moves the scenario into a shared server of that name.
func (t *T) onShared(name string, open func(*testing.T) *testserver.Server) {
	t.Helper()
	s := t.shared
	s.mu.Lock()
	once := s.open[name]
	if once == nil {
		once = sync.OnceValue(func() *testserver.Server { return open(s.t) })
		s.open[name] = once
	}
	s.mu.Unlock()
	t.visited = append(t.visited, t.Server)
	t.Server = once()
}

// spawn starts the program as a server of its own, where RTMP targets and webhooks may be on this machine.
func spawn(t testing.TB, settings ...string) *testserver.Server {
	t.Helper()
	program, err := binary()
	require.NoError(t, err)
	return spawnProgram(t, program, settings...)
}

func spawnProgram(t testing.TB, program string, settings ...string) *testserver.Server {
	t.Helper()
	set := map[string]string{"egress.allowPrivateTargets": "true", "webhook.allowPrivateTargets": "true",
		"egress.minFreeMb": "1"}
	for i := 0; i < len(settings); i += 2 {
		set[settings[i]] = settings[i+1]
	}
	return testserver.Spawn(t, program, set)
}

// onSharedProcess moves the scenario to the shared server that runs as a process.
func (t *T) onSharedProcess() {
	t.Helper()
	t.onShared("outside", func(t *testing.T) *testserver.Server { return spawn(t) })
}

// onOwnProcess moves the scenario to a server process of its own.
func (t *T) onOwnProcess(settings ...string) {
	t.Helper()
	t.Server = spawn(t, settings...)
}

// fakeFFmpeg writes a program that is ffmpeg, until a file of one of these names lies beside it: hang, stall (it
// answers, and makes nothing), die, few.
func fakeFFmpeg(t testing.TB) string {
	t.Helper()
	real, err := exec.LookPath("ffmpeg")
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "ffmpeg")
	script := fmt.Sprintf(`#!/bin/sh
dir=%q
[ -e "$dir/hang" ] && exec /bin/sleep 60
[ -e "$dir/broken" ] && echo "ffmpeg: error while loading shared libraries: libavdevice.so.59: cannot open shared object file" >&2 && exit 127
case "$*" in
*"-i pipe"*)
	[ -e "$dir/die" ] && echo "Cannot allocate memory" >&2 && exit 1
	[ -e "$dir/stall" ] && exec /bin/sleep 60 ;;
*-version*) [ -e "$dir/old" ] && echo "ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright (c) the FFmpeg developers" && exit 0 ;;
*-encoders*) [ -e "$dir/few" ] && exec %q -hide_banner -encoders | /bin/grep -v libx264 && exit 0 ;;
esac
exec %q "$@"
`, filepath.Dir(path), real, real)
	syscall.ForkLock.RLock() // a child that is forked while the file is open for writing keeps it from being run (ETXTBSY)
	defer syscall.ForkLock.RUnlock()
	require.NoError(t, os.WriteFile(path, []byte(script), 0o700))
	return path
}

// breakFFmpeg makes a fake ffmpeg of a server fail in a way from now on, after the server has found that it works.
func breakFFmpeg(t testing.TB, h *testserver.Server, ffmpeg, trick string) {
	t.Helper()
	require.Eventually(t, func() bool {
		return readiness(t, h).Ready
	}, testserver.Timeout, 20*time.Millisecond, "the server is not ready")
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(ffmpeg), trick), nil, 0o600))
}

// rtmpServer is nginx with its rtmp module: live takes every key, guarded none.
type rtmpServer struct {
	*testprocess.Process
	address string
	command []string
}

func startRTMP(t testing.TB) *rtmpServer {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // not in the path of ordinary users
	}
	guard := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(guard.Close)
	dir := t.TempDir()
	s := &rtmpServer{address: closedPort(t)}
	config := fmt.Sprintf(`load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error.log;
events { worker_connections 256; }
rtmp { server { listen %[2]s; application live { live on; } application guarded { live on; on_publish %[3]s/; } } }
`, dir, s.address, guard.URL)
	file := filepath.Join(dir, "nginx.conf")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	s.command = []string{program, "-c", file, "-p", dir, "-e", filepath.Join(dir, "error.log")}
	s.restart(t)
	return s
}

// restart starts the server, also after it was killed.
func (s *rtmpServer) restart(t testing.TB) {
	t.Helper()
	s.Process = testprocess.Start(t, testprocess.Command(s.command[0], s.command[1:]...))
	require.Eventually(t, func() bool {
		return reachable(s.address)
	}, testserver.Timeout, 20*time.Millisecond, "nginx does not start")
}

func (s *rtmpServer) output(app string) sdk.LivestreamOutput {
	return sdk.LivestreamOutput{URL: "rtmp://" + s.address + "/" + app,
		StreamKey: fmt.Sprintf("planted-key-%p-%d", s, time.Now().UnixNano())}
}

// webhookSink is somebody's program that takes webhooks.
type webhookSink struct {
	URL string

	mu     sync.Mutex // guards bodies
	bodies []string
}

func newWebhookSink(t testing.TB) *webhookSink {
	t.Helper()
	h, told := &webhookSink{}, testserver.DeliveriesIn(t)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		told.Posted(string(body))
		h.mu.Lock()
		defer h.mu.Unlock()
		h.bodies = append(h.bodies, string(body))
	}))
	t.Cleanup(server.Close)
	h.URL = server.URL
	return h
}

func (h *webhookSink) received(text ...string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, body := range h.bodies {
		if !slices.ContainsFunc(text, func(part string) bool { return !strings.Contains(body, part) }) {
			return true
		}
	}
	return false
}

// egressSetup is a meeting of the scenario's account: ann is a Go program, bob a raw socket, una a page; all may
// moderate.
type egressSetup struct {
	t       *T
	k       egressKind
	meeting string
	token   string
	ann     *client
	bob     *testserver.Socket
	una     *tab // nil where no page can read the fault
	sink    *webhookSink
	outputs []sdk.LivestreamOutput
}

// setUp makes a meeting for a job; livestreams go to a server that accepts them.
func (t *T) setUp(k egressKind) *egressSetup {
	t.Helper()
	s := &egressSetup{t: t, k: k, sink: newWebhookSink(t)}
	webhook := map[string]any{"endPoint": s.sink.URL, "events": []string{"*"}}
	s.meeting = t.Account().Meeting(t, map[string]any{"webhook": webhook})
	s.token = t.Account().Token(t)
	if k.kind == job.Livestream {
		s.outputs = []sdk.LivestreamOutput{startRTMP(t).output("live")}
		t.secret(s.outputs[0].StreamKey)
	}
	s.ann = t.client(t.Server.URL, s.token, s.meeting, func(o *sdk.Options) {
		o.ParticipantID = "ann"
		o.RequestTimeout = 30 * time.Second
	})
	require.NoError(t, s.ann.Join(t.Context()))
	s.bob = t.Join(s.meeting, "bob")
	if inPages(t.Entry) && k.method != "" {
		s.joinPage()
	}
	t.setup = s
	return s
}

// checkRefusals starts a job by the SDKs, a raw socket and REST, which must fail each time.
func (s *egressSetup) checkRefusals() {
	s.t.Helper()
	for _, output := range s.outputs {
		s.t.secret(output.StreamKey)
	}
	if s.k.method != "" {
		s.checkModeratorsTold(s.t.checkFailed(s.ann, s.k.startBySDK(s.t.Context(), s.ann, s.outputs...)))
		s.t.refusedCall(s.bob, "start"+s.k.method, s.k.startParams(s.outputs...))
		s.checkModeratorsTold(s.una.refused(s.k.startInPage(s.outputs...)))
	}
	s.checkRefusalByREST()
}

func (s *egressSetup) checkRefusalByREST() *fault.Error {
	s.t.Helper()
	f := s.t.rest(s.token, http.MethodPost, s.k.path+"/start", s.k.startBody(s.meeting, s.outputs...))
	if s.k.method != "" {
		s.checkModeratorsTold(f)
	}
	return f
}

// checkRefusalOnce starts a job by the Go SDK, or by REST where there is no call of the SDK; where the catalogue
// says so, the other moderators receive the fault.
func (s *egressSetup) checkRefusalOnce() *fault.Error {
	s.t.Helper()
	if s.k.method == "" {
		return s.checkRefusalByREST()
	}
	f := s.t.checkFailed(s.ann, s.k.startBySDK(s.t.Context(), s.ann, s.outputs...))
	s.checkModeratorsTold(f)
	return f
}

// checkModeratorsTold checks that all moderators receive a refusal, except of bob's own, where the catalogue says so.
func (s *egressSetup) checkModeratorsTold(f *fault.Error) {
	s.t.Helper()
	if !slices.Contains(s.t.Entry.Tells, "moderators") {
		return
	}
	var told wire.Faulted
	s.bob.Event(s.t, "error", &told)
	s.t.sameIncident(f, told.Fault)
	require.Eventually(s.t, func() bool {
		return s.ann.timesReceived(f.ID) == 1
	}, testserver.Timeout, 5*time.Millisecond, "ann does not receive %v", f)
	s.una.awaitSame(f)
}

// start starts a job that runs.
func (s *egressSetup) start() {
	s.t.Helper()
	if s.k.method != "" {
		require.NoError(s.t, s.k.startBySDK(s.t.Context(), s.ann, s.outputs...))
		return
	}
	status, body := s.t.Server.REST(s.t, s.token, http.MethodPost, s.k.path+"/start", s.k.startBody(s.meeting))
	require.Equal(s.t, http.StatusOK, status, string(body))
}

// stop stops the job that runs; f is the refusal, if it was refused.
func (s *egressSetup) stop() (f *fault.Error) {
	s.t.Helper()
	body := map[string]any{"roomId": s.meeting, "participantId": "ann", "kind": "audio", "recordingId": "none"}
	for _, name := range map[job.Kind][]string{job.Participant: {"kind", "recordingId"}, job.Track: {"recordingId"},
		job.Composite: {"participantId", "kind"}}[s.k.kind] {
		delete(body, name)
	}
	if s.k.method != "" {
		body = map[string]any{"roomId": s.meeting}
	}
	if s.k.kind == job.Composite {
		body["recordingId"] = s.record().ID
	}
	status, answer := s.t.Server.REST(s.t, s.token, http.MethodPost, s.k.path+"/stop", body)
	if status == http.StatusOK {
		return nil
	}
	return testserver.Refused(s.t, status, answer)
}

// jobRecord is a job as REST shows it.
type jobRecord struct {
	ID     string       `json:"id"`
	Status string       `json:"status"`
	Fault  *fault.Error `json:"fault"`
	File   *struct {
		FileURL string `json:"fileUrl"`
		Path    string `json:"filePath"`
		Size    int64  `json:"size"`
	} `json:"file"`
}

func (r *jobRecord) String() string { return fmt.Sprintf("job %s, %s %v", r.ID, r.Status, r.Fault) }

// record returns the last job of the meeting.
func (s *egressSetup) record() jobRecord {
	s.t.Helper()
	status, answer := s.t.Server.REST(s.t, s.token, http.MethodGet, s.k.path+"?roomId="+s.meeting, nil)
	require.Equal(s.t, http.StatusOK, status, string(answer))
	var page struct{ Data []jobRecord }
	require.NoError(s.t, json.Unmarshal(answer, &page))
	require.NotEmpty(s.t, page.Data, string(answer))
	return page.Data[0]
}

// awaitState waits until the last job has that state.
func (s *egressSetup) awaitState(state string) (r jobRecord) {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		r = s.record()
		return r.Status == state
	}, 2*testserver.Timeout, 50*time.Millisecond, "%s is not %s", &r, state)
	return r
}

// awaitFailure reads the fault with which a running job ends, from each place: error events, socket, REST, webhook.
func (s *egressSetup) awaitFailure() jobRecord {
	s.t.Helper()
	f := s.t.awaitEvent(s.ann, 2*testserver.Timeout)
	for {
		var told wire.Faulted
		s.bob.Event(s.t, "error", &told)
		if told.Fault.ID == f.ID {
			s.t.Read(told.Fault)
			break
		}
	}
	s.checkPageTold(f)
	r := s.awaitState("FAILED")
	require.NotNil(s.t, r.Fault)
	s.t.sameIncident(f, r.Fault)
	require.Eventually(s.t, func() bool {
		return s.sink.received(f.ID)
	}, testserver.Timeout, 20*time.Millisecond, "no webhook tells of %v", f)
	return r
}

// worker is the process of the only job of the scenario's own server, encoder that of its ffmpeg.
func (s *egressSetup) worker() int {
	s.t.Helper()
	var list []int
	require.Eventually(s.t, func() bool {
		list = s.t.Server.Workers(s.t)
		return len(list) == 1
	}, testserver.Timeout, 5*time.Millisecond, "no worker")
	return list[0]
}

func (s *egressSetup) encoder() int {
	s.t.Helper()
	list := testserver.Children(s.t, s.worker(), "ffmpeg")
	require.Len(s.t, list, 1)
	return list[0]
}

func reachable(address string) bool {
	conn, err := net.Dial("tcp", address)
	if err == nil {
		_ = conn.Close() // nothing was written to it
	}
	return err == nil
}
