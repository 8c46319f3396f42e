package gate_test

import (
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/record"
)

func TestREST(t *testing.T) {
	w := newSetup(t)
	good := w.token(nil)
	for _, c := range []struct{ name, authorization, want string }{
		{"none", "", "4002.EMPTY"},
		{"Bearer and nothing", "Bearer ", "4002.EMPTY"},
		{"Bearer twice", "Bearer Bearer " + good, "4002.MALFORMED"},
		{"Basic", "Basic YTpi", "4002.MALFORMED"},
		{"version missing", w.token(jwt.MapClaims{"version": absent}), "4002.VERSION"},
		{"version 1", w.token(jwt.MapClaims{"version": 1}), "4002.VERSION"},
		{"permissions missing", w.token(jwt.MapClaims{"permissions": absent}), "4008.PERMISSIONS_MISSING"},
		{"permissions conflict", w.token(jwt.MapClaims{"permissions": []string{"ask_join", "allow_mod"}}), "4008.CONFLICT"},
		{"role rtc only", w.token(jwt.MapClaims{"roles": []string{"rtc"}}), "4024.REST_NEEDS_CRAWLER"},
		{"role unknown", w.token(jwt.MapClaims{"roles": []string{"crawler", "root"}}), "4024.UNKNOWN_ROLE"},
		{"asks to join", w.token(jwt.MapClaims{"permissions": []string{"ask_join"}}), "4024.REST_PARTICIPANT_TOKEN"},
		{"asks to join, with roles that name none",
			w.token(jwt.MapClaims{"permissions": []string{"ask_join"}, "roles": []string{}}), "4024.REST_PARTICIPANT_TOKEN"},
		{"of a room", w.token(jwt.MapClaims{"roomId": w.meeting.ID}), "4024.REST_PARTICIPANT_TOKEN"},
		{"of an empty room", w.token(jwt.MapClaims{"roomId": ""}), "4024.REST_PARTICIPANT_TOKEN"},
		{"of a participant", w.token(jwt.MapClaims{"participantId": "ann"}), "4024.REST_PARTICIPANT_TOKEN"},
		{"of a participant, moderating",
			w.token(jwt.MapClaims{"participantId": "ann", "permissions": []string{"allow_mod"}}),
			"4024.REST_PARTICIPANT_TOKEN"},
		{"of a room, for joining", w.token(jwt.MapClaims{"roomId": w.meeting.ID, "roles": []string{"rtc"}}),
			"4024.REST_NEEDS_CRAWLER"},

		{"raw token", good, ""},
		{"Bearer", "Bearer " + good, ""},
		{"bearer with two spaces", "bearer  " + good, ""},
		{"role crawler", w.token(jwt.MapClaims{"roles": []string{"crawler"}}), ""},
		{"roles that name none", w.token(jwt.MapClaims{"roles": []string{}}), ""},
		{"asks to join, and says that it is a server's",
			w.token(jwt.MapClaims{"permissions": []string{"ask_join"}, "roles": []string{"crawler"}}), ""},
		{"of a participant, and says that it is a server's",
			w.token(jwt.MapClaims{"participantId": "ann", "roles": []string{"rtc", "crawler"}}), ""},
		{"only allow_mod", w.token(jwt.MapClaims{"permissions": []string{"allow_mod"}}), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			caller, err := w.gate.REST(t.Context(), c.authorization)
			if c.want != "" {
				asFault(t, err, c.want)
				return
			}
			require.NoError(t, err)
			require.Equal(t, w.account.ID, caller.Account.ID)
			require.Equal(t, w.key.ID, caller.APIKey)
			require.False(t, caller.Bound())
			require.Nil(t, caller.MayUse(w.meeting, w.meeting.ID))
		})
	}
}

func TestRESTTokenForOneMeeting(t *testing.T) {
	w := newSetup(t)
	for _, claim := range []string{w.meeting.ID, "standup"} {
		caller, err := w.gate.REST(t.Context(), w.token(jwt.MapClaims{"roomId": claim, "roles": []string{"crawler"}}))
		require.NoError(t, err)
		require.True(t, caller.Bound())
		require.Nil(t, caller.MayUse(w.meeting, "standup"))
		asFault(t, caller.MayUse(w.foreign, "theirs"), "4022.MISMATCH")
	}
}

func TestRESTRequiresCrawler(t *testing.T) {
	w := newSetup(t)
	_, err := w.store.UpdateAccount(
		t.Context(),
		w.account.ID,
		func(a *record.Account) { a.Settings.RESTRequiresCrawler = true },
	)
	require.NoError(t, err)
	for _, permissions := range [][]string{{"allow_join"}, {"allow_join", "allow_mod"}, {"allow_mod"}} {
		_, err = w.gate.REST(t.Context(), w.token(jwt.MapClaims{"permissions": permissions}))
		require.Equal(t, w.account.ID, asFault(t, err, "4024.REST_ROLES_MISSING").Details["account"])
	}
	_, err = w.gate.REST(t.Context(), w.token(jwt.MapClaims{"roles": []string{"crawler"}}))
	require.NoError(t, err)
	_, err = w.gate.Join(t.Context(), w.join(w.token(nil)))
	require.NoError(t, err, "joining is as before")
}
