package server_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/throughput"
)

// A client measures its network without a token. Behind a trusted proxy the limit is that of the client.
func TestThroughput(t *testing.T) {
	s := start(t, func(c *conf.Config) {
		c.Limit.ThroughputBytesPerAddress = 600_000
		c.HTTP.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	free := testserver.Start(t)
	const path = throughput.Path
	for range 2 {
		status, body, header := get(t, s.URL()+path+"?bytes=350000", "X-Forwarded-For", "192.0.2.1")
		require.Equal(t, http.StatusOK, status, body)
		require.Len(t, body, 350_000)
		require.Equal(t, "no-store", header.Get("Cache-Control"))
		require.Equal(t, "application/octet-stream", header.Get("Content-Type"))
	}
	status, body, header := get(t, s.URL()+path+"?bytes=1",
		"X-Forwarded-For", "192.0.2.1", "Origin", "https://app.example")
	require.Equal(t, http.StatusTooManyRequests, status)
	require.Contains(t, body, `"THROUGHPUT_BYTES"`)
	require.Contains(t, body, `"address":"192.0.2.1"`)
	require.NotEmpty(t, header.Get("Retry-After"))
	require.Equal(t, "*", header.Get("Access-Control-Allow-Origin"))
	require.Contains(t, header.Get("Access-Control-Expose-Headers"), "Retry-After")

	body = strings.Repeat("x", 1000)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+path, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("X-Forwarded-For", "192.0.2.1, 192.0.2.2")
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }() // read to its end
	raw, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.JSONEq(t, `{"bytes": 1000}`, string(raw))

	// The largest one is not held in memory, and closes no connection of others: two of them are more than all bodies.
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			answer, err := http.Post(free.URL+path, "", bytes.NewReader(make([]byte, throughput.MaxBytes)))
			if !assert.NoError(t, err) {
				return
			}
			_ = answer.Body.Close() // its status says it
			assert.Equal(t, http.StatusOK, answer.StatusCode)
		})
	}
	both.Wait()

	r, err = http.NewRequestWithContext(t.Context(), http.MethodOptions, s.URL()+path, nil)
	require.NoError(t, err)
	r.Header.Set("Access-Control-Request-Method", "POST")
	preflight, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	_ = preflight.Body.Close() // it is empty
	require.Equal(t, http.StatusNoContent, preflight.StatusCode)
	require.Equal(t, "GET, POST", preflight.Header.Get("Access-Control-Allow-Methods"))
}

// An operator who measures nothing has the calls refused by a fault of its own.
func TestThroughputOff(t *testing.T) {
	h := testserver.Start(t, func(c *conf.Config) { c.Limit.ThroughputBytesPerAddress = 0 })
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		status, body := h.REST(t, "", method, "/v1/throughput?bytes=1", nil)
		require.Equal(t, http.StatusNotImplemented, status)
		require.Contains(t, string(body), fmt.Sprintf("%q", "THROUGHPUT"))
	}
}
