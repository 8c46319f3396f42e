package meeting

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// direct joins without a signaling socket.
func (s *scenario) direct(name string, change ...func(*JoinRequest)) (*Direct, error) {
	req := s.request(name)
	req.Protocol = "WHIP"
	for _, c := range change {
		c(&req)
	}
	return s.m.JoinDirect(s.ctx(), req)
}

func viewer(source string) func(*JoinRequest) {
	return func(r *JoinRequest) { r.Viewer, r.Source, r.Protocol = true, source, "WHEP" }
}

func isDone(d *Direct) bool {
	select {
	case <-d.Done():
		return true
	default:
		return false
	}
}

// A publisher without a signaling socket is a participant as any other, and is judged as any other.
func TestDirectPublisher(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann").join()
		_, err := s.direct("cam", asksJoin)
		require.Equal(t, "4008.NO_LOBBY", key(err))
		_, err = s.direct("cam", limited(Limits{Participants: 1}))
		require.Equal(t, "4009.LIMIT", key(err))
		_, err = s.direct("cam", limited(Limits{AccountSpeakers: 1}))
		require.Equal(t, "4026.LIMIT", key(err))

		ann.clearEvents()
		cam, err := s.direct("cam")
		require.NoError(t, err)
		require.Equal(t, ann.result.SessionID, cam.Result().SessionID)
		_, err = cam.Publish(s.ctx(), offer(wire.Audio, wire.Video))
		require.NoError(t, err)
		s.wait()
		ann.clearEvents()
		require.Len(t, ann.view.participants["cam"].Streams, 2)

		request := func(kind wire.Kind, on bool) error {
			return ann.p.RequestStream(s.ctx(), wire.RequestStreamParams{ParticipantID: "cam", Kind: kind, Enabled: on})
		}
		ann.succeeds(request(wire.Audio, false))
		require.Len(t, cam.describe().Streams, 1)
		_, err = cam.Publish(s.ctx(), offer(wire.Audio, wire.Video))
		require.NoError(t, err)
		require.Len(t, cam.describe().Streams, 1, "what was switched off stays off when ICE is restarted")
		ann.succeeds(request(wire.Audio, true))
		require.Len(t, cam.describe().Streams, 2, "nobody is there to be asked")
		_, err = cam.Publish(s.ctx(), offer(wire.Audio))
		require.NoError(t, err)
		s.refused("4069.CANNOT_ANSWER", request(wire.Video, true))

		again, err := s.direct("cam")
		require.NoError(t, err)
		require.True(t, isDone(cam))
		_, f := cam.Outcome()
		require.Equal(t, "4005.REPLACED", key(f))

		waiting := s.client("waiting", asksJoin).requestEntry()
		_, err = s.direct("other", func(r *JoinRequest) { r.ParticipantID = "other" })
		require.NoError(t, err)
		require.Equal(t, 1, waiting.p.hosts, "who has no socket answers no lobby")

		ann.succeeds(ann.p.Remove(s.ctx(), wire.ParticipantParams{ParticipantID: "cam"}))
		reason, f := again.Outcome()
		require.Equal(t, wire.RemovePeer.Reason(), reason)
		require.Equal(t, "4103.BY_MODERATOR", key(f))

		_, err = s.direct("cam")
		s.refused("4103.BY_MODERATOR", err)

		third, err := s.direct("third", func(r *JoinRequest) { r.ParticipantID = "third" })
		require.NoError(t, err)
		s.m.CloseKey("key", fault.ApikeyDeactivatedDeactivated("key", "now"))
		require.True(t, isDone(third))
		_, f = third.Outcome()
		require.Equal(t, "4053.DEACTIVATED", key(f))
	})
}

// Nothing but its media connection tells that a participant without a socket is gone.
func TestDirectEndsWithItsConnection(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann").join()
		cam, err := s.direct("cam")
		require.NoError(t, err)
		ann.clearEvents()
		s.m.ConnectionLost(ann.peer(), fault.MediaConnectionLostNoChecks("publish", nil, 0))
		s.m.ConnectionLost(cam.peer(), fault.MediaConnectionLostNoChecks("publish", nil, 0))
		s.wait()
		require.True(t, isDone(cam))
		reason, f := cam.Outcome()
		require.Equal(t, wire.WebSocketDisconnected.Reason(), reason)
		require.Equal(t, "3101.NO_CHECKS", key(f))
		require.True(t, s.wasReported(f))
		require.Equal(t, "cam", f.ParticipantID)
		ann.expectEvents(wire.ParticipantLeft{ParticipantID: "cam", Reason: wire.WebSocketDisconnected.Reason()})

		cam, err = s.direct("cam")
		require.NoError(t, err)
		s.m.ConnectionLost(cam.peer(), nil)
		s.wait()
		reason, f = cam.Outcome()
		require.Equal(t, wire.ManualLeave.Reason(), reason)
		require.Nil(t, f)
	})
}

// A viewer takes a place and is not shown; it is sent one picture and one sound.
func TestViewer(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		tv, err := s.direct("tv", viewer(""))
		require.NoError(t, err)
		_, err = tv.Play(s.ctx(), wire.PlayParams{SDP: "v=0"})
		require.NoError(t, err)
		_, err = s.direct("tv2", viewer(""), limited(Limits{AccountReceivers: 1}))
		require.Equal(t, "4041.LIMIT", key(err))

		ann := s.client("ann").join()
		require.Empty(t, ann.result.Welcome.Participants)
		live, present, err := s.m.Present(s.ctx(), account, hall, "")
		require.NoError(t, err)
		require.Equal(t, 2, live.Participants)
		require.Equal(t, "tv", present[0].ID, "whoever owns the meeting can see and remove it")
		s.refused("4071.NO_SUCH_PARTICIPANT",
			ann.p.Pin(s.ctx(), wire.PinParams{ParticipantID: "tv", State: wire.PinState{Cam: true}}))

		plays := func(want ...StreamRef) {
			t.Helper()
			s.wait()
			s.media.set(func() { require.Equal(t, want, s.media.peers[tv.peer()].subscribed) })
		}
		of := func(id string, kind wire.Kind) StreamRef { return StreamRef{ParticipantID: id, Kind: kind} }
		ann.publishes(wire.Audio, wire.Video)
		plays(of("ann", wire.Video), of("ann", wire.Audio))
		bob := s.client("bob").join().publishes(wire.Audio, wire.Video)
		plays(of("ann", wire.Video), of("ann", wire.Audio))
		s.m.SpeakerChanged(ann.result.SessionID, "bob")
		plays(of("bob", wire.Video), of("bob", wire.Audio))
		s.m.SpeakerChanged(ann.result.SessionID, "")
		plays(of("bob", wire.Video), of("bob", wire.Audio))
		ann.publishes(wire.Audio, wire.Video, wire.Share)
		plays(of("ann", wire.Share), of("bob", wire.Audio))
		ann.succeeds(ann.p.SetStream(s.ctx(), wire.SetStreamParams{Kind: wire.Share}))
		s.m.SpeakerChanged(ann.result.SessionID, "bob")
		plays(of("bob", wire.Video), of("bob", wire.Audio))
		bob.succeeds(bob.p.Leave(s.ctx()))
		plays(of("ann", wire.Video), of("ann", wire.Audio))

		require.NoError(t, tv.SetSource(s.ctx(), "cat"))
		plays()
		cat := s.client("cat").join().publishes(wire.Audio)
		plays(of("cat", wire.Audio))
		ann.clearEvents()
		require.NoError(t, tv.Leave(s.ctx()))
		ann.expectEvents()
		cat.clearEvents()
	})
}
