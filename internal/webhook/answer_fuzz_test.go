package webhook

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/record"
)

// Whatever an endpoint answers, the event was taken or there is a fault of the catalogue, which does not hold its
// address.
func FuzzAnswer(f *testing.F) {
	signer, err := LoadSigner(filepath.Join(f.TempDir(), "key"))
	require.NoError(f, err)
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
	f.Add([]byte("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/hook?secret=hunter2\r\n\r\n"))
	f.Add([]byte("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 422 x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\nx"))
	f.Add([]byte("SSH-2.0-OpenSSH_9.2\r\n"))
	f.Add([]byte("HTTP/1.1 999 \x00\r\nContent-Length: 99999999999999999999\r\n\r\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, answer []byte) {
		client := newClient(true, 100*time.Millisecond)
		client.Transport.(*http.Transport).DialContext = func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			go func() {
				defer func() { _ = theirs.Close() }()
				go func() { _, _ = io.Copy(io.Discard, theirs) }()
				_, _ = io.Copy(theirs, bytes.NewReader(answer))
			}()
			return ours, nil
		}
		defer client.CloseIdleConnections()
		d := &Deliverer{opts: Options{Signer: signer, Timeout: 100 * time.Millisecond}, client: client}
		delivery := record.Delivery{
			EndPoint: "http://hook.example/hunter2?secret=hunter2",
			Event:    "session-started",
			Body:     []byte("{}"),
		}
		if _, err := d.attempt(t.Context(), delivery); err != nil {
			require.NotContains(t, err.Error(), "hook.example/hunter2")
			fault, _ := d.diagnose(delivery, err)
			require.Equal(t, 5103, fault.Code)
			require.NotEmpty(t, fault.Detail)
			_, known := fault.Entry()
			require.True(t, known)
			require.LessOrEqual(t, len(fault.Detail), 1000)
		}
	})
}
