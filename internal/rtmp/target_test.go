package rtmp_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/rtmp"
)

func TestParseTarget(t *testing.T) {
	for url, address := range map[string]string{
		"rtmp://a.rtmp.example/live2":        "a.rtmp.example:1935",
		"rtmp://host:2000/app/instance":      "host:2000",
		"rtmps://live.example:443/app/":      "live.example:443",
		"rtmps://live.example/app?auth=1":    "live.example:443",
		"RTMP://Host/app":                    "Host:1935",
		"rtmp://[2606:4700::1]/app":          "[2606:4700::1]:1935",
		"rtmp://ingest_1.example.com:1/x_-y": "ingest_1.example.com:1",
	} {
		got, err := rtmp.ParseTarget(url, key)
		require.NoError(t, err, url)
		require.Equal(t, address, got.Address(), url)
	}
	for _, url := range []string{
		"rtmps://x.global-contribute.live-video.net", "rtmps://x.global-contribute.live-video.net:443/",
	} {
		_, err := rtmp.ParseTarget(url, key)
		require.ErrorContains(t, err, "write rtmps://x.global-contribute.live-video.net")
		require.ErrorContains(t, err, "/app")
	}
	user, err := rtmp.ParseTarget("rtmp://user:SECRET@host/app", key)
	require.NoError(t, err)
	require.Equal(t, "rtmp://host:1935", user.String())
	require.NotContains(t, fmt.Sprintf("%+v %#v %s", user, user, user), "SECRET")
	whole, err := rtmp.ParseTarget("rtmp://host/app/SECRET", "")
	require.NoError(t, err, "the key may be the last part of the path")
	require.Equal(t, "rtmp://host:1935", whole.String())
}

func TestParseTargetRefuses(t *testing.T) {
	long := strings.Repeat("a", 10<<10)
	for _, c := range []struct {
		name, url, key string
		problem        rtmp.Problem
		field          string
	}{
		{"no url", "", key, rtmp.Empty, "url"},
		{"no key", "rtmp://host/app", "", rtmp.Empty, "streamKey"},
		{"long url", "rtmp://host/" + long, key, rtmp.TooLong, "url"},
		{"long key", "rtmp://host/app", long, rtmp.TooLong, "streamKey"},
		{"newline", "rtmp://host/app\nSECRET", key, rtmp.BadURL, "url"},
		{"zero byte", "rtmp://host/app\x00", key, rtmp.BadURL, "url"},
		{"space", "rtmp://host/app live=1", key, rtmp.BadURL, "url"},
		{"not UTF-8", "rtmp://host/\xff", key, rtmp.BadURL, "url"},
		{"bidi override", "rtmp://host/\u202eapp", key, rtmp.BadURL, "url"},
		{"newline in key", "rtmp://host/app", "SECRET\r\nx", rtmp.BadKey, "streamKey"},
		{"leading dash", "-i /etc/passwd", key, rtmp.BadURL, "url"},
		{"option", "-rtmp://host/app", key, rtmp.BadURL, "url"},
		{"option for a host", "rtmp://-oProxyCommand=x/app", key, rtmp.BadURL, "url"},
		{"no scheme", "host/app", key, rtmp.BadURL, "url"},
		{"only a scheme", "rtmp:", key, rtmp.BadURL, "url"},
		{"opaque", "rtmp:host/app", key, rtmp.BadURL, "url"},
		{"no host", "rtmp:///app", key, rtmp.BadURL, "url"},
		{"no application", "rtmp://host", key, rtmp.BadURL, "url"},
		{"only a slash", "rtmp://host/", key, rtmp.BadURL, "url"},
		{"only a query", "rtmp://host/?x=1", key, rtmp.BadURL, "url"},
		{"user alone", "rtmp://SECRET@host/app", key, rtmp.BadURL, "url"},
		{"password alone", "rtmp://:SECRET@host/app", key, rtmp.BadURL, "url"},
		{"newline in the password", "rtmp://user:SECRET%0a@host/app", key, rtmp.BadURL, "url"},
		{"user with &", "rtmp://u%26x:SECRET@host/app", key, rtmp.BadURL, "url"},
		{"fragment", "rtmp://host/app#SECRET", key, rtmp.BadURL, "url"},
		{"empty fragment", "rtmp://host/app#", key, rtmp.BadURL, "url"},
		{"port 0", "rtmp://host:0/app", key, rtmp.BadURL, "url"},
		{"port too high", "rtmp://host:65536/app", key, rtmp.BadURL, "url"},
		{"port missing", "rtmp://host:/app", key, rtmp.BadURL, "url"},
		{"port in words", "rtmp://host:live/app", key, rtmp.BadURL, "url"},
		{"bad escape", "rtmp://host/%zzSECRET", key, rtmp.BadURL, "url"},
		{"zone", "rtmp://[fe80::1%25eth0]/app", key, rtmp.BadURL, "url"},
		{"host with a quote", "rtmp://ho'st/app", key, rtmp.BadURL, "url"},
		{"file", "file:///etc/passwd", key, rtmp.BadScheme, "url"},
		{"http", "http://host/app", key, rtmp.BadScheme, "url"},
		{"rtmpt", "rtmpt://host/app", key, rtmp.BadScheme, "url"},
		{"tee", "tee:SECRET", key, rtmp.BadScheme, "url"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := rtmp.ParseTarget(c.url, c.key)
			var refused *rtmp.TargetError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, c.problem.String(), refused.Problem.String(), refused.Detail)
			require.Equal(t, c.field, refused.Field)
			requireNoSecret(t, err)
		})
	}
}

