package gate_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

func ptr[T any](v T) *T { return &v }

func TestJoinAdmits(t *testing.T) {
	w := newSetup(t)
	p := w.join(w.token(jwt.MapClaims{"permissions": []string{"allow_join", "allow_mod"}}))
	p.MeetingID = "standup"
	p.ParticipantID = ptr("ann")
	p.Mode = "VIEWER"
	p.MetaData = json.RawMessage(` {"hand":true}`)
	p.AutoConsume = ptr(false)
	p.Client = wire.ClientInfo{SDKType: "go"}

	got, err := w.gate.Join(t.Context(), p)
	require.NoError(t, err)
	require.NotZero(t, got.TokenSum)
	require.Equal(t, gate.Admission{
		AccountID: w.account.ID, APIKey: "key-ann", Meeting: w.meeting, TokenSum: got.TokenSum,
		ParticipantID: "ann", Name: "Ann", Mode: wire.SignallingOnly, MetaData: p.MetaData, Client: p.Client,
		MayJoin: true, MayModerate: true, MayEnd: true, MayEgress: true,
		Limits: record.Limits{Participants: 7}, AutoClose: record.AutoClose{DurationMin: 30, Deactivate: true},
	}, got)
}

func TestJoinDefaults(t *testing.T) {
	w := newSetup(t)
	p := w.join(w.token(jwt.MapClaims{"permissions": []string{"ask_join"}, "version": absent}))
	got, err := w.gate.Join(t.Context(), p)
	require.NoError(t, err)
	require.Empty(t, got.ParticipantID)
	require.Equal(t, wire.SendAndRecv, got.Mode)
	require.True(t, got.AutoConsume)
	require.False(t, got.MayJoin || got.MayModerate || got.MayEnd)
}

func TestAccountPermissions(t *testing.T) {
	for _, c := range []struct {
		name                      string
		settings                  record.Settings
		mayMod, mayEnd, mayEgress bool
	}{
		{"nothing", record.Settings{}, false, false, false},
		{"ending", record.Settings{EveryoneMayEnd: true}, false, true, false},
		{"recordings and streams", record.Settings{EveryoneMayEgress: true}, false, false, true},
		{"moderating, which includes the others", record.Settings{EveryoneMayModerate: true}, true, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newSetup(t)
			_, err := w.store.UpdateAccount(t.Context(), w.account.ID, func(a *record.Account) { a.Settings = c.settings })
			require.NoError(t, err)
			got, err := w.gate.Join(t.Context(), w.join(w.token(nil)))
			require.NoError(t, err)
			require.Equal(t, []bool{c.mayMod, c.mayEnd, c.mayEgress}, []bool{got.MayModerate, got.MayEnd, got.MayEgress})
		})
	}
}

