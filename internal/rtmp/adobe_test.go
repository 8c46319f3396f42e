package rtmp

import (
	"bufio"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// scripted is a server that refuses connect with words of its own, until it is content.
type scripted struct {
	address string
	judge   func(app string) object // why connect is refused; nil: it is taken

	mu   sync.Mutex // guards everything below
	apps []string
}

func script(t *testing.T, judge func(app string) object) *scripted {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &scripted{address: l.Addr().String(), judge: judge}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer conn.Close()
				_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
				s.serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		all.Wait()
	})
	return s
}

func (s *scripted) serve(conn net.Conn) {
	reader := bufio.NewReader(conn)
	theirs := make([]byte, 1+handshakeSize)
	if _, err := io.ReadFull(reader, theirs); err != nil {
		return
	}
	_, _ = conn.Write(append(hello(), theirs[1:]...))
	if _, err := io.ReadFull(reader, theirs[1:]); err != nil {
		return
	}
	chunks := newChunkReader(reader)
	answer := func(stream uint32, values ...any) {
		_, _ = conn.Write(
			appendMessage(
				nil,
				defaultChunkSize,
				commandChunks,
				message{kind: typeCommandAMF0, stream: stream, payload: appendAMF(nil, values...)},
			),
		)
	}
	for {
		m, err := chunks.next()
		if err != nil {
			return
		}
		if m.kind != typeCommandAMF0 {
			continue
		}
		values, err := parseAMF(m.payload)
		if err != nil {
			return
		}
		switch at(values, 0) {
		case "connect":
			app := information(values).text("app")
			s.mu.Lock()
			s.apps = append(s.apps, app)
			s.mu.Unlock()
			if why := s.judge(app); why != nil {
				answer(0, "_error", 1.0, nil, why)
				return
			}
			answer(0, "_result", 1.0, object{}, object{{"code", "NetConnection.Connect.Success"}})
		case "createStream":
			answer(0, "_result", at(values, 1), nil, 1.0)
		case "publish":
			answer(1, "onStatus", 0.0, nil, object{{"level", "status"}, {"code", "NetStream.Publish.Start"}})
		}
	}
}

func (s *scripted) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.apps...)
}

func rejected(words string) object {
	return object{{"level", "error"}, {"code", "NetConnection.Connect.Rejected"}, {"description", words}}
}

func redirected(to string) object {
	return append(
		rejected("[ AccessManager.Reject ] : [ redirect ]"),
		property{"ex", object{{"code", 302.0}, {"redirect", to}}},
	)
}

func (s *scripted) dial(t *testing.T, url string) (*Publisher, error) {
	t.Helper()
	target, err := ParseTarget(url, "planted-SECRET-key")
	require.NoError(t, err)
	p, err := Dial(t.Context(), target, Options{AllowPrivate: true})
	if err != nil {
		require.NotContains(t, fmt.Sprintf("%v %+v", err, err), "SECRET")
		return nil, err
	}
	t.Cleanup(func() { _ = p.Close() })
	return p, nil
}

