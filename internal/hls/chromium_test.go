package hls_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/hls"
	"github.com/klatch/klatch/internal/testbrowser"
)

// Chromium's own HLS player is the strictest at hand: it gives up for good on a live playlist that is too
// short to start with. It opens both playlists at the moment they are said to be playable and plays across
// what is listed later. It knows nothing of parts.
func TestChromiumPlaysWhatIsPlayable(t *testing.T) {
	init, fragments := clip(t)
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "job"), 0o755))
	playable := false
	w, err := hls.NewWriter(
		filepath.Join(root, "job"),
		hls.Options{LowLatency: true, OnPlayable: func() { playable = true }},
	)
	require.NoError(t, err)
	handler, err := hls.NewHandler(root, nil)
	require.NoError(t, err)
	defer handler.Close()
	mux := http.NewServeMux()
	mux.Handle("/job/", handler)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write(
			[]byte(
				`<video id=live muted autoplay src="/job/live.m3u8"></video>` +
					`<video id=full muted autoplay src="/job/index.m3u8"></video>`,
			),
		)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	b := testbrowser.Open(t)

	require.NoError(t, w.WriteInit(init))
	for !playable {
		require.NoError(t, w.WriteFragment(fragments[0]))
		fragments = fragments[1:]
	}
	stop := make(chan struct{})
	var live sync.WaitGroup
	defer live.Wait()
	defer close(stop)
	live.Go(func() { // in real time from here
		ticker := time.NewTicker(500 * time.Millisecond)
		defer ticker.Stop()
		for _, f := range fragments {
			select {
			case <-ticker.C:
				if err := w.WriteFragment(f); err != nil {
					t.Error(err)
				}
			case <-stop:
				return
			}
		}
	})
	p := b.Page(t, server.URL+"/")
	for _, video := range []string{"live", "full"} {
		// more than was there when it opened: 6 s, of which 3 have played
		p.UntilIn(
			10*time.Second,
			video+" plays",
			video+`.error !== null || `+video+`.currentTime > 3 && `+video+`.buffered.end(0) > 7`,
		)
		var got struct {
			Error  string
			Frames int
		}
		p.Eval(
			`({error: `+video+`.error ? `+video+`.error.message : '', `+
				`frames: `+video+`.getVideoPlaybackQuality().totalVideoFrames})`,
			&got,
		)
		require.Empty(t, got.Error, video)
		require.Greater(t, got.Frames, 60, video)
	}
}
