package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

func TestMeeting(t *testing.T) {
	s := testserver.Start(t)
	account := s.Account(t, nil)
	t.Setenv("KLATCH_TOKEN", account.Grant(t, gate.Grant{
		Permissions: []string{gate.AllowJoin}, Roles: []string{gate.RoleCrawler},
	}))
	run := func(args ...string) string {
		t.Helper()
		code, out, errOut := klatch(t, append([]string{"meeting", "--url", s.URL}, args...)...)
		require.Equal(t, 0, code, errOut)
		return out
	}
	require.Equal(t, "none\n", run("list"))
	made := jsonLines(t, run("create", "--custom-id", "standup", "--webhook", "https://example.com/hooks", "--json"))[0]
	require.Equal(t, "standup", made["customRoomId"])
	require.Equal(t, "https://example.com/hooks", made["webhook"].(map[string]any)["endPoint"])
	id := made["roomId"].(string)
	require.Contains(t, run("list"), s.URL+"/meet/"+id)

	ann, err := sdk.InitMeeting(sdk.Options{URL: s.URL, Token: account.Token(t), MeetingID: id, Name: "Ann"})
	require.NoError(t, err)
	require.NoError(t, ann.Join(t.Context()))
	require.Contains(t, run("end", id), id)
	<-ann.Done()

	require.Contains(t, run("deactivate", "standup"), "refused")
	code, _, errOut := klatch(t, "meeting", "--url", s.URL, "end", "standup")
	require.Equal(t, 1, code)
	require.Contains(t, errOut, "NO_LIVE_SESSION")
}