// askFor is a server with a user ann and the password pa:ss-SECRET.
func askFor(mod string) func(app string) object {
	const password = "pa:ss-SECRET"
	return func(app string) object {
		before := "[ AccessManager.Reject ] : [ authmod=" + mod + " ] : "
		application, query, _ := strings.Cut(app, "?")
		given, _ := url.ParseQuery(strings.ReplaceAll(query, "+", "%2B"))
		switch {
		case given.Get("authmod") == "":
			return rejected("[ AccessManager.Reject ] : [ code=403 need auth; authmod=" + mod + " ] : ")
		case given.Get("authmod") != mod:
			return rejected("what is that")
		case given.Get("user") != "ann":
			return rejected(before + "?reason=nosuchuser&opaque=vgoAAA==")
		case given.Get("response") == "":
			return rejected(
				before + "?reason=needauth&user=ann&salt=c2FsdA==&challenge=vgoAAA==&opaque=vgoAAA==&nonce=abc123",
			)
		}
		var want string
		if mod == "adobe" {
			sum := md5.Sum([]byte("ann" + "c2FsdA==" + password))
			sum = md5.Sum([]byte(base64.StdEncoding.EncodeToString(sum[:]) + "vgoAAA==" + given.Get("challenge")))
			want = base64.StdEncoding.EncodeToString(sum[:])
		} else {
			who, what := md5.Sum([]byte("ann:live:"+password)), md5.Sum([]byte("publish:/"+application+"/_definst_"))
			sum := md5.Sum(
				[]byte(
					hex.EncodeToString(who[:]) + ":abc123:00000001:" + given.Get(
						"cnonce",
					) + ":auth:" + hex.EncodeToString(
						what[:],
					),
				),
			)
			want = hex.EncodeToString(sum[:])
		}
		if given.Get("response") != want {
			return rejected(before + "?reason=authfailed&opaque=vgoAAA==")
		}
		return nil
	}
}

func TestAuthentication(t *testing.T) {
	for _, mod := range []string{"adobe", "llnw"} {
		t.Run(mod, func(t *testing.T) {
			s := script(t, askFor(mod))
			_, err := s.dial(t, "rtmp://ann:pa%3Ass-SECRET@"+s.address+"/live")
			require.NoError(t, err)
			require.Len(t, s.asked(), 3)
			require.NotContains(t, strings.Join(s.asked(), " "), "SECRET", "the password itself is never sent")
			for url, want := range map[string]Cause{
				"rtmp://ann:wrong-SECRET@" + s.address + "/live":   AuthFailed,
				"rtmp://bob:pa%3Ass-SECRET@" + s.address + "/live": AuthFailed,
				"rtmp://" + s.address + "/live":                    AuthRequired,
			} {
				_, err := s.dial(t, url)
				var failed *Error
				require.ErrorAs(t, err, &failed)
				require.Equal(t, want.String(), failed.Cause.String(), "%s: %v", url, err)
			}
		})
	}
	t.Run("asks for ever", func(t *testing.T) {
		s := script(t, func(string) object {
			return rejected("[ authmod=adobe ] : ?reason=needauth&user=ann&salt=a&challenge=b")
		})
		_, err := s.dial(t, "rtmp://ann:x@"+s.address+"/live?old=1")
		var failed *Error
		require.ErrorAs(t, err, &failed)
		require.Equal(t, AuthFailed.String(), failed.Cause.String())
		require.Len(t, s.asked(), 2)
		require.True(t, strings.HasPrefix(s.asked()[1], "live?old=1&authmod=adobe&user=ann&challenge="), s.asked()[1])
	})
	t.Run("a user that nobody asks for", func(t *testing.T) {
		s := script(t, func(string) object { return nil })
		_, err := s.dial(t, "rtmp://ann:SECRET@"+s.address+"/live")
		require.NoError(t, err)
		require.Equal(t, []string{"live"}, s.asked())
	})
}

