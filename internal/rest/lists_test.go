package rest_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// unseeded lists are of what their own tests make.
var unseeded = regexp.MustCompile(
	`^(admin-)?list-(audit|invites|console-sessions|events|conditions|drills|webhook-deliveries|nodes)$|^list-keys$|` +
		`^list-(alert-rules|incidents|notification-channels)$`,
)

// Each query parameter of each list changes what the list holds: a value that fits nothing empties it, a second page or
// a page of one is shorter than the whole. A parameter that is taken and ignored fails here.
func TestEveryQueryOfAListSelects(t *testing.T) {
	w, _ := newEgressFixture(t)
	room := w.newRoom(nil)["roomId"].(string)
	w.newRoom(map[string]any{"customRoomId": "second"})
	now := time.Now().UTC().Truncate(time.Millisecond)
	for _, id := range []string{"s1", "s2"} {
		require.NoError(t, w.store.SessionStarted(t.Context(),
			record.NewSession{ID: id, AccountID: w.account.ID, MeetingID: room, StartedAt: now.Add(-2 * time.Hour)}))
		for _, person := range []string{"ann", "bob"} {
			require.NoError(t, w.store.ParticipantJoined(t.Context(), record.NewParticipation{
				SessionID: id, ParticipantID: person, APIKey: w.key.ID, Name: person, Mode: wire.SendAndRecv,
				JoinedAt: now.Add(-2 * time.Hour),
			}))
			f := fault.MaxParticipantReachedLimit(2, 2, "account").WithAccount(w.account.ID).WithMeeting(room, id, person)
			require.NoError(t, w.store.SaveFault(t.Context(), f))
		}
		require.NoError(t, w.store.SessionEnded(t.Context(), id, now.Add(-time.Hour)))
		for _, kind := range []job.Kind{
			job.Recording, job.Livestream, job.HLS, job.Participant, job.Track, job.Composite, job.Merge, job.HLSToMP4,
			job.CompositeMerge, job.RecordingMerge,
		} {
			w.kept(room, id, fmt.Sprintf("%s-%s", kind, id), kind, func(j *record.Job) {
				j.Sources = []job.Source{{ParticipantID: "ann", Kind: wire.Audio, RecordingID: "source"}}
			})
		}
		_, _, err := w.store.CreateStreamKey(t.Context(), record.NewStreamKey{
			AccountID: w.account.ID, APIKey: w.key.ID, MeetingID: room, ParticipantID: id, ExpiresAt: now.Add(time.Hour),
		})
		require.NoError(t, err)
	}
	for id, outcome := range map[string]string{"pct_1": "passed", "pct_2": "failed"} {
		require.NoError(t, w.store.SavePreCallTest(t.Context(), record.PreCallTest{
			ID: id, AccountID: w.account.ID, CreatedAt: now, Outcome: outcome, Report: []byte("{}"),
		}, 10))
	}
	w.join(room, "ann")
	w.join(room, "bob")
	second := w.newRoom(nil)["roomId"].(string)
	w.join(second, "ann")
	live := w.live()[0]["sessionId"].(string)
	for _, each := range w.live() {
		if each["meetingId"] == room {
			live = each["sessionId"].(string)
		}
	}

	w.recorded(live, 2)

	walked := 0
	for path, item := range openDocument(t).Paths {
		op, ok := item["get"]
		if !ok || !strings.Contains(op.OperationID, "list-") || unseeded.MatchString(op.OperationID) {
			continue
		}
		session := "s1"
		if strings.HasSuffix(path, "/active") {
			session = live
		}
		address := strings.NewReplacer("{sessionId}", session, "{accountId}", w.account.ID).Replace(path)
		require.NotContains(t, address, "{", "what is %s of?", path)
		count := func(name, value string) int {
			query := ""
			if name != "" {
				query = "?" + url.Values{name: {value}}.Encode()
			}
			token := w.token
			if strings.HasPrefix(path, "/admin/") {
				token = "Bearer " + adminToken
			}
			got := w.call(token, "GET", address+query, nil)
			if got.status == http.StatusNotFound { // an account that does not exist
				return 0
			}
			items, ok := itemsOf(path, got.ok())
			require.True(t, ok, "%s answers with no list", path)
			return items
		}
		all := count("", "")
		require.Greater(t, all, 1, "%s: the test has seeded nothing that it lists", op.OperationID)
		for _, p := range op.Parameters {
			if p.In != "query" || p.Name == "withTranscription" { // which takes nothing but false
				continue
			}
			walked++
			at := op.OperationID + " ?" + p.Name
			values := valuesOf(p.Name, p.Schema, now)
			require.True(t, slices.ContainsFunc(values, func(value string) bool { return count(p.Name, value) < all }),
				"%s is taken and ignored", at)
		}
	}
	require.Greater(t, walked, 70)
}

// itemsOf returns how many items an answer lists, under one of the published keys. Participants are listed inside their
// session, which is an object, or an array of one.
func itemsOf(path string, answer map[string]any) (items int, ok bool) {
	data := answer["data"]
	if strings.Contains(path, "/participants") {
		if list, is := data.([]any); is && len(list) == 1 {
			data = list[0]
		}
		session, _ := data.(map[string]any)
		data = session["participants"]
	}
	for _, value := range []any{data, answer["recordings"]} {
		if list, is := value.([]any); is {
			return len(list), true
		}
	}
	return 0, false
}

// valuesOf returns values of a parameter of which one must leave something out.
func valuesOf(name string, s parameterSchema, now time.Time) []string {
	switch {
	case len(s.Enum) > 0:
		var words []string
		for _, word := range s.Enum {
			words = append(words, fmt.Sprint(word))
		}
		return words
	case name == "page":
		return []string{"2"}
	case name == "perPage":
		return []string{"1"}
	case name == "startDate":
		return []string{strconv.FormatInt(now.Add(time.Hour).UnixMilli(), 10)}
	case name == "endDate":
		return []string{strconv.FormatInt(now.Add(-30*24*time.Hour).UnixMilli(), 10)}
	case name == "since":
		return []string{now.Add(time.Hour).Format(time.RFC3339)}
	case name == "until":
		return []string{"2000-01-01T00:00:00Z"}
	case s.Type == "integer":
		return []string{fmt.Sprintf("%.0f", *s.Maximum)}
	}
	return []string{"nothing-such"}
}
