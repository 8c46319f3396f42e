package egress

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// useRoom moves the fixture to a meeting with that config.
func (p *fixture) useRoom(config record.MeetingConfig) {
	meeting, _, err := p.store.CreateMeeting(p.t.Context(), record.Meeting{AccountID: p.account.ID, Config: config})
	require.NoError(p.t, err)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.meeting = meeting
}

func TestMultiComposition(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true, Obeys: true})
	p.useRoom(record.MeetingConfig{MultiComposition: record.MultiComposition{Recording: true, RTMP: true}})
	first, err := p.m.Start(t.Context(), p.request(job.Recording))
	require.NoError(t, err)
	second, err := p.m.Start(t.Context(), p.request(job.Recording))
	require.NoError(t, err, "several recordings run at once")
	hls, err := p.m.Start(t.Context(), p.request(job.HLS))
	require.NoError(t, err)
	refused(t, "4016.ALREADY_RUNNING", errOf(p.m.Start(t.Context(), p.request(job.HLS))))

	require.NoError(t, p.stop(job.Recording, second.ID))
	refused(t, "4012.NOT_RUNNING", p.stop(job.Recording, second.ID))
	require.Eventually(t, func() bool { return p.m.Count() == 2 }, 10*time.Second, 10*time.Millisecond)
	third, err := p.m.Start(t.Context(), p.request(job.Recording))
	require.NoError(t, err, "while the other one goes on")
	require.NoError(t, p.stop(job.HLS, ""))
	require.NoError(t, p.stop(job.Recording, ""), "without an id all of them stop")
	for _, id := range []string{first.ID, third.ID, hls.ID} {
		require.Equal(t, job.Stopped, p.awaitEnd(id).State)
	}
	var told []string
	for _, state := range p.events() {
		if state[:3] == "REC" {
			told = append(told, state)
		}
	}
	require.Equal(t, []string{"RECORDING_STARTING", "RECORDING_STARTED", "RECORDING_STOPPING", "RECORDING_STOPPED"},
		dedupe(told), "the meeting is recorded from the first to the last")
}

// dedupe drops what repeats the one before it.
func dedupe(list []string) []string {
	var out []string
	for _, each := range list {
		if len(out) == 0 || out[len(out)-1] != each {
			out = append(out, each)
		}
	}
	return out
}

func TestCloseRoomOnFailure(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true, Fails: "dies"})
	q := p.request(job.Recording)
	q.OnFailure = job.CloseRoomAfter(time.Second)
	j, err := p.m.Start(t.Context(), q)
	require.NoError(t, err)
	failed := p.awaitEnd(j.ID)
	require.Equal(t, job.Failed, failed.State)
	closed := func() int {
		p.mu.Lock()
		defer p.mu.Unlock()
		return len(p.closed)
	}
	require.Zero(t, closed(), "there is time to start it again")
	require.Eventually(t, func() bool { return closed() == 1 }, 10*time.Second, 10*time.Millisecond)
	f := refused(t, "4104.ON_FAILURE", p.closed[0])
	require.Equal(t, failed.Fault.ID, f.CauseID)
	require.Equal(t, "recording", f.Details["kind"])
}

func TestCloseRoomSparesASessionThatIsRecordedAgain(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true, Obeys: true})
	j, err := p.m.Start(t.Context(), p.request(job.Recording))
	require.NoError(t, err)
	lost := refused(t, "4014.NOT_RUNNING", p.stop(job.Livestream, "")) // any fault
	p.m.closeRoom(job.Request{
		Kind: job.Recording, AccountID: j.AccountID, MeetingID: j.MeetingID, SessionID: j.SessionID,
	}, lost, 0)
	require.Empty(t, p.closed)
}
