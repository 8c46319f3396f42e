package rest_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// testParticipant is somebody in a meeting, as signaling would hold them.
type testParticipant struct {
	*meeting.Participant
	closed chan *fault.Error
	reason chan wire.LeaveReason
}

func (g *testParticipant) Notify(wire.Event)  {}
func (g *testParticipant) Moved(*fault.Error) {}
func (g *testParticipant) Closed(reason wire.LeaveReason, f *fault.Error) {
	g.reason <- reason
	g.closed <- f
}

func (w *fixture) join(roomID, id string, change ...func(*meeting.JoinRequest)) *testParticipant {
	w.t.Helper()
	req := meeting.JoinRequest{
		AccountID: w.account.ID, APIKey: w.key.ID, MeetingID: roomID, ParticipantID: id, Name: strings.ToUpper(id),
		Mode:    wire.SendAndRecv,
		MayJoin: true, MayModerate: true, MetaData: json.RawMessage(`{"seat":1}`),
		Client: wire.ClientInfo{SDKType: "go", Platform: "linux"},
	}
	for _, c := range change {
		c(&req)
	}
	g := &testParticipant{closed: make(chan *fault.Error, 1), reason: make(chan wire.LeaveReason, 1)}
	p, _, err := w.meetings.Join(w.t.Context(), req, g)
	require.NoError(w.t, err)
	g.Participant = p
	return g
}

// out waits until a guest is put out.
func (w *fixture) out(g *testParticipant, code int, reason string, leave wire.LeaveCode) *fault.Error {
	w.t.Helper()
	select {
	case f := <-g.closed:
		require.NotNil(w.t, f)
		require.Equal(w.t, code, f.Code)
		require.Equal(w.t, reason, f.Reason)
		require.Equal(w.t, leave, (<-g.reason).Code)
		return f
	case <-time.After(5 * time.Second):
		w.t.Fatal("nobody was put out")
		return nil
	}
}

// recorded waits until the store has so many participants in the session: records follow the join.
func (w *fixture) recorded(sessionID string, participants int) map[string]any {
	w.t.Helper()
	var session map[string]any
	require.Eventually(w.t, func() bool {
		got := w.call(w.token, "GET", "/v2/sessions/"+sessionID, nil)
		if got.status != http.StatusOK {
			return false
		}
		session = got.ok()
		return len(session["participants"].([]any)) == participants
	}, 5*time.Second, 10*time.Millisecond)
	return session
}

