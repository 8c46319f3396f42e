package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/testserver"
)

func TestStreamKey(t *testing.T) {
	s := testserver.Start(t, func(c *conf.Config) { c.Ingest.RTMPAddress = "127.0.0.1:0" })
	account := s.Account(t, nil)
	room := account.Meeting(t, nil)
	grant := gate.Grant{Permissions: []string{gate.AllowJoin}, Roles: []string{gate.RoleCrawler}}
	t.Setenv("KLATCH_TOKEN", account.Grant(t, grant))
	keys := func(args ...string) string {
		t.Helper()
		code, out, errOut := klatch(t, append([]string{"stream-key", "--url", s.URL}, args...)...)
		require.Equal(t, 0, code, errOut)
		return out
	}
	require.Equal(t, "none\n", keys("list"))
	made := jsonLines(t, keys("create", "--meeting", room, "--name", "Hall", "--expires", "12h", "--json"))[0]
	require.Len(t, made["streamKey"], 26)
	require.Contains(t, made["urls"].([]any)[0], "rtmp://127.0.0.1:")
	listed := keys("list", "--meeting", room)
	require.Contains(t, listed, "active")
	require.NotContains(t, listed, made["streamKey"])
	id := made["keyId"].(string)
	require.True(t, strings.Contains(keys("revoke", id), "revoked"))

	code, _, errOut := klatch(t, "stream-key", "--url", s.URL, "revoke", "sk_none")
	require.Equal(t, 1, code)
	require.Contains(t, errOut, "STREAM_KEY")
	t.Setenv("KLATCH_TOKEN", "")
	code, _, errOut = klatch(t, "stream-key", "--url", s.URL, "list")
	require.Equal(t, 1, code)
	require.Contains(t, errOut, "KLATCH_TOKEN")
}
