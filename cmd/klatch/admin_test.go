package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
)

// klatch runs a command line and returns its exit code and what it printed.
func klatch(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func jsonLines(t *testing.T, text string) []map[string]any {
	t.Helper()
	out := []map[string]any{}
	for line := range strings.Lines(text) {
		var thing map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &thing), line)
		out = append(out, thing)
	}
	return out
}

func TestAdminFromNothingToATokenThatWorks(t *testing.T) {
	s := testserver.Start(t)
	t.Setenv("KLATCH_ADMIN_TOKEN", s.InProcess.AdminToken())
	admin := func(args ...string) string {
		t.Helper()
		code, out, errOut := klatch(t, append([]string{"admin", "--url", s.URL}, args...)...)
		require.Equal(t, 0, code, errOut)
		return out
	}
	require.Equal(t, "none\n", admin("account", "list"))
	made := jsonLines(t, admin("account", "create", "--id", "acme", "--name", "Acme", "--everyone-may-end", "--json"))
	require.Equal(t, "acme", made[0]["id"])
	require.Contains(
		t,
		admin("account", "limits", "acme", "--participants", "5", "--account-viewers", "7"),
		"5 participants, 7 account viewers",
	)
	require.Contains(t, admin("account", "limits", "acme"), "5 participants")
	require.NotContains(t, admin("account", "limits", "acme", "--participants", "0"), "5 participants")
	require.Contains(
		t,
		admin("account", "set", "acme", "--everyone-may-end=false", "--everyone-may-moderate"),
		"everyone moderates",
	)
	rights := admin("account", "set", "acme", "--everyone-may-egress", "--add-ons-disabled")
	require.Contains(t, rights, "everyone records and streams")
	require.Contains(t, rights, "no recording and streaming")
	require.Contains(
		t,
		admin("account", "limits", "acme", "--recordings", "3", "--hls", "2", "--livestreams", "1"),
		"3 recordings, 2 HLS, 1 livestreams",
	)
	admin("account", "limits", "acme", "--recordings", "0", "--hls", "0", "--livestreams", "0")
	require.Contains(t, admin("account", "list"), "Acme")

	key := jsonLines(t, admin("key", "create", "--account", "acme", "--label", "phone", "--json"))[0]
	apiKey, secret := key["apiKey"].(string), key["secret"].(string)
	t.Setenv("KLATCH_SECRET", secret)
	callAs := func(roles, apiKey string) int {
		code, token, errOut := klatch(t, "token", "--api-key", apiKey, "--roles", roles)
		require.Equal(t, 0, code, errOut)
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+"/v2/rooms", nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", strings.TrimSpace(token))
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		return resp.StatusCode
	}
	call := func(apiKey string) int { return callAs("crawler", apiKey) }
	require.Equal(t, http.StatusOK, call(apiKey))
	require.Equal(t, http.StatusForbidden, callAs("rtc", apiKey))
	require.Equal(t, http.StatusOK, callAs("", apiKey))
	require.Contains(t, admin("account", "set", "acme", "--rest-requires-crawler"), "REST with crawler only")
	require.Equal(t, http.StatusForbidden, callAs("", apiKey))
	require.Equal(t, http.StatusOK, call(apiKey))
	require.Contains(t, admin("key", "get", apiKey), "phone")
	require.NotContains(t, admin("key", "list", "--account", "acme"), secret)

	require.Contains(t, admin("account", "set", "acme", "--name", "Acme Ltd"), "Acme Ltd")
	admin("account", "discontinue", "acme", "--message", "Pay invoice 7.")
	require.Contains(t, admin("account", "get", "acme"), "Pay invoice 7.")
	require.Equal(t, http.StatusForbidden, call(apiKey))
	admin("account", "activate", "acme")
	require.Equal(t, http.StatusOK, call(apiKey))
	admin("key", "deactivate", apiKey)
	require.Equal(t, http.StatusUnauthorized, call(apiKey))
	admin("key", "activate", apiKey)

	next := jsonLines(t, admin("key", "rotate", apiKey, "--json"))[0]
	require.Equal(t, "phone", next["label"])
	require.Equal(t, http.StatusUnauthorized, call(apiKey), "the old one is revoked")
	t.Setenv("KLATCH_SECRET", next["secret"].(string))
	require.Equal(t, http.StatusOK, call(next["apiKey"].(string)))

	require.Equal(t, "none\n", admin("meeting", "list", "--account", "acme"))
	require.Equal(t, "none\n", admin("session", "list"))
	require.Equal(t, "none\n", admin("session", "list", "--account", "acme", "--past"))
	require.Eventually(t, func() bool {
		faults := jsonLines(t, admin("fault", "list", "--reason", "KEY_REVOKED", "--since", "1h", "--json"))
		return len(faults) == 1 && faults[0]["accountId"] == "acme"
	}, 5*time.Second, 20*time.Millisecond, "the refusal is in the timeline")
	require.Contains(t, admin("fault", "list", "--code", "4007"), "ACCOUNT_DISCONTINUED")
}

