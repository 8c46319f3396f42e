package faults

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pion/stun/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/throughput"
	"github.com/klatch/klatch/internal/wire"
)

// limitScenarios are what one address may not do before a token holds, and one participant after it.
var limitScenarios = scenarios{
	"4106.ADDRESS_REQUESTS": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.RequestsPerAddress = 1 })
		f := t.untilREST(h, "", "/v2/rooms")
		require.Equal(t, "127.0.0.1", f.Details["address"])
		t.fromElsewhere(h, "198.51.100.7")
	},
	"4106.THROUGHPUT_BYTES": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.ThroughputBytesPerAddress = 60_000 })
		f := t.untilREST(h, "", throughput.Path+"?bytes=100000")
		require.Equal(t, "127.0.0.1", f.Details["address"])
	},
	"4106.THROUGHPUT_TRANSFERS": func(t *T) {
		h := testserver.Start(t)
		for range 2 { // who does not send the rest has 20 s
			conn, err := net.Dial("tcp", strings.TrimPrefix(h.URL, "http://"))
			require.NoError(t, err)
			t.Cleanup(func() { _ = conn.Close() }) // the server may have closed it
			_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n", throughput.Path)
			require.NoError(t, err)
		}
		t.wait(h, untilLimited(t, func() *fault.Error {
			status, answer := h.REST(t, "", http.MethodGet, throughput.Path+"?bytes=1", nil)
			if status == http.StatusOK {
				return nil
			}
			return testserver.Refused(t, status, answer)
		}))
	},
	"4110.THROUGHPUT": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.ThroughputBytesPerAddress = 0 })
		status, answer := h.REST(t, "", http.MethodGet, throughput.Path+"?bytes=1", nil)
		t.ReadFrom(h, testserver.Refused(t, status, answer))
	},
	"4106.FAILED_TOKENS": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.FailedTokensPerAddress = 1 })
		account := h.Account(t, nil)
		t.ReadFrom(h, untilLimited(t, func() *fault.Error { // by WebSocket, too
			t.untilREST(h, "not.a.token", "/v2/rooms")
			return h.TryJoin(t, testserver.JoinParams(account.Token(t), "abcd-efgh-ijkl", "ann"))
		}))
	},
	"4106.FAILED_ADMIN_TOKENS": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.FailedAdminPerAddress = 1 })
		t.ReadFrom(h, untilLimited(t, func() *fault.Error { // the right one, too: nobody learns which it is
			t.untilREST(h, "Bearer adm_wrong", "/admin/v1/accounts")
			status, answer := h.Admin(t, http.MethodGet, "/admin/v1/accounts", nil)
			if status == http.StatusOK {
				return nil
			}
			return testserver.Refused(t, status, answer)
		}))
	},
	"4106.ADDRESS_JOINS": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.JoinsPerAddress = 1 })
		account := h.Account(t, nil)
		meeting := account.Meeting(t, nil)
		t.wait(h, untilLimited(t, func() *fault.Error {
			_, f := h.Dial(t).Call(t, wire.MethodJoin, testserver.JoinParams(account.Token(t), meeting, "ann"))
			return f
		}))
	},
	"4106.FAILED_RESUMES": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.FailedResumesPerAddress = 1 })
		var s *testserver.Socket
		t.wait(h, untilLimited(t, func() *fault.Error {
			s = h.Dial(t)
			_, f := s.Call(t, wire.MethodResume,
				wire.ResumeParams{Protocol: wire.Version, SessionID: "x", ParticipantID: "y", Secret: "z"})
			require.NotNil(t, f)
			return f
		}))
		require.Equal(t, 4106, s.Closed(t))
	},
	"4106.ADDRESS_SOCKETS": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.SocketsPerAddress = 2 })
		account := h.Account(t, nil)
		h.Join(t, testserver.JoinParams(account.Token(t), account.Meeting(t, nil), "ann")) // does not count
		h.Dial(t)
		h.Dial(t)
		s := h.Dial(t)
		t.wait(h, s.Refusal(t))
		require.Equal(t, 4106, s.Closed(t))
	},
	"4106.SERVER_SOCKETS": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.PendingSockets = 1 })
		h.Dial(t)
		s := h.Dial(t)
		t.wait(h, s.Refusal(t))
		require.Equal(t, 4106, s.Closed(t))
	},
	"4106.ADDRESS_CONNECTIONS": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.ConnectionsPerAddress = 2 })
		t.firstIsClosed(h, 3)
	},
	"4106.SERVER_CONNECTIONS": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.PendingConnections = 3 })
		t.firstIsClosed(h, 4)
	},
	"5101.PUBLIC_ADDRESS": func(t *T) {
		server := testpeer.FreeUDPAddr(t).String() // nothing answers there
		t.Server = testserver.Start(t, func(c *conf.Config) { c.Media.PublicIPs = []string{"stun:" + server} })
		f := t.condition("publicAddress")
		require.Contains(t, t.Server.Ready(t, "publicAddress"), server)
		t.lasts(f, true)
		serveSTUN(t, server)
		t.isOver(f) // the server asks again after 10 s
	},
	"5101.OPEN_FILES": func(t *T) {
		program, err := binary()
		require.NoError(t, err)
		few := filepath.Join(t.TempDir(), "klatch")
		require.NoError(t, os.WriteFile(few, []byte("#!/bin/sh\nulimit -n 96\nexec "+program+" \"$@\"\n"), 0o700))
		h := spawnProgram(t, few)
		t.firstIsClosed(h, 100)
		require.Contains(t, h.Ready(t, "connections"), "96 open files")
	},
	"4107.HEADERS_TOO_LARGE": func(t *T) { t.rest(strings.Repeat(".", 64<<10), http.MethodGet, "/v2/rooms", nil) },
	"4106.MESSAGE_BYTES": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.MessageBytesPerSecond = 1000 })
		account := h.Account(t, nil)
		ann, _ := h.Join(t, testserver.JoinParams(account.Token(t), account.Meeting(t, nil), "ann"))
		t.untilFull(h, ann)
		ann.Do(t, wire.MethodPing, struct{}{})
	},
	"4106.MEETING_MESSAGE_BYTES": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.MeetingMessageBytesPerSecond = 1000 })
		account := h.Account(t, nil)
		ann, _ := h.Join(t, testserver.JoinParams(account.Token(t), account.Meeting(t, nil), "ann"))
		t.untilFull(h, ann)
	},
}

