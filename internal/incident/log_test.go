package incident

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// timeline keeps faults in memory, after a number of failures.
type timeline struct {
	mu      sync.Mutex // guards everything below
	saved   []*fault.Error
	cleared []record.Cleared
	tries   int
	before  func(try int, f *fault.Error) error
}

func (s *timeline) ClearFault(_ context.Context, over record.Cleared) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cleared = append(s.cleared, over)
	return nil
}

func (s *timeline) KeepFault(_ context.Context, f *fault.Error) (string, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries++
	if s.before != nil {
		if err := s.before(s.tries, f); err != nil {
			return "", false, err
		}
	}
	s.saved = append(s.saved, f)
	return f.Account(), true, nil
}

func (s *timeline) has(f *fault.Error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.saved {
		if other == f {
			return true
		}
	}
	return false
}

type lines struct {
	mu  sync.Mutex // guards all
	all bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *lines) list() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Split(strings.TrimSpace(l.all.String()), "\n")
}

func newTestLog(t *testing.T, into *timeline) (*Log, *lines) {
	t.Helper()
	written := &lines{}
	l := New(Options{Logger: slog.New(slog.NewJSONHandler(written, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Timeline: into})
	t.Cleanup(l.Close)
	return l, written
}

func TestAFloodIsCountedAndSampled(t *testing.T) {
	t.Parallel()
	kept := &timeline{}
	l, log := newTestLog(t, kept)
	const flood = 5000
	for range flood {
		l.Report(t.Context(), fault.InvalidTokenAlgNotAllowed("none", "HS256"))
	}
	own := fault.MaxParticipantReachedLimit(5, 5, "account").WithMeeting("abcd-efgh-ijkl", "s1", "ann")
	l.Report(t.Context(), own)
	require.Eventually(t, func() bool { return kept.has(own) }, 5*time.Second, time.Millisecond)
	require.Eventually(t, func() bool { // the count follows when the flood has ended
		counted := 0
		for _, line := range log.list() {
			var said struct {
				Reason string
				More   int
			}
			require.NoError(t, json.Unmarshal([]byte(line), &said))
			if said.Reason == "ALG_NOT_ALLOWED" {
				counted += said.More
				if strings.Contains(line, `"fault"`) {
					counted++
				}
			}
		}
		return counted == flood
	}, 5*time.Second, 5*time.Millisecond, "what is not written down is counted")
	require.Less(t, len(log.list()), 60)
}

func TestWebhooksLoseNoFault(t *testing.T) {
	t.Parallel()
	kept := &timeline{before: func(try int, f *fault.Error) error {
		switch try {
		case 1:
			return errors.New("database is locked")
		case 2:
			panic("the driver")
		}
		return nil
	}}
	l, log := newTestLog(t, kept)
	told := make([]*fault.Error, 0, 500)
	for i := range cap(told) {
		for range 20 {
			l.Report(t.Context(), fault.NotFoundRoute("GET", "/x"))
		}
		f := fault.DuplicateParticipantReplaced("", "web").WithMeeting("abcd-efgh-ijkl", "s1", "p"+strconv.Itoa(i))
		require.True(t, f.Webhook())
		l.Report(t.Context(), f)
		told = append(told, f)
	}
	for _, f := range told {
		require.Eventually(t, func() bool { return kept.has(f) }, 10*time.Second, time.Millisecond)
	}
	require.Contains(t, strings.Join(log.list(), "\n"), "panic in the writing of a fault: the driver",
		"the writer lives on")
}

func TestOneMeetingTakesNothingFromAnother(t *testing.T) {
	t.Parallel()
	q := newQueue()
	for range 10 * perLane {
		q.push(item{fault: fault.NotFoundRoute("GET", "/x")})
		q.push(item{fault: fault.MaxParticipantReachedLimit(1, 1, "account").WithMeeting("loud", "s", "")})
		q.push(item{fault: fault.DuplicateParticipantReplaced("", "web").WithMeeting("loud", "s", "")})
	}
	quiet := fault.DuplicateParticipantReplaced("", "web").WithMeeting("quiet", "s", "") // which its webhook tells
	require.True(t, q.push(item{fault: quiet}))
	for range 3 { // its turn comes soon
		if next, _ := q.pop(); next.fault == quiet {
			return
		}
	}
	t.Fatal("the quiet meeting waits for the loud one")
}

func TestCloseIsBounded(t *testing.T) {
	t.Parallel()
	l, _ := newTestLog(t, &timeline{before: func(int, *fault.Error) error { return errors.New("gone") }})
	for i := range 50 {
		l.Report(t.Context(), fault.DuplicateParticipantReplaced("", "web").
			WithMeeting("abcd-efgh-ijkl", "s1", "p"+strconv.Itoa(i)))
	}
	began := time.Now()
	l.Close()
	require.Less(t, time.Since(began), 2*time.Second)
	l.Report(t.Context(), fault.NotFoundRoute("GET", "/x")) // harms nothing
}

// A condition is told after its delay and once more when it is over; what is over before is told to nobody; those of
// one group have one cause.
func TestConditions(t *testing.T) {
	t.Parallel()
	kept := &timeline{}
	l, log := newTestLog(t, kept)
	at := func(id string) *fault.Error {
		return fault.WebhookDeliveryFailedConnect("https://hook", "e", "refused").WithAccount("a").WithMeeting(id, "s", "")
	}
	require.Greater(t, at("").ShowAfter(), time.Second)
	l.Raise("short", "", at("m1"))
	require.Len(t, l.Lasting(), 1)
	require.False(t, l.Lasting()[0].Shown)
	l.Clear("short")
	require.Empty(t, l.Lasting())

	first, second := at("m1"), at("m2")
	l.Raise("one", "host", first)
	l.Raise("two", "host", second)
	l.Raise("one", "host", at("m1")) // the same incident
	shown := fault.ServerUnavailableStorageLow("/data", 1, 2)
	l.Raise("disk", "", shown)
	require.Eventually(t, func() bool { return kept.has(shown) }, 5*time.Second, time.Millisecond, "it has no delay")
	require.Eventually(t, func() bool { return len(kept.list()) == 3 }, 10*time.Second, 5*time.Millisecond)
	for _, f := range kept.list() {
		if f.ID == second.ID {
			require.Equal(t, first.ID, f.CauseID)
			require.False(t, f.Webhook(), "its cause was told")
		} else {
			require.Empty(t, f.CauseID)
		}
	}
	l.Clear("one") // and the second one lasts on, without its cause
	l.Clear("disk")
	ends := func() (ids []string) {
		kept.mu.Lock()
		defer kept.mu.Unlock()
		for _, over := range kept.cleared {
			ids = append(ids, over.Fault.ID)
		}
		return ids
	}
	require.Eventually(t, func() bool { return len(ends()) == 3 }, 5*time.Second, time.Millisecond)
	require.ElementsMatch(t, []string{first.ID, second.ID, shown.ID}, ends())
	require.Contains(t, strings.Join(log.list(), "\n"), `"msg":"fault-cleared"`)
	require.Eventually(t, func() bool { return len(kept.list()) == 4 }, 10*time.Second, 5*time.Millisecond)
	again := kept.list()[3]
	require.Equal(t, "m2", again.MeetingID)
	require.NotEqual(t, second.ID, again.ID)
	require.Empty(t, again.CauseID)
	require.True(t, again.Webhook() == first.Webhook())
	l.Clear("two")
	require.Eventually(t, func() bool { return len(ends()) == 4 }, 5*time.Second, time.Millisecond)
	require.Empty(t, l.Lasting())
}

// What clients report lasts until they report its end, is bounded for each account, and takes nothing from the server.
func TestConditionsOfClients(t *testing.T) {
	t.Parallel()
	kept := &timeline{}
	l, _ := newTestLog(t, kept)
	at := func(account string) *fault.Error {
		return fault.MediaConnectionLostPathLost("publish", time.Second, 3).WithAccount(account).WithMeeting("m", "s", "p")
	}
	f := at("a")
	began := time.Now().Add(-time.Minute)
	f.At = fault.InstantOf(began)
	require.True(t, l.RaiseReported("a", f))
	require.True(t, l.RaiseReported("a", f), "it lasts")
	require.True(t, l.Lasting()[0].Shown)
	require.Equal(t, began, l.Lasting()[0].Since)
	require.Eventually(t, func() bool { return kept.has(f) }, 5*time.Second, time.Millisecond)
	l.ClearAt("a", began.Add(20*time.Second))
	require.Eventually(t, func() bool {
		kept.mu.Lock()
		defer kept.mu.Unlock()
		return len(kept.cleared) == 1 && kept.cleared[0].For == 20*time.Second
	}, 5*time.Second, time.Millisecond)

	for i := range maxReportedOfAccount {
		require.True(t, l.RaiseReported("a "+strconv.Itoa(i), at("a")))
	}
	require.False(t, l.RaiseReported("a more", at("a")))
	require.True(t, l.RaiseReported("b", at("b")), "another account")
	l.Clear("a 0")
	require.True(t, l.RaiseReported("a more", at("a")))
}

func (s *timeline) list() []*fault.Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*fault.Error(nil), s.saved...)
}
