package hls

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func newLinks(life, longest time.Duration) (*Links, *time.Time, func(path string) (int, string)) {
	l := NewLinks([]byte("a key of thirty-two characters.."), life, longest)
	now := time.Unix(1_800_000_000, 0)
	l.now = func() time.Time { return now }
	handler := l.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "serves ", r.URL.Path, " ", r.URL.RawQuery)
	}),
		func(w http.ResponseWriter, _ *http.Request, problem string) {
			http.Error(w, problem, http.StatusForbidden)
		})
	return l, &now, func(path string) (int, string) {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Code, strings.TrimSpace(w.Body.String())
	}
}

func TestAddressesWithoutEnd(t *testing.T) {
	l, _, get := newLinks(0, time.Hour)
	require.Equal(t, "id/live.m3u8", l.Path("id", "live.m3u8"))
	_, body := get("/id/live.m3u8?_HLS_msn=7")
	require.Equal(t, "serves /id/live.m3u8 _HLS_msn=7", body)
}

func TestSignedAddresses(t *testing.T) {
	l, now, get := newLinks(time.Hour, 3*time.Hour)
	path := "/" + l.Path("id", "live.m3u8")
	code, body := get(path + "?_HLS_msn=7")
	require.Equal(t, "serves /id/live.m3u8 _HLS_msn=7", body)
	require.Equal(t, http.StatusOK, code)
	_, body = get(strings.Replace(path, "live.m3u8", "seg00001.m4s", 1))
	require.Equal(t, "serves /id/seg00001.m4s", body, "what a playlist names is reached with the same signature")

	*now = now.Add(10 * time.Minute)
	require.Equal(t, path, "/"+l.Path("id", "live.m3u8"), "who comes at about the same time has the same address")
	for spoiled, problem := range map[string]string{
		"/id/live.m3u8": "no signature",
		strings.Replace(path, "/id/", "/other/", 1):     "does not hold",
		strings.Replace(path, "/18", "/19", 1):          "does not hold",
		path[:len(path)-len("live.m3u8")-5] + "AA/id/x": "no signature",
		strings.Replace(path, "live.m3u8", "../x/y", 1): "no signature",
	} {
		code, body := get(spoiled)
		require.Equal(t, http.StatusForbidden, code, spoiled)
		require.Contains(t, body, problem, spoiled)
	}
	*now = now.Add(time.Hour + 10*time.Minute)
	code, body = get(path)
	require.Equal(t, http.StatusForbidden, code)
	require.Contains(t, body, "it expired at 2027-01-15T")
	code, _ = get(strings.Replace(path, "live.m3u8", "link", 1))
	require.Equal(t, http.StatusForbidden, code, "what is over is not renewed")
}

// Whoever plays on is served to the longest end there is, and not beyond.
func TestSignatureIsRenewed(t *testing.T) {
	l, now, get := newLinks(time.Hour, 3*time.Hour)
	begin := *now
	signature, _, _ := strings.Cut(l.Path("id", "live.m3u8"), "/")
	for now.Sub(begin) < 4*time.Hour {
		code, body := get("/" + signature + "/id/link")
		if code != http.StatusOK {
			require.Greater(t, now.Sub(begin), 3*time.Hour)
			require.Contains(t, body, "expired")
			return
		}
		var next renewal
		require.NoError(t, json.Unmarshal([]byte(body), &next))
		signature = next.Signature
		code, _ = get("/" + signature + "/id/live.m3u8")
		require.Equal(t, http.StatusOK, code)
		*now = now.Add(30 * time.Minute)
	}
	t.Fatal("it never ended")
}

func TestFresh(t *testing.T) {
	l, now, _ := newLinks(time.Hour, time.Hour)
	old := "https://m.example/k/hls/" + l.Path("id", "index.m3u8")
	*now = now.Add(24 * time.Hour)
	require.Equal(t, "https://m.example/k/hls/"+l.Path("id", "index.m3u8"), l.Fresh(old, "/hls/"))
	require.NotEqual(t, old, l.Fresh(old, "/hls/"))
	require.Equal(t, "", l.Fresh("", "/hls/"))
	require.Equal(t, "https://cdn.example/x.m3u8", l.Fresh("https://cdn.example/x.m3u8", "/hls/"))
}
