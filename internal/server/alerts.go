package server

import (
	"context"
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
		Lasting:   func() []record.Condition { return s.incidents.Lasting() },
		Published: s.publishIncident,
		Interval:  s.conf.Alerts.Interval,
		Keep:      time.Duration(s.conf.Alerts.KeepDays) * 24 * time.Hour,
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
