package gate_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/wire"
)

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// What is wrong with a token before its signature is looked at. The problem names it; the token never shows.
func TestTokenShape(t *testing.T) {
	w := newSetup(t)
	good := w.token(nil)
	parts := strings.Split(good, ".")
	header := b64(`{"alg":"HS256","typ":"JWT"}`)

	for _, c := range []struct {
		name, token, want, problem string
	}{
		{"empty", "", "4002.EMPTY", ""},
		{"a megabyte of dots", strings.Repeat(".", 1<<20), "4002.TOO_LARGE", ""},
		{"just too large", strings.Repeat("a", wire.MaxTokenBytes+1), "4002.TOO_LARGE", ""},
		{"dots up to the limit", strings.Repeat(".", wire.MaxTokenBytes), "4002.MALFORMED", "8193 parts"},
		{"Bearer", "Bearer " + good, "4002.MALFORMED", `starts with "Bearer"`},
		{"bearer with colon", "bearer:" + good, "4002.MALFORMED", `starts with "Bearer"`},
		{"Basic", "Basic YTpi", "4002.MALFORMED", `starts with "Basic"`},
		{"double quotes", `"` + good + `"`, "4002.MALFORMED", "quotes"},
		{"one quote at the end", good + "'", "4002.MALFORMED", "quotes"},
		{"placeholder", "<your token>", "4002.MALFORMED", "placeholder"},
		{"JSON around", `{"token":"` + good + `"}`, "4002.MALFORMED", "another format"},
		{"white space only", " \n", "4002.MALFORMED", "only white space"},
		{"line break at the end", good + "\n", "4002.MALFORMED", "start or end"},
		{"undefined", "undefined", "4002.MALFORMED", `the word "undefined"`},
		{"an API key", "2f3a9f55-63d2-4f9a-8a5e-9a4f7a1f2b33", "4002.MALFORMED", "not a token"},
		{"two parts", parts[0] + "." + parts[1], "4002.MALFORMED", "2 parts"},
		{"four parts", good + ".x", "4002.MALFORMED", "4 parts"},
		{"encrypted", "a.b.c.d.e", "4002.MALFORMED", "JWE"},
		{"empty header", "." + parts[1] + "." + parts[2], "4002.MALFORMED", "header is empty"},
		{"header not base64url", "e+J9." + parts[1] + "." + parts[2], "4002.MALFORMED", "'+' at character 1"},
		{"header not JSON", b64("hello") + "." + parts[1] + "." + parts[2], "4002.MALFORMED", "header is not JSON"},
		{"header not an object", b64(`"x"`) + "." + parts[1] + "." + parts[2], "4002.MALFORMED", "header is a string"},
		{"header null", b64(`null`) + "." + parts[1] + "." + parts[2], "4002.MALFORMED", "header is null"},
		{"no alg", b64(`{"typ":"JWT"}`) + "." + parts[1] + "." + parts[2], "4002.MALFORMED", "no alg"},
		{"alg a number", b64(`{"alg":5}`) + "." + parts[1] + "." + parts[2], "4002.MALFORMED",
			"alg in its header is a number"},
		{"alg null", b64(`{"alg":null}`) + "." + parts[1] + "." + parts[2], "4002.MALFORMED", "alg in its header is null"},
		{"critical extension", b64(`{"alg":"HS256","crit":["b64"]}`) + "." + parts[1] + "." + parts[2], "4002.MALFORMED",
			"crit"},
		{"alg none, unsigned", b64(`{"alg":"none"}`) + "." + parts[1] + ".", "4002.ALG_NOT_ALLOWED", "none"},
		{"alg nOnE", b64(`{"alg":"nOnE"}`) + "." + parts[1] + "." + parts[2], "4002.ALG_NOT_ALLOWED", "nOnE"},
		{"alg RS256", b64(`{"alg":"RS256"}`) + "." + parts[1] + "." + parts[2], "4002.ALG_NOT_ALLOWED", "RS256"},
		{"alg HS512", b64(`{"alg":"HS512"}`) + "." + parts[1] + "." + parts[2], "4002.ALG_NOT_ALLOWED", "HS512"},
		{"space inside the payload", parts[0] + "." + parts[1][:5] + " " + parts[1][5:] + "." + parts[2], "4002.MALFORMED",
			"payload has white space at character 5"},
		{"line break inside the payload", parts[0] + "." + parts[1][:5] + "\n" + parts[1][5:] + "." + parts[2],
			"4002.MALFORMED", "payload has white space at character 5"},
		{"emoji in the payload", parts[0] + ".ab🙂." + parts[2], "4002.MALFORMED", "U+1F642 at character 2"},
		{"payload of impossible length", parts[0] + ".abcde." + parts[2], "4002.MALFORMED", "payload is not base64url"},
		{"a claim given twice", header + "." + b64(`{"apikey":"a","apikey":"b"}`) + "." + parts[2], "4002.MALFORMED",
			"its payload has the member apikey twice"},
		{"payload not JSON", header + "." + b64("{") + "." + parts[2], "4002.MALFORMED", "payload is not JSON"},
		{"payload an array", header + "." + b64("[]") + "." + parts[2], "4002.MALFORMED", "payload is an array"},
		{"signature cut off entirely", parts[0] + "." + parts[1] + ".", "4002.MALFORMED", "signature is empty"},
		{"signature padded", good + "=", "4002.MALFORMED", "signature is base64"},
		{"signature cut off", good[:len(good)-8], "4002.SIGNATURE_MISMATCH", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := w.gate.Join(t.Context(), w.join(c.token))
			f := asFault(t, err, c.want)
			require.Contains(t, f.Detail, c.problem)
			require.True(t, f.Fatal)
			require.Equal(t, 401, f.HTTPStatus())

			whole, jsonErr := json.Marshal(f)
			require.NoError(t, jsonErr)
			require.NotContains(t, string(whole), parts[1])
			require.NotContains(t, string(whole), parts[2])
		})
	}
}