func TestSessionLife(t *testing.T) {
	w := newFixture(t)
	roomID := w.newRoom(map[string]any{"customRoomId": "standup"})["roomId"].(string)
	w.refused(w.call(w.token, "POST", "/v2/sessions/end", map[string]any{"roomId": roomID}), 4109, "NO_LIVE_SESSION")
	w.refused(
		w.call(w.token, "POST", "/v2/sessions/end", map[string]any{"roomId": roomID, "ignoreClosed": true}),
		4109,
		"NO_LIVE_SESSION",
	)

	ann, bob := w.join(roomID, "ann"), w.join(roomID, "bob")
	id := ann.SessionID()
	running := w.recorded(id, 2)
	require.Equal(t, "ongoing", running["status"])
	require.Nil(t, running["end"])
	require.Equal(t, roomID, running["roomId"])
	require.Equal(t, "standup", running["customRoomId"])
	require.Equal(t, w.account.ID, running["userId"])
	require.Nil(t, running["chatLink"])
	for _, link := range running["links"].(map[string]any) {
		w.call(w.token, "GET", strings.TrimPrefix(link.(string), w.server.URL), nil).ok()
	}

	active := w.call(w.token, "GET", "/v2/sessions/"+id+"/participants/active", nil).ok()
	require.Len(t, active["data"], 1)
	first := active["data"].([]any)[0].(map[string]any)
	require.Equal(t, id, first["_id"])
	require.Equal(t, w.key.ID, first["apiKey"])
	require.Len(t, first["participants"], 2)

	// One participant at a time: pages count participants, not participations.
	page := w.call(w.token, "GET", "/v2/sessions/"+id+"/participants?perPage=1&page=2", nil).ok()
	require.Equal(
		t,
		map[string]any{"currentPage": 2.0, "perPage": 1.0, "lastPage": 2.0, "total": 2.0},
		page["pageInfo"],
	)
	people := page["data"].(map[string]any)["participants"].([]any)
	require.Equal(t, "bob", people[0].(map[string]any)["participantId"])

	for _, segment := range []string{"participants", "participant"} {
		one := w.call(w.token, "GET", "/v2/sessions/"+id+"/"+segment+"/ann", nil).ok()
		require.Equal(t, "ANN", one["name"])
		require.Equal(t, "SEND_AND_RECV", one["mode"])
		require.Equal(t, map[string]any{"seat": 1.0}, one["metaData"])
	}
	w.refused(w.call(w.token, "GET", "/v2/sessions/"+id+"/participants/nobody", nil), 4108, "PARTICIPANT")
	w.refused(w.call(w.otherToken, "GET", "/v2/sessions/"+id, nil), 4108, "SESSION")
	w.refused(w.call(w.otherToken, "GET", "/v2/sessions/"+id+"/participants/ann", nil), 4108, "SESSION")
	w.refused(
		w.call(w.token, "POST", "/v2/sessions/end", map[string]any{"roomId": roomID, "sessionId": "another"}),
		4108,
		"SESSION",
	)
	w.refused(
		w.call(
			w.token,
			"POST",
			"/v2/sessions/participants/remove",
			map[string]any{"roomId": roomID, "participantId": "nobody"},
		),
		4108,
		"PARTICIPANT",
	)

	locked := map[string]any{"roomId": roomID, "sessionId": id, "locked": true}
	require.Equal(t, locked, w.call(w.token, "POST", "/v2/sessions/lock", map[string]any{"roomId": "standup"}).ok())
	w.refused(
		w.call(w.token, "POST", "/v2/sessions/lock", map[string]any{"roomId": roomID, "sessionId": "another"}),
		4108,
		"SESSION",
	)
	locked["locked"] = false
	require.Equal(t, locked, w.call(w.token, "POST", "/v2/sessions/unlock", map[string]any{"sessionId": id}).ok())

	restrict := func(body map[string]any) answer { return w.call(w.token, "POST", "/v2/sessions/restrict", body) }
	restrictions := map[string]any{"audio": true, "video": true, "share": true, "chat": true}
	restricted := map[string]any{"roomId": roomID, "sessionId": id, "restrictions": restrictions}
	require.Equal(t, restricted, restrict(map[string]any{
		"roomId": "standup", "audio": true, "video": true, "share": true, "chat": true,
	}).ok())
	restrictions["video"] = false
	require.Equal(t, restricted, restrict(map[string]any{"meetingId": roomID, "video": false}).ok(), "the others stay")
	w.refused(restrict(map[string]any{"roomId": roomID, "sessionId": "another", "chat": true}), 4108, "SESSION")
	w.refused(restrict(map[string]any{"sessionId": id}), 4107, "BAD_PARAMS")
	w.refused(restrict(map[string]any{"sessionId": id, "microphone": true}), 4107, "BAD_PARAMS")
	w.refused(restrict(map[string]any{"sessionId": id, "chat": "yes"}), 4107, "BAD_PARAMS")

	removed := w.call(
		w.token, "POST", "/v2/sessions/participants/remove", map[string]any{"sessionId": id, "participantId": "bob"},
	)
	require.Equal(t, http.StatusOK, removed.status)
	require.Equal(t, "Participant removed successfully", removed.body)
	w.out(bob, 4103, "BY_API", wire.RemovePeerAPI)
	w.refused(
		w.call(
			w.token,
			"POST",
			"/v2/sessions/participants/remove",
			map[string]any{"roomId": "standup", "participantId": "bob"},
		),
		4108,
		"PARTICIPANT",
	)
	active = w.call(w.token, "GET", "/v2/sessions/"+id+"/participants/active", nil).ok()
	require.Len(t, active["data"].([]any)[0].(map[string]any)["participants"], 1)
	require.Len(t, w.recorded(id, 2)["participants"], 2, "who has left stays in the record")

	ended := w.call(w.token, "POST", "/v2/sessions/end", map[string]any{"meetingId": "standup"}).ok()
	require.Equal(t, id, ended["id"])
	require.Equal(t, "ended", ended["status"])
	require.NotNil(t, ended["end"])
	f := w.out(ann, 4104, "BY_API", wire.MeetingEndAPI)
	require.Equal(t, roomID, f.MeetingID)
	for _, p := range ended["participants"].([]any) {
		for _, participation := range p.(map[string]any)["timelog"].([]any) {
			require.NotNil(t, participation.(map[string]any)["end"])
		}
	}
	again := w.call(
		w.token, "POST", "/v2/sessions/stop",
		map[string]any{"roomId": roomID, "ignoreClosed": true, "vsdkForceKill": true},
	).
		ok()
	require.Equal(t, ended["id"], again["id"])
	w.refused(
		w.call(
			w.token,
			"POST",
			"/v2/sessions/participants/remove",
			map[string]any{"roomId": roomID, "participantId": "ann"},
		),
		4109,
		"NO_LIVE_SESSION",
	)
}