func TestJoinClaims(t *testing.T) {
	w := newSetup(t)
	for _, c := range []struct {
		name   string
		claims jwt.MapClaims
		change func(*wire.JoinParams)
		want   string
		detail string
	}{
		{"no permissions", jwt.MapClaims{"permissions": absent}, nil, "4008.PERMISSIONS_MISSING", ""},
		{"permissions null", jwt.MapClaims{"permissions": nil}, nil, "4008.PERMISSIONS_MISSING", ""},
		{"permissions empty", jwt.MapClaims{"permissions": []string{}}, nil, "4008.PERMISSIONS_MISSING", ""},
		{"permissions a string", jwt.MapClaims{"permissions": "allow_join"}, nil, "4008.NOT_AN_ARRAY", "is a string"},
		{"permissions with a number", jwt.MapClaims{"permissions": []any{"allow_join", 1}}, nil, "4008.NOT_AN_ARRAY",
			"a number at index 1"},
		{"permission unknown", jwt.MapClaims{"permissions": []string{"allow_join", "allow_all"}}, nil,
			"4008.UNKNOWN_PERMISSION", "allow_all"},
		{"permission with a space", jwt.MapClaims{"permissions": []string{"allow_join "}}, nil,
			"4008.UNKNOWN_PERMISSION", `"allow_join "`},
		{"ask and allow", jwt.MapClaims{"permissions": []string{"ask_join", "allow_join"}}, nil, "4008.CONFLICT",
			"ask_join, allow_join"},
		{"ask and mod", jwt.MapClaims{"permissions": []string{"allow_mod", "ask_join"}}, nil, "4008.CONFLICT", ""},
		{"only mod", jwt.MapClaims{"permissions": []string{"allow_mod"}}, nil, "4008.NO_ENTRY", "allow_mod"},

		{"roles without version", jwt.MapClaims{"roles": []string{"rtc"}, "version": absent}, nil, "4002.VERSION", "missing"},
		{"roomId with version 1", jwt.MapClaims{"roomId": w.meeting.ID, "version": 1}, nil, "4002.VERSION", "is 1"},
		{"participantId without version", jwt.MapClaims{"participantId": "ann", "version": absent}, nil, "4002.VERSION", ""},
		{"version a string", jwt.MapClaims{"version": "2"}, nil, "4002.CLAIM_TYPE", "version"},
		{"roles a string", jwt.MapClaims{"roles": "rtc"}, nil, "4002.CLAIM_TYPE", "roles"},
		{"roles with null", jwt.MapClaims{"roles": []any{nil}}, nil, "4002.CLAIM_TYPE", "null at index 0"},
		{"role unknown", jwt.MapClaims{"roles": []string{"rtc", "admin"}}, nil, "4024.UNKNOWN_ROLE", "admin"},
		{"role with a space", jwt.MapClaims{"roles": []string{" rtc"}}, nil, "4024.UNKNOWN_ROLE", `" rtc"`},
		{"role crawler only", jwt.MapClaims{"roles": []string{"crawler"}}, nil, "4024.JOIN_NEEDS_RTC", "crawler"},
		{"roomId a number", jwt.MapClaims{"roomId": 7}, nil, "4002.CLAIM_TYPE", "roomId"},
		{"participantId null", jwt.MapClaims{"participantId": nil}, nil, "4002.CLAIM_TYPE", "participantId"},

		{"token for another meeting",
			jwt.MapClaims{"roomId": w.newMeeting(w.account.ID, "retro", record.MeetingConfig{}).ID}, nil, "4022.MISMATCH", ""},
		{"token for a foreign meeting", jwt.MapClaims{"roomId": w.foreign.ID}, nil, "4022.MISMATCH", ""},
		{"token for an empty roomId", jwt.MapClaims{"roomId": ""}, nil, "4022.MISMATCH", ""},
		{"empty roomId, unnamed meeting", jwt.MapClaims{"roomId": ""}, func(p *wire.JoinParams) {
			p.MeetingID = w.newMeeting(w.account.ID, "", record.MeetingConfig{}).ID
		}, "4022.MISMATCH", ""},
		{"token for a meeting, unknown one asked for", jwt.MapClaims{"roomId": w.meeting.ID},
			func(p *wire.JoinParams) { p.MeetingID = "nope" }, "4022.MISMATCH", "nope"},
		{"token for a meeting, none asked for", jwt.MapClaims{"roomId": w.meeting.ID},
			func(p *wire.JoinParams) { p.MeetingID = "" }, "4003.EMPTY", ""},
		{"token for another participant", jwt.MapClaims{"participantId": "ann"},
			func(p *wire.JoinParams) { p.ParticipantID = ptr("bob") }, "4023.MISMATCH", "bob"},
		{"token for a participant, empty id asked for", jwt.MapClaims{"participantId": "ann"},
			func(p *wire.JoinParams) { p.ParticipantID = ptr("") }, "4004.EMPTY", ""},
		{"token for an impossible participant", jwt.MapClaims{"participantId": "a b"}, nil, "4004.WHITESPACE", ""},

		{"roles without a name", jwt.MapClaims{"roles": []string{}}, nil, "", ""},
		{"both roles", jwt.MapClaims{"roles": []string{"rtc", "crawler"}}, nil, "", ""},
		{"token names the custom id", jwt.MapClaims{"roomId": "standup"}, nil, "", ""},
		{"request names the custom id", jwt.MapClaims{"roomId": w.meeting.ID},
			func(p *wire.JoinParams) { p.MeetingID = "standup" }, "", ""},
		{"both name the custom id", jwt.MapClaims{"roomId": "standup"},
			func(p *wire.JoinParams) { p.MeetingID = "standup" }, "", ""},
		{"token for the participant", jwt.MapClaims{"participantId": "ann"},
			func(p *wire.JoinParams) { p.ParticipantID = ptr("ann") }, "", ""},
		{"version 2.0", jwt.MapClaims{"version": json.Number("2.0"), "roles": []string{"rtc"}}, nil, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := w.join(w.token(c.claims))
			if c.change != nil {
				c.change(&p)
			}
			_, err := w.gate.Join(t.Context(), p)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.Contains(t, asFault(t, err, c.want).Detail, c.detail)
		})
	}
	t.Run("the token's participant id is taken where the request has none", func(t *testing.T) {
		got, err := w.gate.Join(t.Context(), w.join(w.token(jwt.MapClaims{"participantId": "ann"})))
		require.NoError(t, err)
		require.Equal(t, "ann", got.ParticipantID)
	})
}