// wait reads a refusal that says when to try again.
func (t *T) wait(h *testserver.Server, f *fault.Error) {
	t.Helper()
	require.Positive(t, f.RetryAfterMs)
	t.ReadFrom(h, f)
}

// untilLimited calls until the call is one too many. What a limit allows grows with time: on a slow machine it
// takes more calls.
func untilLimited(t *T, call func() *fault.Error) *fault.Error {
	t.Helper()
	for deadline := time.Now().Add(testserver.Timeout); time.Now().Before(deadline); {
		if f := call(); f != nil && f.Code == 4106 {
			return f
		}
	}
	t.Fatal("nothing was refused")
	return nil
}

// untilREST calls until the call is one too many.
func (t *T) untilREST(h *testserver.Server, token, path string) *fault.Error {
	t.Helper()
	f := untilLimited(t, func() *fault.Error {
		status, answer := h.REST(t, token, http.MethodGet, path, nil)
		if status != http.StatusTooManyRequests {
			return nil
		}
		return testserver.Refused(t, status, answer)
	})
	t.wait(h, f)
	return f
}

// fromElsewhere makes a request through a proxy that is trusted, for a client at another address.
func (t *T) fromElsewhere(h *testserver.Server, client string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.URL+"/healthz", nil)
	require.NoError(t, err)
	req.Header.Set("X-Forwarded-For", "203.0.113.1, "+client)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	_ = res.Body.Close() // its status says it
	require.Equal(t, http.StatusOK, res.StatusCode)
}

// untilFull publishes messages until one is too many.
func (t *T) untilFull(h *testserver.Server, s *testserver.Socket) {
	t.Helper()
	t.wait(h, untilLimited(t, func() *fault.Error {
		_, f := s.Call(t, wire.MethodPublishMessage,
			wire.PublishMessageParams{Topic: "CHAT", Message: strings.Repeat("x", 15<<10)})
		return f
	}))
}

// firstIsClosed opens connections that send half a request: the first receives why it is closed, and a whole request is
// still answered.
func (t *T) firstIsClosed(h *testserver.Server, n int) {
	t.Helper()
	address := strings.TrimPrefix(h.URL, "http://")
	var first net.Conn
	for i := range n {
		conn, err := net.Dial("tcp", address)
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() }) // the server may have closed it
		_, _ = fmt.Fprint(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\n")
		if i == 0 {
			first = conn
		}
	}
	require.NoError(t, first.SetReadDeadline(time.Now().Add(testserver.Timeout)))
	res, err := http.ReadResponse(bufio.NewReader(first), nil)
	require.NoError(t, err)
	f := testserver.Refused(t, res.StatusCode, readAll(t, res.Body))
	t.recordAnswer(f)
	require.NotEmpty(t, res.Header.Get("Retry-After"))
	t.wait(h, f)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: testserver.Timeout}
	whole, err := client.Get(h.URL + "/healthz")
	require.NoError(t, err)
	_ = whole.Body.Close() // its status says it
	require.Equal(t, http.StatusOK, whole.StatusCode)
}

// serveSTUN answers binding requests, RFC 8489, until the test is over.
func serveSTUN(t testing.TB, address string) {
	t.Helper()
	conn, err := net.ListenPacket("udp", address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() }) // ends the answers
	go func() {
		for buffer := make([]byte, 1500); ; {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			request := &stun.Message{Raw: buffer[:n]}
			at, ok := from.(*net.UDPAddr)
			if request.Decode() != nil || !ok {
				continue
			}
			answer, err := stun.Build(request, stun.BindingSuccess, &stun.XORMappedAddress{IP: at.IP, Port: at.Port})
			if err == nil {
				_, _ = conn.WriteTo(answer.Raw, from) // the other side asks again
			}
		}
	}()
}