func TestTargetHidesItsKey(t *testing.T) {
	at, err := rtmp.ParseTarget("rtmp://host/SECRET?token=SECRET", key)
	require.NoError(t, err)
	coded, err := json.Marshal(map[string]any{"target": at, "in": struct{ T rtmp.Target }{at}})
	require.NoError(t, err)
	for _, s := range []string{
		fmt.Sprint(at), fmt.Sprintf("%+v %#v %s %q %x", at, at, at, at, at),
		fmt.Sprintf("%v", struct{ T rtmp.Target }{at}),
		fmt.Sprintf("%+v", &at), string(coded),
	} {
		require.NotContains(t, s, "SECRET")
		require.NotContains(t, s, fmt.Sprintf("%x", "SECRET"))
	}
}

type staticResolver map[string][]netip.Addr

func (n staticResolver) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if found, ok := n[host]; ok {
		return found, nil
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	return nil, errors.New("no such host")
}

func TestCheckAddress(t *testing.T) {
	public, private := netip.MustParseAddr("8.8.8.8"), netip.MustParseAddr("::ffff:10.0.0.1")
	resolver := staticResolver{"public": {public}, "inside": {private}, "both": {private, public}}
	for host, refused := range map[string]bool{
		"public": false, "inside": true, "both": false, "nowhere": false, "169.254.169.254": true, "[::1]": true,
		"8.8.4.4": false,
	} {
		at, err := rtmp.ParseTarget("rtmp://"+host+"/app", key)
		require.NoError(t, err)
		err = at.CheckAddress(t.Context(), resolver)
		if !refused {
			require.NoError(t, err, host)
			continue
		}
		var problem *rtmp.TargetError
		require.ErrorAs(t, err, &problem, host)
		require.Equal(t, rtmp.PrivateURL, problem.Problem)
	}
}

func FuzzParseTarget(f *testing.F) {
	f.Add("rtmp://host:1935/app/instance?x=1", "key")
	f.Add("rtmps://[::1]/a/b", "")
	f.Fuzz(func(t *testing.T, url, streamKey string) {
		at, err := rtmp.ParseTarget(url, streamKey)
		if err != nil {
			var refused *rtmp.TargetError
			require.ErrorAs(t, err, &refused)
			return
		}
		again, err := rtmp.ParseTarget(at.String()+"/app", "key")
		require.NoError(t, err, "what is said of a target names the same server")
		require.Equal(t, at.Address(), again.Address())
	})
}
