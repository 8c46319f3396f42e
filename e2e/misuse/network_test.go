package misuse

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// rest makes a call that is refused.
func rest(method, path string, body any, want, says string) func(*testing.T, *environment) {
	return func(t *testing.T, w *environment) {
		status, answer := w.REST(t, w.account.Token(t), method, path, body)
		w.check(t, testserver.Refused(t, status, answer), want, says)
	}
}

var networks = misuses{
	"STUN, DTLS, RTP and noise to the media port": func(t *testing.T, w *environment) {
		conn, err := net.Dial("udp", w.media)
		require.NoError(t, err)
		defer func() { _ = conn.Close() }() // nothing is expected back
		packet := make([]byte, 1400)
		for i := range 4000 {
			_, _ = rand.Read(packet)
			packet[0] = []byte{0x00, 0x01, 22, 0x80, 0xff, byte(i)}[i%6] // RFC 7983: STUN, STUN, DTLS, RTP, noise, anything
			if i%6 < 2 {
				copy(packet[4:], []byte{0x21, 0x12, 0xa4, 0x42})
			}
			_, _ = conn.Write(packet[:1+i%1399]) // a full socket buffer is no matter
		}
	},
	"noise and HTTP to the media port over TCP": func(t *testing.T, w *environment) {
		for _, content := range []string{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", strings.Repeat("\xff", 70000), "\x00\x00", ""} {
			conn, err := net.Dial("tcp", w.media)
			require.NoError(t, err)
			_, _ = conn.Write([]byte(content)) // it may be closed by then
			t.Cleanup(func() { _ = conn.Close() })
		}
	},
	"REST: duplicate slashes": rest(http.MethodGet, "//v2/rooms", nil, "4108.ROUTE", "//v2/rooms"),
	"REST: path traversal":    rest(http.MethodGet, "/v2/rooms/..%2f..", nil, "4003.NOT_FOUND", ".."),
	"REST: dates in seconds": rest(
		http.MethodGet,
		fmt.Sprintf("/v2/sessions?startDate=%d", time.Now().Unix()),
		nil,
		"4107.BAD_PARAMS",
		"milliseconds",
	),
	"REST: token in the query": rest(
		http.MethodGet,
		"/v2/rooms?token=secret",
		nil,
		"4107.BAD_PARAMS",
		"no such query parameter",
	),
	"REST: unknown session": rest(
		http.MethodPost,
		"/v2/sessions/end",
		object{"sessionId": "nope"},
		"4108.SESSION",
		"nope",
	),
	"REST: invalid escape in a filter": rest(
		http.MethodGet,
		"/v2/sessions?roomId=100%",
		nil,
		"4107.BAD_PARAMS",
		"cannot be read",
	),
	"REST: thirty concurrent requests create one room": func(t *testing.T, w *environment) {
		var (
			all   sync.WaitGroup
			mu    sync.Mutex // guards rooms
			rooms = map[string]bool{}
		)
		for range 30 {
			all.Go(func() {
				id := w.account.Meeting(t, object{"customRoomId": "at once"})
				mu.Lock()
				defer mu.Unlock()
				rooms[id] = true
			})
		}
		all.Wait()
		require.Len(t, rooms, 1)
	},
}

// program is a Go program of somebody who misuses the SDK.
func (w *environment) program(t *testing.T, change func(*sdk.Options)) (*sdk.Meeting, error) {
	t.Helper()
	o := sdk.Options{URL: w.URL, Token: w.account.Token(t), MeetingID: w.meeting, ParticipantID: "program"}
	if change != nil {
		change(&o)
	}
	return sdk.InitMeeting(o)
}

// checkFails runs a call that must return a fault within testserver.Timeout.
func (w *environment) checkFails(t *testing.T, want, says string, call func() error) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- call() }()
	select {
	case err := <-done:
		var f *fault.Error
		require.ErrorAs(t, err, &f)
		w.check(t, f, want, says)
	case <-time.After(testserver.Timeout):
		t.Fatal("the call hangs")
	}
}

