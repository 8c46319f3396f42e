// Package misuse does to a real server what integrators do by mistake and attackers on purpose. Each misuse gets
// a precise fault; nothing panics, no log holds a secret, and a meeting that runs beside it all the time is not
// affected.
package misuse

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// bystanders are a meeting of two who publish and receive all the time. Ann receives what Bob sends.
type bystanders struct {
	account testserver.Account
	meeting string
	members []*sdk.Meeting

	mu      sync.Mutex // guards everything below
	watched bool
	events  []string // after watch
	packets int
	missing map[uint32]*gaps // by SSRC
	last    time.Time
	longest time.Duration // without a packet

	pictures int // that have begun to arrive at somebody
}

func startBystanders(t *testing.T, h *testserver.Server) *bystanders {
	t.Helper()
	in := &bystanders{account: h.Account(t, nil)}
	in.meeting = in.account.Meeting(t, nil)
	for _, id := range []string{"ann", "bob"} {
		m, err := sdk.InitMeeting(
			sdk.Options{URL: h.URL, Token: in.account.Token(t), MeetingID: in.meeting, ParticipantID: id,
				Name: id, MicEnabled: true, WebcamEnabled: true,
				Webcam: sdk.TestCard(sdk.CardOptions{Width: 320, Height: 180, Name: id})},
		)
		require.NoError(t, err)
		m.On(func(e sdk.Event) { in.recordEvent(id, e) })
		require.NoError(t, m.Join(t.Context()))
		t.Cleanup(func() { _ = m.Leave(context.WithoutCancel(t.Context())) }) // the server may be gone
		in.members = append(in.members, m)
	}
	ann, bob := in.members[0], in.members[1]
	require.Eventually(
		t,
		func() bool { return publishes(ann, "bob") && publishes(bob, "ann") },
		testserver.Timeout,
		5*time.Millisecond,
	)
	for _, kind := range []sdk.Kind{sdk.Audio, sdk.Video} {
		ann.Participant("bob").Stream(kind).OnRTP(in.packet)
	}
	require.Eventually(t, func() bool { // the first packets of a picture are an event
		in.mu.Lock()
		defer in.mu.Unlock()
		return in.pictures == 2
	}, testserver.Timeout, 5*time.Millisecond)
	return in
}

func publishes(m *sdk.Meeting, id string) bool {
	p := m.Participant(id)
	return p != nil && p.MicOn() && p.WebcamOn()
}

func (in *bystanders) recordEvent(id string, e sdk.Event) {
	if e.EventName() == "speaker-changed" {
		return // two tones take turns
	}
	if name := e.EventName(); name == "video-quality-changed" || name == "quality-limitation" {
		return // busy processors delay packets; that media flows is checked by itself
	}
	change, is := e.(sdk.ParticipantConnectionChanged)
	if is && !slices.ContainsFunc(in.members, func(m *sdk.Meeting) bool {
		return m.LocalParticipant().ID() == change.Participant.ID()
	}) {
		return // those who disturb may be cut off
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if e.EventName() == "stream-state-changed" {
		in.pictures++
	}
	if in.watched {
		in.events = append(in.events, fmt.Sprintf("%s: %s %+v", id, e.EventName(), e))
	}
}

func (in *bystanders) packet(p *rtp.Packet) {
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

// checkPackets checks that more of each stream has come and that nothing is missing, except for what may still be
// on its way.
func (in *bystanders) checkPackets(t *testing.T, before int) (packets int) {
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
	}, 2*time.Second, 5*time.Millisecond, "packets of the bystanders' meeting are missing")
	return packets
}

// member is somebody without an SDK in the bystanders' meeting. Call it before watch.
func (in *bystanders) member(t *testing.T, h *testserver.Server, id string) *testserver.Socket {
	t.Helper()
	s, _ := h.Join(t, testserver.JoinParams(in.account.Token(t, "allow_join"), in.meeting, id))
	return s
}

// watchEvents begins to look: from here on nothing may happen in the meeting. Handlers run in order, so a message
// to oneself shows that everything before it was delivered.
func (in *bystanders) watchEvents(t *testing.T) {
	for _, m := range in.members {
		topic, told := "watch "+m.LocalParticipant().ID(), make(chan struct{})
		stop := m.On(func(e sdk.Event) {
			if message, is := e.(sdk.Message); is && message.Topic == topic {
				close(told)
			}
		})
		_, err := m.PubSub().Subscribe(t.Context(), topic, func(sdk.Message) {}, sdk.SubscribeOptions{})
		require.NoError(t, err)
		_, err = m.PubSub().Publish(t.Context(), topic, "now", sdk.PublishOptions{})
		require.NoError(t, err)
		<-told
		stop()
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.watched = true
}

// checkFlow checks that media still arrives and that nobody received an event.
func (in *bystanders) checkFlow(t *testing.T) {
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
	require.Empty(t, in.events, "events reached the bystanders")
	require.Less(t, in.longest, 3*time.Second, "media stood still")
}
