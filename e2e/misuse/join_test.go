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
func badToken(claim string, value func(*environment) any, want, says string) func(*testing.T, *environment) {
	return func(t *testing.T, w *environment) {
		claims := jwt.MapClaims{"apikey": w.account.Key, "permissions": []string{"allow_join"}, "version": 2,
			"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix()}
		claims[claim] = value(w)
		token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(w.account.Secret))
		require.NoError(t, err)
		w.check(t, w.TryJoin(t, testserver.JoinParams(token, w.meeting, "mal")), want, says)
		status, body := w.REST(t, token, http.MethodGet, "/v2/rooms", nil)
		w.check(t, testserver.Refused(t, status, body), want, says)
	}
}

func inMilliseconds(*environment) any { return time.Now().Add(time.Hour).UnixMilli() }

var tokens = misuses{
	"token: exp in milliseconds": badToken("exp", inMilliseconds, "4002.CLAIM_TYPE", "milliseconds"),
	"token: iat in milliseconds": badToken("iat", inMilliseconds, "4002.CLAIM_TYPE", "milliseconds"),
	"token: iat as an ISO date": badToken(
		"iat",
		func(*environment) any { return "2026-11-22T10:00:00Z" },
		"4002.CLAIM_TYPE",
		"a string",
	),
	"token: apikey is the secret": badToken(
		"apikey",
		func(w *environment) any { return w.account.Secret },
		"4001.UNKNOWN_KEY",
		"64 characters",
	),
	"token: apikey with a line break": badToken(
		"apikey",
		func(w *environment) any { return w.account.Key + "\n" },
		"4001.UNKNOWN_KEY",
		`\n"`,
	),
	"token: permissions in one string": badToken(
		"permissions",
		func(*environment) any { return []string{"allow_join,allow_mod"} },
		"4008.UNKNOWN_PERMISSION",
		"allow_join,allow_mod",
	),
	"token: one megabyte of dots": func(t *testing.T, w *environment) {
		status, body := w.REST(t, strings.Repeat(".", 9<<10), http.MethodGet, "/v2/rooms", nil)
		w.check(t, testserver.Refused(t, status, body), "4002.TOO_LARGE", "8192")
		status, body = w.REST(t, strings.Repeat(".", 900<<10), http.MethodGet, "/v2/rooms", nil)
		w.check(t, testserver.Refused(t, status, body), "4107.HEADERS_TOO_LARGE", "16384")
		s := w.Dial(t)
		s.Send(t, `{"jsonrpc":"2.0","id":1,"method":"join","params":{"protocol":1,"token":"`+strings.Repeat(".", 1<<20)+`"}}`)
		w.check(t, s.Refusal(t), "4107.TOO_LARGE", "49152")
	},
	"token: admin token for REST, meeting token for the admin API": func(t *testing.T, w *environment) {
		status, body := w.REST(t, w.InProcess.AdminToken(), http.MethodGet, "/v2/rooms", nil)
		w.check(t, testserver.Refused(t, status, body), "4002.MALFORMED", "no dots")
		status, body = w.REST(t, "Bearer "+w.account.Token(t), http.MethodGet, "/admin/v1/accounts", nil)
		w.check(t, testserver.Refused(t, status, body), "4105.ADMIN_CREDENTIAL", "admin token")
	},
}

// badMeeting joins with something else than a meeting's id.
func badMeeting(id func(*environment) string, want, says string) func(*testing.T, *environment) {
	return func(t *testing.T, w *environment) {
		w.check(t, w.TryJoin(t, testserver.JoinParams(w.account.Token(t), id(w), "mal")), want, says)
	}
}

var ids = misuses{
	"meetingId: a link": badMeeting(
		func(w *environment) string { return w.URL + "/meet/" + w.meeting },
		"4003.MALFORMED",
		"it is a link; the id in it may be",
	),
	"meetingId: in capitals": badMeeting(
		func(w *environment) string { return strings.ToUpper(w.meeting) },
		"4003.MALFORMED",
		"capital",
	),
	"meetingId: undefined": badMeeting(func(*environment) string { return "undefined" }, "4003.MALFORMED", "has no id"),
	"meetingId: the secret": badMeeting(
		func(w *environment) string { return w.account.Secret },
		"4003.MALFORMED",
		"64 hexadecimal digits",
	),
	"meetingId: of another account": badMeeting(
		func(w *environment) string { return w.bystanders.meeting },
		"4003.NOT_FOUND",
		"has no meeting",
	),
	"participantId: bidirectional control character": badParticipant("\u202ebob", "4004.BAD_CHARACTER", "U+202E"),
	"participantId: no-break space":                  badParticipant("bob\u00a0", "4004.WHITESPACE", "U+00A0"),
	"participantId: emoji": func(t *testing.T, w *environment) {
		room := w.account.Meeting(t, map[string]any{"customRoomId": "Raum 🎉/1"})
		s, joined := w.Server.Join(t, testserver.JoinParams(w.account.Token(t), "Raum 🎉/1", "👩‍👩‍👧"))
		require.Equal(t, room, joined.MeetingID)
		require.Equal(t, "👩‍👩‍👧", joined.ParticipantID)
		s.Do(t, "leave", map[string]any{})
	},
	"customRoomId: the id of another room": func(t *testing.T, w *environment) {
		require.Equal(
			t,
			w.meeting,
			w.account.Meeting(t, map[string]any{"customRoomId": w.meeting}),
			"two rooms under one name",
		)
	},
}

func badParticipant(id, want, says string) func(*testing.T, *environment) {
	return func(t *testing.T, w *environment) {
		join := testserver.JoinParams(w.account.Token(t), w.meeting, id)
		join.Name = "Mal"
		w.check(t, w.TryJoin(t, join), want, says)
	}
}
