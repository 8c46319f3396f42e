package faults

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/testserver"
)

// claims returns those of a good token of this scenario's account, to be spoiled.
func (t *T) claims() jwt.MapClaims {
	return jwt.MapClaims{
		"apikey": t.Account().Key, "permissions": []string{"allow_join"}, "version": 2,
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	}
}

// sign signs with this scenario's secret.
func (t *T) sign(claims jwt.MapClaims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(t.Account().Secret))
	require.NoError(t, err)
	return token
}

// badToken presents a token wherever tokens are taken.
func (t *T) badToken(token string) {
	t.Helper()
	t.refused(testserver.JoinParams(token, t.Meeting(), "ann"))
	t.rest(token, http.MethodGet, "/v2/rooms", nil)
}

// tokenWith spoils one claim; nil removes it.
func (t *T) tokenWith(claim string, value any) string {
	t.Helper()
	claims := t.claims()
	claims[claim] = value
	if value == nil {
		delete(claims, claim)
	}
	return t.sign(claims)
}

var tokenScenarios = scenarios{
	"4001.KEY_MISSING": func(t *T) { t.badToken(t.tokenWith("apikey", nil)) },
	"4001.KEY_EMPTY":   func(t *T) { t.badToken(t.tokenWith("apikey", "")) },
	"4001.UNKNOWN_KEY": func(t *T) { t.badToken(t.tokenWith("apikey", "of-another-server")) },
	"4001.KEY_REVOKED": func(t *T) {
		meeting := t.Meeting()
		inside := t.Join(meeting, "ann")
		token := t.Account().Token(t)
		t.Server.MustAdmin(t, http.MethodPost, "/admin/v1/keys/"+t.Account().Key+"/revoke", nil)
		t.refused(testserver.JoinParams(token, meeting, "bob"))
		t.rest(token, http.MethodGet, "/v2/rooms", nil)
		inside.Do(t, "ping", map[string]any{}) // running calls go on
	},
	"4002.EMPTY":     func(t *T) { t.badToken("") },
	"4002.TOO_LARGE": func(t *T) { t.refused(testserver.JoinParams(strings.Repeat(".", 10_000), t.Meeting(), "ann")) },
	"4002.MALFORMED": func(t *T) {
		good := t.sign(t.claims())
		meeting := t.Meeting()
		for _, bad := range []string{"Bearer " + good, `"` + good + `"`, good[:len(good)-50], "a.b", "undefined",
			good + " "} {
			t.refused(testserver.JoinParams(bad, meeting, "ann"))
		}
		t.rest(`"`+good+`"`, http.MethodGet, "/v2/rooms", nil)
		for _, bad := range []any{5, true, []string{good}, map[string]string{"token": good}, good + "\x00"} {
			t.refusedCall(t.Server.Dial(t), "join", map[string]any{"protocol": 1, "token": bad, "meetingId": meeting})
		}
	},
	"4002.ALG_NOT_ALLOWED": func(t *T) {
		header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
		raw, err := json.Marshal(t.claims())
		require.NoError(t, err)
		t.badToken(header + "." + base64.RawURLEncoding.EncodeToString(raw) + ".")
		long, err := jwt.NewWithClaims(jwt.SigningMethodHS512, t.claims()).SignedString([]byte(t.Account().Secret))
		require.NoError(t, err)
		t.badToken(long)
	},
	"4002.SIGNATURE_MISMATCH": func(t *T) {
		token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, t.claims()).SignedString([]byte("the secret of another key"))
		require.NoError(t, err)
		t.badToken(token)
	},
	"4002.SECRET_ALTERED": func(t *T) {
		for _, slip := range []string{t.Account().Secret + "\n", `"` + t.Account().Secret + `"`, t.Account().Key} {
			token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, t.claims()).SignedString([]byte(slip))
			require.NoError(t, err)
			t.badToken(token)
		}
	},
	"4002.EXPIRED":       func(t *T) { t.badToken(t.tokenWith("exp", time.Now().Add(-2*time.Minute).Unix())) },
	"4002.NOT_YET_VALID": func(t *T) { t.badToken(t.tokenWith("nbf", time.Now().Add(10*time.Minute).Unix())) },
	"4002.CLAIM_TYPE":    func(t *T) { t.badToken(t.tokenWith("exp", "tomorrow")) },
	"4002.VERSION":       func(t *T) { t.badToken(t.versionless()) },

	"4008.PERMISSIONS_MISSING": func(t *T) { t.badToken(t.tokenWith("permissions", nil)) },
	"4008.NOT_AN_ARRAY":        func(t *T) { t.badToken(t.tokenWith("permissions", "allow_join")) },
	"4008.UNKNOWN_PERMISSION":  func(t *T) { t.badToken(t.tokenWith("permissions", []string{"allow_everything"})) },
	"4008.CONFLICT":            func(t *T) { t.badToken(t.tokenWith("permissions", []string{"ask_join", "allow_mod"})) },
	"4008.NO_ENTRY": func(t *T) { // of no concern to REST, which nobody enters
		t.refused(testserver.JoinParams(t.Account().Token(t, "allow_mod"), t.Meeting(), "ann"))
	},

	"4022.MISMATCH": func(t *T) {
		mine, other := t.Meeting(), t.Meeting()
		token := t.Account().Grant(t, gate.Grant{Permissions: []string{"allow_join"}, MeetingID: mine})
		t.refused(testserver.JoinParams(token, other, "ann"))
		server := t.Account().Grant(t,
			gate.Grant{Permissions: []string{"allow_join"}, MeetingID: mine, Roles: []string{"crawler"}})
		t.rest(server, http.MethodGet, "/v2/rooms/"+other, nil)
	},
	"4023.MISMATCH": func(t *T) {
		token := t.Account().Grant(t, gate.Grant{Permissions: []string{"allow_join"}, ParticipantID: "ann"})
		t.refused(testserver.JoinParams(token, t.Meeting(), "bob"))
	},
	"4023.NOT_LISTED": func(t *T) {
		closed := t.Account().Meeting(t, map[string]any{"allowedParticipantIds": []string{"ann"}})
		t.refused(testserver.JoinParams(t.Account().Token(t), closed, "bob"))
	},
	"4024.JOIN_NEEDS_RTC": func(t *T) {
		token := t.Account().Grant(t, gate.Grant{Permissions: []string{"allow_join"}, Roles: []string{"crawler"}})
		t.refused(testserver.JoinParams(token, t.Meeting(), "ann"))
	},
	"4024.REST_NEEDS_CRAWLER": func(t *T) {
		token := t.Account().Grant(t, gate.Grant{Permissions: []string{"allow_join"}, Roles: []string{"rtc"}})
		t.rest(token, http.MethodGet, "/v2/rooms", nil)
	},
	"4024.REST_PARTICIPANT_TOKEN": func(t *T) {
		t.rest(t.Account().Token(t, "ask_join"), http.MethodPost, "/v2/rooms", map[string]any{})
		t.rest(t.Account().Grant(t, gate.Grant{Permissions: []string{"allow_join"}, MeetingID: t.Meeting()}), http.MethodGet,
			"/v2/rooms", nil)
		t.rest(t.Account().Grant(t, gate.Grant{Permissions: []string{"allow_join"}, ParticipantID: "ann"}), http.MethodGet,
			"/v2/rooms", nil)
	},
	"4024.REST_ROLES_MISSING": func(t *T) {
		account := t.Server.Account(t, map[string]any{"settings": map[string]any{"restRequiresCrawler": true}})
		t.rest(account.Token(t), http.MethodPost, "/v2/rooms", map[string]any{})
	},
	"4024.UNKNOWN_ROLE": func(t *T) { t.badToken(t.tokenWith("roles", []string{"root"})) },
}

// versionless is a token that names a room and no version.
func (t *T) versionless() string {
	claims := t.claims()
	delete(claims, "version")
	claims["roomId"] = "abcd-efgh-ijkl"
	return t.sign(claims)
}