func TestJoinMeeting(t *testing.T) {
	w := newSetup(t)
	closed := w.newMeeting(w.account.ID, "closed", record.MeetingConfig{})
	_, err := w.store.SetMeetingDisabled(t.Context(), w.account.ID, closed.ID, true, now.Add(-time.Hour))
	require.NoError(t, err)
	private := w.newMeeting(w.account.ID, "private", record.MeetingConfig{AllowedParticipantIDs: []string{"ann", "bob"}})

	for _, c := range []struct {
		name, meeting string
		participant   *string
		want, detail  string
	}{
		{"none", "", nil, "4003.EMPTY", ""},
		{"a link", "https://meet.example.com/" + strings.Repeat("x", 120), nil, "4003.TOO_LONG", "145"},
		{"never made", "aaaa-bbbb-cccc", nil, "4003.NOT_FOUND", "aaaa-bbbb-cccc"},
		{"with a NUL", "stand\x00up", nil, "4003.NOT_FOUND", ""},
		{"a link to the meeting", "http://127.0.0.1:4000/meet/" + w.meeting.ID, nil, "4003.MALFORMED",
			"the id in it may be " + w.meeting.ID},
		{"a link and a token", "http://h/meet/x#token=a.b.c", nil, "4003.MALFORMED", "it is a link; the id in it may be x"},
		{"a line break after it", w.meeting.ID + "\n", nil, "4003.MALFORMED", "white space"},
		{"in quotes", `"` + w.meeting.ID + `"`, nil, "4003.MALFORMED", "quotes"},
		{"undefined", "undefined", nil, "4003.MALFORMED", `the word "undefined"`},
		{"a placeholder", "{roomId}", nil, "4003.MALFORMED", "placeholder"},
		{"in capitals", strings.ToUpper(w.meeting.ID), nil, "4003.MALFORMED", "no capital letters"},
		{"the secret", w.secret, nil, "4003.MALFORMED", "64 hexadecimal digits"},
		{"disabled", "closed", nil, "4052.DEACTIVATED", "2026-11-22T06:07:42.000Z"},
		{"not on the list", "private", ptr("eve"), "4023.NOT_LISTED", "eve"},
		{"a list and no id", "private", nil, "4023.NOT_LISTED", `""`},
		{"on the list", private.ID, ptr("bob"), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := w.join(w.token(nil))
			p.MeetingID, p.ParticipantID = c.meeting, c.participant
			_, err := w.gate.Join(t.Context(), p)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.Contains(t, asFault(t, err, c.want).Detail, c.detail)
		})
	}
}