// address joins at another address than the server's.
func address(of func(*environment) string, want, says string) func(*testing.T, *environment) {
	return func(t *testing.T, w *environment) {
		w.checkFails(t, want, says, func() error {
			m, err := w.program(t, func(o *sdk.Options) { o.URL = of(w) })
			if err != nil {
				return err
			}
			return m.Join(t.Context())
		})
	}
}

var programs = misuses{
	"SDK: URL of the media port": address(
		func(w *environment) string { return "http://" + w.media },
		"3102.NOT_HTTP",
		"is not HTTP",
	),
	"SDK: URL with https instead of http": address(
		func(w *environment) string { return strings.Replace(w.URL, "http", "https", 1) },
		"3102.TLS",
		"use http",
	),
	"SDK: URL of a meeting page": address(
		func(w *environment) string { return w.URL + "/meet/x#token=" + w.account.Secret },
		"3102.BAD_URL",
		"a link to a meeting",
	),
	"SDK: URL with a password": address(
		func(w *environment) string { return "http://me:" + w.account.Secret + "@host" },
		"3102.BAD_URL",
		"user name",
	),
	"SDK: URL without a scheme": address(
		func(*environment) string { return "meet.example.com:4000" },
		"3102.BAD_URL",
		"http://",
	),
	"SDK: URL with an invalid port": address(
		func(*environment) string { return "http://127.0.0.1:99999" },
		"3102.BAD_URL",
		"65535",
	),
	"SDK: URL with a wrong path": address(
		func(w *environment) string { return w.URL + "/v2" },
		"3102.WRONG_PATH",
		"Klatch answers at http://127.0.0.1",
	),
	"SDK: invalid calls and sources": func(t *testing.T, w *environment) {
		m, err := w.program(t, nil)
		require.NoError(t, err)
		ctx := t.Context()
		w.checkFails(t, "3035.NOT_JOINED", "leave", func() error { return m.Leave(ctx) })
		require.NoError(t, m.Join(ctx))
		w.checkFails(t, "3073.TOO_LARGE", "bytes", func() error {
			_, err := m.PubSub().Publish(ctx, "CHAT", strings.Repeat("x", wire.MaxFrameBytes), sdk.PublishOptions{})
			return err
		})
		w.checkFails(t, "4087.TOO_LARGE", "20000 bytes", func() error {
			_, err := m.PubSub().Publish(ctx, "CHAT", strings.Repeat("x", 20000), sdk.PublishOptions{})
			return err
		})
		w.checkFails(
			t,
			"3011.SOURCE_ABSENT",
			"RTP packets",
			func() error { return m.EnableWebcam(ctx, sdk.PacketSource("VP8", nil)) },
		)
		w.checkFails(
			t,
			"3011.SOURCE_FORMAT",
			"vp8",
			func() error { return m.EnableWebcam(ctx, sdk.PacketSource("vp8", make(chan *rtp.Packet))) },
		)
		w.checkFails(
			t,
			"3012.SOURCE_FORMAT",
			"VP8",
			func() error { return m.UnmuteMic(ctx, sdk.TestCard(sdk.CardOptions{})) },
		)
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		w.checkFails(t, "3056.CANCELLED", "unmuteMic", func() error { return m.UnmuteMic(cancelled, nil) })
		require.NoError(t, m.UnmuteMic(ctx, nil), "a cancelled call harms no later one")
		require.NoError(t, m.Leave(ctx))
		w.checkFails(t, "3054.ALREADY", "left", func() error { return m.Leave(ctx) })
		w.checkFails(t, "3035.LEFT", "enableWebcam", func() error { return m.EnableWebcam(ctx, nil) })
	},
	"SDK: leave inside the meeting-joined handler": func(t *testing.T, w *environment) {
		m, err := w.program(t, nil)
		require.NoError(t, err)
		m.OnMeetingJoined(func() { _ = m.Leave(context.WithoutCancel(t.Context())) })
		_ = m.Join(t.Context()) // in, or out again already
		select {
		case <-m.Done():
		case <-time.After(testserver.Timeout):
			t.Fatal("the meeting does not end")
		}
	},
}
