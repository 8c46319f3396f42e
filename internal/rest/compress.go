package rest

import (
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
)

// minCompressed is the size from which an answer is compressed: smaller ones fit into few packets anyway.
const minCompressed = 4 << 10

// compressed returns a handler that answers as next does, with large JSON compressed for whoever accepts gzip: the
// measurements of a long session are megabytes, and a twentieth of that compressed.
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(minCompressed), gzhttp.CompressionLevel(gzip.BestSpeed),
		gzhttp.ContentTypes([]string{"application/json"}), gzhttp.EnableZstd(false))
	if err != nil {
		panic(err) // the options are those above
	}
	return wrap(next)
}

// isCompressible reports whether the answer to a request may be compressed. A stream of events is sent piece by piece.
// Answers to changes stay as they are: some hold a secret, and the size of a secret that is compressed together with
// text of somebody else's choice reveals it (BREACH).
func isCompressible(r *http.Request) bool {
	return r.Method == http.MethodGet && !strings.HasSuffix(r.URL.Path, "/events")
}