// An unknown meeting and another account's meeting look the same, byte for byte.
func TestMeetingOfAnotherAccountIsUnknown(t *testing.T) {
	w := newSetup(t)
	_, err := w.store.SetMeetingDisabled(t.Context(), w.foreign.AccountID, w.foreign.ID, true, now)
	require.NoError(t, err)
	seen := func(meetingID string) string {
		p := w.join(w.token(nil))
		p.MeetingID = meetingID
		_, err := w.gate.Join(t.Context(), p)
		f := *asFault(t, err, "4003.NOT_FOUND")
		f.ID, f.At = "", fault.InstantOf(time.Time{})
		text, err := json.Marshal(f)
		require.NoError(t, err)
		return strings.ReplaceAll(string(text), meetingID, "ID")
	}
	require.Equal(t, seen("aaaa-bbbb-cccc"), seen(w.foreign.ID))
	require.Equal(t, seen("theirz"), seen("theirs"))
}

func TestKeyAndAccountStates(t *testing.T) {
	for _, c := range []struct {
		name  string
		set   func(context.Context, *setup) error
		want  string
		words string
	}{
		{"key revoked", func(ctx context.Context, w *setup) error {
			_, err := w.store.SetKeyState(ctx, w.key.ID, record.KeyRevoked, now)
			return err
		}, "4001.KEY_REVOKED", ""},
		{"key deactivated", func(ctx context.Context, w *setup) error {
			_, err := w.store.SetKeyState(ctx, w.key.ID, record.KeyDeactivated, now)
			return err
		}, "4053.DEACTIVATED", ""},
		{"account deactivated", func(ctx context.Context, w *setup) error {
			_, err := w.store.SetAccountState(ctx, w.account.ID, record.AccountDeactivated, "unpaid", now)
			return err
		}, "4006.DEACTIVATED", ""},
		{"account discontinued", func(ctx context.Context, w *setup) error {
			_, err := w.store.SetAccountState(
				ctx, w.account.ID, record.AccountDiscontinued, "Closed at your wish. Farewell.", now,
			)
			return err
		}, "4007.DISCONTINUED", "Closed at your wish. Farewell."},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newSetup(t)
			require.NoError(t, c.set(t.Context(), w))
			// The meeting does not exist and the id is bad: the state comes first.
			p := w.join(w.token(nil))
			p.MeetingID, p.ParticipantID = "nope", ptr("a b")
			_, err := w.gate.Join(t.Context(), p)
			f := asFault(t, err, c.want)
			require.Equal(t, "2026-11-22T07:07:42.000Z", f.Details["since"])
			if c.words != "" {
				require.Equal(t, c.words, f.Message)
			}
			_, err = w.gate.REST(t.Context(), w.token(nil))
			asFault(t, err, c.want)

			// Nobody without the secret learns the state.
			_, err = w.gate.Join(t.Context(), w.join(w.token(nil)+"AAAA"))
			asFault(t, err, "4002.SIGNATURE_MISMATCH")
		})
	}
}

