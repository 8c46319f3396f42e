package clients

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/sdk"
)

// aiortc uses own ICE credentials for each section of its offer, and bundles when the answer does.
func TestAiortcPublishes(t *testing.T) {
	h := open(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	script := testprocess.CommandContext(t.Context(), "/usr/bin/python3", "testdata/publish.py", h.URL, token, room)
	stdin, err := script.StdinPipe()
	require.NoError(t, err)
	var said bytes.Buffer
	script.Stdout, script.Stderr = &said, &said
	require.NoError(t, script.Start())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = script.Wait() // it ends with its standard input; what it said tells how
	}()
	t.Cleanup(func() {
		_ = stdin.Close()
		<-ended
		if t.Failed() {
			t.Logf("aiortc said: %s", said.String())
		}
	})
	bot := joinViewer(t, h.URL, room, token)
	awaitWidth(t, bot, "aiortc", 640)
	for range 20 {
		require.Greater(t, len(readPacket(t, bot, "aiortc", sdk.Audio).Payload), 20, "a tone, not silence")
	}
}
