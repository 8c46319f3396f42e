package signal

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
)

// collector is a Reporter that keeps the faults.
type collector struct{ got chan *fault.Error }

func (c *collector) Report(_ context.Context, f *fault.Error) { c.got <- f }
func (c *collector) next(t *testing.T, reason string) *fault.Error {
	t.Helper()
	select {
	case f := <-c.got:
		require.Equal(t, reason, f.Reason, f.Detail)
		return f
	case <-time.After(5 * time.Second):
		t.Fatal("no fault came")
		return nil
	}
}

// upgrade opens a WebSocket without a library, so that frames can be anything.
func upgrade(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() }) // the server has closed it
	_, err = fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusSwitchingProtocols, res.StatusCode)
	return conn
}

// drip feeds a text frame of 2^63-1 bytes, some every 10 ms, until the socket ends.
func drip(t *testing.T, conn net.Conn, some int) (ended <-chan struct{}) {
	t.Helper()
	_, err := conn.Write([]byte{0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0})
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for tick := time.NewTicker(10 * time.Millisecond); ; <-tick.C {
			if _, err := conn.Write(make([]byte, some)); err != nil {
				return
			}
		}
	}()
	go func() { _, _ = io.Copy(io.Discard, conn) }() // it takes what comes, and answers nothing
	return done
}

func TestUnfinishedFrame(t *testing.T) {
	for name, tc := range map[string]struct {
		opts   Options
		some   int
		reason string
	}{
		"before a join": {Options{JoinTimeout: 200 * time.Millisecond}, 1, "JOIN_EXPECTED"},
		"of any socket": {Options{MessageTimeout: 200 * time.Millisecond}, 1, "INCOMPLETE"},
		"quickly":       {Options{}, 4096, "TOO_LARGE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reports := &collector{make(chan *fault.Error, 16)}
			tc.opts.Reporter, tc.opts.CloseTimeout = reports, 200*time.Millisecond
			s := New(tc.opts)
			front := httptest.NewServer(s)
			defer front.Close()
			ended := drip(t, upgrade(t, front.Listener.Addr().String()), tc.some)
			reports.next(t, tc.reason)
			select {
			case <-ended:
			case <-time.After(5 * time.Second):
				t.Fatal("the socket is not ended")
			}
			require.NoError(t, s.Close(t.Context()))
		})
	}
}

// A stopping server waits for no closing handshake.
func TestCloseDuringUnfinishedFrame(t *testing.T) {
	s := New(Options{Reporter: &collector{make(chan *fault.Error, 16)}, CloseTimeout: 200 * time.Millisecond})
	front := httptest.NewServer(s)
	defer front.Close()
	ended := drip(t, upgrade(t, front.Listener.Addr().String()), 1)
	began := time.Now()
	require.NoError(t, s.Close(t.Context()))
	require.Less(t, time.Since(began), 3*time.Second)
	<-ended
}
