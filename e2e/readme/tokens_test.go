package readme

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testserver"
)

// TestTokens mints with each block of docs/tokens.md that does, word for word, and joins with what comes of it.
func TestTokens(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	meeting := account.Meeting(t, nil)
	page, err := os.ReadFile("../../docs/tokens.md")
	require.NoError(t, err)
	_, minting, found := strings.Cut(string(page), "\n## Minting\n")
	require.True(t, found)
	block := func(language string) string {
		_, rest, found := strings.Cut(minting, "```"+language+"\n")
		require.True(t, found, language)
		text, _, _ := strings.Cut(rest, "```")
		return text
	}
	write := func(dir, name, text string) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		return file
	}
	// Packages of npm and Go are found from the directory of a program.
	here, err := os.MkdirTemp(".", "tokens-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(here)) })
	require.NoError(t, installPackages())

	values := func(declare string) string {
		return fmt.Sprintf(declare, account.Key, account.Secret, meeting, "watcher")
	}
	imports, statement, found := strings.Cut(block("js"), "\n\n")
	require.True(t, found)
	node := write(
		here,
		"mint.mjs",
		imports+values("\nconst [API_KEY, SECRET, roomId, participantId] = [%q, %q, %q, %q];\n")+
			statement+"console.log(token);\n",
	)
	python := write(t.TempDir(), "mint.py", values("API_KEY, SECRET, room_id, participant_id = %q, %q, %q, %q\n")+
		block("python")+"print(token)\n")
	goFile := write(here, "main.go", `package main

import (
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func main() {
`+values("apiKey, secret, roomID, participantID := %q, %q, %q, %q\n")+block("go")+"\nfmt.Println(token, err)\n}\n")
	shell := write(t.TempDir(), "mint.sh", values("API_KEY='%s'; SECRET='%s' # %s %s\n")+block("sh"))

	for language, command := range map[string][]string{
		"js": {"node", node}, "python": {"/usr/bin/python3", python}, "go": {"go", "run", goFile}, "sh": {"sh", shell},
	} {
		t.Run(language, func(t *testing.T) {
			out, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput()
			require.NoError(t, err, string(out))
			token := strings.TrimSuffix(strings.TrimSpace(string(out)), " <nil>")
			requireParticipantsToken(t, token)
			watcher := join(t, h, token, meeting)
			if language != "sh" { // the others name the participant
				require.Equal(t, "watcher", watcher.LocalParticipant().ID())
			}
			require.NoError(t, watcher.Leave(t.Context()))
		})
	}
}

// requireParticipantsToken requires that a token is of no use over REST: its only role is rtc.
func requireParticipantsToken(t *testing.T, token string) {
	t.Helper()
	var claims jwt.MapClaims
	_, _, err := jwt.NewParser().ParseUnverified(token, &claims) // the server verifies it
	require.NoError(t, err)
	require.Equal(t, []any{"rtc"}, claims["roles"])
}
