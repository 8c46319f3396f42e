package reach

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/sdk"
)

// botOptions is set in a process that is a bot: to its options as JSON.
const botOptions = "REACH_BOT"

// options of a bot, a participant on the Go SDK in a process of its own.
type options struct {
	URL, Token, MeetingID, ParticipantID string
	Publish                              bool // camera and microphone
	Protocol                             sdk.PreferredProtocol
}

// line is what a bot prints: an event, or each tick how many packets of each stream have arrived ("media").
type line struct {
	At    time.Time       `json:"at"`
	Event string          `json:"event"`
	Data  json.RawMessage `json:"data"`
}

const tick = 50 * time.Millisecond

// runBot is the program of a bot: it joins, prints, and leaves when it is asked to end.
func runBot(raw string) int {
	var o options
	if err := json.Unmarshal([]byte(raw), &o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	m, err := sdk.InitMeeting(sdk.Options{
		URL: o.URL, Token: o.Token, MeetingID: o.MeetingID, ParticipantID: o.ParticipantID, Name: o.ParticipantID,
		MicEnabled: o.Publish, WebcamEnabled: o.Publish, PreferredProtocol: o.Protocol,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	out := &botOutput{packets: map[string]*atomic.Int64{}}
	m.On(func(e sdk.Event) { out.print(e.EventName(), e) })
	receive := func(p *sdk.Participant, s *sdk.Stream) {
		if p.ID() != o.ParticipantID {
			count := out.count(p.ID() + " " + string(s.Kind()))
			s.OnRTP(func(*rtp.Packet) { count.Add(1) })
		}
	}
	m.OnMeetingJoined(func() {
		for _, p := range m.Participants() {
			for _, s := range p.Streams() {
				receive(p, s)
			}
		}
	})
	m.OnStreamEnabled(receive)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := m.Join(ctx); err != nil {
		return 1
	}
	protocol := "" // of the sending connection
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			out.print("media", out.counts())
			if stats := m.LocalParticipant().GetTransportStats(); stats != nil && stats.Protocol != protocol {
				protocol = stats.Protocol
				out.print("transport", protocol)
			}
		case <-m.Done():
			return 1
		case <-ctx.Done():
			leave, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			_ = m.Leave(leave) // it may be cut off
			return 0
		}
	}
}

// botOutput prints lines; counters are by participant and kind.
type botOutput struct {
	mu      sync.Mutex // guards everything below, and standard output
	packets map[string]*atomic.Int64
}

func (o *botOutput) print(event string, data any) {
	raw, err := json.Marshal(data)
	if err != nil {
		raw, _ = json.Marshal(err.Error()) // a string
	}
	all, _ := json.Marshal(line{At: time.Now(), Event: event, Data: raw}) // all of it can be marshaled
	o.mu.Lock()
	defer o.mu.Unlock()
	fmt.Println(string(all))
}

func (o *botOutput) count(stream string) *atomic.Int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.packets[stream] == nil {
		o.packets[stream] = &atomic.Int64{}
	}
	return o.packets[stream]
}

func (o *botOutput) counts() map[string]int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	counts := map[string]int64{}
	for stream, n := range o.packets {
		counts[stream] = n.Load()
	}
	return counts
}

// bot is a running bot, as its test sees it.
type bot struct {
	t  testing.TB
	id string

	mu    sync.Mutex // guards everything below
	lines []line
	ended bool
}

// startBot starts a bot on a host; it ends with the test.
func (p *place) startBot(t testing.TB, h *testnet.Host, id string, change func(*options)) *bot {
	t.Helper()
	o := options{URL: p.URL, Token: p.account.Token(t), MeetingID: p.meeting, ParticipantID: id}
	if change != nil {
		change(&o)
	}
	raw, err := json.Marshal(o)
	require.NoError(t, err)
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := h.Command(self)
	cmd.Env = append(os.Environ(), botOptions+"="+string(raw))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	b := &bot{t: t, id: id}
	read := make(chan struct{})
	go func() {
		defer close(read)
		lines := bufio.NewScanner(out)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var l line
			if json.Unmarshal(lines.Bytes(), &l) == nil {
				b.mu.Lock()
				b.lines = append(b.lines, l)
				b.mu.Unlock()
			}
		}
		b.mu.Lock()
		b.ended = true
		b.mu.Unlock()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		kill := time.AfterFunc(5*time.Second, func() { _ = cmd.Process.Kill() })
		<-read
		_ = cmd.Wait() // its exit code is 1 when it was put out
		kill.Stop()
		if t.Failed() {
			b.log()
		}
	})
	return b
}

func (b *bot) log() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.lines {
		if l.Event != "media" {
			b.t.Logf("%s of %s: %s %s", l.At.Format("05.000"), b.id, l.Event, l.Data)
		}
	}
}

// all returns the lines with that event.
func (b *bot) all(event string) (found []line) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.lines {
		if l.Event == event {
			found = append(found, l)
		}
	}
	return found
}

// await waits for an event that suits; nil suits for any.
func (b *bot) await(within time.Duration, event string, suits func(json.RawMessage) bool) line {
	b.t.Helper()
	var got line
	require.Eventually(b.t, func() bool {
		for _, l := range b.all(event) {
			if suits == nil || suits(l.Data) {
				got = l
				return true
			}
		}
		return false
	}, within, 10*time.Millisecond, "%s of %s", event, b.id)
	return got
}

// awaitFault waits for the error event with a code and reason.
func (b *bot) awaitFault(within time.Duration, code int, reason string) *fault.Error {
	b.t.Helper()
	var f fault.Error
	b.await(within, "error", func(raw json.RawMessage) bool {
		f = fault.Error{}
		return json.Unmarshal(raw, &f) == nil && f.Code == code && f.Reason == reason
	})
	return &f
}

// packets returns how many packets of a stream ("ann video") have arrived.
func (b *bot) packets(stream string) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := len(b.lines) - 1; i >= 0; i-- {
		if b.lines[i].Event == "media" {
			return packetsOf(b.lines[i], stream)
		}
	}
	return 0
}

func packetsOf(l line, stream string) int64 {
	var counts map[string]int64
	_ = json.Unmarshal(l.Data, &counts) // printed by counts
	return counts[stream]
}

// awaitMedia waits until packets of a stream keep arriving.
func (b *bot) awaitMedia(within time.Duration, stream string) {
	b.t.Helper()
	start := b.packets(stream)
	require.Eventually(b.t, func() bool { return b.packets(stream) >= start+10 }, within, 20*time.Millisecond,
		"%s at %s", stream, b.id)
}

// gap returns the longest time since a moment in which no packet of a stream arrived, to a tick, and whether it flows
// at the end.
func (b *bot) gap(stream string, since time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	var longest time.Duration
	var count int64
	last := since
	for _, l := range b.lines {
		if l.Event != "media" {
			continue
		}
		now := packetsOf(l, stream)
		if l.At.After(since) {
			longest = max(longest, l.At.Sub(last))
		}
		if now > count && l.At.After(last) {
			last = l.At
		}
		count = now
	}
	return longest
}

// about returns the lines with that event which name a participant.
func (b *bot) about(event, id string) (found []line) {
	for _, l := range b.all(event) {
		var data struct {
			Participant struct {
				ID string `json:"id"`
			} `json:"participant"`
		}
		if json.Unmarshal(l.Data, &data) == nil && data.Participant.ID == id {
			found = append(found, l)
		}
	}
	return found
}