// Signature, key and times, in this order.
func TestTokenSignatureAndTimes(t *testing.T) {
	w := newSetup(t)
	sign := func(claims jwt.MapClaims, secret string) string {
		token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(secret))
		require.NoError(t, err)
		return token
	}
	decoded := func(secret []byte, err error) string {
		require.NoError(t, err)
		return string(secret)
	}
	for _, c := range []struct {
		name, token, want string
		details           map[string]any
	}{
		{"no apikey claim", w.token(jwt.MapClaims{"apikey": absent}), "4001.KEY_MISSING",
			map[string]any{"claims": []string{"exp", "iat", "permissions", "version"}}},
		{"apikey empty", w.token(jwt.MapClaims{"apikey": ""}), "4001.KEY_EMPTY", nil},
		{"apikey a number", w.token(jwt.MapClaims{"apikey": 5}), "4002.CLAIM_TYPE",
			map[string]any{"claim": "apikey", "got": "a number"}},
		{"apikey null", w.token(jwt.MapClaims{"apikey": nil}), "4002.CLAIM_TYPE",
			map[string]any{"claim": "apikey", "got": "null"}},
		{"claim in another case", w.token(jwt.MapClaims{"apikey": absent, "APIKEY": w.key.ID}), "4001.KEY_MISSING", nil},
		{"unknown key", w.token(jwt.MapClaims{"apikey": "key-nobody"}), "4001.UNKNOWN_KEY",
			map[string]any{"apikey": "key-nobody"}},
		{"key with a NUL", w.token(jwt.MapClaims{"apikey": "key\x00ann"}), "4001.UNKNOWN_KEY", nil},
		// And never in a fault: see below.
		{"the secret for the key", w.token(jwt.MapClaims{"apikey": w.secret}), "4001.UNKNOWN_KEY", nil},
		{"key with white space", w.token(jwt.MapClaims{"apikey": w.key.ID + "\n"}), "4001.UNKNOWN_KEY",
			map[string]any{"apikey": `"key-ann\n"`}},
		{"wrong secret", sign(w.claims(nil), "another secret"), "4002.SIGNATURE_MISMATCH",
			map[string]any{"apikey": "key-ann", "alg": "HS256"}},
		{"secret and a space", sign(w.claims(nil), w.secret+" "), "4002.SECRET_ALTERED",
			map[string]any{"apikey": "key-ann", "used": "the secret and white space around it"}},
		{"secret and a line break", sign(w.claims(nil), w.secret+"\n"), "4002.SECRET_ALTERED", nil},
		{"secret in quotes", sign(w.claims(nil), `"`+w.secret+`"`), "4002.SECRET_ALTERED",
			map[string]any{"used": "the secret in quotes"}},
		{"secret taken for hexadecimal", sign(w.claims(nil), decoded(hex.DecodeString(w.secret))), "4002.SECRET_ALTERED",
			map[string]any{"used": "the secret decoded from hexadecimal"}},
		{"secret taken for base64", sign(w.claims(nil), decoded(base64.StdEncoding.DecodeString(w.secret))),
			"4002.SECRET_ALTERED", map[string]any{"used": "the secret decoded from base64"}},
		{"secret encoded in base64", sign(w.claims(nil), base64.StdEncoding.EncodeToString([]byte(w.secret))),
			"4002.SECRET_ALTERED", map[string]any{"used": "the secret encoded in base64"}},
		{"secret encoded with a line break", sign(w.claims(nil), base64.StdEncoding.EncodeToString([]byte(w.secret+"\n"))),
			"4002.SECRET_ALTERED", map[string]any{"used": "the secret encoded in base64"}},
		{"the key for the secret", sign(w.claims(nil), w.key.ID), "4002.SECRET_ALTERED",
			map[string]any{"used": "the API key itself"}},
		{"no secret", sign(w.claims(nil), ""), "4002.SECRET_ALTERED", map[string]any{"used": "an empty secret"}},
		{"wrong secret and everything else wrong",
			sign(jwt.MapClaims{"apikey": "key-ann", "exp": 1, "roomId": 5}, "another secret"), "4002.SIGNATURE_MISMATCH", nil},
		{"expired", w.token(jwt.MapClaims{"exp": now.Unix() - 101}), "4002.EXPIRED",
			map[string]any{"exp": now.Unix() - 101, "serverTime": now.Unix(), "expiredForSec": int64(101),
				"leewaySec": int64(60)}},
		{"expired in 1970", w.token(jwt.MapClaims{"exp": 0}), "4002.EXPIRED", nil},
		{"expired at minus infinity", w.token(jwt.MapClaims{"exp": json.Number("-1e400")}), "4002.EXPIRED", nil},
		{"exp text", w.token(jwt.MapClaims{"exp": "24h"}), "4002.CLAIM_TYPE",
			map[string]any{"claim": "exp", "got": "a string"}},
		{"exp null", w.token(jwt.MapClaims{"exp": nil}), "4002.CLAIM_TYPE", map[string]any{"claim": "exp", "got": "null"}},
		{"not before", w.token(jwt.MapClaims{"nbf": now.Unix() + 61}), "4002.NOT_YET_VALID",
			map[string]any{"claim": "nbf", "earlyForSec": int64(61)}},
		{"issued in the future", w.token(jwt.MapClaims{"iat": now.Unix() + 3600}), "4002.NOT_YET_VALID",
			map[string]any{"claim": "iat", "earlyForSec": int64(3600)}},
		{"issued in milliseconds", w.token(jwt.MapClaims{"iat": now.UnixMilli()}), "4002.CLAIM_TYPE",
			map[string]any{"claim": "iat", "got": "a date past the year 9999, as milliseconds are"}},
		{"expires in milliseconds", w.token(jwt.MapClaims{"exp": now.UnixMilli()}), "4002.CLAIM_TYPE",
			map[string]any{"claim": "exp"}},
		{"exp beyond all clocks", w.token(jwt.MapClaims{"exp": json.Number("1e400")}), "4002.CLAIM_TYPE",
			map[string]any{"claim": "exp"}},
		{"nbf an array", w.token(jwt.MapClaims{"nbf": []int{1}}), "4002.CLAIM_TYPE",
			map[string]any{"claim": "nbf", "got": "an array"}},

		{"within the leeway",
			w.token(jwt.MapClaims{"exp": now.Unix() - 59, "nbf": now.Unix() + 59, "iat": now.Unix() + 59}), "", nil},
		{"no exp", w.token(jwt.MapClaims{"exp": absent, "iat": absent}), "", nil},
		{"exp with a fraction", w.token(jwt.MapClaims{"exp": float64(now.Unix()) + 0.5}), "", nil},
		{"exp in the year 9999", w.token(jwt.MapClaims{"exp": 253402300799}), "", nil},
		{"claims nobody knows", w.token(jwt.MapClaims{"sub": "x", "name": "Ann"}), "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := w.gate.Join(t.Context(), w.join(c.token))
			_, restErr := w.gate.REST(t.Context(), c.token)
			if c.want == "" {
				require.NoError(t, err)
				require.NoError(t, restErr)
				return
			}
			f := asFault(t, err, c.want)
			for key, value := range c.details {
				require.Equal(t, value, f.Details[key], key)
			}
			require.Equal(t, f.Detail, asFault(t, restErr, c.want).Detail, "REST says the same")
			require.NotContains(t, f.Error(), w.secret)
		})
	}
}

