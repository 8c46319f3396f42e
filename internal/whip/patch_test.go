package whip

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

const pwd = "0123456789abcdef012345"

func TestRoute(t *testing.T) {
	for path, want := range map[string]struct {
		protocol *protocol
		at       place
	}{
		"/v2/whip":               {whip, place{}},
		"/v2/whip/":              {whip, place{}},
		"/v2/whip/abcd-efgh":     {whip, place{room: "abcd-efgh"}},
		"/v2/whep/sessions/x":    {whep, place{session: "x"}},
		"/v2/whep/sessions/x/":   {whep, place{session: "x"}},
		"/v2/whip/sessions":      {whip, place{room: "sessions"}},
		"/v2/whip/sessions/x/y":  {},
		"/v2/whip/a/b":           {},
		"/v2/whipped":            {},
		"/v2/whep/sessions//x/y": {},
	} {
		p, at := route(path)
		require.Equal(t, want.protocol, p, path)
		require.Equal(t, want.at, at, path)
	}
}

func TestReadFragment(t *testing.T) {
	good := "a=ice-ufrag:abcd\r\na=ice-pwd:" + pwd + "\r\n"
	for name, tc := range map[string]struct{ body, problem string }{
		"session level":    {good, ""},
		"section level":    {"a=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n" + good, ""},
		"line feeds":       {strings.ReplaceAll(good, "\r", ""), ""},
		"the first counts": {good + "a=ice-ufrag:efgh\r\n", ""},
		"empty":            {"", "ice-ufrag"},
		"no password":      {"a=ice-ufrag:abcd", "ice-pwd"},
		"short":            {"a=ice-ufrag:abc\na=ice-pwd:" + pwd, "ice-ufrag"},
		"long":             {"a=ice-ufrag:" + strings.Repeat("x", 257) + "\na=ice-pwd:" + pwd, "ice-ufrag"},
		"characters":       {"a=ice-ufrag:ab\x00d\na=ice-pwd:" + pwd, "ice-ufrag"},
		"an offer":         {"v=0\r\n" + good, "line 1"},
		"many lines":       {strings.Repeat("a=x\n", maxLines+1), "more than"},
	} {
		f, err := readFragment(tc.body)
		if tc.problem == "" {
			require.NoError(t, err, name)
			require.Equal(t, fragment{"abcd", pwd}, f, name)
			continue
		}
		require.Equal(t, "BAD_SDP", fault.From(err).Reason, name)
		require.Contains(t, fault.From(err).Detail, tc.problem, name)
	}
}

func TestFragmentOf(t *testing.T) {
	answer := "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\na=group:BUNDLE 0 1\r\na=ice-lite\r\n" +
		"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:server\r\na=ice-pwd:" + pwd +
		"\r\na=candidate:1 1 udp 1 192.0.2.1 7882 typ host\r\na=end-of-candidates\r\n" +
		"m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=ice-ufrag:server\r\n"
	require.Equal(t, "a=group:BUNDLE 0 1\r\na=ice-lite\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"+
		"a=ice-ufrag:server\r\na=ice-pwd:"+pwd+
		"\r\na=candidate:1 1 udp 1 192.0.2.1 7882 typ host\r\na=end-of-candidates\r\n", fragmentOf(answer))
}

func TestLinks(t *testing.T) {
	require.Equal(t, []string{
		`<turn:192.0.2.1:7883?transport=udp>; rel="ice-server"; username="u"; credential="c"; credential-type="password"`,
		`<turns:meet.example.com:443>; rel="ice-server"; username="u"; credential="c"; credential-type="password"`,
	}, links(wire.ICEServer{
		URLs: []string{"turn:192.0.2.1:7883?transport=udp", "turns:meet.example.com:443"}, Username: "u", Credential: "c",
	}))
	require.Equal(t, []string{`<stun:192.0.2.1>; rel="ice-server"`}, links(wire.ICEServer{URLs: []string{"stun:192.0.2.1"}}))
}

// Whatever a fragment holds, nothing panics, and what is taken replaces the credentials of an offer and nothing else.
func FuzzReadFragment(f *testing.F) {
	f.Add("a=ice-ufrag:abcd\r\na=ice-pwd:" + pwd + "\r\n")
	f.Add("m=audio 9\na=mid:0\n\x00")
	f.Fuzz(func(t *testing.T, body string) {
		read, err := readFragment(body)
		if err != nil {
			require.Equal(t, "BAD_SDP", fault.From(err).Reason)
			return
		}
		offer := withCredentials("v=0\r\na=ice-ufrag:old1\r\na=ice-pwd:old\r\nm=audio 9\r\na=ice-ufrag:old1\r\n", read)
		require.Equal(t, "v=0\r\na=ice-ufrag:"+read.ufrag+"\r\na=ice-pwd:"+read.pwd+"\r\nm=audio 9\r\na=ice-ufrag:"+
			read.ufrag+"\r\n", offer)
		_ = fragmentOf(body)
	})
}