// Everything is wrong at once; mending one thing after the other shows the order of the checks.
func TestOrderOfChecks(t *testing.T) {
	w := newSetup(t)
	ctx := t.Context()
	_, err := w.store.SetAccountState(ctx, w.account.ID, record.AccountDeactivated, "", now)
	require.NoError(t, err)

	claims := jwt.MapClaims{
		"apikey": "nobody", "exp": 1, "roomId": 5, "permissions": "allow_join",
		"roles": []string{"admin"}, "participantId": "ann",
	}
	secret := "wrong"
	p := w.join("")
	p.MeetingID, p.ParticipantID = "nope", ptr("a b")
	for _, step := range []struct {
		want string
		mend func()
	}{
		{"4001.UNKNOWN_KEY", func() { claims["apikey"] = w.key.ID }},
		{"4002.SIGNATURE_MISMATCH", func() { secret = w.secret }},
		{"4002.EXPIRED", func() { delete(claims, "exp") }},
		{"4002.CLAIM_TYPE", func() { claims["roomId"] = w.meeting.ID }},
		{"4002.VERSION", func() { claims["version"] = 2 }},
		{"4008.NOT_AN_ARRAY", func() { claims["permissions"] = []string{"allow_join"} }},
		{"4024.UNKNOWN_ROLE", func() { claims["roles"] = []string{"crawler"} }},
		{"4024.JOIN_NEEDS_RTC", func() { claims["roles"] = []string{"rtc"} }},
		{"4022.MISMATCH", func() { claims["roomId"] = "nope" }},
		{"4023.MISMATCH", func() { claims["participantId"] = "a b" }},
		{"4006.DEACTIVATED", func() {
			_, err := w.store.SetAccountState(ctx, w.account.ID, record.AccountActive, "", now)
			require.NoError(t, err)
		}},
		{"4003.NOT_FOUND", func() { p.MeetingID, claims["roomId"] = w.meeting.ID, w.meeting.ID }},
		{"4004.WHITESPACE", func() { p.ParticipantID, claims["participantId"] = ptr("ann"), "ann" }},
	} {
		p.Token, err = jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(secret))
		require.NoError(t, err)
		_, err = w.gate.Join(ctx, p)
		asFault(t, err, step.want)
		step.mend()
	}
	p.Token, err = jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(secret))
	require.NoError(t, err)
	_, err = w.gate.Join(ctx, p)
	require.NoError(t, err)
}

func TestDatabaseFailure(t *testing.T) {
	w := newSetup(t)
	token := w.token(nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := w.gate.Join(ctx, w.join(token))
	f := asFault(t, err, "5101.STORE")
	require.True(t, f.Retryable)
	_, err = w.gate.REST(ctx, token)
	asFault(t, err, "5101.STORE")
	_, err = w.gate.Meeting(ctx, w.account.ID, w.meeting.ID)
	require.NotContains(t, asFault(t, err, "5101.STORE").Detail, "context canceled")
}

// Whatever a client sends beside a good token: a fault of the catalogue, or an admission that everybody can be shown.
func FuzzJoinParams(f *testing.F) {
	w := newSetup(f)
	token := w.token(nil)
	f.Add([]byte(`{"protocol":1,"meetingId":"standup","participantId":"jose\u0301","name":"Ann","mode":"VIEWER"}`))
	f.Add([]byte(`{"protocol":1,"meetingId":"standup","metaData":{"a":[1]},"client":{"sdkType":"x"}}`))
	f.Add([]byte(`{"protocol":1,"meetingId":"standup","participantId":"p\u0430ypal","name":"\u202e"}`))
	f.Add([]byte(`{"protocol":1,"meetingId":"standup","metaData":null,"autoConsume":false}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p := wire.JoinParams{Protocol: wire.Version, MeetingID: "standup"}
		if json.Unmarshal(raw, &p) != nil {
			return
		}
		ident.Normalize(&p)
		if p.Check() != nil {
			return
		}
		p.Token = token
		a, err := w.gate.Join(t.Context(), p)
		if err != nil {
			f, ok := errors.AsType[*fault.Error](err)
			require.True(t, ok, "not a fault: %v", err)
			_, known := f.Entry()
			require.True(t, known)
			require.NotEqual(t, 5101, f.Code)
			return
		}
		require.Empty(t, ident.NameProblem(a.Name))
		require.Equal(t, ident.NFC(a.Name), a.Name)
		require.Equal(t, ident.NFC(a.ParticipantID), a.ParticipantID)
		if a.ParticipantID != "" {
			require.Nil(t, gate.CheckParticipantID(a.ParticipantID))
		}
		require.True(t, a.MetaData == nil || json.Valid(a.MetaData))
	})
}
