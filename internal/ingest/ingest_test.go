package ingest_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ingest"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/testpeer"
)

// noKeys knows no stream key.
type noKeys struct{}

func (noKeys) FindStreamKey(context.Context, string) (record.StreamKey, error) {
	return record.StreamKey{}, &record.NotFoundError{Kind: "stream key"}
}

func (noKeys) StreamKey(context.Context, string, string) (record.StreamKey, error) {
	return record.StreamKey{}, &record.NotFoundError{Kind: "stream key"}
}

// doorman is a server that knows no key, with what it reports.
type doorman struct {
	address string
	mu      sync.Mutex // guards reports
	reports []string
}

func open(t *testing.T, change func(*ingest.Options)) *doorman {
	t.Helper()
	d := &doorman{}
	options := ingest.Options{
		Keys: noKeys{}, Logger: slog.New(slog.DiscardHandler), Limiter: ratelimit.New(ratelimit.Limits{}),
		Report: func(_ context.Context, f *fault.Error) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.reports = append(d.reports, f.Reason)
		},
	}
	change(&options)
	server, err := ingest.New(options)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	d.address = listener.Addr().String()
	server.Serve(listener, nil)
	t.Cleanup(server.Close)
	return d
}

func (d *doorman) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", d.address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	return conn
}

func (d *doorman) reported() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.reports...)
}

// Of the connections of one address, and of all, that do not publish, the oldest goes: who publishes at once gets in.
func TestFloodOfConnections(t *testing.T) {
	for reason, change := range map[string]func(*ingest.Options){
		"ADDRESS_CONNECTIONS": func(o *ingest.Options) { o.PerAddress = 2 },
		"SERVER_CONNECTIONS":  func(o *ingest.Options) { o.Pending = 2 },
	} {
		d := open(t, change)
		first := d.dial(t)
		_, err := first.Write([]byte{3}) // it has begun
		require.NoError(t, err)
		d.dial(t)
		_, refusal := testpeer.DialRTMP(t, "rtmp://"+d.address+"/live", "wrong")
		require.Contains(t, refusal, "4112 UNKNOWN_KEY")
		_, err = io.ReadAll(first)
		require.NotErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Contains(t, d.reported(), reason)
	}
}

// Who guesses keys is refused before the next one is looked at.
func TestGuessedKeys(t *testing.T) {
	d := open(t, func(o *ingest.Options) {
		limits := ratelimit.Limits{}
		limits.PerSecond[ratelimit.FailedTokens] = 0.1 // one at once
		o.Limiter = ratelimit.New(limits)
	})
	_, refusal := testpeer.DialRTMP(t, "rtmp://"+d.address+"/live", "wrong")
	require.Contains(t, refusal, "4112 UNKNOWN_KEY")
	_, refusal = testpeer.DialRTMP(t, "rtmp://"+d.address+"/live", "wrong")
	require.Contains(t, refusal, "NetStream.Failed: 4106 FAILED_TOKENS")
}
