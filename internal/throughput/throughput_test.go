package throughput

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ratelimit"
)

const timeout = 20 * time.Second

// serve starts a server with a Meter. The header X-From names the address of the client.
func serve(t *testing.T, bytesPerAddress int, change func(*Meter)) (url string, m *Meter) {
	t.Helper()
	m = New(Options{BytesPerAddress: bytesPerAddress, Refuse: func(w http.ResponseWriter, _ *http.Request, err error) {
		f := fault.From(err)
		if after := f.RetryAfterMs; after > 0 {
			w.Header().Set("Retry-After", strconv.FormatInt((after+999)/1000, 10))
		}
		w.WriteHeader(f.HTTPStatus())
		_ = json.NewEncoder(w).Encode(f)
	}})
	if change != nil {
		change(m)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if from := r.Header.Get("X-From"); from != "" {
			ctx = ratelimit.WithClient(ctx, netip.MustParseAddr(from))
		}
		m.ServeHTTP(w, r.WithContext(ctx))
	}))
	t.Cleanup(s.Close)
	return s.URL, m
}

// ask makes a request and returns the open answer.
func ask(t *testing.T, method, url, from string, body io.Reader) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	require.NoError(t, err)
	r.Header.Set("X-From", from)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	t.Cleanup(func() { _ = answer.Body.Close() }) // it may be read to its end
	return answer
}

// refusal reads the fault of an answer.
func refusal(t *testing.T, answer *http.Response) *fault.Error {
	t.Helper()
	f := &fault.Error{}
	require.NoError(t, json.NewDecoder(answer.Body).Decode(f))
	require.Equal(t, "*", answer.Header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
	return f
}

func (m *Meter) awaitRunning(t *testing.T, want int) {
	t.Helper()
	require.Eventually(t, func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.running == want
	}, timeout, time.Millisecond)
}

func TestTransfers(t *testing.T) {
	t.Parallel()
	url, m := serve(t, 100<<20, nil)
	answer := ask(t, http.MethodGet, url+"?bytes=200001", "192.0.2.1", nil)
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.Equal(t, "200001", answer.Header.Get("Content-Length"))
	require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
	require.Equal(t, "*", answer.Header.Get("Access-Control-Allow-Origin"))
	got, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Len(t, got, 200_001)
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	require.NoError(t, err)
	_, err = w.Write(got)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.Greater(t, packed.Len(), len(got), "the bytes can be compressed")

	for _, body := range []io.Reader{
		bytes.NewReader(got),
		io.LimitReader(bytes.NewReader(got), int64(len(got))), // of a length that is not said
	} {
		answer = ask(t, http.MethodPost, url, "192.0.2.1", body)
		require.Equal(t, http.StatusOK, answer.StatusCode)
		text, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.JSONEq(t, `{"bytes": 200001}`, string(text))
	}
	m.awaitRunning(t, 0)
	require.Empty(t, m.of)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, 100<<20, nil)
	for query, problem := range map[string]string{
		"":                   "it is given 0 times",
		"?bytes=1&bytes=2":   "it is given 2 times",
		"?bytes=0":           "it is not a number from 1 to 8388608",
		"?bytes=8388609":     "it is not a number from 1 to 8388608",
		"?bytes=9e6":         "it is not a number from 1 to 8388608",
		"?bytes=%zz":         `the query cannot be read: invalid URL escape "%zz"`,
		"?bytes=-1":          "it is not a number from 1 to 8388608",
		"?bytes=99999999999": "it is not a number from 1 to 8388608",
	} {
		answer := ask(t, http.MethodGet, url+query, "192.0.2.1", nil)
		f := refusal(t, answer)
		require.Equal(t, http.StatusBadRequest, answer.StatusCode, query)
		require.Equal(t, []any{4107, "BAD_PARAMS", problem}, []any{f.Code, f.Reason, f.Details["problem"]}, query)
	}
	f := refusal(t, ask(t, http.MethodPut, url, "192.0.2.1", nil))
	require.Equal(t, "METHOD_NOT_ALLOWED", f.Reason)
	for _, known := range []bool{true, false} { // the length of the body
		var body io.Reader = strings.NewReader(strings.Repeat("x", MaxBytes+1))
		if !known {
			body = io.MultiReader(body)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, body)
		require.NoError(t, err)
		r.Header.Set("Expect", "100-continue") // so that the refusal is read before the body is written
		transport := &http.Transport{ExpectContinueTimeout: timeout}
		t.Cleanup(transport.CloseIdleConnections)
		answer, err := (&http.Client{Transport: transport}).Do(r)
		require.NoError(t, err)
		f = refusal(t, answer)
		_ = answer.Body.Close()
		require.Equal(t, "it has more than 8388608 bytes", f.Details["problem"])
	}

	off, _ := serve(t, 0, nil)
	answer := ask(t, http.MethodGet, off+"?bytes=1", "192.0.2.1", nil)
	require.Equal(t, http.StatusNotImplemented, answer.StatusCode)
	f = refusal(t, answer)
	require.Equal(t, []any{4110, "THROUGHPUT"}, []any{f.Code, f.Reason})
}

