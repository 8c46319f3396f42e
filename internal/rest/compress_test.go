package rest_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// A large answer is compressed for whoever takes that, and no other one.
func TestLargeAnswersAreCompressed(t *testing.T) {
	w := newFixture(t)
	for range 30 {
		w.newRoom(nil)
	}
	get := func(path, accepts string) (http.Header, []byte) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.server.URL+path, nil)
		require.NoError(t, err)
		r.Header.Set("Authorization", w.token)
		r.Header.Set("Accept-Encoding", accepts)
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer func() { require.NoError(t, answer.Body.Close()) }()
		require.Equal(t, http.StatusOK, answer.StatusCode)
		text, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		return answer.Header, text
	}
	header, plain := get("/v2/rooms?perPage=100", "identity")
	require.Empty(t, header.Get("Content-Encoding"))
	header, packed := get("/v2/rooms?perPage=100", "gzip, br")
	require.Equal(t, "gzip", header.Get("Content-Encoding"))
	require.Contains(t, header.Get("Vary"), "Accept-Encoding")
	require.Less(t, len(packed), len(plain)/4)
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	require.NoError(t, err)
	text, err := io.ReadAll(unpacked)
	require.NoError(t, err)
	require.JSONEq(t, string(plain), string(text))
	header, _ = get("/v2/rooms?perPage=1", "gzip")
	require.Empty(t, header.Get("Content-Encoding"), "it is small")
}
