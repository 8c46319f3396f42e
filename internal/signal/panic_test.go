package signal

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// brokenOnce is a Reporter that panics at the first report.
type brokenOnce struct {
	broken atomic.Bool
	got    chan *fault.Error
}

func (b *brokenOnce) Report(_ context.Context, f *fault.Error) {
	if !b.broken.Swap(true) {
		panic("boom")
	}
	b.got <- f
}

// A part of a socket that panics outside of any request, here the writer, ends that socket with its fault.
func TestPanicEndsOneSocket(t *testing.T) {
	reporter := &brokenOnce{got: make(chan *fault.Error, 8)}
	s := New(Options{Reporter: reporter, JoinTimeout: 100 * time.Millisecond, CloseTimeout: 100 * time.Millisecond})
	front := httptest.NewServer(s)
	defer front.Close()
	dial := func() *websocket.Conn {
		ws, _, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(front.URL, "http"), nil)
		require.NoError(t, err)
		return ws
	}
	ws := dial()
	_, _, err := ws.Read(t.Context())
	require.Error(t, err, "it ends")
	f := <-reporter.got
	require.Equal(t, "INTERNAL", f.Reason)
	require.ErrorContains(t, f.Unwrap(), "panic in the writer of a signaling socket: boom")

	ws = dial()
	require.NoError(t, ws.Write(t.Context(), websocket.MessageText, []byte(`{"jsonrpc":"2.0","id":1,"method":"ping"}`)))
	_, frame, err := ws.Read(t.Context())
	require.NoError(t, err)
	var answer wire.Response
	require.NoError(t, json.Unmarshal(frame, &answer))
	require.Nil(t, answer.Error, "others go on")
	require.NoError(t, s.Close(t.Context()))
	_ = ws.CloseNow() // it may have ended
}
