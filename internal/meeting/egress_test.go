package meeting

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// memoryEgress keeps what it was asked.
type memoryEgress struct {
	mu      sync.Mutex // guards everything below
	started []job.Request
	stopped []job.StopRequest
	running map[string]bool // sessions
	refuse  error
}

func (e *memoryEgress) Start(_ context.Context, q job.Request) (record.Job, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.started = append(e.started, q)
	return record.Job{}, e.refuse
}

func (e *memoryEgress) Stop(_ context.Context, q job.StopRequest) (record.Job, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stopped = append(e.stopped, q)
	return record.Job{}, e.refuse
}

func (e *memoryEgress) SessionStarted(_, _, sessionID string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.running[sessionID] = true
}

func (e *memoryEgress) SessionEnded(sessionID string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.running, sessionID)
}

func (s *scenario) egress() *memoryEgress {
	e := &memoryEgress{running: map[string]bool{}}
	s.m.SetEgress(e)
	return e
}

// hides is the join of a worker.
func hides(sessionID string) func(*JoinRequest) {
	return func(r *JoinRequest) {
		r.Hidden, r.SessionID, r.ParticipantID, r.Name, r.Mode = true, sessionID, "egress 1", "", wire.RecvOnly
		r.MayJoin, r.MayModerate, r.MayEnd = false, false, false
	}
}

// A worker receives what happens and what is sent, and nobody notices it.
func TestHiddenParticipant(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann", limited(Limits{Participants: 2, AccountReceivers: 1})).join()
		ann.publishes(wire.Audio, wire.Video)
		session := ann.result.SessionID
		worker := s.client("worker", hides(session), limited(Limits{Participants: 1, AccountReceivers: 0})).join()
		require.Equal(t, session, worker.result.SessionID)
		require.Equal(t, "ann", worker.result.Welcome.Participants[0].ID)
		require.Len(t, worker.result.Welcome.Participants[0].Streams, 2)
		s.wait()
		require.Equal(
			t,
			[]StreamRef{{ParticipantID: "ann", Kind: wire.Audio}, {ParticipantID: "ann", Kind: wire.Video}},
			s.media.of(worker.peer()).subscribed,
		)
		require.Equal(t, Counts{Sessions: 1, Participants: 1}, s.m.Counts())
		_, present, err := s.m.Present(s.ctx(), account, hall, "")
		require.NoError(t, err)
		require.Len(t, present, 1)

		bob := s.client("bob", mode(wire.RecvOnly), limited(Limits{Participants: 2, AccountReceivers: 1})).join()
		require.Len(t, bob.result.Welcome.Participants, 1, "the worker takes no place and is not listed")
		s.wait()
		worker.mu.Lock()
		names := []string{}
		for _, e := range worker.events {
			names = append(names, e.EventName())
		}
		worker.mu.Unlock()
		require.Contains(t, names, "subscribe-offer")
		require.Contains(t, names, "participant-joined")
		require.NoError(t, worker.p.Answer(s.ctx(), wire.AnswerParams{OfferID: 1, SDP: "v=0 answer"}))
		s.refused("4105.NEEDS_PERMISSION", worker.p.SetMode(s.ctx(), wire.SetModeParams{Mode: "SEND_AND_RECV"}))
		_, err = worker.p.Publish(s.ctx(), offer(wire.Audio))
		s.refused("4105.NEEDS_PERMISSION", err)
		_, err = worker.p.PublishMessage(s.ctx(), wire.PublishMessageParams{Topic: "chat", Message: "hello"})
		s.refused("4105.NEEDS_PERMISSION", err)
		s.refused("4105.NEEDS_PERMISSION", worker.p.End(s.ctx()))

		worker.succeeds(worker.p.Leave(s.ctx())).expectClosed(wire.ManualLeave, "")
		second := s.client("worker", hides(session)).join()
		bob.succeeds(bob.p.Leave(s.ctx()))
		ann.clearEvents()
		ann.succeeds(ann.p.Leave(s.ctx()))
		second.expectClosed(wire.RoomClose, "")
		require.Equal(t, Counts{}, s.m.Counts(), "a worker keeps no session alive")
		rec := s.records.session(session)
		require.True(t, rec.ended)
		require.NotContains(t, rec.modes, "egress 1")
		for _, a := range []*client{ann, bob} {
			a.mu.Lock()
			for _, e := range a.events {
				raw, err := json.Marshal(e)
				require.NoError(t, err)
				require.NotContains(t, string(raw), "egress 1")
			}
			a.mu.Unlock()
		}
	})
}

func TestHiddenParticipantJoinsOnlyItsSession(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		s.refused("3035.LEFT", s.client("worker", hides("none")).tryJoin())
		require.Equal(t, Counts{}, s.m.Counts())
		ann := s.client("ann").join()
		s.refused("3035.LEFT", s.client("worker", hides("another")).tryJoin())
		ann.succeeds(ann.p.Leave(s.ctx()))
	})
}