// What the command mints by itself is for participants: it joins, and never administers.
func TestTokenIsAParticipants(t *testing.T) {
	code, token, errOut := klatch(t, "token", "--api-key", "k", "--secret", "s")
	require.Equal(t, 0, code, errOut)
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	require.NoError(t, err)
	var claims struct {
		Roles []string `json:"roles"`
	}
	require.NoError(t, json.Unmarshal(payload, &claims))
	require.Equal(t, []string{"rtc"}, claims.Roles)
}

// The variables that the examples read serve the commands too, and a server that is started beside them.
func TestVariablesOfTheExamples(t *testing.T) {
	s := testserver.Start(t)
	account := s.Account(t, nil)
	t.Setenv("KLATCH_URL", s.URL)
	t.Setenv("KLATCH_API_KEY", account.Key)
	t.Setenv("KLATCH_SECRET", account.Secret)
	code, token, errOut := klatch(t, "token")
	require.Equal(t, 0, code, errOut)
	code, out, errOut := klatch(t, "join", "--meeting", account.Meeting(t, nil), "--token", strings.TrimSpace(token),
		"--duration", "100ms")
	require.Equal(t, 0, code, errOut)
	require.Contains(t, out, "meeting-joined")
	_, err := conf.Load("", os.Environ())
	require.NoError(t, err)
}

func TestAdminInvite(t *testing.T) {
	s := testserver.Start(t)
	t.Setenv("KLATCH_ADMIN_TOKEN", s.InProcess.AdminToken())
	admin := func(args ...string) string {
		t.Helper()
		code, out, errOut := klatch(t, append([]string{"admin", "--url", s.URL}, args...)...)
		require.Equal(t, 0, code, errOut)
		return out
	}
	admin("account", "create", "--id", "acme", "--name", "Acme")
	made := jsonLines(t, admin("account", "invite", "acme", "--ttl", "1h", "--json"))[0]
	link, _ := made["link"].(string)
	address, secret, found := strings.Cut(link, "#invite=")
	require.True(t, found, link)
	require.Equal(t, s.URL+"/console", address)
	require.Contains(t, admin("account", "invite", "acme", "--role", "support"), "/console#invite=")
	require.NotContains(t, admin("account", "invites", "acme"), secret)
	signIn := func() int {
		req, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+"/console/v1/sign-in",
			strings.NewReader(`{"invite":"`+secret+`"}`))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		return resp.StatusCode
	}
	require.Equal(t, http.StatusOK, signIn())
	require.Equal(t, http.StatusUnauthorized, signIn(), "it works once")
	session := jsonLines(t, admin("console", "list", "--account", "acme", "--json"))[0]["consoleSessionId"].(string)
	require.Contains(t, admin("console", "end", session), "operator")
	require.Contains(t, admin("account", "revoke-invite", "acme", made["inviteId"].(string)), "revoked")
	require.Contains(t, admin("audit", "--account", "acme", "--since", "1h"), "POST /console/v1/sign-in")
	code, _, errOut := klatch(t, "admin", "--url", s.URL, "account", "invite", "acme", "--role", "operator")
	require.Equal(t, 1, code)
	require.Contains(t, errOut, "BAD_PARAMS")
}

