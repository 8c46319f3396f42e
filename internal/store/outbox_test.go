package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/wire"
)

const hook = "https://hooks.example.org/klatch"

func hookedMeeting(t *testing.T, s *store.Store, accountID, endpoint string, events ...string) record.Meeting {
	t.Helper()
	m, _, err := s.CreateMeeting(t.Context(), record.Meeting{AccountID: accountID,
		Config: record.MeetingConfig{Webhook: &record.Webhook{EndPoint: endpoint, Events: events}}})
	require.NoError(t, err)
	return m
}

// drain takes everything that is due, one after the other in each queue, and returns the bodies by endpoint.
func drain(t *testing.T, s *store.Store, now time.Time) map[string][]record.WebhookBody {
	t.Helper()
	out := map[string][]record.WebhookBody{}
	for {
		due, err := s.DueWebhooks(t.Context(), now, 100, nil)
		require.NoError(t, err)
		if len(due) == 0 {
			return out
		}
		for _, d := range due {
			var body record.WebhookBody
			require.NoError(t, json.Unmarshal(d.Body, &body))
			require.Equal(t, d.Event, body.WebhookType)
			out[d.EndPoint] = append(out[d.EndPoint], body)
			require.NoError(t, s.WebhookDelivered(t.Context(), d.ID, now))
		}
	}
}

func names(bodies []record.WebhookBody) []string {
	out := []string{}
	for _, b := range bodies {
		out = append(out, b.WebhookType)
	}
	return out
}

func TestSessionsAndParticipantsAreAnnounced(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		a := newAccount(t, s, "Ann")
		m := hookedMeeting(t, s, a.ID, hook, "*")
		participation := func(id string, sec int) record.NewParticipation {
			return record.NewParticipation{
				SessionID:     "s1",
				ParticipantID: id,
				Name:          "Name of " + id,
				Mode:          wire.SendAndRecv,
				JoinedAt:      after(sec),
			}
		}
		require.NoError(
			t,
			s.SessionStarted(t.Context(), record.NewSession{ID: "s1", AccountID: a.ID, MeetingID: m.ID, StartedAt: at}),
		)
		select {
		case <-s.Announced():
		default:
			t.Fatal("nobody was told of the announcement")
		}
		require.NoError(t, s.ParticipantJoined(t.Context(), participation("ann", 1)))
		require.NoError(t, s.ParticipantJoined(t.Context(), participation("bob", 2)))
		// A second connection with the same id: for the outside ann was there all the time.
		require.NoError(t, s.ParticipantJoined(t.Context(), participation("ann", 3)))
		require.NoError(t, s.ParticipantLeft(t.Context(), "s1", "ann", after(4), wire.LeaveReason{Code: 1011}))
		require.NoError(t, s.ParticipantLeft(t.Context(), "s1", "ann", after(5), wire.LeaveReason{Code: 1101}))
		require.NoError(t, s.ParticipantLeft(t.Context(), "s1", "ann", after(6), wire.LeaveReason{Code: 1101}))
		require.NoError(t, s.SessionEnded(t.Context(), "s1", after(7)))
		require.NoError(t, s.SessionEnded(t.Context(), "s1", after(8)))

		got := drain(t, s, after(10))[hook]
		require.Equal(
			t,
			[]string{
				"session-started",
				"participant-joined",
				"participant-joined",
				"participant-left",
				"participant-left",
				"session-ended",
			},
			names(got),
		)
		for i, body := range got {
			require.EqualValues(t, i+1, body.Sequence)
			require.Equal(t, m.ID, body.Data["meetingId"])
			require.Equal(t, "s1", body.Data["sessionId"])
		}
		require.Equal(t, "ann", got[1].Data["participantId"])
		require.Equal(t, "Name of ann", got[1].Data["participantName"])
		require.Equal(t, "ann", got[3].Data["participantId"])
		require.Equal(t, "bob", got[4].Data["participantId"], "who is still there leaves with the session")
		require.Equal(t, "2026-11-22T10:00:00.000Z", got[5].Data["start"])
		require.Equal(t, "2026-11-22T10:00:07.000Z", got[5].Data["end"])
	})
}

func TestOrphanedSessionsAreAnnounced(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		a := newAccount(t, s, "Ann")
		m := hookedMeeting(t, s, a.ID, hook, "session-ended", "participant-l*")
		require.NoError(
			t,
			s.SessionStarted(t.Context(), record.NewSession{ID: "s1", AccountID: a.ID, MeetingID: m.ID, StartedAt: at}),
		)
		require.NoError(
			t,
			s.ParticipantJoined(
				t.Context(),
				record.NewParticipation{SessionID: "s1", ParticipantID: "ann", Mode: wire.SendAndRecv, JoinedAt: at},
			),
		)
		n, err := s.CloseOrphans(t.Context(), after(60))
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.Equal(t, []string{"participant-left", "session-ended"}, names(drain(t, s, after(61))[hook]))
	})
}

