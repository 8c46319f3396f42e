package faults

import (
	"net/http"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// limited makes an account with limits for this scenario.
func (t *T) limited(limits map[string]any) {
	t.Helper()
	made := t.Server.Account(t, map[string]any{"limits": limits})
	t.account = &made
}

// fillSeats lets one participant in and checks that a second one is refused, both in the mode; the second joins
// another meeting of the account where elsewhere is set.
func (t *T) fillSeats(mode wire.Mode, elsewhere bool) {
	t.Helper()
	meeting := t.Meeting()
	first := testserver.JoinParams(t.Account().Token(t), meeting, "ann")
	first.Mode = string(mode)
	t.Server.Join(t, first)
	if elsewhere {
		meeting = t.Meeting()
	}
	second := testserver.JoinParams(t.Account().Token(t), meeting, "bob")
	second.Mode = string(mode)
	t.refused(second)
}

// closedBy does something to the account while somebody is in a meeting, and checks that this participant is
// removed, and that the next join and REST call are refused.
func (t *T) closedBy(path string, body any) {
	t.Helper()
	meeting := t.Meeting()
	inside := t.Join(meeting, "ann")
	token := t.Account().Token(t)
	program := t.client(t.Server.URL, token, meeting, nil)
	require.NoError(t, program.Join(t.Context()))
	t.Server.MustAdmin(t, http.MethodPost, path, body)
	t.sameIncident(inside.AwaitRemoval(t), t.awaitEvent(program, testserver.Timeout))
	t.refused(testserver.JoinParams(token, meeting, "bob"))
	t.rest(token, http.MethodGet, "/v2/rooms", nil)
}

var accountScenarios = scenarios{
	"4006.DEACTIVATED": func(t *T) { t.closedBy("/admin/v1/accounts/"+t.Account().ID+"/deactivate", nil) },
	"4007.DISCONTINUED": func(t *T) {
		const words = "Your trial ended in May. Write to sales@example.com."
		t.closedBy("/admin/v1/accounts/"+t.Account().ID+"/discontinue", map[string]any{"message": words})
		_, answer := t.Server.REST(t, t.Account().Token(t), http.MethodGet, "/v2/rooms", nil)
		require.Contains(t, string(answer), words)
	},
	"4053.DEACTIVATED": func(t *T) { t.closedBy("/admin/v1/keys/"+t.Account().Key+"/deactivate", nil) },

	"4009.LIMIT": func(t *T) {
		t.limited(map[string]any{"participants": 1})
		t.fillSeats(wire.SendAndRecv, false)
	},
	"4010.LIMIT": func(t *T) {
		t.limited(map[string]any{"speakers": 1})
		t.fillSeats(wire.SendAndRecv, false)
	},
	"4026.LIMIT": func(t *T) {
		t.limited(map[string]any{"accountSpeakers": 1})
		t.fillSeats(wire.SendAndRecv, true)
	},
	"4027.LIMIT": func(t *T) {
		t.limited(map[string]any{"accountViewers": 1})
		t.fillSeats(wire.SignallingOnly, true)
	},
	"4041.LIMIT": func(t *T) {
		t.limited(map[string]any{"accountReceivers": 1})
		t.fillSeats(wire.RecvOnly, true)
	},
}
