package faults

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// client is a Go program in a meeting. It keeps what its error event says.
type client struct {
	*sdk.Meeting

	mu       sync.Mutex // guards heard
	received []*fault.Error
}

// client makes one that leaves with the test. change may alter the options.
func (t *T) client(url, token, meetingID string, change func(*sdk.Options)) *client {
	t.Helper()
	t.secret(token)
	o := sdk.Options{URL: url, Token: token, MeetingID: meetingID, ParticipantID: "go", Name: "Go", JoinAttempts: 1}
	if change != nil {
		change(&o)
	}
	m, err := sdk.InitMeeting(o)
	require.NoError(t, err)
	c := &client{Meeting: m}
	told := testserver.DeliveriesIn(t)
	m.OnError(func(f *fault.Error) {
		told.Received(f.ID, fmt.Sprintf("program %p", c))
		c.mu.Lock()
		c.received = append(c.received, f)
		c.mu.Unlock()
	})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = m.Leave(ctx) // it may be out already
	})
	return c
}

// find returns the first fault of this scenario's reason that the error event carried.
func (c *client) find(e fault.Entry) *fault.Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range c.received {
		if f.Code == e.Code && f.Reason == e.Reason {
			return f
		}
	}
	return nil
}

func (c *client) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return fmt.Sprint(c.received)
}

func (c *client) timesReceived(id string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, f := range c.received {
		if f.ID == id {
			n++
		}
	}
	return n
}

// joined returns a client that is in.
func (t *T) joined(change func(*sdk.Options)) *client {
	t.Helper()
	c := t.client(t.Server.URL, t.Account().Token(t), t.Meeting(), change)
	require.NoError(t, c.Join(t.Context()))
	return c
}

// checkFailed takes the error of a call, which must have fired the error event too: the same incident, once.
func (t *T) checkFailed(c *client, err error) *fault.Error {
	t.Helper()
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	testserver.DeliveriesIn(t).Answered(f.ID)
	t.take(f)
	require.Eventually(t, func() bool {
		return c.timesReceived(f.ID) == 1
	}, testserver.Timeout, 5*time.Millisecond, "the error event does not carry %v", f)
	return f
}

// awaitEvent waits for a fault that comes by itself.
func (t *T) awaitEvent(c *client, timeout time.Duration) *fault.Error {
	t.Helper()
	var f *fault.Error
	for deadline := time.Now().Add(timeout); f == nil; time.Sleep(10 * time.Millisecond) { // until the next look
		require.False(t, time.Now().After(deadline), "the error event says nothing of %s, but %v", t.Entry.Key(), c)
		f = c.find(t.Entry)
	}
	t.take(f)
	return f
}

// take checks a fault that came through an SDK: the server's own it must know under the same id.
func (t *T) take(f *fault.Error) {
	t.Helper()
	switch {
	case t.Entry.SDK: // found before the network
		t.withoutServer = append(t.withoutServer, f.ID)
		t.check(f)
	case t.Entry.Origin == "server":
		t.Read(f)
	default:
		t.check(f)
	}
}

// badOption makes a meeting with one option changed, which must be refused.
func (t *T) badOption(change func(*sdk.Options)) {
	t.Helper()
	o := sdk.Options{URL: t.Server.URL, Token: t.Account().Token(t), MeetingID: t.Meeting()}
	change(&o)
	_, err := sdk.InitMeeting(o)
	t.checkReturned(err)
}

// unreachable joins where nobody answers as Klatch does.
func (t *T) unreachable(url string, change func(*sdk.Options)) *fault.Error {
	t.Helper()
	c := t.client(url, t.Account().Token(t), "abcd-efgh-ijkl", change)
	return t.checkFailed(c, c.Join(t.Context()))
}

