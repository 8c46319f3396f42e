package alert

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/store/storetest"
)

// fixture evaluates rules on a real store at times of its own.
type fixture struct {
	*Alerts
	store     *store.Store
	account   string
	meeting   string
	lasting   []record.Condition
	published []record.IncidentStatus
}

func newFixture(t *testing.T) *fixture {
	s := storetest.Open(t)
	account, meeting := storetest.Session(t, s, "s1")
	f := &fixture{store: s, account: account.ID, meeting: meeting.ID}
	f.restart()
	return f
}

// restart forgets what is in memory.
func (f *fixture) restart() {
	f.Alerts = New(Options{
		Store: f.store, Log: slog.New(slog.DiscardHandler), Report: func(context.Context, *fault.Error) {},
		Present:   func() map[string]Usage { return map[string]Usage{f.account: {Sessions: 1, Participants: 2}} },
		Lasting:   func() []record.Condition { return append([]record.Condition(nil), f.lasting...) },
		Published: func(i record.AlertIncident) { f.published = append(f.published, i.Status) },
	})
}

func (f *fixture) rule(t *testing.T, config record.AlertRuleConfig) record.AlertRule {
	field, problem := Problem(config, "")
	require.Empty(t, problem, field)
	r, err := f.store.CreateAlertRule(t.Context(), record.AlertRule{
		AccountID: f.account, Name: "r", Severity: "info", Category: "faults", Config: config, ChannelIDs: []string{},
	}, time.Now())
	require.NoError(t, err)
	return r
}

// open returns the incidents that go on after an evaluation.
func (f *fixture) open(t *testing.T, at time.Time) []record.AlertIncident {
	require.NoError(t, f.evaluate(t.Context(), at))
	list, err := f.store.Incidents(
		t.Context(),
		f.account,
		record.IncidentFilter{Status: "open"},
		record.Page{Number: 1, Size: 9},
	)
	require.NoError(t, err)
	return list.Items
}

func (f *fixture) fails(t *testing.T) *fault.Error {
	failed := fault.MaxParticipantReachedLimit(1, 1, "account").WithAccount(f.account).WithMeeting(f.meeting, "s1", "ann")
	require.NoError(t, f.store.SaveFault(t.Context(), failed))
	f.FaultKept(f.account)
	return failed
}

func TestIncidentOfCountedFaults(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.rule(t, record.AlertRuleConfig{
		Query:      record.AlertQuery{Metric: "join_failures", Code: 4009, RoomID: f.meeting},
		Condition:  record.AlertCondition{Operator: ">", Threshold: 1},
		Evaluation: &record.AlertEvaluation{WindowSeconds: 60, ForSeconds: 20, ResolveAfterSeconds: 30},
	})
	at := time.Now()
	f.fails(t)
	require.Empty(t, f.open(t, at.Add(time.Second)), "one is not more than one")
	newest := f.fails(t)
	require.Empty(t, f.open(t, at.Add(5*time.Second)), "it has not held for 20 s")
	require.Empty(t, f.open(t, at.Add(15*time.Second)))
	opened := f.open(t, at.Add(26*time.Second))
	require.Len(t, opened, 1)
	require.EqualValues(t, 2, *opened[0].Cause.Value)
	require.Equal(t, newest.ID, opened[0].Cause.FaultID)

	f.restart()
	require.Equal(t, opened[0].ID, f.open(t, at.Add(30*time.Second))[0].ID, "a restart opens no second one")
	require.Len(t, f.open(t, at.Add(90*time.Second)), 1, "it has not been over for 30 s")
	require.Empty(t, f.open(t, at.Add(125*time.Second)))
	require.Equal(t, []record.IncidentStatus{record.IncidentOpen, record.IncidentResolved}, f.published)
}

func TestWhatIsResolvedByHandStaysSo(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	r := f.rule(t, record.AlertRuleConfig{
		Query: record.AlertQuery{Metric: Conditions, Code: 5103}, Condition: record.AlertCondition{Operator: ">"},
	})
	lasts := record.Condition{
		Fault: fault.WebhookDeliveryFailedConnect("https://h", "e", "refused").WithAccount(f.account),
	}
	f.lasting = []record.Condition{lasts}
	at := time.Now()
	require.Empty(t, f.open(t, at), "it was told to nobody yet")
	f.lasting[0].Shown = true
	incident := f.open(t, at)[0]
	require.Equal(t, lasts.Fault.ID, incident.Cause.FaultID)
	_, err := f.store.ResolveIncident(t.Context(), f.account, incident.ID,
		record.IncidentEvent{Type: "resolved", At: at, By: "user"})
	require.NoError(t, err)
	require.Empty(t, f.open(t, at))
	f.restart()
	require.Empty(t, f.open(t, at), "nor after a restart")
	f.lasting = nil
	require.Empty(t, f.open(t, at))
	f.lasting = []record.Condition{{Fault: lasts.Fault, Shown: true}}
	require.Len(t, f.open(t, at), 1, "it did not last in between")
	_, err = f.store.DeleteAlertRule(t.Context(), f.account, r.ID, at)
	require.NoError(t, err)
	require.Empty(t, f.open(t, at))
}

func TestMeasuredAndPresent(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.rule(t, record.AlertRuleConfig{
		Query: record.AlertQuery{Metric: PacketLoss}, Condition: record.AlertCondition{Operator: ">", Threshold: 5},
		Evaluation: &record.AlertEvaluation{WindowSeconds: 60}, ReduceTo: "max",
		AbsentData: &record.AlertAbsentData{Enabled: true, ForSeconds: 120},
	})
	at := time.Now()
	add := func(value float64, at time.Time) {
		f.measured.mu.Lock()
		defer f.measured.mu.Unlock()
		f.measured.account(f.account).add(PacketLoss, value, at)
	}
	require.Empty(t, f.open(t, at), "the server has just begun")
	add(3, at)
	require.Empty(t, f.open(t, at))
	add(30, at.Add(Step))
	require.InDelta(t, 30, *f.open(t, at.Add(Step))[0].Cause.Value, 1e-9)
	require.Empty(t, f.open(t, at.Add(110*time.Second)), "without values the condition does not hold")
	absent := f.open(t, at.Add(5*time.Minute))
	require.Len(t, absent, 1)
	require.Nil(t, absent[0].Cause.Value)

	m, _ := Find(Participants)
	points, _, err := f.Series(t.Context(), f.account, m, time.Hour, at.Add(5*time.Minute))
	require.NoError(t, err)
	require.InDelta(t, 2, points[len(points)-1].Value, 1e-9)
}

// Some 2000 rules of accounts without faults are judged in few milliseconds: the database is not asked.
func BenchmarkEvaluate(b *testing.B) {
	s := storetest.Open(b)
	for range 40 {
		account, err := s.CreateAccount(b.Context(), record.Account{Name: "a"})
		require.NoError(b, err)
		for range store.MaxAlertRules {
			_, err := s.CreateAlertRule(b.Context(), record.AlertRule{
				AccountID: account.ID, Name: "r", Severity: "info", Category: "faults", ChannelIDs: []string{},
				Config: record.AlertRuleConfig{
					Query: record.AlertQuery{Metric: "faults"}, Condition: record.AlertCondition{Operator: ">"},
				},
			}, time.Now())
			require.NoError(b, err)
		}
	}
	a := New(Options{
		Store: s, Present: func() map[string]Usage { return nil }, Lasting: func() []record.Condition { return nil },
	})
	later := time.Now().Add(time.Hour)
	require.NoError(b, a.evaluate(b.Context(), later))
	for b.Loop() {
		require.NoError(b, a.evaluate(b.Context(), later))
	}
}
