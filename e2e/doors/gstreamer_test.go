package doors

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/sdk"
)

// lockedBuffer is a buffer that a process writes to while it is read.
type lockedBuffer struct {
	mu  sync.Mutex // guards all
	all bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all.String()
}

// GStreamer publishes, is seen, heard and recorded, ends by a DELETE, and is refused with a code.
func TestGStreamer(t *testing.T) {
	t.Parallel()
	h := open(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	publish := func(token string) (said *lockedBuffer, end func()) {
		t.Helper()
		script := exec.CommandContext(t.Context(), "/usr/bin/python3", "testdata/gst_publish.py",
			h.URL+"/v2/whip?participantId=gst&displayName=GStreamer&roomId="+room, token)
		stdin, err := script.StdinPipe()
		require.NoError(t, err)
		said = &lockedBuffer{}
		script.Stdout, script.Stderr = said, said
		require.NoError(t, script.Start())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = script.Wait() // what it said tells how
		}()
		end = sync.OnceFunc(func() {
			_ = stdin.Close()
			<-ended
		})
		t.Cleanup(func() {
			end()
			if t.Failed() {
				t.Logf("GStreamer said: %s", said)
			}
		})
		return said, end
	}
	bot := join(t, h.URL, room, token, "bot")
	said, end := publish(token)
	for range 40 {
		readPacket(t, bot, "gst", sdk.Video)
		require.Greater(t, len(readPacket(t, bot, "gst", sdk.Audio).Payload), 20, "a tone, not silence")
	}
	require.Contains(t, said.String(), "connected")

	record := func(what string) {
		t.Helper()
		status, answer := h.REST(t, token, http.MethodPost, "/v2/recordings/participant/"+what,
			map[string]any{"roomId": room, "participantId": "gst"})
		require.Equal(t, 200, status, string(answer))
	}
	record("start")
	recorded := time.Now()
	eventually(t, "three seconds are recorded", func() bool { return time.Since(recorded) > 3*time.Second })
	record("stop")
	var list struct {
		Data []struct{ Files []struct{ FileURL string } }
	}
	eventually(t, "a file", func() bool {
		status, answer := h.REST(t, token, http.MethodGet, "/v2/recordings/participant?roomId="+room, nil)
		require.Equal(t, 200, status)
		require.NoError(t, json.Unmarshal(answer, &list), string(answer))
		return len(list.Data) == 1 && len(list.Data[0].Files) == 1 && list.Data[0].Files[0].FileURL != ""
	})
	file := filepath.Join(t.TempDir(), "gst.webm")
	out, err := exec.CommandContext(t.Context(), "curl", "-sSfL", "-o", file, list.Data[0].Files[0].FileURL).CombinedOutput()
	require.NoError(t, err, string(out))
	require.ElementsMatch(t, []string{"vp8", "opus"}, mediaprobe.Probe(t, file).Codecs())
	require.Greater(t, mediaprobe.Probe(t, file).Seconds(t), 2.0)

	end()
	eventually(t, "it has left", func() bool { return participant(bot, "gst") == nil })
	said, _ = publish(account.Grant(t, gate.Grant{
		Permissions: []string{"allow_join"}, IssuedAt: time.Now().Add(-2 * time.Hour), ExpiresIn: time.Hour,
	}))
	eventually(t, "refused", func() bool { return bytes.Contains([]byte(said.String()), []byte("refused 401")) })
	require.Contains(t, said.String(), `"EXPIRED"`)
}