func TestAdminLists(t *testing.T) {
	s := testserver.Start(t)
	t.Setenv("KLATCH_ADMIN_TOKEN", s.InProcess.AdminToken())
	for range 103 {
		code, _, errOut := klatch(t, "admin", "--url", s.URL, "account", "create", "--name", "x")
		require.Equal(t, 0, code, errOut)
	}
	code, out, errOut := klatch(t, "admin", "--url", s.URL, "account", "list", "--json")
	require.Equal(t, 0, code)
	require.Len(t, jsonLines(t, out), 100)
	require.Equal(t, "3 more; --limit 103 shows all.\n", errOut)
	_, out, errOut = klatch(t, "admin", "--url", s.URL, "account", "list", "--json", "--limit", "200")
	require.Len(t, jsonLines(t, out), 103)
	require.Empty(t, errOut)
}

func TestAdminRefusals(t *testing.T) {
	s := testserver.Start(t)
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte(s.InProcess.AdminToken()+"\n"), 0o600))
	t.Setenv("KLATCH_ADMIN_TOKEN", "")
	t.Setenv("KLATCH_SECRET", "")
	base := []string{"admin", "--url", s.URL, "--admin-token-file", file}

	code, _, errOut := klatch(t, append(base, "account", "get", "nobody")...)
	require.Equal(t, 1, code)
	require.Contains(t, errOut, "4108 NOT_FOUND (ACCOUNT)")
	require.Contains(t, errOut, "what to do")

	code, _, errOut = klatch(t, append(base, "account", "get", "nobody", "--json")...)
	require.Equal(t, 1, code)
	line := jsonLines(t, errOut)[0]
	require.Equal(t, "error", line["event"])
	require.Equal(t, "ACCOUNT", line["data"].(map[string]any)["reason"])

	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"wrong token", []string{"admin", "--url", s.URL, "--admin-token", "wrong", "account", "list"}, 1,
			"ADMIN_CREDENTIAL"},
		{"no token", []string{"admin", "--url", s.URL, "--admin-token-file", "/nowhere", "account", "list"}, 1,
			"KLATCH_ADMIN_TOKEN"},
		{"bad address", []string{"admin", "--url", "localhost", "--admin-token", "x", "account", "list"}, 1, "BAD_URL"},
		{"no such command", append(base, "account", "fly"), 2, "fly"},
		{"no account", append(base, "key", "create"), 2, "account"},
		{"past of nobody", append(base, "session", "list", "--past"), 1, "--account"},
		{"no such session", append(base, "session", "end", "x"), 1, "NO_LIVE_SESSION"},
		{"bad limit", append(base, "account", "limits", "x", "--speakers", "many"), 2, "speakers"},
		{"token without key", []string{"token"}, 1, "--api-key"},
		{"token without secret", []string{"token", "--api-key", "k"}, 1, "KLATCH_SECRET"},
		{"token of a permission that is none",
			[]string{"token", "--api-key", "k", "--secret", "s", "--permissions", "allow_all"}, 1,
			"allow_join, ask_join, allow_mod"},
		{"token of a role that is none", []string{"token", "--api-key", "k", "--secret", "s", "--roles", "boss"}, 1,
			"rtc, crawler"},
		{"token of the past", []string{"token", "--api-key", "k", "--secret", "s", "--expires", "-1m"}, 1, "--expires"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errOut := klatch(t, c.args...)
			require.Equal(t, c.code, code, errOut)
			require.Empty(t, out)
			require.Contains(t, errOut, c.says)
			require.NotContains(t, errOut, s.InProcess.AdminToken())
		})
	}
}

func TestTokenDoesNotCarryTheSecret(t *testing.T) {
	secret := strings.Repeat("0123456789abcdef", 4)
	code, out, errOut := klatch(t, "token", "--api-key", secret, "--secret", "the key, swapped")
	require.Equal(t, 1, code)
	require.Empty(t, out)
	require.Contains(t, errOut, "SECRET_AS_KEY")
	require.NotContains(t, errOut, secret)
}

func TestHelpHasExamples(t *testing.T) {
	for _, command := range [][]string{{"token"}, {"admin"}, {"admin", "account", "limits"}, {"admin", "key", "rotate"},
		{"admin", "fault", "list"}, {"admin", "session", "end"}} {
		code, out, _ := klatch(t, append(command, "--help")...)
		require.Equal(t, 0, code)
		require.Contains(t, out, "Examples:", command)
	}
}