// publishesWithoutPath joins a server and switches a microphone on, which finds no path within 15 s.
func (t *T) publishesWithoutPath(h *testserver.Server, change func(*sdk.Options)) *fault.Error {
	t.Helper()
	account := h.Account(t, nil)
	c := t.client(h.URL, account.Token(t), account.Meeting(t, nil), change)
	require.NoError(t, c.Join(t.Context()))
	began := time.Now()
	go func() { _ = c.UnmuteMic(t.Context(), nil) }() // what it returns is another matter
	t.waits()
	f := t.awaitEvent(c, 20*time.Second)
	require.Less(t, time.Since(began), 17*time.Second)
	return f
}

// file is a source that reads a file, as a program would write one.
func (t *T) file(content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "source.ivf")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// publishes switches each kind of stream on from a source that does not work.
func publishes(kind sdk.Kind, path func(*T) string) func(*T) {
	return func(t *T) {
		c := t.joined(nil)
		source := sdk.FileSource(path(t), sdk.FileOptions{})
		var err error
		switch kind {
		case sdk.Audio:
			err = c.UnmuteMic(t.Context(), source)
		case sdk.Video:
			err = c.EnableWebcam(t.Context(), source)
		default:
			err = c.EnableScreenShare(t.Context(), source, nil)
		}
		t.checkFailed(c, err)
		f := fault.From(err)
		require.Equal(t, t.Server.URL+"/console/faults/"+f.ID, f.ConsoleURL, "the server is told of it")
	}
}

func absent(t *T) string     { return filepath.Join(t.TempDir(), "nosuch.ivf") }
func unreadable(t *T) string { return t.TempDir() } // a directory opens and does not read
func wrongFormat(t *T) string {
	return t.file("This is a letter, not a video.\n" + strings.Repeat("Dear all, ", 100))
}

// silent publishes from a source that delivers nothing.
func silent(kind sdk.Kind) func(*T) {
	return func(t *T) {
		c := t.joined(nil)
		codec := "VP8"
		if kind == sdk.Audio {
			codec = "opus"
		}
		source := sdk.PacketSource(codec, make(chan *rtp.Packet))
		switch kind {
		case sdk.Audio:
			require.NoError(t, c.UnmuteMic(t.Context(), source))
		case sdk.Video:
			require.NoError(t, c.EnableWebcam(t.Context(), source))
		default:
			require.NoError(t, c.EnableScreenShare(t.Context(), source, nil))
		}
		t.waits()
		f := t.awaitEvent(c, testserver.Timeout)
		require.Equal(t, "RTP packets", f.Details["label"])
		require.False(t, f.Fatal)
	}
}

// notTaken makes the server refuse to take a stream: a middlebox mangles what the client offers.
func notTaken(kind sdk.Kind) func(*T) {
	return func(t *T) {
		proxy := t.Server.Proxy(t)
		proxy.Edit(func(down bool, frame string) (string, bool) {
			if !down && strings.Contains(frame, `"publish"`) {
				frame = strings.ReplaceAll(frame, `m=`, `q=`)
			}
			return frame, true
		})
		c := t.client(proxy.URL, t.Account().Token(t), t.Meeting(), nil)
		require.NoError(t, c.Join(t.Context()))
		var err error
		switch kind {
		case sdk.Audio:
			err = c.UnmuteMic(t.Context(), nil)
		case sdk.Video:
			err = c.EnableWebcam(t.Context(), nil)
		default:
			err = c.EnableScreenShare(t.Context(), nil, nil)
		}
		f := t.checkFailed(c, err)
		require.Eventually(t, func() bool {
			return c.timesReceived(f.CauseID) > 0
		}, testserver.Timeout, 5*time.Millisecond, "nobody received the cause")
	}
}

// waitsInLobby returns a client in the lobby, and what its Join will return.
func (t *T) waitsInLobby(ctx context.Context) (*client, <-chan error) {
	t.Helper()
	c := t.client(t.Server.URL, t.Account().Token(t, "ask_join"), t.Meeting(), nil)
	done := make(chan error, 1)
	go func() { done <- c.Join(ctx) }()
	require.Eventually(t, func() bool { return c.SessionID() != "" }, testserver.Timeout, 5*time.Millisecond)
	return c, done
}

