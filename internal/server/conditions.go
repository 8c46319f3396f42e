package server

import (
	"context"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/feed"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/wire"
)

const (
	watchEvery  = 2 * time.Second // between two looks at what the server itself needs
	writeWithin = time.Second     // a small write of the database
	trimEvery   = time.Hour
)

// raiseOwn begins a condition of the server whose end clearOwn is given the same fault for.
func (s *Server) raiseOwn(_ context.Context, f *fault.Error) { s.incidents.Raise("own "+f.ID, "", f) }

func (s *Server) clearOwn(f *fault.Error) { s.incidents.Clear("own " + f.ID) }

// storeGroup is the group of what lasts because the database does not work.
const storeGroup = "store"

// watchConditions looks at what the server itself needs: ffmpeg, the disk of its files, the database.
func (s *Server) watchConditions(ctx context.Context) {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	for {
		for _, look := range []func(context.Context){s.lookForEncoder, s.lookAtStorage, s.lookAtStore, s.lookAtCluster} {
			if err := guard.Do("a look at the conditions", func() { look(ctx) }); err != nil {
				s.incidents.Report(ctx, fault.From(err))
			}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

func (s *Server) lookForEncoder(ctx context.Context) {
	const key = "encoder"
	switch f := s.egress.Ready(ctx); {
	case ctx.Err() != nil:
	case f == nil:
		s.incidents.Clear(key)
	default:
		s.incidents.Raise(key, "", fault.ServerUnavailableRecordingUnavailable(f.Detail).Because(f.Unwrap()))
	}
}

func (s *Server) lookAtStorage(context.Context) {
	const key = "storage"
	dir, free, needed, err := s.egress.FreeStorage()
	switch {
	case err != nil: // a start of a recording reports what is wrong with the directory
	case free < 2*needed:
		s.incidents.Raise(key, "", fault.ServerUnavailableStorageLow(dir, free, needed))
	case free > 2*needed+needed/4: // what hovers about the limit is one incident
		s.incidents.Clear(key)
	}
}

func (s *Server) lookAtStore(ctx context.Context) {
	const busy, fails = "store", "store fails"
	began := time.Now()
	writing, cancel := context.WithTimeout(ctx, writeWithin)
	defer cancel()
	err := s.Store.Alive(writing, began)
	switch {
	case ctx.Err() != nil:
	case err == nil:
		s.incidents.Clear(busy)
		s.incidents.Clear(fails)
	case writing.Err() != nil:
		s.incidents.Clear(fails)
		s.incidents.Raise(busy, storeGroup, fault.ServerUnavailableStoreBusy(time.Since(began)).Because(err))
	default:
		s.incidents.Clear(busy)
		s.incidents.Raise(fails, storeGroup, fault.ServerUnavailableStore("a small write").Because(err))
	}
}

// trim removes faults, reports of pre-call tests, and nodes that are gone, when they are older than they are kept. In a
// cluster one node does it for all.
func (s *Server) trim(ctx context.Context) {
	tasks := map[string]func() error{
		"the trimming of faults": func() error { return s.Store.TrimFaults(ctx, time.Now()) },
		"the trimming of pre-call tests": func() error {
			return s.Store.TrimPreCallTests(ctx, time.Now().Add(-s.conf.PreCall.KeepFor))
		},
	}
	if !s.node.IsAlone() {
		tasks["the trimming of nodes"] = func() error { return s.Store.TrimNodes(ctx, time.Now()) }
	}
	ticker := time.NewTicker(trimEvery)
	defer ticker.Stop()
	for {
		for task, do := range tasks {
			err := guard.Run(task, func() error {
				if mine, err := s.Store.Once(ctx, task, trimEvery); err != nil || !mine {
					return err
				}
				return do()
			})
			if err != nil && ctx.Err() == nil {
				s.log.Error(task, "err", err)
			}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

func (s *Server) eventLimits() feed.Limits {
	return feed.Limits{PerAccount: s.conf.Limit.EventStreams, PerAddress: s.conf.Limit.EventStreamsPerAddress}
}

// publishFault tells the event streams of a fault, or that it is over.
func (s *Server) publishFault(f record.Fault, over *record.Cleared) {
	if over == nil && f.AccountID != "" {
		s.alerts.FaultKept(f.AccountID)
	}
	e := feed.Event{Name: feed.FaultRaised, AccountID: f.AccountID, MeetingID: f.MeetingID, At: f.At.Time, Fault: &f}
	if over != nil {
		e.Name, e.At, e.Fault, e.Cleared = feed.FaultCleared, over.At, nil, over
	}
	eventBus{s.events, s.node}.Publish(e)
}

// records are those of the meetings: the store, whose changes the event streams are told of.
type records struct {
	*store.Store
	events eventBus
	places *sync.Map // session id: sessionPlace, of those that run
}

// sessionPlace is where a session runs.
type sessionPlace struct{ accountID, meetingID string }

// SessionStarted implements meeting.Records.
func (r records) SessionStarted(ctx context.Context, n record.NewSession) error {
	if err := r.Store.SessionStarted(ctx, n); err != nil {
		return err
	}
	r.places.Store(n.ID, sessionPlace{n.AccountID, n.MeetingID})
	r.events.Publish(feed.Event{
		Name: feed.SessionStarted, AccountID: n.AccountID, MeetingID: n.MeetingID, SessionID: n.ID, At: n.StartedAt,
	})
	return nil
}

// SessionEnded implements meeting.Records.
func (r records) SessionEnded(ctx context.Context, sessionID string, at time.Time) error {
	if err := r.Store.SessionEnded(ctx, sessionID, at); err != nil {
		return err
	}
	r.publish(feed.SessionEnded, sessionID, "", "", at)
	r.places.Delete(sessionID)
	return nil
}

// ParticipantJoined implements meeting.Records.
func (r records) ParticipantJoined(ctx context.Context, n record.NewParticipation) error {
	if err := r.Store.ParticipantJoined(ctx, n); err != nil {
		return err
	}
	r.publish(feed.ParticipantJoined, n.SessionID, n.ParticipantID, n.Name, n.JoinedAt)
	return nil
}

// ParticipantLeft implements meeting.Records.
func (r records) ParticipantLeft(
	ctx context.Context,
	sessionID, participantID string,
	at time.Time,
	why wire.LeaveReason,
) error {
	if err := r.Store.ParticipantLeft(ctx, sessionID, participantID, at, why); err != nil {
		return err
	}
	r.publish(feed.ParticipantLeft, sessionID, participantID, "", at)
	return nil
}

func (r records) publish(event, sessionID, participantID, name string, at time.Time) {
	place, _ := r.places.Load(sessionID)
	in, _ := place.(sessionPlace)
	r.events.Publish(feed.Event{
		Name: event, AccountID: in.accountID, MeetingID: in.meetingID, SessionID: sessionID, ParticipantID: participantID,
		ParticipantName: name, At: at,
	})
}
