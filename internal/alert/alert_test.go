package alert

import (
	"context"
	"encoding/json"
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
	nodes     Nodes
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
		Lasting:   func(context.Context) []record.Condition { return f.lasting },
		Nodes:     f.nodes,
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
		Store: s, Present: func() map[string]Usage { return nil },
		Lasting: func(context.Context) []record.Condition { return nil },
	})
	later := time.Now().Add(time.Hour)
	require.NoError(b, a.evaluate(b.Context(), later))
	for b.Loop() {
		require.NoError(b, a.evaluate(b.Context(), later))
	}
}

// beside is another node, reached as over a link.
type beside struct{ *Alerts }

func (b beside) Steps(_ context.Context, queries []StepsQuery) (found [][]StepSum) {
	asked := queries[:0:0]
	carry(queries, &asked)
	carry(b.Alerts.Steps(asked), &found)
	return found
}

func (b beside) People(_ context.Context, accountID string) []string {
	return b.Alerts.People(accountID, time.Now())
}

func carry(from, to any) {
	raw, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(raw, to)
	}
	if err != nil {
		panic(err)
	}
}

// Rules and series are about the participants of all nodes: few bad ones on one node do not speak for many good ones on
// another. Each node comes to the same, and an incident opens once.
func TestWhatIsMeasuredOnTwoNodes(t *testing.T) {
	t.Parallel()
	a := newFixture(t)
	b := &fixture{store: a.store, account: a.account, meeting: a.meeting}
	b.restart()
	a.nodes = beside{b.Alerts}
	a.restart()
	b.opts.Nodes = beside{a.Alerts}
	a.rule(t, record.AlertRuleConfig{
		Query: record.AlertQuery{Metric: AudioScore}, Condition: record.AlertCondition{Operator: "<", Threshold: 5},
		Evaluation: &record.AlertEvaluation{WindowSeconds: 60},
	})
	add := func(f *fixture, at time.Time, values ...float64) {
		f.measured.mu.Lock()
		defer f.measured.mu.Unlock()
		for _, v := range values {
			f.measured.account(f.account).add(AudioScore, v, at)
		}
	}
	at := time.UnixMilli(time.Now().UnixMilli() / Step.Milliseconds() * Step.Milliseconds())
	add(a, at, 2)
	add(b, at, 9, 10, 9, 10)
	require.Empty(t, a.open(t, at), "the mean of all is 8")
	require.Empty(t, b.open(t, at))
	m, _ := Find(AudioScore)
	for _, f := range []*fixture{a, b} {
		points, _, err := f.Series(t.Context(), f.account, m, time.Hour, at)
		require.NoError(t, err)
		require.Equal(t, []Point{{at.UTC(), 8}}, points)
	}

	add(b, at.Add(Step), 1, 1)
	add(a, at.Add(Step), 3)
	add(b, at.Add(2*Step), 1)
	later := at.Add(2 * Step)
	opened := b.open(t, later)
	require.Len(t, opened, 1)
	require.InDelta(t, (8+5.0/3+1)/3, *opened[0].Cause.Value, 1e-9)
	require.Equal(t, opened, a.open(t, later), "the other node opens no second one")
	require.Equal(t, []record.IncidentStatus{record.IncidentOpen}, append(a.published, b.published...))

	for _, f := range []*fixture{a, b} {
		f.measured.mu.Lock()
		s := f.measured.account(f.account)
		s.saw("ann", time.Now()) // whose meeting has moved
		if f == b {
			s.saw("bob", time.Now())
		}
		f.measured.mu.Unlock()
	}
	require.Equal(t, 2, a.Measured(t.Context(), a.account, time.Now()))
	require.Equal(t, 2, b.Measured(t.Context(), a.account, time.Now()))
}
