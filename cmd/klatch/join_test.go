package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testserver"
)

// line is one line of `klatch join --json`.
type line struct {
	Event string `json:"event"`
	Data  struct {
		Code   json.RawMessage `json:"code"`
		Reason json.RawMessage `json:"reason"`
	} `json:"data"`
}

// bot runs `klatch join` and returns its exit code and its lines.
func bot(t *testing.T, args ...string) (int, []line, string) {
	t.Helper()
	var out, errOut bytes.Buffer
	code := run(t.Context(), append([]string{"join", "--json"}, args...), &out, &errOut)
	var lines []line
	for text := range strings.Lines(out.String()) {
		var l line
		require.NoError(t, json.Unmarshal([]byte(text), &l), text)
		require.True(t, strings.HasPrefix(text, `{"event":"`), text)
		lines = append(lines, l)
	}
	return code, lines, errOut.String()
}

func names(lines []line) (list []string) {
	for _, l := range lines {
		list = append(list, l.Event)
	}
	return list
}

func TestJoin(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	meeting, token := account.Meeting(t, nil), account.Token(t)

	t.Run("nobody lets it in within the duration", func(t *testing.T) {
		waiting := account.Token(t, "ask_join")
		code, lines, _ := bot(t, "--url", h.URL, "--meeting", meeting, "--token", waiting, "--duration", "2s")
		require.Equal(t, 1, code)
		got := names(lines)
		require.NotContains(t, got, "meeting-joined")
		require.Equal(t, "meeting-left", got[len(got)-1])
	})
	t.Run("joined and left as asked", func(t *testing.T) {
		code, lines, _ := bot(
			t,
			"--url",
			h.URL,
			"--meeting",
			meeting,
			"--token",
			token,
			"--participant",
			"bot",
			"--publish",
			"video,audio",
			"--duration",
			"1s",
		)
		require.Zero(t, code)
		got := names(lines)
		require.Equal(
			t,
			[]string{
				"meeting-state-changed",
				"meeting-state-changed",
				"meeting-joined",
				"stream-enabled",
				"stream-enabled",
			},
			got[:5],
		)
		require.Equal(t, "meeting-left", got[len(got)-1])
		require.NotContains(t, got, "error")
	})
	t.Run("a source that is not there ends nothing", func(t *testing.T) {
		code, lines, _ := bot(
			t,
			"--url",
			h.URL,
			"--meeting",
			meeting,
			"--token",
			token,
			"--publish",
			"video=/nothing.ivf",
			"--duration",
			"100ms",
		)
		require.Zero(t, code)
		require.Contains(t, names(lines), "error")
	})
	t.Run("refused", func(t *testing.T) {
		code, lines, _ := bot(t, "--url", h.URL, "--meeting", meeting, "--token", "nonsense")
		require.Equal(t, 1, code)
		require.Equal(
			t,
			[]string{"meeting-state-changed", "error", "meeting-state-changed", "meeting-left"},
			names(lines),
		)
		require.JSONEq(t, "4002", string(lines[1].Data.Code))
	})
	t.Run("nothing to join", func(t *testing.T) {
		code, lines, errOut := bot(t, "--url", h.URL, "--token", token)
		require.Equal(t, 1, code)
		require.Equal(t, []string{"error"}, names(lines))
		require.JSONEq(t, "4003", string(lines[0].Data.Code))
		require.Empty(t, errOut)
		code, lines, _ = bot(t, "--url", h.URL, "--meeting", meeting)
		require.Equal(t, 1, code)
		require.JSONEq(t, "4002", string(lines[0].Data.Code))
	})
	t.Run("a time that is over", func(t *testing.T) {
		code, lines, _ := bot(t, "--url", h.URL, "--meeting", meeting, "--token", token, "--duration", "-1s")
		require.Equal(t, 1, code)
		require.JSONEq(t, `"OUT_OF_RANGE"`, string(lines[0].Data.Reason))
	})
	t.Run("a stream that does not exist", func(t *testing.T) {
		code, lines, _ := bot(t, "--url", h.URL, "--meeting", meeting, "--token", token, "--publish", "smell")
		require.Equal(t, 1, code)
		require.JSONEq(t, `"NOT_ALLOWED"`, string(lines[0].Data.Reason))
	})
}
