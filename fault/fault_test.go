package fault

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestVideoSDKErrorsAreThePublishedRows(t *testing.T) {
	raw, err := os.ReadFile("testdata/published.json")
	require.NoError(t, err)
	var rows []ErrorInfo
	require.NoError(t, json.Unmarshal(raw, &rows))
	require.Len(t, rows, 25)
	require.Len(t, VideoSDKErrors, 25)
	for _, row := range rows {
		require.Equal(t, row, VideoSDKErrors[row.Code])
	}
}

// Every entry is built with a value for each param: nothing of a template may be left over, and every value
// must stand in details.
func TestEveryEntryFillsItsTemplates(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[A-Za-z]\w*\}`)
	sample := map[string]any{"string": "x y", "int": int64(7), "float": 1.5, "bool": true, "strings": []string{"a", "b"}}
	for _, e := range Catalogue() {
		t.Run(e.Key(), func(t *testing.T) {
			var values []any
			for _, p := range e.Params {
				values = append(values, sample[p.Type])
			}
			f := build(byKey[e.Key()], values...)
			require.Equal(t, e.Code, f.Code)
			require.Equal(t, e.Reason, f.Reason)
			for _, text := range []string{f.Detail, f.Remedy, f.Param} {
				require.NotRegexp(t, placeholder, text)
			}
			require.NotEmpty(t, f.Message)
			require.NotEmpty(t, f.Detail)
			require.NotEmpty(t, f.Remedy)
			if e.StartingCode != 0 {
				require.EqualValues(t, e.StartingCode, f.Details["startingCode"])
				delete(f.Details, "startingCode")
			}
			require.Len(t, f.Details, len(e.Params))
			require.Equal(t, fmt.Sprintf("/errors/%d#%s", e.Code, e.Reason), f.Docs)
			require.Equal(t, e.HTTP, f.HTTPStatus())
			entry, ok := f.Entry()
			require.True(t, ok)
			require.Equal(t, e, entry)
			code := f.CloseCode()
			require.True(t, code == 1012 || code == 1013 || code >= 3000 && code < 5000, "RFC 6455, section 7.4.2")
		})
	}
}

func TestIDIsAULIDOfItsMoment(t *testing.T) {
	shape := regexp.MustCompile(`^flt_[0-7][0-9A-HJKMNP-TV-Z]{25}$`)
	last := ""
	for range 200 {
		before := time.Now().UnixMilli()
		id := newID()
		after := time.Now().UnixMilli()
		require.Regexp(t, shape, id)
		var ms int64
		for _, c := range id[4:14] {
			ms = ms<<5 | int64(strings.IndexRune(crockford, c))
		}
		require.GreaterOrEqual(t, ms, before)
		require.LessOrEqual(t, ms, after)
		require.Less(t, last, id, "ids sort in the order in which they were made")
		last = id
	}
}

func TestRoundTripThroughJSON(t *testing.T) {
	sent := Presentation{BaseURL: "https://host"}.Of(InvalidTokenExpired(1795331161, 1795331262, 101, 60).
		WithMeeting("abcd-efgh-ijkl", "s1", "ann").RetryAfter(2 * time.Second).CausedBy(newID()))
	raw, err := json.Marshal(sent)
	require.NoError(t, err)
	var got Error
	require.NoError(t, json.Unmarshal(raw, &got))
	require.Equal(t, float64(101), got.Details["expiredForSec"])
	got.Details, sent.Details = nil, nil
	require.Equal(t, *sent, got)

	again, err := json.Marshal(&got)
	require.NoError(t, err)
	for _, field := range []string{
		"code", "name", "message", "reason", "detail", "remedy", "param", "details", "fatal", "retryable", "retryAfterMs",
		"id", "causeId", "at", "docs", "consoleUrl", "meetingId", "sessionId", "participantId",
	} {
		require.Contains(t, string(raw), fmt.Sprintf("%q:", field))
	}
	require.NotContains(t, string(again), "details", "absent stays absent")
}

func TestIsAsAndBecause(t *testing.T) {
	root := errors.New("disk on fire")
	first := ServerUnavailableStore("insert session").Because(fmt.Errorf("sqlite: %w", root))
	second := InvalidMeetingIDNotFound("abcd-efgh-ijkl").Because(fmt.Errorf("join: %w", first))
	wrapped := fmt.Errorf("signal: %w", second)

	require.ErrorIs(t, wrapped, root)
	require.ErrorIs(t, wrapped, InvalidMeetingIDNotFound("another"), "same code and reason")
	require.ErrorIs(t, wrapped, ServerUnavailableStore(""))
	require.NotErrorIs(t, wrapped, InvalidMeetingIDEmpty(), "same code, another reason")
	require.Equal(t, first.ID, second.CauseID)
	require.Empty(t, first.CauseID)
	require.Same(t, second, From(wrapped))
	require.Nil(t, From(nil))
	require.Equal(t, "5101.INTERNAL", must(From(root).Entry()).Key())
	require.ErrorIs(t, From(root), root)
}

func must(e Entry, ok bool) Entry {
	if !ok {
		return Entry{}
	}
	return e
}

func TestIs(t *testing.T) {
	expired := InvalidTokenExpired(1, 2, 3, 4)
	later := ServerUnavailableStore("insert session").Because(expired)
	for _, tc := range []struct {
		name    string
		err     error
		code    int
		reasons []string
		want    bool
	}{
		{"the code", expired, CodeInvalidToken, nil, true},
		{"another code", expired, CodeInvalidAPIKey, nil, false},
		{"wrapped", fmt.Errorf("join: %w", expired), CodeInvalidToken, nil, true},
		{"joined", errors.Join(errors.New("other"), expired), CodeInvalidToken, nil, true},
		{"the reason", expired, CodeInvalidToken, []string{ReasonEmpty, ReasonExpired}, true},
		{"another reason", expired, CodeInvalidToken, []string{ReasonEmpty}, false},
		{"the cause of another fault", later, CodeInvalidToken, nil, false},
		{"no fault", errors.New("other"), CodeInvalidToken, nil, false},
		{"no error", nil, CodeInvalidToken, nil, false},
		{"no fault, of its type", (*Error)(nil), CodeInvalidToken, nil, false},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, tc.want, Is(tc.err, tc.code, tc.reasons...)) })
	}
}

func TestDurationsAndIntegersAreNumbersOfDetails(t *testing.T) {
	require.Equal(t, map[string]any{"method": "join", "timeoutMs": int64(1500)},
		OperationTimedOutNoAnswer("join", 1500*time.Millisecond).Details)
	require.Equal(t, map[string]any{"limit": int64(3), "present": int64(4), "scope": "account"},
		MaxParticipantReachedLimit(3, 4, "account").Details)
	require.Equal(t, int64(90), WebhookDeliveryFailedGivenUp("e", 1, 90*time.Second).Details["afterSec"])
}

func TestWordsKeepsThePublishedTextForNothing(t *testing.T) {
	require.Equal(t, "Closed since May.", AccountDiscontinuedDiscontinued("2026").WithMessage("Closed since May.").Message)
	require.Equal(t, VideoSDKErrors[4007].Message, AccountDiscontinuedDiscontinued("2026").WithMessage("").Message)
}

func TestAValueCannotOpenAnotherPlaceholder(t *testing.T) {
	f := UnauthorizedMeetingIDMismatch("{requested}", "{claim}")
	require.Equal(t, "The token is for the meeting {requested}; the request is for {claim}.", f.Detail)
}

func TestTame(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"plain", "abcd-efgh-ijkl", "abcd-efgh-ijkl"},
		{"letters of the world", "héllo 日本 👋", "héllo 日本 👋"},
		{"line break and escape", "a\nb\x1b[31m", "a·b·[31m"},
		{"right to left override", "a\u202eb", "a·b"},
		{"not UTF-8", "a\xff\xfeb", "a··b"},
		{"exactly the limit", strings.Repeat("é", maxValueRunes), strings.Repeat("é", maxValueRunes)},
		{"too long", "a" + strings.Repeat("é", maxValueRunes) + "z",
			"a" + strings.Repeat("é", 99) + "…" + strings.Repeat("é", 98) + "z"},
		{"too long and not UTF-8", strings.Repeat("\xff", 300), strings.Repeat("·", 100) + "…" + strings.Repeat("·", 99)},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, tc.want, tameString(tc.in, maxValueRunes)) })
	}
	claims := make([]string, 1000)
	for i := range claims {
		claims[i] = fmt.Sprint(i)
	}
	kept := InvalidAPIKeyKeyMissing(claims).Details["claims"].([]string)
	require.Len(t, kept, maxListItems)
	require.Equal(t, "48", kept[48])
	require.Equal(t, "… 951 more", kept[49])
}

// What is said of a failure stands at the end of a message as often as at its beginning.
func TestALongProblemKeepsItsEnd(t *testing.T) {
	problem := strings.Repeat("open /a/very/long/path: ", 12) + "no space left on device"
	require.Contains(t, StartRecordingFailedStorageUnwritable(problem).Detail, problem)
	endless := StartRecordingFailedStorageUnwritable(strings.Repeat(problem, 100))
	require.Contains(t, endless.Detail, "no space left on device.")
	require.Less(t, len(endless.Detail), 1200)
}

func TestErrorTellsTheWholeFault(t *testing.T) {
	f := InvalidTokenExpired(1795331161, 1795331262, 101, 60)
	want := "4002 INVALID_TOKEN (EXPIRED): The token expired 101 s ago; the server allows 60 s of clock difference. " +
		"Mint a new token on your server and join again. [" + f.ID + "]"
	require.Equal(t, want, f.Error())
	require.Equal(t, "join: "+want, fmt.Sprintf("join: %v", error(f)))
	require.Equal(t, want, fmt.Sprintf("%s", f))
}

func TestAProcessWithoutLastWords(t *testing.T) {
	f := RecordingFailedEncoderDied("", 1, "")
	require.Equal(t, "The encoder ended unexpectedly (signal none, exit code 1). Its last output: none.", f.Detail)
	require.Equal(t, "", f.Details["signal"])
}

func FuzzTameString(f *testing.F) {
	for _, seed := range []string{"", "abc", "a\x00b", "\xff\xfe", "\u202e", strings.Repeat("x", 300), "👩‍👩‍👧"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := tameString(s, maxValueRunes)
		require.True(t, utf8.ValidString(got))
		require.LessOrEqual(t, utf8.RuneCountInString(got), maxValueRunes)
		require.NotContains(t, got, "\n")
		require.NotContains(t, got, "\ufffd")
		require.Equal(t, got, tameString(got, maxValueRunes), "a tame value stays as it is")
	})
}

func TestFind(t *testing.T) {
	for _, tc := range []struct {
		query string
		want  int // entries
		first string
	}{
		{"4002.EXPIRED", 1, "4002.EXPIRED"},
		{" expired ", 2, "3075.EXPIRED"},
		{"invalid_token", len(Find("4002")), "4002.EMPTY"},
		{"4000", 0, ""},
		{"", 0, ""},
	} {
		found := Find(tc.query)
		require.Len(t, found, tc.want, tc.query)
		if tc.want > 0 {
			require.Equal(t, tc.first, found[0].Key())
		}
	}
	require.Equal(t, []string{"4001", "4002", "4003"}, Nearest("4000", 3))
	require.Equal(t, "INVALID_TOKEN", Nearest("invalid_tokn", 1)[0])
	require.Equal(t, "EXPIRED", Nearest("EXPIERD", 1)[0])
	groups := ByCode(Catalogue())
	n := 0
	for _, group := range groups {
		for _, e := range group {
			require.Equal(t, group[0].Code, e.Code)
			n++
		}
	}
	require.Equal(t, len(Catalogue()), n)
}

func TestConstructorsTakeTheirOwnEntry(t *testing.T) {
	// A constructor knows its entry by index; a hand-edited file would mix them up.
	for _, tc := range []struct {
		got  *Error
		want string
	}{
		{CameraAccessDeniedOrDismissedPermissionDenied("n", "m"), "3017.PERMISSION_DENIED"},
		{InvalidTokenExpired(1, 2, 3, 4), "4002.EXPIRED"},
		{DuplicateParticipantReplaced("t", "c"), "4005.REPLACED"},
		{ServerUnavailableInternal(), "5101.INTERNAL"},
	} {
		require.Equal(t, tc.want, must(tc.got.Entry()).Key())
	}
}

func TestParamIsEmptyWhereNoFieldOffends(t *testing.T) {
	require.Empty(t, RequestNotOfferedNotOffered("POST /v2/sip/call", "", "SIP").Param)
	f := RequestNotOfferedNotOffered("POST /v2/recordings/start", "transcription", "transcription")
	require.Equal(t, "transcription", f.Param)
	require.Equal(t, "NOT_OFFERED", f.Name)
	require.Equal(t, 501, f.HTTPStatus())
}
