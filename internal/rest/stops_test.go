package rest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/rest"
)

// Each field of each call that stops a job changes which job is stopped, or is refused by name.
func TestEveryFieldOfAStopReachesTheJob(t *testing.T) {
	recorder := &requestRecorder{}
	w := newFixture(t, func(o *rest.Options) { o.Egress = recorder })
	roomID := w.newRoom(nil)["roomId"].(string)
	w.newRoom(map[string]any{"customRoomId": "another"})
	kinds := map[string]job.Kind{
		"hls": job.HLS, "livestreams": job.Livestream, "recordings": job.Recording, "participant": job.Participant,
		"track": job.Track, "composite": job.Composite,
	}
	now := time.Now()
	require.NoError(t, w.store.SessionStarted(t.Context(),
		record.NewSession{ID: "s", AccountID: w.account.ID, MeetingID: roomID, StartedAt: now}))
	for _, kind := range kinds {
		for _, id := range []string{"one", "two"} {
			w.kept(roomID, "s", string(kind)+id, kind, func(j *record.Job) { j.State, j.EndedAt = job.Started, time.Time{} })
		}
	}
	walked := 0
	doc := openDocument(t)
	for path, methods := range doc.Paths {
		verb := path[strings.LastIndexByte(path, '/')+1:]
		if verb != "stop" && verb != "end" || strings.Contains(path, "session") {
			continue
		}
		steps := strings.Split(path, "/")
		kind, known := kinds[steps[len(steps)-2]]
		require.True(t, known, path)
		base := map[string]any{"roomId": roomID}
		switch kind {
		case job.Composite:
			base["recordingId"] = string(kind) + "one"
		case job.Track:
			base["kind"] = "audio"
			fallthrough
		case job.Participant:
			base["participantId"] = "ann"
		}
		ask := func(body map[string]any) (job.StopRequest, answer) {
			recorder.stopped = job.StopRequest{}
			a := w.call(w.token, "POST", path, body)
			return recorder.stopped, a
		}
		plain, a := ask(base)
		require.Equal(t, kind, plain.Kind, "%s: %s", path, a.body)
		for _, field := range doc.leaves(methods["post"].RequestBody.Content["application/json"].Schema, "") {
			walked++
			value := map[string]any{
				"roomId": "another", "id": string(kind) + "two", "recordingId": string(kind) + "two", "participantId": "bob",
				"kind": "video",
			}[field]
			require.NotNil(t, value, "%s: %s has no sample", path, field)
			got, a := ask(with(base, field, value))
			if got.Kind == "" { // refused by name: the id is of a job of the other room
				require.Equal(t, "roomId", field, a.body)
				require.Contains(t, a.body, roomID)
				continue
			}
			require.NotEqual(t, plain, got, "%s takes %s and ignores it", path, field)
		}
	}
	require.Greater(t, walked, 20)
}
