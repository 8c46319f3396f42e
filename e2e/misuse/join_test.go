package misuse

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testserver"
)

// badToken mints a token with one claim spoiled, and shows it to signaling and to REST.
func badToken(claim string, value func(*world) any, want, says string) func(*testing.T, *world) {
	return func(t *testing.T, w *world) {
		claims := jwt.MapClaims{"apikey": w.account.Key, "permissions": []string{"allow_join"}, "version": 2,
			"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix()}
		claims[claim] = value(w)
		token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(w.account.Secret))
		require.NoError(t, err)
		w.is(t, w.TryJoin(t, testserver.JoinParams(token, w.meeting, "mal")), want, says)
		status, body := w.REST(t, token, http.MethodGet, "/v2/rooms", nil)
		w.is(t, testserver.Refused(t, status, body), want, says)
	}
}

func inMilliseconds(*world) any { return time.Now().Add(time.Hour).UnixMilli() }

var tokens = misuses{
	"exp in milliseconds": badToken("exp", inMilliseconds, "4002.CLAIM_TYPE", "milliseconds"),
	"iat in milliseconds": badToken("iat", inMilliseconds, "4002.CLAIM_TYPE", "milliseconds"),
	"iat as an ISO date": badToken(
		"iat",
		func(*world) any { return "2026-11-22T10:00:00Z" },
		"4002.CLAIM_TYPE",
		"a string",
	),
	"the secret where the key belongs": badToken(
		"apikey",
		func(w *world) any { return w.account.Secret },
		"4001.UNKNOWN_KEY",
		"64 characters",
	),
	"a line break after the key": badToken(
		"apikey",
		func(w *world) any { return w.account.Key + "\n" },
		"4001.UNKNOWN_KEY",
		`\n"`,
	),
	"permissions in one string": badToken(
		"permissions",
		func(*world) any { return []string{"allow_join,allow_mod"} },
		"4008.UNKNOWN_PERMISSION",
		"allow_join,allow_mod",
	),
	"a token of a megabyte of dots": func(t *testing.T, w *world) {
		status, body := w.REST(t, strings.Repeat(".", 9<<10), http.MethodGet, "/v2/rooms", nil)
		w.is(t, testserver.Refused(t, status, body), "4002.TOO_LARGE", "8192")
		status, body = w.REST(t, strings.Repeat(".", 900<<10), http.MethodGet, "/v2/rooms", nil)
		w.is(t, testserver.Refused(t, status, body), "4107.HEADERS_TOO_LARGE", "16384")
		s := w.Dial(t)
		s.Send(t, `{"jsonrpc":"2.0","id":1,"method":"join","params":{"protocol":1,"token":"`+strings.Repeat(".", 1<<20)+`"}}`)
		w.is(t, s.Refusal(t), "4107.TOO_LARGE", "49152")
	},
	"the admin token for v2, a token for the admin API": func(t *testing.T, w *world) {
		status, body := w.REST(t, w.InProcess.AdminToken(), http.MethodGet, "/v2/rooms", nil)
		w.is(t, testserver.Refused(t, status, body), "4002.MALFORMED", "no dots")
		status, body = w.REST(t, "Bearer "+w.account.Token(t), http.MethodGet, "/admin/v1/accounts", nil)
		w.is(t, testserver.Refused(t, status, body), "4105.ADMIN_CREDENTIAL", "admin token")
	},
}

// badMeeting joins with something else than a meeting's id.
func badMeeting(id func(*world) string, want, says string) func(*testing.T, *world) {
	return func(t *testing.T, w *world) {
		w.is(t, w.TryJoin(t, testserver.JoinParams(w.account.Token(t), id(w), "mal")), want, says)
	}
}

var ids = misuses{
	"the link for the id": badMeeting(
		func(w *world) string { return w.URL + "/meet/" + w.meeting },
		"4003.MALFORMED",
		"it is a link; the id in it may be",
	),
	"the id in capitals": badMeeting(
		func(w *world) string { return strings.ToUpper(w.meeting) },
		"4003.MALFORMED",
		"capital",
	),
	"the word undefined": badMeeting(func(*world) string { return "undefined" }, "4003.MALFORMED", "has no id"),
	"the secret for the id": badMeeting(
		func(w *world) string { return w.account.Secret },
		"4003.MALFORMED",
		"64 hexadecimal digits",
	),
	"somebody else's meeting": badMeeting(
		func(w *world) string { return w.innocent.meeting },
		"4003.NOT_FOUND",
		"has no meeting",
	),
	"a direction mark in an id": badParticipant("\u202ebob", "4004.BAD_CHARACTER", "U+202E"),
	"a no-break space in an id": badParticipant("bob\u00a0", "4004.WHITESPACE", "U+00A0"),
	"emoji in ids": func(t *testing.T, w *world) {
		room := w.account.Meeting(t, map[string]any{"customRoomId": "Raum 🎉/1"})
		s, joined := w.Server.Join(t, testserver.JoinParams(w.account.Token(t), "Raum 🎉/1", "👩‍👩‍👧"))
		require.Equal(t, room, joined.MeetingID)
		require.Equal(t, "👩‍👩‍👧", joined.ParticipantID)
		s.Do(t, "leave", map[string]any{})
	},
	"a customRoomId that is the id of another room": func(t *testing.T, w *world) {
		require.Equal(
			t,
			w.meeting,
			w.account.Meeting(t, map[string]any{"customRoomId": w.meeting}),
			"two rooms under one name",
		)
	},
}

func badParticipant(id, want, says string) func(*testing.T, *world) {
	return func(t *testing.T, w *world) {
		join := testserver.JoinParams(w.account.Token(t), w.meeting, id)
		join.Name = "Mal"
		w.is(t, w.TryJoin(t, join), want, says)
	}
}