// Somebody who waits in the lobby is in no record yet, and can be put out all the same.
func TestRemoveWaitingParticipant(t *testing.T) {
	w := newFixture(t)
	roomID := w.newRoom(nil)["roomId"].(string)
	w.join(roomID, "ann")
	kim := w.join(roomID, "kim", func(r *meeting.JoinRequest) { r.MayJoin, r.MayModerate = false, false })
	w.call(
		w.token, "POST", "/v2/sessions/participants/remove", map[string]any{"roomId": roomID, "participantId": "kim"},
	)
	w.out(kim, 4103, "BY_API", wire.RemovePeerAPI)

	alone := w.newRoom(nil)["roomId"].(string)
	lee := w.join(alone, "lee", func(r *meeting.JoinRequest) { r.MayJoin, r.MayModerate = false, false })
	w.refused(
		w.call(
			w.token,
			"POST",
			"/v2/sessions/participants/remove",
			map[string]any{"roomId": alone, "participantId": "lee"},
		),
		4109,
		"NO_LIVE_SESSION",
	)
	require.Empty(t, lee.closed, "a session begins with the first who enters")
}

func TestSessionList(t *testing.T) {
	w := newFixture(t)
	a, b := w.newRoom(map[string]any{"customRoomId": "a"})["roomId"].(string), w.newRoom(nil)["roomId"].(string)
	day := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	for i, s := range []struct {
		room  string
		ended bool
	}{{a, true}, {a, true}, {b, true}, {a, false}} {
		start := day.Add(time.Duration(i) * 24 * time.Hour)
		id := fmt.Sprintf("session-%d", i)
		require.NoError(
			t,
			w.store.SessionStarted(
				t.Context(),
				record.NewSession{ID: id, AccountID: w.account.ID, MeetingID: s.room, StartedAt: start},
			),
		)
		if s.ended {
			require.NoError(t, w.store.SessionEnded(t.Context(), id, start.Add(90*time.Minute)))
		}
	}
	ms := func(days int) int64 { return day.Add(time.Duration(days) * 24 * time.Hour).UnixMilli() }
	for _, c := range []struct {
		query string
		want  []string
	}{
		{"", []string{"session-3", "session-2", "session-1", "session-0"}},
		{"roomId=" + a, []string{"session-3", "session-1", "session-0"}},
		{"customRoomId=a", []string{"session-3", "session-1", "session-0"}},
		{"query=a&status=ended", []string{"session-1", "session-0"}},
		{"status=ongoing", []string{"session-3"}},
		{"status=ongoing&perPage=1&roomId=" + a, []string{"session-3"}}, // as the server SDK finds the live one
		{"roomId=" + a + "&customRoomId=a", []string{"session-3", "session-1", "session-0"}},
		{"roomId=" + b + "&customRoomId=a", []string{}},
		{"roomId=nothing", []string{}},
		{fmt.Sprintf("startDate=%d&endDate=%d", ms(1), ms(2)), []string{"session-2", "session-1"}},
		{"userId=" + w.account.ID + "&status=ongoing", []string{"session-3"}},
		{"userId=" + w.other.ID, []string{}},
		{"page=2&perPage=3", []string{"session-0"}},
	} {
		t.Run(c.query, func(t *testing.T) {
			w := w.in(t)
			ids := []string{}
			for _, s := range w.call(w.token, "GET", "/v2/sessions?"+c.query, nil).ok()["data"].([]any) {
				ids = append(ids, s.(map[string]any)["id"].(string))
			}
			require.Equal(t, c.want, ids)
		})
	}
	require.Equal(t, 5400.0, w.call(w.token, "GET", "/v2/sessions/session-0", nil).ok()["activeDuration"])
	require.Empty(t, w.call(w.otherToken, "GET", "/v2/sessions", nil).ok()["data"])
}

