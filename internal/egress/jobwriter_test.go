package egress

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// fullDiskStore is a store on a disk that takes nothing while it is set.
type fullDiskStore struct {
	Store
	full atomic.Bool
}

func (f *fullDiskStore) UpdateJob(ctx context.Context, j record.Job) error {
	if f.full.Load() {
		return errors.New("database or disk is full (13)")
	}
	return f.Store.UpdateJob(ctx, j)
}

// A job ends although the store takes nothing: the meeting hears it, REST shows it, and record and webhooks follow in their
// order when the store is back.
func TestJobEndsWhileTheStoreFails(t *testing.T) {
	t.Parallel()
	disk := &fullDiskStore{}
	p := newFixture(t, script{Starts: true, Writes: 5}, func(o *Options) { disk.Store, o.Store = o.Store, disk })
	j, err := p.m.Start(t.Context(), p.request(job.Recording))
	require.NoError(t, err)
	watched := func() (states []job.State) {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, j := range p.watched {
			states = append(states, j.State)
		}
		return states
	}
	require.Equal(t, []job.State{job.Starting, job.Started}, watched())

	disk.full.Store(true)
	require.NoError(t, p.stop(job.Recording, ""))
	require.Eventually(t, func() bool { return p.m.Count() == 0 }, 20*time.Second, 10*time.Millisecond)
	require.Equal(t, []string{"RECORDING_STARTING", "RECORDING_STARTED", "RECORDING_STOPPING", "RECORDING_STOPPED"}, p.events())
	stored, err := p.store.Job(t.Context(), p.account.ID, j.ID)
	require.NoError(t, err)
	require.Equal(t, job.Started, stored.State)
	require.Equal(t, job.Stopped, p.m.Latest(stored).State, "what REST shows")
	require.Equal(t, []job.State{job.Starting, job.Started}, watched(), "nothing is told that is not written")
	p.mu.Lock()
	require.Len(t, p.reported, 1, "it is said once")
	f := refused(t, "5101.STORE", p.reported[0])
	require.Positive(t, f.RetryAfterMs)
	p.mu.Unlock()

	disk.full.Store(false)
	end := p.awaitEnd(j.ID)
	require.Equal(t, job.Stopped, end.State)
	require.NotEmpty(t, end.Files)
	require.Eventually(t, func() bool { return len(watched()) == 4 }, 10*time.Second, 10*time.Millisecond)
	require.Equal(t, []job.State{job.Starting, job.Started, job.Stopping, job.Stopped}, watched())
	require.Eventually(t, func() bool {
		p.m.unwritten.mu.Lock()
		defer p.m.unwritten.mu.Unlock()
		return len(p.m.unwritten.jobs) == 0
	}, 10*time.Second, 10*time.Millisecond, "the store has it")
}

// A server that stops does not wait for a store that takes nothing.
func TestCloseDoesNotWaitForTheStore(t *testing.T) {
	t.Parallel()
	disk := &fullDiskStore{}
	p := newFixture(t, script{Starts: true}, func(o *Options) { disk.Store, o.Store = o.Store, disk })
	_, err := p.m.Start(t.Context(), p.request(job.Recording))
	require.NoError(t, err)
	disk.full.Store(true)
	began := time.Now()
	require.NoError(t, p.m.Close(t.Context()))
	require.Less(t, time.Since(began), 10*time.Second)
}

// A panic in what watches over a job ends that job, and no other.
func TestPanicEndsOneJob(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true})
	other, err := p.m.Start(t.Context(), p.request(job.HLS))
	require.NoError(t, err)
	p.onState = func(status string) {
		if status == "RECORDING_STARTED" {
			panic("planted")
		}
	}
	_, err = p.m.Start(t.Context(), p.request(job.Recording))
	f := refused(t, "4011.SUPERVISION_FAILED", err)
	require.NotEmpty(t, f.CauseID)
	require.NotContains(t, f.Detail, "goroutine", "the stack is for the log")
	var died record.Job
	require.Eventually(t, func() bool {
		list, err := p.store.Jobs(t.Context(), p.account.ID, record.JobFilter{Kinds: []job.Kind{job.Recording}}, record.Page{Size: 1})
		if err != nil || len(list.Items) == 0 {
			return false
		}
		died = list.Items[0]
		return died.State.Over()
	}, 20*time.Second, 10*time.Millisecond)
	require.Equal(t, job.Failed, died.State)
	require.Contains(t, p.log.String(), "jobwriter_test.go", "the stack is in the log")
	require.Equal(t, other.ID, p.m.Running(p.meeting.ID)[0].ID, "another one goes on")
	p.onState = nil
	_, err = p.m.Start(t.Context(), p.request(job.Recording))
	require.NoError(t, err, "its place is free")
}
