package meeting

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// Egress is the jobs that record and stream sessions, as a meeting sees them. Errors are *fault.Error.
type Egress interface {
	// Start returns when the job runs, or with why it does not.
	Start(ctx context.Context, q job.Request) (record.Job, error)
	// Stop returns when the job is asked to stop.
	Stop(ctx context.Context, q job.StopRequest) (record.Job, error)
	// SessionStarted and SessionEnded come from the room's loop and do not block.
	SessionStarted(accountID, meetingID, sessionID string)
	SessionEnded(sessionID string)
}

// StartRecording records the meeting.
func (p *Participant) StartRecording(ctx context.Context, params wire.StartRecordingParams) error {
	return p.startEgress(ctx, job.Request{
		Kind: job.Recording, Method: wire.MethodStartRecording,
		WebhookURL: params.WebhookURL, Dir: params.Dir, OnFailure: job.OnFailure(params.OnFailure),
	}, params.Config)
}

// StopRecording ends the recording.
func (p *Participant) StopRecording(ctx context.Context) error {
	return p.stopEgress(ctx, wire.MethodStopRecording, job.Recording)
}

// StartLivestream pushes the meeting to RTMP targets.
func (p *Participant) StartLivestream(ctx context.Context, params wire.StartLivestreamParams) error {
	outputs := make([]job.Output, len(params.Outputs))
	for i, o := range params.Outputs {
		outputs[i] = job.Output(o)
	}
	return p.startEgress(ctx, job.Request{
		Kind: job.Livestream, Method: wire.MethodStartLivestream,
		Outputs: outputs, OnFailure: job.OnFailure(params.OnFailure),
	}, params.Config)
}

// StopLivestream ends the livestream.
func (p *Participant) StopLivestream(ctx context.Context) error {
	return p.stopEgress(ctx, wire.MethodStopLivestream, job.Livestream)
}

// StartHLS shows the meeting as HLS.
func (p *Participant) StartHLS(ctx context.Context, params wire.StartHLSParams) error {
	return p.startEgress(ctx, job.Request{
		Kind: job.HLS, Method: wire.MethodStartHLS, OnFailure: job.OnFailure(params.OnFailure),
	}, params.Config)
}

// StopHLS ends the HLS.
func (p *Participant) StopHLS(ctx context.Context) error {
	return p.stopEgress(ctx, wire.MethodStopHLS, job.HLS)
}

// startEgress judges the permission in the room and starts outside of it: a start takes seconds.
func (p *Participant) startEgress(ctx context.Context, q job.Request, config json.RawMessage) error {
	err := p.mayEgress(ctx, q.Method)
	if err != nil {
		return err
	}
	if q.Config, err = job.ReadConfig(q.Method, config); err != nil {
		return err
	}
	q.AccountID, q.MeetingID, q.SessionID = p.room.accountID, p.room.meetingID, p.SessionID()
	q.By = job.By{ParticipantID: p.id, Name: p.req.Name}
	_, err = p.room.meetings.egress.Start(ctx, q)
	return err
}

func (p *Participant) stopEgress(ctx context.Context, method string, kind job.Kind) error {
	if err := p.mayEgress(ctx, method); err != nil {
		return err
	}
	_, err := p.room.meetings.egress.Stop(ctx, job.StopRequest{
		Kind: kind, AccountID: p.room.accountID, MeetingID: p.room.meetingID, By: job.By{ParticipantID: p.id},
	})
	return err
}

func (p *Participant) mayEgress(ctx context.Context, method string) error {
	return p.inSession(ctx, method, func(*room) error {
		if !p.req.MayEgress {
			return fault.NotPermittedNeedsPermission(method, allowMod)
		}
		return nil
	})
}

// RunningSession returns the session that runs in a meeting, and the ids of its participants, oldest first. A sessionID
// that is given must be the one that runs. Without a running session the returned session is "".
func (m *Meetings) RunningSession(
	ctx context.Context,
	accountID, meetingID, sessionID string,
) (session string, participantIDs []string, err error) {
	live, people, err := m.Present(ctx, accountID, meetingID, sessionID)
	if errors.Is(err, ErrNotLive) {
		return "", nil, nil
	}
	for _, p := range people {
		participantIDs = append(participantIDs, p.ID)
	}
	return live.SessionID, participantIDs, err
}