func TestRedirects(t *testing.T) {
	edge := script(t, askFor("adobe"))
	for name, to := range map[string]string{
		"whole": "rtmp://" + edge.address + "/live", "only a host": "rtmp://" + edge.address,
	} {
		t.Run(name, func(t *testing.T) {
			s := script(t, func(string) object { return redirected(to) })
			_, err := s.dial(t, "rtmp://ann:pa%3Ass-SECRET@"+s.address+"/live")
			require.NoError(t, err)
			require.Equal(t, []string{"live"}, s.asked())
		})
	}
	var loop *scripted
	loop = script(t, func(string) object { return redirected("rtmp://" + loop.address + "/live") })
	for name, c := range map[string]struct {
		to    string
		cause Cause
	}{
		"for ever":      {"rtmp://" + loop.address + "/live", Redirect},
		"to a web page": {"http://127.0.0.1/", Redirect},
		"to nonsense":   {"SECRET", Redirect},
		"to nobody":     {"rtmp://127.0.0.1:1/live", Refused},
	} {
		t.Run(name, func(t *testing.T) {
			s := script(t, func(string) object { return redirected(c.to) })
			_, err := s.dial(t, "rtmp://"+s.address+"/live")
			var failed *Error
			require.ErrorAs(t, err, &failed)
			require.Equal(t, c.cause.String(), failed.Cause.String(), "%v", err)
			if c.cause == Refused {
				require.Equal(t, "127.0.0.1:1 (to which "+s.address+" redirects)", failed.Address)
			}
		})
	}
	t.Run("into a private network", func(t *testing.T) {
		a := &attempt{
			target:  Target{host: "example.org", port: "1935", app: "live", key: "k"},
			options: Options{},
			began:   time.Now(),
		}
		require.ErrorIs(t, a.redirect("rtmp://127.0.0.1/live"), errRetry)
		a.options.ConnectTimeout, a.options.Within = time.Second, time.Second
		_, err := a.dial(t.Context())
		var failed *Error
		require.ErrorAs(t, err, &failed)
		require.Equal(t, PrivateAddress.String(), failed.Cause.String())
	})
	t.Run("without TLS after TLS", func(t *testing.T) {
		a := &attempt{
			target: Target{secure: true, host: "example.org", port: "443", app: "live", key: "k"},
			began:  time.Now(),
		}
		var failed *Error
		require.ErrorAs(t, a.redirect("rtmp://example.org/live"), &failed)
		require.Equal(t, Redirect.String(), failed.Cause.String())
	})
}

// A server that takes 0.8 s for each answer is no silent one, while no single answer takes too long.
func TestSlowServer(t *testing.T) {
	s := script(t, func(string) object { time.Sleep(800 * time.Millisecond); return nil }) // the slowness itself
	target, err := ParseTarget("rtmp://"+s.address+"/live", "key")
	require.NoError(t, err)
	p, err := Dial(t.Context(), target, Options{AllowPrivate: true, HandshakeTimeout: time.Second})
	require.NoError(t, err)
	_ = p.Close()
	_, err = Dial(t.Context(), target, Options{AllowPrivate: true, HandshakeTimeout: 500 * time.Millisecond})
	var failed *Error
	require.ErrorAs(t, err, &failed)
	require.Equal(t, HandshakeTimeout.String(), failed.Cause.String())
	require.Less(t, failed.After, 800*time.Millisecond, "since it spoke last")
	_, err = Dial(t.Context(), target, Options{AllowPrivate: true, Within: 500 * time.Millisecond})
	require.ErrorAs(t, err, &failed)
	require.Equal(t, HandshakeTimeout.String(), failed.Cause.String())
}

// A server may take ten seconds for each answer, as the documentation says.
func TestPatienceWithSlowServers(t *testing.T) {
	t.Parallel()
	s := script(t, func(string) object { time.Sleep(7 * time.Second); return nil }) // the slowness itself
	target, err := ParseTarget("rtmp://"+s.address+"/live", "key")
	require.NoError(t, err)
	p, err := Dial(t.Context(), target, Options{AllowPrivate: true})
	require.NoError(t, err)
	_ = p.Close()
}

// Each scheme at the port of the other is told as that.
func TestSchemeOfTheOtherPort(t *testing.T) {
	s := script(t, func(string) object { return nil })
	target, err := ParseTarget("rtmps://"+s.address+"/live", "key")
	require.NoError(t, err)
	began := time.Now()
	_, err = Dial(t.Context(), target, Options{AllowPrivate: true})
	var failed *Error
	require.ErrorAs(t, err, &failed)
	require.Equal(t, WrongScheme.String(), failed.Cause.String(), "%v", err)
	require.True(t, failed.Secure)
	require.Less(t, time.Since(began), 5*time.Second)
}
