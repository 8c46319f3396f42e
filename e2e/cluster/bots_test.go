package cluster

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/sdk"
)

// bot is a participant on the Go SDK that publishes a picture and a tone, and notes what comes from the others.
type bot struct {
	*sdk.Meeting
	name string

	mu     sync.Mutex               // guards everything below
	last   map[string]time.Time     // when a packet of "participant/kind" came last
	gaps   map[string]time.Duration // the longest time between two of them, since measure
	events []string
}

// join lets a bot into a meeting through an address, a node's or the balancer's.
func join(t *testing.T, url, token, meeting, name string) *bot {
	t.Helper()
	b := &bot{name: name, last: map[string]time.Time{}, gaps: map[string]time.Duration{}}
	var err error
	b.Meeting, err = sdk.InitMeeting(sdk.Options{
		URL: url, Token: token, MeetingID: meeting, ParticipantID: name, Name: name, MicEnabled: true, WebcamEnabled: true,
		SingleStream: true,
	})
	require.NoError(t, err)
	b.On(b.note)
	b.OnStreamEnabled(b.listen)
	require.NoError(t, b.Join(withTimeout(t)))
	for _, p := range b.Participants() { // what was on before
		for _, kind := range []sdk.Kind{sdk.Audio, sdk.Video} {
			if s := p.Stream(kind); s != nil {
				b.listen(p, s)
			}
		}
	}
	t.Cleanup(func() { _ = b.Leave(t.Context()) })
	return b
}

// listen notes what comes of a stream.
func (b *bot) listen(p *sdk.Participant, s *sdk.Stream) {
	if p.ID() != b.name {
		s.OnRTP(func(*rtp.Packet) { b.packet(p.ID() + "/" + string(s.Kind())) })
	}
}

// note keeps the events that people notice.
func (b *bot) note(event sdk.Event) {
	line := ""
	switch e := event.(type) {
	case sdk.ParticipantLeft:
		line = "left " + e.Participant.ID()
	case sdk.ParticipantJoined:
		line = "joined " + e.Participant.ID()
	case sdk.MeetingStateChanged:
		line = "state " + string(e.State)
	case sdk.MeetingLeft:
		line = fmt.Sprintf("out %s %v", e.Reason.Name, e.Fault)
	case sdk.ErrorEvent:
		line = fmt.Sprintf("error %v", e.Fault)
	default:
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, line)
}

func (b *bot) packet(of string) {
	now := time.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	if last := b.last[of]; !last.IsZero() {
		b.gaps[of] = max(b.gaps[of], now.Sub(last))
	}
	b.last[of] = now
}

// told returns the events since measure.
func (b *bot) told() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.events)
}

// measure forgets gaps and events so far.
func (b *bot) measure() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = nil
	clear(b.gaps)
}

// hearsSince reports whether picture and sound of all these have come since.
func (b *bot) hearsSince(since time.Time, others ...string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, other := range others {
		for _, kind := range []sdk.Kind{sdk.Audio, sdk.Video} {
			if other != b.name && b.last[other+"/"+string(kind)].Before(since) {
				return false
			}
		}
	}
	return true
}

// status describes what has come since, and what the bot was told.
func (b *bot) status(since time.Time) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	line := fmt.Sprintf("%s is %s", b.name, b.State())
	for of, last := range b.last {
		line += fmt.Sprintf("; %s %v", of, last.Sub(since).Round(time.Millisecond))
	}
	return fmt.Sprintf("%s; told %q", line, b.events)
}

// longestGap is the longest time without media of somebody, since measure.
func (b *bot) longestGap() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	var longest time.Duration
	for _, gap := range b.gaps {
		longest = max(longest, gap)
	}
	return longest
}

// company is a meeting of bots.
type company struct {
	meeting string
	bots    []*bot
}

// gather lets bots into a new meeting, each through the balancer, and waits until all hear all.
func (c *nodes) gather(t *testing.T, names ...string) company {
	t.Helper()
	m := company{meeting: c.account.Meeting(t, nil)}
	for _, name := range names {
		m.bots = append(m.bots, join(t, c.front.url, c.account.Token(t), m.meeting, name))
	}
	m.together(t, 20*time.Second)
	return m
}

func (m company) names() []string {
	var names []string
	for _, b := range m.bots {
		names = append(names, b.name)
	}
	return names
}

// together waits until all hear all, and returns how long that took.
func (m company) together(t *testing.T, within time.Duration) time.Duration {
	t.Helper()
	began := time.Now()
	for !m.hear(began) {
		if time.Since(began) > within {
			for _, b := range m.bots {
				t.Logf("%s", b.status(began))
			}
			t.Fatal("not all hear all")
		}
		<-time.After(10 * time.Millisecond)
	}
	return time.Since(began)
}

func (m company) hear(since time.Time) bool {
	for _, b := range m.bots {
		if !b.hearsSince(since, m.names()...) {
			return false
		}
	}
	return true
}

func (m company) measure() {
	for _, b := range m.bots {
		b.measure()
	}
}

// requireNobodyLeft requires that nobody saw anybody leave or come, that nobody was told an error, and that each was
// reconnecting at most so many times.
func (m company) requireNobodyLeft(t *testing.T, reconnecting int) {
	t.Helper()
	for _, b := range m.bots {
		cuts := 0
		for _, line := range b.told() {
			switch line {
			case "state RECONNECTING":
				cuts++
			case "state CONNECTED":
			default:
				t.Errorf("%s was told: %s", b.name, line)
			}
		}
		require.LessOrEqual(t, cuts, reconnecting, "%s: %v", b.name, b.told())
	}
}

// visit lets somebody into a meeting and out again.
func (c *nodes) visit(t *testing.T, meeting string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	guest, err := sdk.InitMeeting(
		sdk.Options{URL: c.front.url, Token: c.account.Token(t), MeetingID: meeting, Name: "guest"},
	)
	if err != nil {
		return err
	}
	if err := guest.Join(ctx); err != nil {
		return fmt.Errorf("join: %w", err)
	}
	if err := guest.Leave(ctx); err != nil {
		return fmt.Errorf("leave: %w", err)
	}
	return nil
}
