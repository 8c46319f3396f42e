package rtmp_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/publicnet"
	"github.com/klatch/klatch/internal/rtmp"
	"github.com/klatch/klatch/internal/testnet"
)

// dialFails dials and wants the cause.
func dialFails(t *testing.T, url string, options rtmp.Options, cause rtmp.Cause) *rtmp.Error {
	t.Helper()
	at := target(t, url)
	_, err := rtmp.Dial(t.Context(), at, options)
	failure := requireCause(t, err, cause)
	require.Equal(t, at.Address(), failure.Address)
	return failure
}

func TestDialFailures(t *testing.T) {
	short := local
	short.ConnectTimeout, short.HandshakeTimeout = 300*time.Millisecond, 300*time.Millisecond
	silent := listen(t, readAndSayNothing)

	t.Run("name that does not resolve", func(t *testing.T) {
		dialFails(t, "rtmp://no-such-host.invalid/live", local, rtmp.DNS)
	})
	t.Run("closed port", func(t *testing.T) {
		failure := dialFails(t, "rtmp://127.0.0.1:"+strconv.Itoa(testnet.FreePort(t))+"/live", local, rtmp.Refused)
		require.ErrorIs(t, failure, syscall.ECONNREFUSED)
	})
	t.Run("connect without an answer", func(t *testing.T) {
		failure := dialFails(t, "rtmp://127.0.0.1:"+fullBacklog(t)+"/live", short, rtmp.ConnectTimeout)
		require.GreaterOrEqual(t, failure.After, short.ConnectTimeout)
	})
	t.Run("address of a private network", func(t *testing.T) {
		options := local
		options.AllowPrivate = false
		failure := dialFails(t, "rtmp://"+silent+"/live", options, rtmp.PrivateAddress)
		var private *publicnet.PrivateError
		require.ErrorAs(t, failure, &private)
	})
	t.Run("name of a private network", func(t *testing.T) {
		_, port, err := net.SplitHostPort(silent)
		require.NoError(t, err)
		options := local
		options.AllowPrivate = false
		dialFails(t, "rtmp://localhost:"+port+"/live", options, rtmp.PrivateAddress)
	})
	t.Run("silent after accept", func(t *testing.T) {
		dialFails(t, "rtmp://"+silent+"/live", short, rtmp.HandshakeTimeout)
	})
	t.Run("silent after accept with TLS", func(t *testing.T) {
		dialFails(t, "rtmps://"+silent+"/live", short, rtmp.HandshakeTimeout)
	})
	t.Run("web server", func(t *testing.T) {
		web := httptest.NewServer(http.NotFoundHandler())
		defer web.Close()
		failure := dialFails(t, "rtmp://"+web.Listener.Addr().String()+"/live", local, rtmp.NotRTMP)
		require.Equal(t, "HTTP/1.1 400 Bad Request", failure.Status)
	})
	t.Run("hangs up during the handshake", func(t *testing.T) {
		address := listen(t, func(conn net.Conn) { _, _ = conn.Read(make([]byte, 1<<12)) })
		dialFails(t, "rtmp://"+address+"/live", local, rtmp.NotRTMP)
	})
	t.Run("context ends", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err := rtmp.Dial(ctx, target(t, "rtmp://"+silent+"/live"), local)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		var failure *rtmp.Error
		require.NotErrorAs(t, err, &failure, "stopping is no failure of the target")
	})
}

func TestTLSFailures(t *testing.T) {
	server := startNginx(t, strconv.Itoa(testnet.FreePort(t)), "")
	behind := "127.0.0.1:" + server.port
	good, roots := certify(t, "127.0.0.1", time.Now().Add(24*time.Hour))
	trusting := local
	trusting.TLS = &tls.Config{RootCAs: roots}

	t.Run("trusted", func(t *testing.T) {
		p, err := rtmp.Dial(t.Context(), target(t, "rtmps://"+tlsProxy(t, behind, good)+"/live"), trusting)
		require.NoError(t, err)
		require.NoError(t, p.Close())
	})
	t.Run("not trusted", func(t *testing.T) {
		dialFails(t, "rtmps://"+tlsProxy(t, behind, good)+"/live", local, rtmp.TLSUntrusted)
	})
	t.Run("expired", func(t *testing.T) {
		expired, roots := certify(t, "127.0.0.1", time.Now().Add(-time.Hour))
		options := local
		options.TLS = &tls.Config{RootCAs: roots}
		dialFails(t, "rtmps://"+tlsProxy(t, behind, expired)+"/live", options, rtmp.TLSExpired)
	})
	t.Run("another name", func(t *testing.T) {
		other, roots := certify(t, "other.example", time.Now().Add(time.Hour))
		options := local
		options.TLS = &tls.Config{RootCAs: roots}
		dialFails(t, "rtmps://"+tlsProxy(t, behind, other)+"/live", options, rtmp.TLSName)
	})
	t.Run("plain web server", func(t *testing.T) {
		web := httptest.NewServer(http.NotFoundHandler())
		defer web.Close()
		dialFails(t, "rtmps://"+web.Listener.Addr().String()+"/live", trusting, rtmp.NotTLS)
	})
	t.Run("plain RTMP server", func(t *testing.T) {
		// it waits for the rest of what it takes for an RTMP handshake
		options := trusting
		options.HandshakeTimeout = 300 * time.Millisecond
		require.True(t, dialFails(t, "rtmps://"+behind+"/live", options, rtmp.WrongScheme).Secure)
	})
	t.Run("RTMP to the TLS port", func(t *testing.T) {
		require.False(t, dialFails(t, "rtmp://"+tlsProxy(t, behind, good)+"/live", local, rtmp.WrongScheme).Secure)
	})
	t.Run("RTMP to a TLS port that serves another name", func(t *testing.T) {
		listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
			GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return nil, errors.New("no such name") },
		})
		require.NoError(t, err)
		t.Cleanup(func() { _ = listener.Close() })
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				_ = conn.(*tls.Conn).Handshake()
				_ = conn.Close()
			}
		}()
		require.False(t, dialFails(t, "rtmp://"+listener.Addr().String()+"/live", local, rtmp.WrongScheme).Secure)
	})
	t.Run("versions that do not meet", func(t *testing.T) {
		options := trusting.TLS.Clone()
		options.MaxVersion = tls.VersionTLS11
		old := trusting
		old.TLS = options
		dialFails(t, "rtmps://"+tlsProxy(t, behind, good)+"/live", old, rtmp.TLSFailed)
	})
}

