// Package live watches meetings from outside while they go on: as HLS with hls.js in Chromium, over RTMP with nginx and
// ffmpeg. The server starts the jobs as it does in production; nothing in it is replaced.
package live

import (
	"context"
	"encoding/json"
	"image"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

func TestMain(m *testing.M) {
	testserver.UseProgramForWorkers()
	os.Exit(m.Run())
}

// waitLimit is how long a test waits for what must come, on a machine that does much else.
const waitLimit = 60 * time.Second

// Where the two people of these meetings are on a canvas of 854x480.
var (
	low     = sdk.EgressConfig{Quality: sdk.QualityLow}
	annsBox = image.Rect(4, 122, 424, 358)
	bobsBox = image.Rect(428, 122, 848, 358)
)

// fixture is a meeting on a running server.
type fixture struct {
	server  *testserver.Server
	account testserver.Account
	meeting string
}

// open makes a meeting with these settings of the room; nil ones are the default.
func open(t *testing.T, room map[string]any, changes ...func(*conf.Config)) *fixture {
	t.Helper()
	h := testserver.Start(t, append(changes, func(c *conf.Config) { c.Egress.AllowPrivateTargets = true })...)
	account := h.Account(t, nil)
	return &fixture{server: h, account: account, meeting: account.Meeting(t, room)}
}

// join lets a bot join with a card that shows the time, and a tone, and keeps what it is told.
func (s *fixture) join(t *testing.T, name string) (*sdk.Meeting, *eventLog) {
	t.Helper()
	bot, err := sdk.InitMeeting(sdk.Options{
		URL: s.server.URL, Token: s.account.Token(t), MeetingID: s.meeting, ParticipantID: name, Name: name,
		WebcamEnabled: true, Webcam: clockSource(name), MicEnabled: true, Mic: sdk.TestTone(name), ManualConsume: true,
	})
	require.NoError(t, err)
	told := logEvents(bot)
	require.NoError(t, bot.Join(t.Context()))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = bot.Leave(ctx) // it may have left already
	})
	return bot, told
}

// jobs returns the records of all jobs of a kind, as the server keeps them.
func (s *fixture) jobs(t *testing.T, kind job.Kind) []record.Job {
	t.Helper()
	list, err := s.server.InProcess.Store.Jobs(
		t.Context(),
		s.account.ID,
		record.JobFilter{Kinds: []job.Kind{kind}},
		record.Page{Number: 1, Size: 20},
	)
	require.NoError(t, err)
	return list.Items
}

// eventLog is what a bot is told of jobs.
type eventLog struct {
	mu     sync.Mutex // guards everything below
	states []string
	urls   map[string]sdk.HLSURLs // by state
	faults []*fault.Error
}

func logEvents(m *sdk.Meeting) *eventLog {
	b := &eventLog{urls: map[string]sdk.HLSURLs{}}
	state := func(status string) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.states = append(b.states, status)
	}
	m.OnRecordingStateChanged(state)
	m.OnLivestreamStateChanged(state)
	m.OnHLSStateChanged(func(status string, urls sdk.HLSURLs) {
		state(status)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.urls[status] = urls
	})
	m.OnError(func(f *fault.Error) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.faults = append(b.faults, f)
	})
	return b
}

// statesOf returns the states of a kind so far, in their order.
func (b *eventLog) statesOf(kind job.Kind) (states []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.states {
		if state, ok := strings.CutPrefix(s, strings.ToUpper(string(kind))+"_"); ok {
			states = append(states, state)
		}
	}
	return states
}

// requireStates waits for the last of these states, and they must be all there were of that kind.
func (b *eventLog) requireStates(t *testing.T, kind job.Kind, want ...string) {
	t.Helper()
	require.Eventually(
		t,
		func() bool { return len(b.statesOf(kind)) >= len(want) },
		waitLimit,
		10*time.Millisecond,
		"%s: %v",
		kind,
		want,
	)
	require.Equal(t, want, b.statesOf(kind), "%s", kind)
}

// fault waits for a fault of that code and reason.
func (b *eventLog) fault(t *testing.T, code int, reason string) (found *fault.Error) {
	t.Helper()
	require.Eventually(t, func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		i := slices.IndexFunc(b.faults, func(f *fault.Error) bool { return f.Code == code && f.Reason == reason })
		if i >= 0 {
			found = b.faults[i]
		}
		return i >= 0
	}, waitLimit, 10*time.Millisecond, "%d %s", code, reason)
	return found
}

// text is all that was told, as JSON.
func (b *eventLog) text(t *testing.T) string {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	raw, err := json.Marshal(b.faults)
	require.NoError(t, err)
	return string(raw)
}
