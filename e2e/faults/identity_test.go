package faults

import (
	"net/http"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// badMeeting asks for a meeting id by joining and, where REST can ask for it, there.
func (t *T) badMeeting(id string) {
	t.Helper()
	t.refused(testserver.JoinParams(t.Account().Token(t), id, "ann"))
}

// badParticipant joins with an id.
func (t *T) badParticipant(id string) {
	t.Helper()
	params := testserver.JoinParams(t.Account().Token(t), t.Meeting(), "")
	params.ParticipantID = &id
	t.refused(params)
}

var identityScenarios = scenarios{
	"4003.EMPTY":    func(t *T) { t.badMeeting("") },
	"4003.TOO_LONG": func(t *T) { t.badMeeting("https://meet.example.com/" + strings.Repeat("x", 300)) },
	"4003.MALFORMED": func(t *T) {
		meeting := t.Meeting()
		for _, slip := range []string{t.Server.URL + "/meet/" + meeting, meeting + " ", `"` + meeting + `"`,
			strings.ToUpper(meeting), "undefined", "{roomId}"} {
			t.badMeeting(slip)
		}
		t.badMeeting(t.Account().Secret)
		t.rest(t.Account().Token(t), http.MethodPost, "/v2/sessions/end",
			map[string]any{"roomId": t.Server.URL + "/meet/" + meeting})
	},
	"4003.NOT_FOUND": func(t *T) {
		t.badMeeting("aaaa-bbbb-cccc")
		t.rest(t.Account().Token(t), http.MethodGet, "/v2/rooms/aaaa-bbbb-cccc", nil)
		t.rest(t.Account().Token(t), http.MethodGet, "/v2/rooms/validate/aaaa-bbbb-cccc", nil)
		t.rest(t.Account().Token(t), http.MethodPost, "/v2/sessions/end", map[string]any{"roomId": "aaaa-bbbb-cccc"})

		// The meeting of another account looks the same but for its id.
		foreign := t.Server.Account(t, nil).Meeting(t, nil)
		unknown := t.Server.TryJoin(t, testserver.JoinParams(t.Account().Token(t), "aaaa-bbbb-cccc", "ann"))
		theirs := t.Server.TryJoin(t, testserver.JoinParams(t.Account().Token(t), foreign, "ann"))
		require.Equal(t, unknown.Detail, strings.ReplaceAll(theirs.Detail, foreign, "aaaa-bbbb-cccc"))
		require.Equal(t, unknown.Remedy, theirs.Remedy)
	},
	"4052.DEACTIVATED": func(t *T) {
		meeting := t.Meeting()
		status, body := t.Server.REST(t, t.Account().Token(t), http.MethodPost, "/v2/rooms/deactivate",
			map[string]any{"roomId": meeting})
		require.Equal(t, http.StatusOK, status, string(body))
		t.badMeeting(meeting)
	},
	"4004.EMPTY":         func(t *T) { t.badParticipant("") },
	"4004.WHITESPACE":    func(t *T) { t.badParticipant("ann lee") },
	"4004.TOO_LONG":      func(t *T) { t.badParticipant(strings.Repeat("a", 300)) },
	"4004.MIXED_SCRIPTS": func(t *T) { t.badParticipant("p\u0430ypal") },
	"4004.LOOKS_ALIKE": func(t *T) {
		meeting := t.Meeting()
		t.Join(meeting, "coco")
		t.refused(testserver.JoinParams(t.Account().Token(t), meeting, "\u0441\u043e\u0441\u043e")) // all Cyrillic
		t.Join(meeting, "Зоя")
	},
	"4004.BAD_CHARACTER": func(t *T) { t.badParticipant("ann\u200b") },
	"4005.REPLACED": func(t *T) {
		meeting := t.Meeting()
		older := t.Join(meeting, "ann")
		newer := t.Join(meeting, "ann")
		t.Read(older.AwaitRemoval(t))
		newer.Do(t, wire.MethodPing, map[string]any{}) // the newer connection stays

		program := t.client(t.Server.URL, t.Account().Token(t), meeting, nil)
		require.NoError(t, program.Join(t.Context()))
		t.Join(meeting, program.LocalParticipant().ID())
		t.awaitEvent(program, testserver.Timeout)
	},
}
