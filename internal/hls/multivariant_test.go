package hls_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/fmp4/fmp4test"
	"github.com/klatch/klatch/internal/hls"
)

// What players learn before they load media: RFC 8216, 4.3.4.2.
func TestMultivariantPlaylists(t *testing.T) {
	for name, c := range map[string]struct {
		media      fmp4test.Options
		attributes string
	}{
		"both": {
			fmp4test.Options{Video: true, Audio: true},
			`BANDWIDTH=1200000,RESOLUTION=320x180,CODECS="avc1.42C00D,mp4a.40.2"`,
		},
		"sound": {fmp4test.Options{Audio: true}, `BANDWIDTH=200000,CODECS="mp4a.40.2"`},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			require.NoError(t, os.Mkdir(filepath.Join(root, "j"), 0o755))
			w, err := hls.NewWriter(filepath.Join(root, "j"), hls.Options{})
			require.NoError(t, err)
			h, err := hls.NewHandler(root, nil)
			require.NoError(t, err)
			defer h.Close()
			c.media.Seconds = 3
			init, fragments := fmp4test.Split(t, fmp4test.Encode(t, c.media))
			require.NoError(t, w.WriteInit(init))
			require.Equal(t, http.StatusNotFound, request(h, http.MethodGet, "/j/playback.m3u8").Code, "nothing to play")
			for _, f := range fragments {
				require.NoError(t, w.WriteFragment(f))
			}
			require.NoError(t, w.Close())
			for variant, media := range map[string]string{"playback.m3u8": "index.m3u8", "livestream.m3u8": "live.m3u8"} {
				got := request(h, http.MethodGet, "/j/"+variant)
				require.Equal(t, http.StatusOK, got.Code)
				require.Equal(t, "application/vnd.apple.mpegurl", got.Header().Get("Content-Type"))
				require.Equal(t, "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-STREAM-INF:"+c.attributes+"\n"+
					media+"\n", got.Body.String())
			}

			require.NoError(t, os.WriteFile(filepath.Join(root, "j", "init.mp4"), []byte("broken"), 0o600))
			require.Equal(t, http.StatusNotFound, request(h, http.MethodGet, "/j/playback.m3u8").Code)
		})
	}
}