func TestLeewayIsConfigurable(t *testing.T) {
	w := newSetup(t)
	strict := gate.New(w.store, gate.Options{Now: func() time.Time { return now }})
	_, err := strict.Join(t.Context(), w.join(w.token(jwt.MapClaims{"exp": now.Unix() - 2})))
	require.EqualValues(t, 0, asFault(t, err, "4002.EXPIRED").Details["leewaySec"])
}

func TestMint(t *testing.T) {
	w := newSetup(t)
	token, err := gate.Mint(gate.Grant{
		APIKey: w.key.ID, Permissions: []string{gate.AllowJoin, gate.AllowMod}, MeetingID: "standup",
		ParticipantID: "ann", Roles: []string{gate.RoleRTC, gate.RoleCrawler}, IssuedAt: now, ExpiresIn: 10 * time.Minute,
	}, w.secret)
	require.NoError(t, err)

	var claims map[string]any
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(payload, &claims))
	require.Equal(t, map[string]any{
		"apikey": "key-ann", "permissions": []any{"allow_join", "allow_mod"}, "version": 2.0, "roomId": "standup",
		"participantId": "ann", "roles": []any{"rtc", "crawler"}, "iat": float64(now.Unix()),
		"exp": float64(now.Unix() + 600),
	}, claims)
	_, err = w.gate.Join(t.Context(), w.join(token))
	require.NoError(t, err)
}