func TestEndpointsOfAnEvent(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		a := newAccount(t, s, "Ann")
		m := hookedMeeting(t, s, a.ID, hook, "recording-*", "hls-playable")
		silent := newMeeting(t, s, a.ID, "")
		const other = "https://other.example.org/"
		for _, e := range []record.Event{
			{Name: "recording-started", MeetingID: m.ID, JobID: "j1"},
			{Name: "participant-recording-started", MeetingID: m.ID, JobID: "j2", URL: other},
			{Name: "hls-started", MeetingID: m.ID, JobID: "j3", URL: other},
			{Name: "hls-playable", MeetingID: m.ID, JobID: "j3", URL: hook},
			{Name: "recording-stopped", MeetingID: silent.ID},
			{Name: "recording-stopped", MeetingID: "none-none-none", URL: other},
		} {
			e.At = at
			require.NoError(t, s.Announce(t.Context(), e))
		}
		got := drain(t, s, after(1))
		require.Equal(
			t,
			[]string{"recording-started", "hls-playable"},
			names(got[hook]),
			"once, though the call names the same endpoint",
		)
		require.Equal(t, []string{"participant-recording-started", "hls-started"}, names(got[other]))

		jobs, err := s.JobWebhooks(t.Context(), "j1", "j3", "none")
		require.NoError(t, err)
		require.Equal(t, map[string][]record.Delivered{
			"j1": {{Event: "recording-started", Success: true}},
			"j3": {{Event: "hls-started", Success: true}, {Event: "hls-playable", Success: true}},
		}, jobs)
	})
}

func TestFaultsOfASessionAreAnnounced(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		a := newAccount(t, s, "Ann")
		m := hookedMeeting(t, s, a.ID, hook, "error")
		told := fault.DuplicateParticipantReplaced(after(0).Format(time.RFC3339), "web").WithMeeting(m.ID, "s1", "ann")
		require.NoError(t, s.SaveFault(t.Context(), told))
		require.NoError(t, s.SaveFault(t.Context(), told), "the same incident")
		require.NoError(
			t,
			s.SaveFault(t.Context(), fault.DuplicateParticipantReplaced("", "web").WithMeeting(m.ID, "", "ann")),
			"no session",
		)
		require.NoError(
			t,
			s.SaveFault(t.Context(), fault.NotFoundRoute("GET", "/x").WithMeeting(m.ID, "s1", "")),
			"not for webhooks",
		)
		got := drain(t, s, time.Now().Add(time.Minute))[hook]
		require.Equal(t, []string{"error"}, names(got))
		require.Equal(t, told.ID, got[0].Data["fault"].(map[string]any)["id"])
	})
}

func TestOutboxQueuesAreIndependent(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		a := newAccount(t, s, "Ann")
		var meetings []string
		for _, endpoint := range []string{hook, hook, "https://other.example.org"} {
			m := hookedMeeting(t, s, a.ID, endpoint, "*")
			meetings = append(meetings, m.ID)
			for i := range 3 {
				require.NoError(
					t,
					s.Announce(
						t.Context(),
						record.Event{Name: "recording-started", MeetingID: m.ID, At: at, Data: map[string]any{"n": i}},
					),
				)
			}
		}
		due := func(sec int, except ...string) []string {
			t.Helper()
			list, err := s.DueWebhooks(t.Context(), after(sec), 100, except)
			require.NoError(t, err)
			out := []string{}
			for _, d := range list {
				out = append(out, d.MeetingID)
			}
			return out
		}
		head := func(meeting string) record.Delivery {
			t.Helper()
			list, err := s.DueWebhooks(t.Context(), after(3600), 100, nil)
			require.NoError(t, err)
			for _, d := range list {
				if d.MeetingID == meeting {
					return d
				}
			}
			t.Fatal("nothing waits")
			return record.Delivery{}
		}
		require.ElementsMatch(t, meetings, due(0), "the first of each queue")
		require.Equal(t, meetings[2:], due(0, hook))

		first := head(meetings[0])
		claimed, err := s.ClaimWebhook(t.Context(), first, after(30))
		require.NoError(t, err)
		require.True(t, claimed)
		claimed, err = s.ClaimWebhook(t.Context(), first, after(30))
		require.NoError(t, err)
		require.False(t, claimed, "two servers do not take the same")
		require.ElementsMatch(t, meetings[1:], due(0), "what comes after it waits")
		require.NoError(t, s.ReleaseWebhook(t.Context(), first))
		require.ElementsMatch(t, meetings, due(0))

		require.NoError(t, s.WebhookFailed(t.Context(), first, "STATUS", after(10), false))
		require.ElementsMatch(t, meetings[1:], due(9), "a refused event holds up its own queue")
		require.ElementsMatch(t, meetings, due(10))
		require.NoError(t, s.WebhookFailed(t.Context(), head(meetings[0]), "CONNECT", after(20), true))
		require.Equal(t, meetings[2:], due(19), "an unreachable endpoint holds up all of its queues")
		failing, err := s.FailingWebhooks(t.Context())
		require.NoError(t, err)
		require.Equal(t, map[string]int{hook: 1}, failing)
		require.Equal(t, 2, head(meetings[0]).Attempts)

		expired, err := s.ExpireWebhooks(t.Context(), after(0), after(60))
		require.NoError(t, err)
		require.Empty(t, expired)
		expired, err = s.ExpireWebhooks(t.Context(), after(1), after(60))
		require.NoError(t, err)
		counts := map[string]int{}
		for _, e := range expired {
			counts[e.EndPoint] = e.Events
		}
		require.Equal(t, map[string]int{hook: 6, "https://other.example.org": 3}, counts)
		waiting, err := s.WaitingWebhooks(t.Context())
		require.NoError(t, err)
		require.Zero(t, waiting)
		require.NoError(t, s.TrimWebhooks(t.Context(), after(61)))
	})
}