// EgressChanged sends everybody in a session the new state of one of its jobs. For a session that has ended it does
// nothing.
func (m *Meetings) EgressChanged(ctx context.Context, sessionID string, state wire.Event) {
	file := ""
	if s, ok := state.(wire.RecordingState); ok {
		file = m.fileAddress(ctx, s) // not in the room's loop: a storage elsewhere may be asked
		state = wire.RecordingState{Status: s.Status}
	}
	m.inRoomOf(ctx, sessionID, func(r *room) {
		switch s := state.(type) {
		case wire.RecordingState:
			r.session.egress.Recording = s
			if file != "" {
				r.notifyRecorded(s, file)
				return
			}
		case wire.LivestreamState:
			r.session.egress.Livestream = s
		case wire.HLSState:
			r.session.egress.HLS = s
		}
		r.changed()
		r.notifyAll(r.signed(state))
	})
}

// fileAddress returns a link to the file that a recording has made; "" where there is none.
func (m *Meetings) fileAddress(ctx context.Context, s wire.RecordingState) string {
	if s.FilePath+s.FileKey == "" || m.opts.FileAddress == nil {
		return ""
	}
	link, err := m.opts.FileAddress(ctx, s.FilePath, s.FileKey)
	if err != nil {
		return "" // whoever reads the recording over REST is told why
	}
	return link
}

// notifyRecorded sends everybody the state, and those who may record the link to the file as well.
func (r *room) notifyRecorded(s wire.RecordingState, file string) {
	plain, withFile := wire.NewBroadcast(s), wire.NewBroadcast(wire.RecordingState{Status: s.Status, FileURL: file})
	for _, p := range r.everyone() {
		if p.req.MayEgress {
			p.listener.Notify(withFile)
		} else {
			p.listener.Notify(plain)
		}
	}
}

// signed returns a state with signed addresses. A state that is sent later has later signatures.
func (r *room) signed(state wire.Event) wire.Event {
	if s, ok := state.(wire.HLSState); ok {
		return r.signedHLS(s)
	}
	return state
}

func (r *room) signedHLS(s wire.HLSState) wire.HLSState {
	if sign := r.meetings.opts.HLSAddress; sign != nil {
		s.PlaybackHLSURL, s.LivestreamURL = sign(s.PlaybackHLSURL), sign(s.LivestreamURL)
		s.DownstreamURL = sign(s.DownstreamURL)
	}
	return s
}

// EgressFault sends a fault of a job to its audience in the session.
func (m *Meetings) EgressFault(ctx context.Context, sessionID string, f *fault.Error, to job.Audience) {
	if !to.Everybody && !to.Moderators {
		return
	}
	m.inRoomOf(ctx, sessionID, func(r *room) {
		for _, p := range r.people.order {
			if p.id != to.Except && (to.Everybody || p.req.MayModerate) {
				p.listener.Notify(wire.Faulted{Fault: f})
			}
		}
	})
}

// EgressFaultCleared tells the audience of a fault that it is over.
func (m *Meetings) EgressFaultCleared(ctx context.Context, sessionID string, over record.Cleared, to job.Audience) {
	if !to.Everybody && !to.Moderators {
		return
	}
	m.inRoomOf(ctx, sessionID, func(r *room) {
		for _, p := range r.people.order {
			if p.id != to.Except && (to.Everybody || p.req.MayModerate) {
				p.listener.Notify(wire.FaultCleared{
					ID: over.Fault.ID, Code: over.Fault.Code, Reason: over.Fault.Reason, ForMs: over.For.Milliseconds(),
				})
			}
		}
	})
}

func (m *Meetings) inRoomOf(ctx context.Context, sessionID string, f func(*room)) {
	r := m.roomOfSession(sessionID)
	if r == nil {
		return
	}
	// The only errors say that the room has ended or that the server stops: nobody is there to be told.
	_ = r.do(ctx, func() {
		if r.session.id == sessionID && r.session.running() {
			f(r)
		}
	})
}

// noEgress stands until SetEgress: a meeting without jobs.
type noEgress struct{}

func (noEgress) Start(context.Context, job.Request) (record.Job, error) {
	return record.Job{}, fault.AddOnServicesDisabledDisabled()
}

func (noEgress) Stop(_ context.Context, q job.StopRequest) (record.Job, error) {
	return record.Job{}, q.Kind.Faults().NotRunning("there was none")
}

func (noEgress) SessionStarted(string, string, string) {}
func (noEgress) SessionEnded(string)                   {}
