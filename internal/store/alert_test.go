package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// Rules, channels and incidents, and what an incident puts into the outbox, on both databases.
func TestAlerts(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		a, b := newAccount(t, s, "Ann"), newAccount(t, s, "Bob")
		at := time.Now().UTC().Truncate(time.Millisecond)
		page := record.Page{Number: 1, Size: 10}
		channel, err := s.CreateNotificationChannel(ctx, record.NotificationChannel{
			AccountID: a.ID, Name: "ops", Type: record.ChannelWebhook, URL: "https://example.org/x",
		}, at)
		require.NoError(t, err)
		_, err = s.NotificationChannel(ctx, b.ID, channel.ID)
		notFound(t, err, "notification channel")

		before := s.AlertChanges()
		rule := record.AlertRule{
			AccountID: a.ID, Name: "r", Severity: "critical", Category: "faults", ChannelIDs: []string{channel.ID},
			Config: record.AlertRuleConfig{
				Query:     record.AlertQuery{Metric: "faults"},
				Condition: record.AlertCondition{Operator: ">", Threshold: 1.5}, Labels: map[string]string{"a": "ä"},
			},
		}
		_, err = s.CreateAlertRule(ctx, record.AlertRule{AccountID: b.ID, ChannelIDs: []string{channel.ID}}, at)
		notFound(t, err, "notification channel")
		made, err := s.CreateAlertRule(ctx, rule, at)
		require.NoError(t, err)
		require.NotEqual(t, before, s.AlertChanges())
		require.Equal(t, rule.Config, made.Config)
		require.Error(t, s.DeleteNotificationChannel(ctx, a.ID, channel.ID), "a rule names it")

		incident := record.AlertIncident{
			ID: "inc_1", AccountID: a.ID, RuleID: made.ID, RuleName: "r", Metric: "faults", Category: "faults",
			Severity: "critical", Summary: "Too 100% many", Status: record.IncidentOpen, FiredAt: at,
			Events: []record.IncidentEvent{{Type: "opened", At: at, By: "evaluation"}},
		}
		opened, err := s.OpenIncident(ctx, made, incident)
		require.NoError(t, err)
		require.True(t, opened)
		incident.ID = "inc_2"
		opened, err = s.OpenIncident(ctx, made, incident)
		require.NoError(t, err)
		require.False(t, opened, "it goes on")
		watched, err := s.WatchedRules(ctx)
		require.NoError(t, err)
		require.Equal(t, "inc_1", watched[0].IncidentID)

		seen, changed, err := s.AcknowledgeIncident(
			ctx,
			a.ID,
			"inc_1",
			record.IncidentEvent{Type: "acknowledged", At: at, By: "user"},
		)
		require.NoError(t, err)
		require.True(t, changed)
		require.Equal(t, record.IncidentAcknowledged, seen.Status)
		_, err = s.ResolveIncident(ctx, b.ID, "inc_1", record.IncidentEvent{Type: "resolved", At: at, By: "user"})
		notFound(t, err, "incident")
		over, err := s.ResolveIncident(ctx, a.ID, "inc_1", record.IncidentEvent{Type: "resolved", At: at, By: "user"})
		require.NoError(t, err)
		require.Len(t, over.Events, 3)
		opened, err = s.OpenIncident(ctx, made, incident)
		require.NoError(t, err)
		require.False(t, opened, "resolved by hand")
		require.NoError(t, s.ArmAlertRule(ctx, a.ID, made.ID))
		opened, err = s.OpenIncident(ctx, made, incident)
		require.NoError(t, err)
		require.True(t, opened)
		for text, n := range map[string]int{"100%": 2, "TOO": 2, "100_": 0, "inc_2": 1} {
			list, err := s.Incidents(ctx, a.ID, record.IncidentFilter{Text: text, Category: "faults"}, page)
			require.NoError(t, err)
			require.Equal(t, n, list.Total, text)
		}

		due, err := s.DueWebhooks(ctx, at.Add(time.Second), 10, nil)
		require.NoError(t, err)
		require.Len(t, due, 1, "in their order")
		require.Equal(t, "incident-opened", due[0].Event)
		require.Equal(t, a.ID, due[0].AccountID)
		dropped, err := s.UnsubscribeWebhook(ctx, due[0], "GONE", at)
		require.NoError(t, err)
		require.Equal(t, 3, dropped)
		paused, resolved, err := s.ChangeAlertRule(ctx, a.ID, made.ID, at, func(r *record.AlertRule) error {
			r.Paused = true
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, 2, paused.Version)
		require.Equal(t, "inc_2", resolved.ID)
		due, err = s.DueWebhooks(ctx, at.Add(time.Second), 10, nil)
		require.NoError(t, err)
		require.Empty(t, due, "it has answered 410")
		watched, err = s.WatchedRules(ctx)
		require.NoError(t, err)
		require.Empty(t, watched)

		m := newMeeting(t, s, a.ID, "")
		f := fault.MaxParticipantReachedLimit(1, 1, "account").WithAccount(a.ID).WithMeeting(m.ID, "s", "ann")
		require.NoError(t, s.SaveFault(ctx, f))
		want := record.FaultSteps{
			AccountID: a.ID, Codes: []int{4009, 4010},
			From: at.Add(-time.Minute), To: at.Add(time.Minute), Step: 15 * time.Second,
		}
		for _, reason := range []string{"", "LIMIT"} {
			want.Reason = reason
			counts, err := s.FaultSteps(ctx, want)
			require.NoError(t, err)
			require.Equal(t, map[int64]int{f.At.UnixMilli() / 15_000: 1}, counts)
			id, err := s.NewestFault(ctx, want)
			require.NoError(t, err)
			require.Equal(t, f.ID, id)
		}
		people, err := s.FaultPeople(ctx, want)
		require.NoError(t, err)
		require.Equal(t, 1, people)

		require.NoError(t, s.TrimIncidents(ctx, at.Add(time.Hour)))
		list, err := s.Incidents(ctx, a.ID, record.IncidentFilter{}, page)
		require.NoError(t, err)
		require.Zero(t, list.Total)
		_, err = s.DeleteAlertRule(ctx, a.ID, made.ID, at)
		require.NoError(t, err)
		require.NoError(t, s.DeleteNotificationChannel(ctx, a.ID, channel.ID))
	})
}