var clientScenarios = scenarios{
	"3011.SOURCE_ABSENT":     publishes(sdk.Video, absent),
	"3011.SOURCE_UNREADABLE": publishes(sdk.Video, unreadable),
	"3011.SOURCE_FORMAT":     publishes(sdk.Video, wrongFormat),
	"3049.PUBLISH_REFUSED":   notTaken(sdk.Video),
	"3012.SOURCE_ABSENT":     publishes(sdk.Audio, absent),
	"3012.SOURCE_UNREADABLE": publishes(sdk.Audio, unreadable),
	"3012.SOURCE_FORMAT":     publishes(sdk.Audio, wrongFormat),
	"3058.PUBLISH_REFUSED":   notTaken(sdk.Audio),
	"3013.SOURCE_ABSENT":     publishes(sdk.Share, absent),
	"3013.SOURCE_UNREADABLE": publishes(sdk.Share, unreadable),
	"3013.SOURCE_FORMAT":     publishes(sdk.Share, wrongFormat),
	"3061.PUBLISH_REFUSED":   notTaken(sdk.Share),

	"3057.END_REFUSED": func(t *T) {
		c := t.client(t.Server.URL, t.Account().Token(t, "allow_join"), t.Meeting(), nil)
		require.NoError(t, c.Join(t.Context()))
		f := t.checkFailed(c, c.End(t.Context()))
		require.Eventually(t, func() bool {
			return c.timesReceived(f.CauseID) > 0
		}, testserver.Timeout, 5*time.Millisecond, "nobody received the cause")
	},
	"3011.NO_MEDIA_SENT": silent(sdk.Video),
	"3012.NO_MEDIA_SENT": silent(sdk.Audio),
	"3013.NO_MEDIA_SENT": silent(sdk.Share),
	"3012.SILENT_MICROPHONE": func(t *T) {
		c := t.joined(nil)
		packets := make(chan *rtp.Packet)
		go func() {
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			defer close(packets)
			for n := uint16(0); ; n++ { // wraps
				header := rtp.Header{Version: 2, SequenceNumber: n, Timestamp: 960 * uint32(n)}
				select {
				case <-t.Context().Done():
					return
				case <-tick.C:
				}
				select {
				case packets <- &rtp.Packet{Header: header, Payload: []byte{0xF8, 0xFF, 0xFE}}: // zeros, as libopus has them
				case <-t.Context().Done():
					return
				}
			}
		}()
		require.NoError(t, c.UnmuteMic(t.Context(), sdk.PacketSource("opus", packets)))
		t.waits()
		f := t.awaitEvent(c, testserver.Timeout)
		require.Equal(t, false, f.Details["soundBefore"])
		require.False(t, f.Fatal)
	},
	"3106.CLOCK_WRONG": func(t *T) {
		proxy := t.Server.Proxy(t)
		proxy.Edit(func(down bool, frame string) (string, bool) { // a server whose clock is 90 s behind
			const answer = `"result":{"serverTime":"`
			before, after, ok := strings.Cut(frame, answer)
			if !down || !ok {
				return frame, true
			}
			told, rest, _ := strings.Cut(after, `"`)
			at, err := time.Parse(time.RFC3339Nano, told)
			if err != nil {
				return frame, true
			}
			return before + answer + at.Add(-90*time.Second).Format(time.RFC3339Nano) + `"` + rest, true
		})
		c := t.client(proxy.URL, t.Account().Token(t), t.Meeting(), nil)
		require.NoError(t, c.Join(t.Context()))
		t.waits()
		f := t.awaitEvent(c, testserver.Timeout)
		require.InDelta(t, 90, f.Details["offBySec"], 2)
		require.False(t, f.Fatal)
	},
	"3048.NOT_CONNECTED": func(t *T) {
		c := t.joined(nil)
		t.checkFailed(c, c.Simulate(sdk.PublishLost, sdk.SimulateOptions{}))
	},

	"3035.NOT_JOINED": func(t *T) {
		c := t.client(t.Server.URL, t.Account().Token(t), t.Meeting(), nil)
		t.checkFailed(c, c.MuteMic(t.Context()))
	},
	"3035.IN_LOBBY": func(t *T) {
		c, _ := t.waitsInLobby(t.Context())
		t.checkFailed(c, c.UnmuteMic(t.Context(), nil))
	},
	"3035.LEFT": func(t *T) {
		c := t.joined(nil)
		require.NoError(t, c.Leave(t.Context()))
		var f *fault.Error
		require.ErrorAs(t, c.UnmuteMic(t.Context(), nil), &f) // no event: the meeting object has had its last
		t.recordAnswer(f)
		t.check(f)
	},
	"3044.NEGOTIATION_FAILED": func(t *T) {
		proxy := t.Server.Proxy(t)
		proxy.Edit(func(down bool, frame string) (string, bool) { // a middlebox that mangles SDP
			if down {
				frame = strings.ReplaceAll(frame, `m=`, `q=`)
			}
			return frame, true
		})
		c := t.client(proxy.URL, t.Account().Token(t), t.Meeting(), nil)
		require.NoError(t, c.Join(t.Context()))
		require.Error(t, c.UnmuteMic(t.Context(), nil))
		t.awaitEvent(c, testserver.Timeout)
	},
	"3054.ALREADY": func(t *T) {
		c := t.joined(nil)
		t.checkFailed(c, c.MuteMic(t.Context()))
	},
	"3055.IN_PROGRESS": func(t *T) {
		c, _ := t.waitsInLobby(t.Context())
		t.checkFailed(c, c.Join(t.Context()))
	},
	"3056.LEFT": func(t *T) {
		c, done := t.waitsInLobby(t.Context())
		require.NoError(t, c.Leave(t.Context()))
		var f *fault.Error
		require.ErrorAs(t, <-done, &f)
		t.recordAnswer(f)
		t.check(f)
	},
	"3056.CANCELLED": func(t *T) {
		ctx, cancel := context.WithCancel(t.Context())
		c, done := t.waitsInLobby(ctx)
		cancel()
		t.checkFailed(c, <-done)
	},
	"3065.RECONNECTING": func(t *T) {
		proxy := t.Server.Proxy(t)
		c := t.client(proxy.URL, t.Account().Token(t), t.Meeting(), nil)
		require.NoError(t, c.Join(t.Context()))
		proxy.Cut()
		require.Eventually(t, func() bool { return c.State() == sdk.Reconnecting }, testserver.Timeout, 5*time.Millisecond)
		t.checkFailed(c, c.ChangeMode(t.Context(), sdk.RecvOnly))
		proxy.Mend()
		require.Eventually(t, func() bool { return c.State() == sdk.Connected }, testserver.Timeout, 5*time.Millisecond)
	},
	"3073.MISSING": func(t *T) {
		_, err := sdk.InitMeeting(sdk.Options{Token: t.Account().Token(t), MeetingID: t.Meeting()})
		t.checkReturned(err)
	},
	"3073.WRONG_TYPE": func(t *T) {
		t.badOption(func(o *sdk.Options) { o.MediaAddress = "the server" })
		c := t.joined(nil)
		_, err := c.PubSub().Publish(t.Context(), "CHAT", "hello", sdk.PublishOptions{Payload: []int{1}})
		t.checkFailed(c, err)
	},
	"3073.OUT_OF_RANGE": func(t *T) { t.badOption(func(o *sdk.Options) { o.RequestTimeout = -time.Second }) },
	"3073.NOT_JSON": func(t *T) {
		t.badOption(func(o *sdk.Options) { o.MetaData = map[string]any{"f": func() {}} })
	},
	"3073.TOO_LARGE": func(t *T) {
		c := t.joined(nil)
		_, err := c.PubSub().Publish(t.Context(), "CHAT", strings.Repeat("x", wire.MaxFrameBytes), sdk.PublishOptions{})
		t.checkFailed(c, err)
	},
	"3073.NOT_ALLOWED": func(t *T) {
		c := t.joined(nil)
		t.checkFailed(c, c.RespondEntry(t.Context(), "guest", "perhaps"))
	},
	"3079.NO_ANSWER": func(t *T) {
		proxy := t.Server.Proxy(t)
		c := t.client(proxy.URL, t.Account().Token(t), t.Meeting(), func(o *sdk.Options) {
			o.RequestTimeout = time.Second
		})
		require.NoError(t, c.Join(t.Context()))
		proxy.Edit(func(down bool, frame string) (string, bool) { return frame, !down })
		t.checkFailed(c, c.ChangeMode(t.Context(), sdk.RecvOnly))
	},
	"3101.NO_PATH": func(t *T) {
		h, _ := t.behindRelay()
		f := t.publishesWithoutPath(h, nil)
		require.Regexp(t, `> 127\.0\.0\.2:\d+ \([1-9]\d* checks, 0 answers\)`, f.Detail)
	},
	"3101.UDP_BLOCKED": func(t *T) {
		t.onOwnProcess()
		block(t, t.Server.PID(), portOf(t.Server.URL))
		f := t.publishesWithoutPath(t.Server, nil)
		require.Equal(t, "127.0.0.1", f.Details["address"])
	},
	"3101.SERVER_PRIVATE_ADDRESS": func(t *T) {
		t.waits()
		f := faultOf(t, t.joinFromPublicNetwork(), t.Entry)
		testserver.DeliveriesIn(t).Received(f.ID, "the bot")
		t.withoutServer = append(t.withoutServer, f.ID) // its server was in that network, and is gone with it
		t.check(f)
		require.Equal(t, "203.0.113.7:4000", f.Details["signaling"])
		require.Contains(t, fmt.Sprint(f.Details["remoteCandidates"]), "10.99.99.9")
	},
	"3101.DTLS_FAILED": func(t *T) {
		proxy := t.Server.Proxy(t)
		proxy.Edit(func(down bool, frame string) (string, bool) { // what stands between has another certificate in mind
			if down {
				frame = otherFingerprint(frame)
			}
			return frame, true
		})
		f := t.publishesWithoutPath(t.Server, func(o *sdk.Options) { o.URL = proxy.URL })
		require.Contains(t, f.Details["problem"], "fingerprint")

		h, media := t.behindRelay()
		relay := startRelay(t, media)
		relay.Drop(isDTLS)
		f = t.publishesWithoutPath(h, nil)
		require.Contains(t, f.Details["problem"], "none of its messages was answered")
		require.Regexp(t, `^udp .* > 127\.0\.0\.2:\d+$`, f.Details["pair"])
	},
	"3101.MEDIA_NOT_ARRIVING": func(t *T) {
		h, media := t.behindRelay()
		relay := startRelay(t, media)
		relay.Drop(isMedia)
		account := h.Account(t, nil)
		c := t.client(h.URL, account.Token(t), account.Meeting(t, nil), nil)
		cleared := make(chan sdk.FaultCleared, 1)
		c.OnFaultCleared(func(e sdk.FaultCleared) { cleared <- e })
		require.NoError(t, c.Join(t.Context()))
		began := time.Now()
		require.NoError(t, c.UnmuteMic(t.Context(), nil))
		require.NoError(t, c.EnableWebcam(t.Context(), nil)) // two streams, one fault
		t.waits()
		f := t.awaitEvent(c, 20*time.Second)
		require.Less(t, time.Since(began), 16*time.Second) // 8 s on a machine that has nothing else to do
		relay.Drop(func([]byte) bool { return false })
		require.Equal(t, f.ID, (<-cleared).ID)
	},
	"3101.PATH_LOST": func(t *T) {
		h, address := t.behindRelay()
		relay := startRelay(t, address)
		account := h.Account(t, nil)
		c := t.client(h.URL, account.Token(t), account.Meeting(t, nil), nil)
		require.NoError(t, c.Join(t.Context()))
		require.NoError(t, c.UnmuteMic(t.Context(), nil))
		require.Eventually(t, func() bool { return relay.Forwarded() > 50 }, testserver.Timeout, 10*time.Millisecond)
		relay.Stop()
		t.waits()
		t.awaitEvent(c, 100*time.Second)
	},

	"3102.BAD_URL": func(t *T) {
		_, err := sdk.InitMeeting(sdk.Options{URL: "ftp://meet.example.com", Token: t.Account().Token(t),
			MeetingID: t.Meeting()})
		t.checkReturned(err)
	},
	"3102.DNS":     func(t *T) { t.unreachable("http://no-such-host.invalid", nil) },
	"3102.REFUSED": func(t *T) { t.unreachable("http://"+closedPort(t), nil) },
	"3102.CONNECT_TIMEOUT": func(t *T) {
		t.unreachable("http://"+silentPort(t), func(o *sdk.Options) { o.ConnectTimeout = time.Second })
		began := time.Now()
		t.unreachable("http://"+silentPort(t), func(o *sdk.Options) { o.JoinAttempts = 0 }) // the default
		require.Less(t, time.Since(began), 15*time.Second)
	},
	"3102.NO_ROUTE": func(t *T) { t.unreachable("http://255.255.255.255:4000", nil) },
	"3102.TLS": func(t *T) {
		t.unreachable(strings.Replace(t.Server.URL, "http://", "https://", 1), nil)
		selfSigned := httptest.NewTLSServer(http.NotFoundHandler())
		defer selfSigned.Close()
		t.unreachable(selfSigned.URL, nil)
	},
	"3102.SPEAKS_TLS": func(t *T) {
		secure := httptest.NewTLSServer(http.NotFoundHandler())
		defer secure.Close()
		t.unreachable(strings.Replace(secure.URL, "https://", "http://", 1), nil)
	},
	"3102.NOT_HTTP": func(t *T) { // the media port in the place of the HTTP port
		media := closedPort(t)
		testserver.Start(t, func(c *conf.Config) { c.Media.TCPAddress = media })
		t.unreachable("http://"+media, nil)
	},
	"3102.NOT_KLATCH": func(t *T) {
		other := httptest.NewServer(http.NotFoundHandler())
		defer other.Close()
		t.unreachable(other.URL, nil)
	},
	"3102.UPGRADE_STRIPPED": func(t *T) {
		proxy := t.Server.Proxy(t)
		proxy.StripUpgrade()
		t.unreachable(proxy.URL, nil)
		// as its manual's first example has it
		t.unreachable(startNginx(t, `location / { proxy_pass `+t.Server.URL+`; }`), nil)
	},
	"3102.GATEWAY_DOWN": func(t *T) {
		began := time.Now()
		f := t.unreachable(startNginx(t, `location / { proxy_pass http://`+closedPort(t)+`; }`), func(o *sdk.Options) {
			o.JoinAttempts = 0
		})
		require.Equal(t, int64(3), f.Details["attempts"])
		require.Equal(t, int64(502), f.Details["status"])
		require.Less(t, time.Since(began), 15*time.Second)
	},
	"3102.REDIRECTED": func(t *T) {
		f := t.unreachable(startNginx(t, `return 301 https://meet.example.com$request_uri;`)+"/klatch", nil)
		require.Equal(t, "https://meet.example.com/klatch", f.Details["suggested"])
	},
	"3102.FORBIDDEN": func(t *T) {
		t.unreachable(startNginx(t, `deny all;`), nil)
		t.unreachable(startNginx(t, `location / { return 401; }`), nil)
	},
	"3102.WRONG_PATH": func(t *T) {
		f := t.unreachable(t.Server.URL+"/wrong/path", nil)
		require.Equal(t, t.Server.URL, f.Details["suggested"])
		t.unreachable(t.Server.URL+"/meet/"+t.Meeting(), nil)
		proxied := startNginx(t, `location /klatch/ { proxy_pass `+t.Server.URL+`/; }`)
		f = t.unreachable(proxied+"/klatch/v1", nil)
		require.Equal(t, proxied+"/klatch", f.Details["suggested"])
	},
	"3102.PREFIX_KEPT": func(t *T) {
		t.unreachable(startNginx(t, `location /klatch/ { proxy_pass `+t.Server.URL+`; }`)+"/klatch", nil)
	},
	"3103.GAVE_UP": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Meeting.ResumeWindow = time.Second })
		account := h.Account(t, nil)
		proxy := h.Proxy(t)
		c := t.client(proxy.URL, account.Token(t), account.Meeting(t, nil), nil)
		require.NoError(t, c.Join(t.Context()))
		proxy.Cut()
		f := t.awaitEvent(c, testserver.Timeout)
		require.True(t, f.Fatal)
	},
}

