// Package misuse does to a real server what integrators, their bugs and their enemies do, and what no list of faults
// names. Each misuse gets a precise fault; nothing panics, no secret is written down, and a meeting that runs beside it
// all the time notices nothing.
package misuse

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// innocent is a meeting of two who publish and receive all the time. Ann receives what Bob sends.
type innocent struct {
	account testserver.Account
	meeting string
	people  []*sdk.Meeting

	mu      sync.Mutex // guards everything below
	watched bool
	events  []string // after watch
	packets int
	missing map[uint32]*gaps // by SSRC
	last    time.Time
	longest time.Duration // without a packet
}

func meet(t *testing.T, h *testserver.Server) *innocent {
	t.Helper()
	in := &innocent{account: h.Account(t, nil)}
	in.meeting = in.account.Meeting(t, nil)
	for _, id := range []string{"ann", "bob"} {
		m, err := sdk.InitMeeting(
			sdk.Options{URL: h.URL, Token: in.account.Token(t), MeetingID: in.meeting, ParticipantID: id,
				Name: id, MicEnabled: true, WebcamEnabled: true,
				Webcam: sdk.TestCard(sdk.CardOptions{Width: 320, Height: 180, Name: id})},
		)
		require.NoError(t, err)
		m.On(func(e sdk.Event) { in.note(id, e) })
		require.NoError(t, m.Join(t.Context()))
		t.Cleanup(func() { _ = m.Leave(context.WithoutCancel(t.Context())) }) // the server may be gone
		in.people = append(in.people, m)
	}
	ann, bob := in.people[0], in.people[1]
	require.Eventually(
		t,
		func() bool { return publishes(ann, "bob") && publishes(bob, "ann") },
		testserver.Timeout,
		5*time.Millisecond,
	)
	for _, kind := range []sdk.Kind{sdk.Audio, sdk.Video} {
		ann.Participant("bob").Stream(kind).OnRTP(in.packet)
	}
	return in
}

func publishes(m *sdk.Meeting, id string) bool {
	p := m.Participant(id)
	return p != nil && p.MicOn() && p.WebcamOn()
}

func (in *innocent) note(id string, e sdk.Event) {
	if e.EventName() == "speaker-changed" {
		return // two tones take turns
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.watched {
		in.events = append(in.events, fmt.Sprintf("%s: %s %+v", id, e.EventName(), e))
	}
}

func (in *innocent) packet(p *rtp.Packet) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.missing == nil {
		in.missing = map[uint32]*gaps{}
	}
	if in.missing[p.SSRC] == nil {
		in.missing[p.SSRC] = &gaps{next: p.SequenceNumber, open: map[uint16]bool{}}
	}
	in.missing[p.SSRC].take(p.SequenceNumber)
	now := time.Now()
	if in.watched && in.packets > 0 {
		in.longest = max(in.longest, now.Sub(in.last))
	}
	in.packets++
	in.last = now
}

// gaps are the sequence numbers of a stream that have not come.
type gaps struct {
	next uint16
	open map[uint16]bool
}

func (g *gaps) take(seq uint16) {
	if seq-g.next < 1<<15 {
		for ; g.next != seq; g.next++ {
			g.open[g.next] = true
		}
		g.next++
	}
	delete(g.open, seq)
}

// whole sees that more of each stream has come and that, but for what may still be on its way, nothing is missing.
func (in *innocent) whole(t *testing.T, before int) (packets int) {
	t.Helper()
	missing := 0
	require.Eventually(t, func() bool {
		in.mu.Lock()
		defer in.mu.Unlock()
		missing = 0
		for _, g := range in.missing {
			missing += len(g.open)
		}
		packets = in.packets
		return missing == 0 && packets > before
	}, 2*time.Second, 5*time.Millisecond, "packets of the innocent meeting are missing")
	return packets
}

// member is somebody without an SDK in the innocent meeting. Call it before watch.
func (in *innocent) member(t *testing.T, h *testserver.Server, id string) *testserver.Socket {
	t.Helper()
	s, _ := h.Join(t, testserver.JoinParams(in.account.Token(t, "allow_join"), in.meeting, id))
	return s
}

// watch begins to look: from here on nothing may happen in the meeting. Handlers run in order, so a message to oneself
// says that everything before it was told.
func (in *innocent) watch(t *testing.T) {
	for _, m := range in.people {
		told := make(chan struct{})
		topic := "watch " + m.LocalParticipant().ID()
		_, err := m.PubSub().Subscribe(t.Context(), topic, func(sdk.Message) { close(told) }, sdk.SubscribeOptions{})
		require.NoError(t, err)
		_, err = m.PubSub().Publish(t.Context(), topic, "now", sdk.PublishOptions{})
		require.NoError(t, err)
		<-told
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.watched = true
}

// flows sees that media still arrives and that nothing was told to anybody.
func (in *innocent) flows(t *testing.T) {
	t.Helper()
	in.mu.Lock()
	before := in.packets
	in.mu.Unlock()
	require.Eventually(t, func() bool {
		in.mu.Lock()
		defer in.mu.Unlock()
		return in.packets >= before+20
	}, testserver.Timeout, 5*time.Millisecond, "no media arrives any more")
	in.mu.Lock()
	defer in.mu.Unlock()
	require.Empty(t, in.events, "the innocent meeting noticed")
	require.Less(t, in.longest, 3*time.Second, "media stood still")
}
