package hls

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/encoder"
	"github.com/klatch/klatch/internal/fmp4"
)

// Names of the multivariant playlists (RFC 8216, 4.3.4), from which a player knows bit rate, size and codecs before it
// loads media; hls.js buffers nothing without a bit rate when its maxBufferLength is 0. They are in no directory: a
// Handler makes them of the initialization segment.
const (
	FullVariant = "playback.m3u8"   // leads to FullPlaylist
	LiveVariant = "livestream.m3u8" // leads to LivePlaylist
)

var variants = map[string]string{FullVariant: FullPlaylist, LiveVariant: LivePlaylist}

// audioBps is the highest bit rate of sound, with what the container adds to both.
const audioBps = 200_000

// multivariant answers with a playlist that leads to a media playlist. It is there when the media playlist is.
func (h *Handler) multivariant(w http.ResponseWriter, r *http.Request, stream, name string) {
	media, _, err := h.Open(r.Context(), stream, variants[name])
	if err != nil {
		h.missing(w, r, err)
		return
	}
	_ = media.Close() // only opened
	content, _, err := h.Open(r.Context(), stream, InitSegment)
	if err != nil {
		h.missing(w, r, err)
		return
	}
	defer func() { _ = content.Close() }() // only read
	init, err := fmp4.NewReader(content).Init()
	if err != nil {
		h.missing(w, r, err)
		return
	}
	servePlaylist(w, r, name, renderVariant(init, variants[name]), time.Time{}, "no-cache")
}

// renderVariant writes a playlist with one variant. BANDWIDTH is a bound (4.3.4.2): what the encoder may spend on
// pictures of that size.
func renderVariant(init *fmp4.Init, media string) []byte {
	bps, resolution := audioBps, ""
	var codecs []string
	if v := init.Video; v != nil {
		bps += encoder.VideoBps(v.Width, v.Height)
		resolution = fmt.Sprintf(",RESOLUTION=%dx%d", v.Width, v.Height)
		codecs = append(codecs, v.Codec())
	}
	if a := init.Audio; a != nil {
		codecs = append(codecs, a.Codec())
	}
	return fmt.Appendf(nil, tagHead+tagVersion+tagIndependent+tagVariant+"BANDWIDTH=%d%s,CODECS=%q\n%s\n",
		bps, resolution, strings.Join(codecs, ","), media)
}
