package server

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/alert"
	"github.com/klatch/klatch/internal/feed"
	"github.com/klatch/klatch/internal/quality"
	"github.com/klatch/klatch/internal/record"
)

// openAlerts makes what evaluates the alert rules of accounts.
func (s *Server) openAlerts() *alert.Alerts {
	return alert.New(alert.Options{
		Store:     s.Store,
		Report:    func(ctx context.Context, f *fault.Error) { s.incidents.Report(ctx, f) },
		Log:       s.log,
		Present:   s.usage,
		Lasting:   s.lasting,
		Nodes:     s.alertNodes(),
		Published: s.publishIncident,
		Interval:  s.conf.Alerts.Interval,
		Keep:      time.Duration(s.conf.Alerts.KeepDays) * 24 * time.Hour,
	})
}

// lasting returns the faults that last, on all nodes of a cluster.
func (s *Server) lasting(ctx context.Context) []record.Condition {
	all := s.incidents.Lasting()
	if !s.node.IsAlone() {
		all = append(all, remote{server: s}.Conditions(ctx)...)
	}
	return all
}

// alertNodes are the other nodes, of which each measures the participants that it has.
type alertNodes struct{ remote }

func (s *Server) alertNodes() alert.Nodes {
	if s.node.IsAlone() {
		return nil
	}
	return alertNodes{remote{server: s}}
}

// Steps implements alert.Nodes.
func (n alertNodes) Steps(ctx context.Context, queries []alert.StepsQuery) [][]alert.StepSum {
	all := make([][]alert.StepSum, len(queries))
	if len(queries) == 0 {
		return all
	}
	var mu sync.Mutex // guards all
	n.callOthers(ctx, func(ctx context.Context, to record.NodeID) error {
		var found [][]alert.StepSum
		err := n.server.node.Call(ctx, to, topicSteps, queries, &found)
		mu.Lock()
		defer mu.Unlock()
		for i, sums := range found[:min(len(found), len(all))] {
			all[i] = append(all[i], sums...)
		}
		return err
	})
	return all
}

// People implements alert.Nodes.
func (n alertNodes) People(ctx context.Context, accountID string) (ids []string) {
	var mu sync.Mutex // guards ids
	n.callOthers(ctx, func(ctx context.Context, to record.NodeID) error {
		var found []string
		err := n.server.node.Call(ctx, to, topicMeasured, accountID, &found)
		mu.Lock()
		defer mu.Unlock()
		ids = append(ids, found...)
		return err
	})
	return ids
}

// Topics of calls between the alerts of nodes.
const (
	topicSteps    = "alerts.steps"    // []alert.StepsQuery; a [][]alert.StepSum
	topicMeasured = "alerts.measured" // the id of an account; the ids of participants that were measured lately
)

// answerAlerts answers other nodes what this one has measured.
func (s *Server) answerAlerts() {
	s.node.Answer(topicSteps, func(_ context.Context, _ record.NodeID, args json.RawMessage) (any, error) {
		var queries []alert.StepsQuery
		if err := json.Unmarshal(args, &queries); err != nil {
			return nil, err
		}
		return s.alerts.Steps(queries), nil
	})
	s.node.Answer(topicMeasured, func(_ context.Context, _ record.NodeID, args json.RawMessage) (any, error) {
		var accountID string
		if err := json.Unmarshal(args, &accountID); err != nil {
			return nil, err
		}
		return s.alerts.People(accountID, time.Now()), nil
	})
}

// usage returns what each account uses now, on all nodes of a cluster.
func (s *Server) usage() map[string]alert.Usage {
	all := map[string]alert.Usage{}
	if !s.node.IsAlone() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		live, err := s.Store.LiveUsage(ctx)
		if err != nil {
			s.log.Error("alert rules", "err", err)
		}
		for id, u := range live {
			all[id] = alert.Usage(u)
		}
		return all
	}
	for _, live := range s.meetings.Live("") {
		u := all[live.AccountID]
		u.Sessions++
		u.Participants += live.Participants
		all[live.AccountID] = u
	}
	return all
}

// observeAlerts returns what takes samples of quality for the alert rules, beside what else takes them.
func (s *Server) observeAlerts(
	also func(*quality.Sample),
) func(sessionID, participantID string, sample *quality.Sample) {
	return func(sessionID, participantID string, sample *quality.Sample) {
		also(sample)
		if place, ok := s.places.Load(sessionID); ok {
			s.alerts.Observe(place.(sessionPlace).accountID, participantID, sample)
		}
	}
}

// publishIncident tells the event streams what has become of an incident.
func (s *Server) publishIncident(incident record.AlertIncident) {
	name := map[record.IncidentStatus]string{
		record.IncidentOpen: feed.IncidentOpened, record.IncidentAcknowledged: feed.IncidentAcknowledged,
		record.IncidentResolved: feed.IncidentResolved,
	}[incident.Status]
	eventBus{
		s.events,
		s.node,
	}.Publish(
		feed.Event{Name: name, AccountID: incident.AccountID, At: time.Now(), Incident: &incident},
	)
}

// restAlerts is what REST asks of the alerts.
type restAlerts struct {
	*alert.Alerts
	changed func(record.AlertIncident)
}

// Changed implements rest.Alerts.
func (a restAlerts) Changed(incident record.AlertIncident) { a.changed(incident) }