func TestRejections(t *testing.T) {
	asked := make(chan url.Values, 1)
	guard := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		select {
		case asked <- r.Form:
		default:
		}
		w.WriteHeader(http.StatusForbidden)
	}))
	defer guard.Close()
	server := startNginx(t, strconv.Itoa(testnet.FreePort(t)), guard.URL+"/")

	t.Run("application", func(t *testing.T) {
		dialFails(t, server.url("no-such-application"), local, rtmp.ConnectRejected)
	})
	t.Run("stream key", func(t *testing.T) {
		dialFails(t, server.url("guarded"), local, rtmp.PublishRejected)
		select {
		case form := <-asked:
			require.Equal(t, "publish", form.Get("call"))
		default:
			t.Fatal("it was not the server's guard that said no")
		}
	})
	t.Run("stream key in use", func(t *testing.T) {
		p, err := rtmp.Dial(t.Context(), target(t, server.url("live")), local)
		require.NoError(t, err)
		failure := dialFails(t, server.url("live"), local, rtmp.PublishRejected)
		require.True(t, strings.HasPrefix(failure.Status, "NetStream.Publish.BadName"), failure.Status)
		require.NoError(t, p.Close())
	})
}

func TestServerThatIsStoppedBetweenCommandsIsSilent(t *testing.T) {
	server := startNginx(t, strconv.Itoa(testnet.FreePort(t)), "")
	stopped := listen(t, func(conn net.Conn) { // lets the handshake through and then nothing back
		behind, err := net.Dial("tcp", "127.0.0.1:"+server.port)
		if err != nil {
			return
		}
		defer behind.Close()
		buffer := make([]byte, 1+2*1536)
		for sent, got := 0, 0; got < len(buffer); {
			n, err := conn.Read(buffer)
			if err != nil {
				return
			}
			sent += n
			_, _ = behind.Write(buffer[:n])
			for got < len(buffer) {
				n, err := behind.Read(buffer[:min(len(buffer), len(buffer)-got)])
				if err != nil {
					return
				}
				got += n
				_, _ = conn.Write(buffer[:n])
			}
		}
		readAndSayNothing(conn)
	})
	options := local
	options.HandshakeTimeout = 300 * time.Millisecond
	dialFails(t, "rtmp://"+stopped+"/live", options, rtmp.HandshakeTimeout)
}

func TestServerDiesWhilePublishing(t *testing.T) {
	server := startNginx(t, strconv.Itoa(testnet.FreePort(t)), "")
	p, err := rtmp.Dial(t.Context(), target(t, server.url("live")), local)
	require.NoError(t, err)
	require.NoError(t, p.Err())
	server.Kill()
	select {
	case <-p.Failed():
	case <-time.After(5 * time.Second):
		t.Fatal("nobody noticed")
	}
	failure := requireCause(t, p.Err(), rtmp.ConnectionLost)
	require.Positive(t, failure.After)
	require.ErrorIs(t, p.WriteSample(fmp4.Sample{Data: []byte{1}}), p.Err())
	require.ErrorIs(t, p.Close(), p.Err())
}

func TestServerStopsReading(t *testing.T) {
	server := startNginx(t, strconv.Itoa(testnet.FreePort(t)), "")
	options := local
	options.WriteTimeout = 300 * time.Millisecond
	p, err := rtmp.Dial(t.Context(), target(t, server.url("live")), options)
	require.NoError(t, err)
	require.NoError(t, server.Process.Signal(syscall.SIGSTOP))
	frame := fmp4.Sample{Video: true, Key: true, Data: make([]byte, 256<<10)}
	for range 400 { // 100 MB: more than any buffer between
		if err = p.WriteSample(frame); err != nil {
			break
		}
	}
	failure := requireCause(t, err, rtmp.WriteStalled)
	require.GreaterOrEqual(t, failure.After, options.WriteTimeout)
	require.ErrorIs(t, p.Close(), failure)
}

func TestPublisherAfterClose(t *testing.T) {
	server := startNginx(t, strconv.Itoa(testnet.FreePort(t)), "")
	p, err := rtmp.Dial(t.Context(), target(t, server.url("live")), local)
	require.NoError(t, err)
	require.NoError(t, p.Close())
	require.NoError(t, p.Close(), "twice is once")
	require.ErrorIs(t, p.WriteSample(fmp4.Sample{}), rtmp.ErrClosed)
}
