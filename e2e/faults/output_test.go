package faults

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

var livestream = egressKinds[1]

// livestreamAnywhere is an output that nothing is wrong with.
var livestreamAnywhere = sdk.LivestreamOutput{URL: "rtmp://live.example.com/live",
	StreamKey: "planted-key-of-nobody"}

// outputScenarios are livestreams whose targets are wrong, or do not take them.
var outputScenarios = scenarios{
	"4013.DNS":         target(func(*T) string { return "rtmp://no-such-host.invalid/live" }),
	"4013.REFUSED":     target(func(t *T) string { return "rtmp://" + closedPort(t) + "/live" }),
	"4013.UNREACHABLE": target(func(*T) string { return "rtmp://255.255.255.255/live" }),
	"4013.CONNECT_TIMEOUT": target(func(t *T) string {
		t.waits()
		return "rtmp://" + silentPort(t) + "/live"
	}),
	"4013.TLS": func(t *T) {
		web := httptest.NewTLSServer(http.NotFoundHandler()) // its certificate is nobody's
		defer web.Close()
		t.rejected("rtmps://" + web.Listener.Addr().String() + "/live")
		plain := httptest.NewServer(http.NotFoundHandler())
		defer plain.Close()
		t.rejected("rtmps://" + plain.Listener.Addr().String() + "/live")
	},
	"4013.HANDSHAKE_TIMEOUT": target(func(t *T) string {
		l, err := net.Listen("tcp", "127.0.0.1:0") // the kernel takes connections, nobody answers
		require.NoError(t, err)
		t.Cleanup(func() { _ = l.Close() })
		t.waits()
		return "rtmp://" + l.Addr().String() + "/live"
	}),
	"4013.SCHEME_MISMATCH": target(func(t *T) string { return "rtmps://" + startRTMP(t).address + "/live" }),
	"4013.REDIRECT": target(func(t *T) string {
		return "rtmp://" + t.refusingRTMP("[ AccessManager.Reject ] : [ redirect ]", "http://live.example.com/") + "/live"
	}),
	"4013.AUTH_REQUIRED": target(func(t *T) string {
		return "rtmp://" + t.refusingRTMP("[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : ", "") + "/live"
	}),
	"4013.AUTH_FAILED": func(t *T) {
		t.secret("planted-password")
		for _, mod := range []string{"adobe", "llnw"} {
			t.rejected("rtmp://ann:planted-password@" +
				t.refusingRTMP("[ AccessManager.Reject ] : [ authmod="+mod+" ] : ?reason=authfailed", "") + "/live")
		}
	},
	"4013.NOT_RTMP": target(func(t *T) string {
		return "rtmp://" + strings.TrimPrefix(t.Server.URL, "http://") + "/live"
	}),
	"4013.CONNECT_REJECTED": target(func(t *T) string { return "rtmp://" + startRTMP(t).address + "/nosuch" }),
	"4013.PUBLISH_REJECTED": target(func(t *T) string { return "rtmp://" + startRTMP(t).address + "/guarded" }),

	"4015.EMPTY": badOutputs([]sdk.LivestreamOutput{}),
	"4015.TOO_MANY": func(t *T) {
		list := make([]sdk.LivestreamOutput, 11)
		for i := range list {
			list[i] = livestreamAnywhere
			list[i].StreamKey += strings.Repeat("x", i)
		}
		badOutputs(list)(t)
	},
	"4015.BAD_URL": badURLs(
		"", "rtmp://live.example.com/live\nrtmp://live.example.com/", "rtmp://live.example.com/li ve", "-i /etc/passwd",
		"//live.example.com/live", "rtmp:///live",
		"rtmp://-rf/live", "rtmp://live.example.com", "rtmp://ann@live.example.com/live",
		"rtmp://live.example.com:99999/live", "rtmp://[::1/live",
		"rtmp://live.example.com/"+strings.Repeat("a", 10<<10),
	),
	"4015.SCHEME": badURLs("file:///etc/passwd", "http://live.example.com/live", "rtsp://live.example.com/live",
		"concat:a|b", "pipe:1", "javascript:alert(1)"),
	"4015.PRIVATE_ADDRESS": badURLs("rtmp://127.0.0.1/live", "rtmp://localhost/live", "rtmp://10.1.2.3/live",
		"rtmp://169.254.169.254/live",
		"rtmp://[::1]/live", "rtmp://[::ffff:127.0.0.1]/live", "rtmp://[fd00::1]/live", "rtmp://100.64.0.1/live"),
	"4015.BAD_KEY": func(t *T) {
		for _, key := range []string{"", "a key", "planted-key\nof-two-lines", strings.Repeat("k", 10<<10)} {
			badOutputs([]sdk.LivestreamOutput{{URL: livestreamAnywhere.URL, StreamKey: key}})(t)
		}
	},
	"4015.DUPLICATE": badOutputs([]sdk.LivestreamOutput{livestreamAnywhere, livestreamAnywhere}),

	"5002.OUTPUT_LOST": func(t *T) {
		t.onShared("with short retries", shortRetries)
		s := t.setUp(livestream)
		server := startRTMP(t)
		s.outputs = []sdk.LivestreamOutput{server.output("live")}
		s.start()
		server.Kill()
		s.awaitFailure()
	},
}

