package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/wire"
)

func TestAccountUsage(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		take := func(node record.NodeID, count, limit int) (int, bool) {
			as(s, node)
			others, taken, err := s.TakePlaces(ctx, "acc", wire.SendAndRecv, count, limit)
			require.NoError(t, err)
			return others, taken
		}
		others, taken := take(nodeA, 3, 5)
		require.True(t, taken)
		require.Zero(t, others)
		_, taken = take(nodeB, 3, 5)
		require.False(t, taken)
		others, taken = take(nodeB, 2, 5)
		require.True(t, taken)
		require.Equal(t, 3, others)
		require.NoError(t, s.NotePlaces(ctx, []record.UsageCount{
			{AccountID: "acc", Mode: wire.SendAndRecv, Participants: 1},
			{AccountID: "acc", Mode: wire.RecvOnly, Participants: 7},
			{AccountID: "other", Mode: wire.RecvOnly, Participants: 9},
		}))
		_, taken = take(nodeA, 4, 5)
		require.True(t, taken, "one has left there")
		as(s, nodeB)
		_, taken, err := s.TakePlaces(ctx, "acc", wire.SignallingOnly, 1, 1)
		require.NoError(t, err)
		require.True(t, taken, "another mode")

		used, err := s.AccountUsage(ctx, "acc", nodeA)
		require.NoError(t, err)
		require.Equal(t, map[wire.Mode]int{wire.SendAndRecv: 1, wire.RecvOnly: 7, wire.SignallingOnly: 1}, used.Participants)

		require.NoError(t, s.RenewNode(ctx, nodeB, nil))
		_, err = s.FenceNode(ctx, nodeB, 1)
		require.NoError(t, err)
		require.NoError(t, s.NotePlaces(ctx, []record.UsageCount{{AccountID: "acc", Mode: wire.RecvOnly, Participants: 7}}))
		used, err = s.AccountUsage(ctx, "acc", nodeA)
		require.NoError(t, err)
		require.Empty(t, used.Participants, "it is lost, whatever it still says")
		require.NoError(t, s.TrimNodes(ctx, time.Now()))

		s.SetNode(func() record.NodeID { return nodeB }, func() bool { return false })
		_, _, err = s.TakePlaces(ctx, "acc", wire.SendAndRecv, 1, 5)
		fencedError(t, err)
		fencedError(t, s.NotePlaces(ctx, []record.UsageCount{{AccountID: "acc"}}))
	})
}

func TestSessionsAndJobsOfAnAccount(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		c := newCall(t, s)
		for i, node := range []record.NodeID{nodeA, nodeB, nodeB} {
			j := newJob(c, fmt.Sprint("job-", i), job.Recording, i)
			j.Node = node
			require.NoError(t, s.CreateJob(ctx, j))
		}
		as(s, nodeB)
		require.NoError(t, s.NotePlaces(ctx, []record.UsageCount{
			{AccountID: c.account.ID, Mode: wire.RecvOnly, Participants: 2},
			{AccountID: c.account.ID, Mode: wire.SendAndRecv, Participants: 3}, {AccountID: "gone", Mode: wire.RecvOnly},
		}))
		live, err := s.LiveUsage(ctx)
		require.NoError(t, err)
		require.Equal(t, map[string]record.LiveUsage{c.account.ID: {Sessions: 1, Participants: 5}}, live)
		used, err := s.AccountUsage(ctx, c.account.ID, nodeA)
		require.NoError(t, err)
		require.Equal(t, 1, used.Sessions)
		require.Equal(t, map[job.Kind]int{job.Recording: 2}, used.Jobs)
	})
}

// Nodes that want the last places of an account at the same moment get as many as there are.
func TestNodesRaceForTheLastPlace(t *testing.T) {
	url := newPostgresDatabase(t)
	nodes := []*store.Store{openNode(t, url, nodeA), openNode(t, url, nodeB)}
	for round := range 30 {
		account := fmt.Sprint("acc-", round)
		const limit = 3
		var got atomic.Int64
		var racing sync.WaitGroup
		for _, s := range nodes {
			racing.Go(func() {
				for count := 1; ; count++ {
					_, taken, err := s.TakePlaces(t.Context(), account, wire.SendAndRecv, count, limit)
					if !assert.NoError(t, err) || !taken {
						return
					}
					got.Add(1)
				}
			})
		}
		racing.Wait()
		require.EqualValues(t, limit, got.Load())
	}
}

// What an account has is found in a millisecond, however many participants there are.
func BenchmarkAccountUsage(b *testing.B) {
	url := newPostgresDatabase(b)
	s, ctx := open(b, url), b.Context()
	account, err := s.CreateAccount(ctx, record.Account{Name: "Ann"})
	require.NoError(b, err)
	for i := range 5 {
		as(s, record.NodeID{Name: fmt.Sprint("n", i), Incarnation: fmt.Sprint("i", i)})
		require.NoError(b, s.NotePlaces(ctx, []record.UsageCount{
			{AccountID: account.ID, Mode: wire.SendAndRecv, Participants: 1000},
			{AccountID: account.ID, Mode: wire.RecvOnly, Participants: 1000},
		}))
	}
	meeting, _, err := s.CreateMeeting(ctx, record.Meeting{AccountID: account.ID})
	require.NoError(b, err)
	as(s, record.NodeID{})
	for i := range 200 { // 10,000 participants
		id := fmt.Sprint("s", i)
		require.NoError(b, s.SessionStarted(ctx, record.NewSession{
			ID: id, AccountID: account.ID, MeetingID: meeting.ID, StartedAt: time.Now(),
		}))
	}
	require.NoError(b, s.FillStays(ctx, 50))
	b.Run("take", func(b *testing.B) {
		as(s, nodeA)
		for b.Loop() {
			_, _, err := s.TakePlaces(ctx, account.ID, wire.SendAndRecv, 1, 100_000)
			require.NoError(b, err)
		}
	})
	b.Run("usage", func(b *testing.B) {
		for b.Loop() {
			_, err := s.AccountUsage(ctx, account.ID, nodeA)
			require.NoError(b, err)
		}
	})
	b.Run("open session", func(b *testing.B) {
		for b.Loop() {
			_, err := s.OpenSession(ctx, meeting.ID)
			require.NoError(b, err)
		}
	})
}