// An event and what it tells are one transaction: a session that could not be kept was not announced.
func TestRolledBackEventsAreNotAnnounced(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		a := newAccount(t, s, "Ann")
		m := hookedMeeting(t, s, a.ID, hook, "*")
		n := record.NewSession{ID: "s1", AccountID: a.ID, MeetingID: m.ID, StartedAt: at}
		require.NoError(t, s.SessionStarted(t.Context(), n))
		_, isStore := errors.AsType[*store.Error](s.SessionStarted(t.Context(), n))
		require.True(t, isStore)
		require.Equal(t, []string{"session-started"}, names(drain(t, s, after(1))[hook]))
	})
}

func TestWebhookPatterns(t *testing.T) {
	for wanted, want := range map[string]bool{
		"*": true, "recording-*": true, "rec*": true, "recording-started": true, "recording": false, "hls-*": false,
		"": false,
	} {
		t.Run(fmt.Sprintf("%q", wanted), func(t *testing.T) {
			w := &record.Webhook{EndPoint: hook, Events: []string{wanted}}
			require.Equal(t, want, w.Wants("recording-started"))
		})
	}
	require.False(t, (*record.Webhook)(nil).Wants("recording-started"))
}

func TestSetMeetingWebhook(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		a := newAccount(t, s, "Ann")
		m := hookedMeeting(t, s, a.ID, hook, "*")
		announce := func(sec int) {
			require.NoError(
				t,
				s.Announce(
					t.Context(),
					record.Event{Name: "session-started", MeetingID: m.ID, SessionID: "s1", At: after(sec)},
				),
			)
		}
		announce(1)
		due, err := s.DueWebhooks(t.Context(), after(2), 1, nil)
		require.NoError(t, err)
		_, err = s.UnsubscribeWebhook(t.Context(), due[0], "GONE", after(2))
		require.NoError(t, err)
		announce(3)
		require.Empty(t, drain(t, s, after(4)))

		const other = "https://hooks.example.org/other"
		_, err = s.SetMeetingWebhook(
			t.Context(),
			a.ID,
			m.ID,
			record.Webhook{EndPoint: other, Events: []string{"*"}},
			after(5),
		)
		require.NoError(t, err)
		announce(6)
		got := drain(t, s, after(7))
		require.Len(t, got[other], 1)
		require.Empty(t, got[hook])
		set, err := s.SetMeetingWebhook(
			t.Context(),
			a.ID,
			m.ID,
			record.Webhook{EndPoint: hook, Events: []string{"session-*"}},
			after(8),
		)
		require.NoError(t, err)
		require.Equal(t, []string{"session-*"}, set.Config.Webhook.Events)
		require.True(t, set.UpdatedAt.Equal(after(8)))
		announce(9)
		require.Len(t, drain(t, s, after(10))[hook], 1, "it is subscribed again")

		_, err = s.SetMeetingWebhook(
			t.Context(),
			newAccount(t, s, "Bob").ID,
			m.ID,
			record.Webhook{EndPoint: other},
			after(11),
		)
		var none *record.NotFoundError
		require.ErrorAs(t, err, &none)
	})
}