// target starts a livestream to one target that does not take it.
func target(url func(*T) string) func(*T) {
	return func(t *T) {
		t.onSharedProcess()
		t.rejected(url(t))
	}
}

func (t *T) rejected(url string) {
	t.Helper()
	t.onSharedProcess()
	s := t.setUp(livestream)
	s.outputs = []sdk.LivestreamOutput{{URL: url, StreamKey: "planted-key-that-nobody-may-see"}}
	t.secret(s.outputs[0].StreamKey)
	f := s.checkRefusalOnce()
	require.Contains(t, f.Param, "outputs[0]")
}

// badOutputs starts a livestream with outputs that cannot be right.
func badOutputs(list []sdk.LivestreamOutput) func(*T) {
	return func(t *T) {
		s := t.setUp(egressKind{job.Recording, livestream.start, 0, 0, livestream.path, livestream.method})
		s.k.kind, s.outputs = job.Livestream, list
		s.checkRefusals()
	}
}

func badURLs(list ...string) func(*T) {
	return func(t *T) {
		s := t.setUp(egressKind{job.Recording, livestream.start, 0, 0, livestream.path, livestream.method})
		s.k.kind = job.Livestream
		for _, url := range list {
			s.outputs = []sdk.LivestreamOutput{{URL: url, StreamKey: "planted-key-that-nobody-may-see"}}
			s.checkRefusals()
		}
	}
}

// refusingRTMP is an RTMP server that refuses every connect with these words, or redirects.
func (t *T) refusingRTMP(words, redirect string) (address string) {
	t.Helper()
	text := func(s string) []byte { return append([]byte{byte(len(s) >> 8), byte(len(s))}, s...) }
	// 1.0, null, an object (AMF0)
	body := slices.Concat([]byte{2}, text("_error"), []byte{0, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 5, 3},
		text("level"), []byte{2}, text("error"), text("description"), []byte{2}, text(words))
	if redirect != "" {
		body = slices.Concat(body, text("ex"), []byte{3}, text("redirect"), []byte{2}, text(redirect), []byte{0, 0, 9})
	}
	body = append(body, 0, 0, 9)
	require.Less(t, len(body), 1<<16)
	answer := []byte{3, 0, 0, 0, 0, byte(len(body) >> 8), byte(len(body)), 20, 0, 0, 0, 0}
	for at := 0; at < len(body); at += 128 { // chunks of the default size
		if at > 0 {
			answer = append(answer, 0xc3)
		}
		answer = append(answer, body[at:min(len(body), at+128)]...)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.SetDeadline(time.Now().Add(testserver.Timeout))
			_, _ = io.CopyN(io.Discard, conn, 1537)
			_, _ = conn.Write(append([]byte{3}, make([]byte, 2*1536)...))
			_, _ = io.CopyN(io.Discard, conn, 1536+64) // and the begin of connect
			_, _ = conn.Write(answer)
			_, _ = io.Copy(io.Discard, conn)
			_ = conn.Close()
		}
	}()
	return l.Addr().String()
}