func TestParticipantShape(t *testing.T) {
	w := newFixture(t)
	roomID := w.newRoom(nil)["roomId"].(string)
	start := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
	ctx := t.Context()
	require.NoError(
		t,
		w.store.SessionStarted(
			ctx,
			record.NewSession{ID: "s", AccountID: w.account.ID, MeetingID: roomID, StartedAt: start},
		),
	)
	participation := record.NewParticipation{
		SessionID: "s", ParticipantID: "ann", APIKey: w.key.ID, Name: "Ann", Mode: wire.SendAndRecv, JoinedAt: at(0),
		Client: wire.ClientInfo{SDKType: "js", SDKVersion: "1.0.0", Platform: "desktop", BrowserUserAgent: "Chrome"},
	}
	require.NoError(t, w.store.ParticipantJoined(ctx, participation))
	require.NoError(t, w.store.StreamChanged(ctx, "s", "ann", wire.Audio, true, at(1)))
	require.NoError(t, w.store.StreamChanged(ctx, "s", "ann", wire.Audio, false, at(2)))
	require.NoError(t, w.store.StreamChanged(ctx, "s", "ann", wire.Video, true, at(3)))
	require.NoError(t, w.store.StreamChanged(ctx, "s", "ann", wire.Share, true, at(4)))
	require.NoError(t, w.store.StreamChanged(ctx, "s", "ann", wire.ShareAudio, true, at(4)))
	require.NoError(t, w.store.ParticipantLeft(ctx, "s", "ann", at(5), wire.LeaveReason{}))
	participation.JoinedAt, participation.Mode = at(10), wire.RecvOnly
	require.NoError(t, w.store.ParticipantJoined(ctx, participation))

	text := w.call(w.token, "GET", "/v2/sessions/s/participants/ann", nil).body
	require.JSONEq(t, `{
		"participantId": "ann", "name": "Ann", "mode": "RECV_ONLY", "initTime": "2026-11-01T09:00:00.000Z",
		"timelog": [{"start": "2026-11-01T09:00:00.000Z", "end": "2026-11-01T09:05:00.000Z"}, {"start": "2026-11-01T09:10:00.000Z", "end": null}],
		"events": {
			"mic": [{"start": "2026-11-01T09:01:00.000Z", "end": "2026-11-01T09:02:00.000Z"}],
			"webcam": [{"start": "2026-11-01T09:03:00.000Z", "end": "2026-11-01T09:05:00.000Z"}],
			"screenShare": [{"start": "2026-11-01T09:04:00.000Z", "end": "2026-11-01T09:05:00.000Z"}],
			"screenShareAudio": [{"start": "2026-11-01T09:04:00.000Z", "end": "2026-11-01T09:05:00.000Z"}]
		},
		"deviceInfo": {"sdkType": "js", "sdkVersion": "1.0.0", "platform": "desktop", "browserUserAgent": "Chrome"},
		"changeModeHistory": [
			{"mode": "SEND_AND_RECV", "timelog": [{"start": "2026-11-01T09:00:00.000Z", "end": "2026-11-01T09:05:00.000Z"}]},
			{"mode": "RECV_ONLY", "timelog": [{"start": "2026-11-01T09:10:00.000Z", "end": null}]}
		]
	}`, text)
}

func TestChat(t *testing.T) {
	w := newFixture(t)
	roomID := w.newRoom(nil)["roomId"].(string)
	start := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	require.NoError(
		t,
		w.store.SessionStarted(
			t.Context(),
			record.NewSession{ID: "s", AccountID: w.account.ID, MeetingID: roomID, StartedAt: start},
		),
	)
	for i, message := range []string{"hello, \"all\"\nof you", "=1+2"} {
		require.NoError(t, w.store.MessagePersisted(t.Context(), "s", wire.Message{
			ID: fmt.Sprint(
				i,
			), Topic: "CHAT", Message: message, SenderID: "ann", SenderName: "Ann", Timestamp: fault.InstantOf(start),
			Payload: json.RawMessage(`{"a":1}`),
		}, nil))
	}
	link := w.call(w.token, "GET", "/v2/sessions/s", nil).ok()["chatLink"].(string)
	require.NotContains(t, link, "?", "no secret is in the link")
	path := strings.TrimPrefix(link, w.server.URL)
	got := w.call(w.token, "GET", path, nil)
	require.Equal(t, http.StatusOK, got.status)
	require.Equal(t, "text/csv; charset=utf-8", got.header.Get("Content-Type"))
	rows, err := csv.NewReader(strings.NewReader(got.body)).ReadAll()
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{"id", "timestamp", "topic", "senderId", "senderName", "message", "payload"},
		{"0", "2026-11-01T09:00:00.000Z", "CHAT", "ann", "Ann", "hello, \"all\"\nof you", `{"a":1}`},
		{"1", "2026-11-01T09:00:00.000Z", "CHAT", "ann", "Ann", "'=1+2", `{"a":1}`},
	}, rows)
	w.refused(w.call("", "GET", path, nil), 4002, "EMPTY")
	w.refused(w.call(w.otherToken, "GET", path, nil), 4108, "SESSION")
}