// Any bytes: no panic, and a fault of the catalogue.
func FuzzToken(f *testing.F) {
	w := newSetup(f)
	good := w.token(nil)
	parts := strings.Split(good, ".")
	for _, seed := range []string{
		"", ".", "..", good, good[:20], "Bearer " + good, `"` + good + `"`, strings.Repeat(".", 9000), "a.b.c",
		"\xff.\xfe.\xfd",
		b64(`{"alg":"none"}`) + "." + parts[1] + ".",
		w.token(jwt.MapClaims{"exp": json.Number("1e999"), "roles": []any{nil}, "permissions": map[string]any{}}),
		b64(`{"alg":"HS256"}`) + "." + b64(`{"apikey":"key-ann","apikey":[[[[]]]]}`) + "." + parts[2],
	} {
		f.Add(seed, w.secret)
	}
	// payload is also signed properly, so that the claims are reached.
	f.Fuzz(func(t *testing.T, raw, payload string) {
		signed := b64(`{"alg":"HS256"}`) + "." + b64(payload)
		signature, err := jwt.SigningMethodHS256.Sign(signed, []byte(w.secret))
		require.NoError(t, err)
		for _, token := range []string{raw, signed + "." + base64.RawURLEncoding.EncodeToString(signature)} {
			_, joinErr := w.gate.Join(t.Context(), w.join(token))
			_, restErr := w.gate.REST(t.Context(), token)
			for _, err := range []error{joinErr, restErr} {
				if err == nil {
					continue
				}
				fe, ok := errors.AsType[*fault.Error](err)
				require.True(t, ok, "not a fault: %v", err)
				_, known := fe.Entry()
				require.True(t, known)
				require.NotEqual(t, 5101, fe.Code)
			}
		}
	})
}