// checkReturned takes an error of InitMeeting: there is no meeting yet that could fire an event.
func (t *T) checkReturned(err error) {
	t.Helper()
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	t.recordAnswer(f)
	t.withoutServer = append(t.withoutServer, f.ID)
	testserver.DeliveriesIn(t).Received(f.ID, "who calls")
	t.check(f)
}

// recordAnswer notes that a call was answered with a fault.
func (t *T) recordAnswer(f *fault.Error) { testserver.DeliveriesIn(t).Answered(f.ID) }

// closedPort returns an address where nothing listens.
func closedPort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return l.Addr().String()
}

// silentPort returns an address that answers no connection: its backlog is full and nobody accepts.
func silentPort(t testing.TB) string {
	t.Helper()
	// Of this process alone: a server that is started meanwhile would inherit it, and mediaLost ends what a server listens
	// on.
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = syscall.Close(fd) }) // nothing was written to it
	require.NoError(t, syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	require.NoError(t, syscall.Listen(fd, 0))
	name, err := syscall.Getsockname(fd)
	require.NoError(t, err)
	address := "127.0.0.1:" + strconv.Itoa(name.(*syscall.SockaddrInet4).Port)
	for range 4 {
		conn, err := net.DialTimeout("tcp", address, 200*time.Millisecond)
		if err != nil {
			break
		}
		t.Cleanup(func() { _ = conn.Close() }) // nothing was written to it
	}
	return address
}

// behindRelay opens a server whose media is advertised at 127.0.0.2, where only a relay answers, if any.
func (t *T) behindRelay() (*testserver.Server, netip.AddrPort) {
	t.Helper()
	media := testpeer.FreeUDPAddr(t)
	h := testserver.Start(t, func(c *conf.Config) {
		c.Media.UDPAddress = media.String()
		c.Media.PublicIPs = []string{"127.0.0.2"}
	})
	return h, media
}

// startRelay forwards media between 127.0.0.2 and the server.
func startRelay(t testing.TB, server netip.AddrPort) *testpeer.UDPRelay {
	t.Helper()
	return testpeer.NewUDPRelay(t, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.2"), server.Port()), server, 0)
}

// isDTLS: RFC 7983, section 7.
func isDTLS(packet []byte) bool { return packet[0] >= 20 && packet[0] <= 63 }

// isMedia: RTP and RTCP, RFC 7983, section 7.
func isMedia(packet []byte) bool { return packet[0] >= 128 && packet[0] <= 191 }