// Permission is judged before anything starts; the job learns who asked for it.
func TestEgressCalls(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		e := s.egress()
		ann := s.client("ann", func(r *JoinRequest) { r.MayEgress = true }).join()
		bob := s.client("bob", plain).join()
		require.Equal(t, map[string]bool{ann.result.SessionID: true}, e.running)
		s.refused("4105.NEEDS_PERMISSION", bob.p.StartRecording(s.ctx(), wire.StartRecordingParams{}))
		s.refused("4105.NEEDS_PERMISSION", bob.p.StopHLS(s.ctx()))
		require.Empty(t, e.started)
		require.Empty(t, e.stopped)

		require.NoError(t, ann.p.StartRecording(s.ctx(), wire.StartRecordingParams{Dir: "calls", OnFailure: "restart"}))
		require.NoError(
			t,
			ann.p.StartLivestream(
				s.ctx(),
				wire.StartLivestreamParams{Outputs: []wire.LivestreamOutput{{URL: "rtmp://x/y", StreamKey: "k"}}},
			),
		)
		require.NoError(t, ann.p.StartHLS(s.ctx(), wire.StartHLSParams{}))
		require.Equal(t, job.Request{
			Kind: job.Recording, Method: "startRecording", AccountID: account, MeetingID: hall, SessionID: ann.result.SessionID,
			By: job.By{ParticipantID: "ann", Name: ann.p.req.Name}, Dir: "calls", OnFailure: job.RestartOnFailure,
		}, e.started[0])
		require.Equal(t, []job.Output{{URL: "rtmp://x/y", StreamKey: "k"}}, e.started[1].Outputs)
		for i, stop := range []func(context.Context) error{ann.p.StopRecording, ann.p.StopLivestream, ann.p.StopHLS} {
			require.NoError(t, stop(s.ctx()))
			require.Equal(t, e.started[i].Kind, e.stopped[i].Kind)
		}
		e.refuse = fault.StartHLSFailedAlreadyRunning("bob", "now", "bob (Bob)")
		s.refused("4016.ALREADY_RUNNING", ann.p.StartHLS(s.ctx(), wire.StartHLSParams{}))

		bob.succeeds(bob.p.Leave(s.ctx()))
		ann.succeeds(ann.p.Leave(s.ctx()))
		require.Empty(t, e.running)
		s.refused("3035.LEFT", ann.p.StartRecording(s.ctx(), wire.StartRecordingParams{}))
	})
}

// The link to the file of a recording is for those who may record, and for nobody who comes later.
func TestRecordedFile(t *testing.T) {
	refused := false
	link := func(_ context.Context, path, key string) (string, error) {
		if refused {
			return "", errors.New("the storage is away")
		}
		return "https://x/" + path + key, nil
	}
	runScenario(t, Options{FileAddress: link}, func(s *scenario) {
		s.egress()
		ann := s.client("ann", func(r *JoinRequest) { r.MayEgress = true }).join()
		bob := s.client("bob", plain).join()
		ann.clearEvents()
		stopped := wire.RecordingState{Status: "RECORDING_STOPPED", FilePath: "recording/1.mp4"}
		s.m.EgressChanged(s.ctx(), ann.result.SessionID, stopped)
		ann.expectEvents(wire.RecordingState{Status: "RECORDING_STOPPED", FileURL: "https://x/recording/1.mp4"})
		bob.expectEvents(wire.RecordingState{Status: "RECORDING_STOPPED"})
		later := s.client("cid", func(r *JoinRequest) { r.MayEgress = true }).join()
		require.Equal(t, wire.RecordingState{Status: "RECORDING_STOPPED"}, later.result.Welcome.Egress.Recording)

		refused = true
		ann.clearEvents()
		s.m.EgressChanged(s.ctx(), ann.result.SessionID, stopped)
		ann.expectEvents(wire.RecordingState{Status: "RECORDING_STOPPED"})
	})
}

// Everybody follows the states; who comes later finds them in the welcome, and the next session begins without.
func TestEgressStates(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		s.egress()
		ann := s.client("ann").join()
		bob := s.client("bob", plain).join()
		session := ann.result.SessionID
		ann.clearEvents()
		playing := wire.HLSState{Status: "HLS_PLAYABLE", PlaybackHLSURL: "https://x/playback.m3u8"}
		for _, state := range []wire.Event{
			wire.RecordingState{Status: "RECORDING_STARTED"}, wire.LivestreamState{Status: "LIVESTREAM_STOPPED"}, playing,
		} {
			s.m.EgressChanged(s.ctx(), session, state)
			ann.expectEvents(state)
		}
		bob.expectEvents(
			wire.RecordingState{Status: "RECORDING_STARTED"},
			wire.LivestreamState{Status: "LIVESTREAM_STOPPED"},
			playing,
		)
		s.m.EgressChanged(s.ctx(), "another", wire.RecordingState{Status: "RECORDING_STOPPED"})
		cid := s.client("cid").join()
		require.Equal(t, wire.Egress{
			Recording: wire.RecordingState{
				Status: "RECORDING_STARTED",
			}, Livestream: wire.LivestreamState{Status: "LIVESTREAM_STOPPED"}, HLS: playing,
		}, cid.result.Welcome.Egress)

		ann.clearEvents()
		bob.clearEvents()
		cid.clearEvents()
		f := fault.RecordingFailedWorkerStalled(5)
		s.m.EgressFault(s.ctx(), session, f, job.Audience{Moderators: true, Except: "cid"})
		s.wait()
		ann.expectEvents(wire.Faulted{Fault: f})
		for _, a := range []*client{bob, cid} {
			a.mu.Lock()
			require.Empty(t, a.events, a.name)
			a.mu.Unlock()
		}
		s.m.EgressFault(s.ctx(), session, f, job.Audience{Everybody: true})
		bob.expectEvents(wire.Faulted{Fault: f})
		s.m.EgressFault(s.ctx(), session, f, job.Audience{})
		require.NoError(t, ann.p.End(s.ctx()))
		require.Equal(t, wire.Egress{}, s.client("dan").join().result.Welcome.Egress)
	})
}