// Two transfers of an address, and four of all, run at once.
func TestTransfersAtOnce(t *testing.T) {
	t.Parallel()
	url, m := serve(t, 100<<20, func(m *Meter) { m.bytesPerSecond = 100_000 })
	held := []*http.Response{}
	for n, from := range []string{"192.0.2.1", "192.0.2.1", "192.0.2.2", "2001:db8::1"} {
		held = append(held, ask(t, http.MethodGet, url+"?bytes=8000000", from, nil))
		m.awaitRunning(t, n+1)
		if n == 1 {
			answer := ask(t, http.MethodGet, url+"?bytes=1", from, nil)
			require.Equal(t, http.StatusServiceUnavailable, answer.StatusCode)
			require.Equal(t, "1", answer.Header.Get("Retry-After"))
			f := refusal(t, answer)
			require.Equal(t, []any{4106, "THROUGHPUT_TRANSFERS", "from 192.0.2.1"}, []any{f.Code, f.Reason, f.Details["of"]})
		}
	}
	for _, from := range []string{"192.0.2.3", ""} {
		f := refusal(t, ask(t, http.MethodPost, url, from, strings.NewReader("x")))
		require.Equal(t, []any{"THROUGHPUT_TRANSFERS", "on this server"}, []any{f.Reason, f.Details["of"]})
	}
	require.NoError(t, held[0].Body.Close()) // a client that is gone gives its place back
	m.awaitRunning(t, 3)
	require.Equal(t, http.StatusOK, ask(t, http.MethodGet, url+"?bytes=1", "192.0.2.3", nil).StatusCode)
}

// An address that has transferred its bytes waits until it owes none; others do not.
func TestBytesOfAnAddress(t *testing.T) {
	t.Parallel()
	url, m := serve(t, 600_000, nil) // 10 kB a second
	read := func(from string) {
		answer := ask(t, http.MethodGet, url+"?bytes=400000", from, nil)
		require.Equal(t, http.StatusOK, answer.StatusCode)
		n, err := io.Copy(io.Discard, answer.Body)
		require.NoError(t, err)
		require.EqualValues(t, 400_000, n)
	}
	read("192.0.2.1")
	answer := ask(t, http.MethodPost, url, "192.0.2.1", bytes.NewReader(make([]byte, 400_000)))
	require.Equal(t, http.StatusOK, answer.StatusCode, "what is left lets one in")
	m.awaitRunning(t, 0)
	answer = ask(t, http.MethodGet, url+"?bytes=1", "192.0.2.1", nil)
	require.Equal(t, http.StatusTooManyRequests, answer.StatusCode)
	f := refusal(t, answer)
	require.Equal(t, []any{4106, "THROUGHPUT_BYTES", "192.0.2.1"}, []any{f.Code, f.Reason, f.Details["address"]})
	require.InDelta(t, 20_000, float64(f.RetryAfterMs), 3000, "200 kB are owed")
	read("192.0.2.2")
	f = refusal(t, ask(t, http.MethodGet, url+"?bytes=1", "192.0.2.1", nil))
	require.Equal(t, "THROUGHPUT_BYTES", f.Reason)
}

// A transfer is as fast as one may be, and no faster.
func TestPace(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, 100<<20, func(m *Meter) { m.bytesPerSecond = 500_000 })
	began := time.Now()
	answer := ask(t, http.MethodGet, url+"?bytes=300000", "192.0.2.1", nil)
	_, err := io.Copy(io.Discard, answer.Body)
	require.NoError(t, err)
	require.GreaterOrEqual(t, time.Since(began), 450*time.Millisecond) // 0.6 s less what a bucket holds
	began = time.Now()
	ask(t, http.MethodPost, url, "192.0.2.1", bytes.NewReader(make([]byte, 300_000)))
	require.GreaterOrEqual(t, time.Since(began), 450*time.Millisecond)
}

// Who reads or writes slowly loses its transfer, and the place of it.
func TestSlowClientsAreCut(t *testing.T) {
	t.Parallel()
	url, m := serve(t, 100<<20, func(m *Meter) { m.mayTake, m.bytesPerSecond = 200*time.Millisecond, 1<<30 })
	for _, request := range []string{
		"GET /?bytes=8388608 HTTP/1.1\r\nHost: x\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf",
	} {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://"))
		require.NoError(t, err)
		require.NoError(t, conn.(*net.TCPConn).SetReadBuffer(4096))
		_, err = fmt.Fprint(conn, request)
		require.NoError(t, err)
		m.awaitRunning(t, 1)
		m.awaitRunning(t, 0) // the client has neither read nor closed
		require.NoError(t, conn.Close())
	}
}

// A connection goes on after a transfer: no deadline of that is left.
func TestConnectionIsUsedAgain(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, 100<<20, func(m *Meter) { m.mayTake = 300 * time.Millisecond })
	var dials int
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		dials++
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}}
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport}
	for end := time.Now().Add(900 * time.Millisecond); time.Now().Before(end); {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("x"))
		require.NoError(t, err)
		answer, err := client.Do(r)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
	}
	require.Equal(t, 1, dials)
}
