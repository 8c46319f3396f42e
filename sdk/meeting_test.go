package sdk_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/vp8"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
	"github.com/klatch/klatch/sdk/testcard"
)

// place is a meeting on a real server, and the people in it.
type place struct {
	t       *testing.T
	house   *testserver.Server
	account testserver.Account
	meeting string
	url     string
}

func newPlace(t *testing.T) *place {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	return &place{t: t, house: h, account: account, meeting: account.Meeting(t, nil), url: h.URL}
}

// person is a meeting and what it was told.
type person struct {
	*sdk.Meeting
	t *testing.T

	mu     sync.Mutex
	events []sdk.Event
}

func (p *place) person(id string, change func(*sdk.Options), permissions ...string) *person {
	p.t.Helper()
	o := sdk.Options{
		URL:           p.url,
		Token:         p.account.Token(p.t, permissions...),
		MeetingID:     p.meeting,
		ParticipantID: id,
		Name:          id,
	}
	if change != nil {
		change(&o)
	}
	m, err := sdk.InitMeeting(o)
	require.NoError(p.t, err)
	who := &person{Meeting: m, t: p.t}
	m.On(who.hear)
	p.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = m.Leave(ctx)
	})
	return who
}

func (p *place) joined(id string, change func(*sdk.Options)) *person {
	p.t.Helper()
	who := p.person(id, change)
	require.NoError(p.t, who.Join(p.t.Context()))
	return who
}

// requireParticipant waits until somebody sees a participant, and sees it on, for example with its webcam. Who joined
// first may learn of who came later after Join has returned there.
func requireParticipant(t *testing.T, of *person, id string, on func(*sdk.Participant) bool) {
	t.Helper()
	require.Eventually(t, func() bool {
		p := of.Participant(id)
		return p != nil && on(p)
	}, 5*time.Second, 5*time.Millisecond, "%s is not seen", id)
}

func (p *person) hear(e sdk.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events = append(p.events, e)
}

func (p *person) names() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	names := make([]string, len(p.events))
	for i, e := range p.events {
		names[i] = e.EventName()
	}
	return names
}

// told waits for an event of a type that satisfies the condition.
func told[E sdk.Event](p *person, condition func(E) bool) E {
	p.t.Helper()
	var found E
	require.Eventually(p.t, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, e := range p.events {
			if e, ok := e.(E); ok && (condition == nil || condition(e)) {
				found = e
				return true
			}
		}
		return false
	}, 15*time.Second, 5*time.Millisecond, "%T; got %v", found, p)
	return found
}

func (p *person) String() string { return strings.Join(p.names(), " ") }

// asFault requires that err is the fault, and that the error event carried the same one.
func asFault(p *person, err error, code int, reason string) *fault.Error {
	p.t.Helper()
	var f *fault.Error
	require.ErrorAs(p.t, err, &f)
	require.Equal(p.t, code, f.Code, f.Error())
	require.Equal(p.t, reason, f.Reason, f.Error())
	told(p, func(e sdk.ErrorEvent) bool { return e.Fault.ID == f.ID })
	return f
}

// picture reads RTP until a whole VP8 frame decodes.
func picture(t *testing.T, s *sdk.Stream) (colors [4]testcard.Color) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	var frame []byte
	var started bool
	for {
		packet, err := s.ReadRTP(ctx)
		require.NoError(t, err)
		var payload codecs.VP8Packet
		data, err := payload.Unmarshal(packet.Payload)
		require.NoError(t, err)
		if payload.S == 1 && payload.PID == 0 {
			frame, started = nil, true
		}
		frame = append(frame, data...)
		if !packet.Marker || !started {
			continue
		}
		decoder := vp8.NewDecoder()
		decoder.Init(bytes.NewReader(frame), len(frame))
		if _, err := decoder.DecodeFrameHeader(); err != nil {
			continue
		}
		image, err := decoder.DecodeFrame()
		require.NoError(t, err)
		size := image.Bounds().Size()
		for i := range colors {
			c := image.YCbCrAt(size.X/4+i%2*size.X/2, size.Y/4+i/2*size.Y/2)
			colors[i] = testcard.Color{Y: c.Y, U: c.Cb, V: c.Cr}
		}
		return colors
	}
}

func TestTwoSeeAndHearEachOther(t *testing.T) {
	p := newPlace(t)
	media := func(o *sdk.Options) { o.MicEnabled, o.WebcamEnabled = true, true }
	ann := p.joined("ann", media)
	bob := p.joined("bob", media)

	for _, pair := range [][2]*person{{ann, bob}, {bob, ann}} {
		me, other := pair[0], pair[1]
		id := other.LocalParticipant().ID()
		require.Eventually(t, func() bool {
			them := me.Participant(id)
			return them != nil && them.MicOn() && them.WebcamOn()
		}, 10*time.Second, 5*time.Millisecond)
		card, err := testcard.New(640, 360, id+id)
		require.NoError(t, err)
		require.Equal(t, card.Quadrants(), picture(t, me.Participant(id).Stream(sdk.Video)))
		packet, err := me.Participant(id).Stream(sdk.Audio).ReadRTP(t.Context())
		require.NoError(t, err)
		tone, _ := testcard.Tone(id + id)
		require.True(t, slices.ContainsFunc(tone, func(sent []byte) bool { return bytes.Equal(sent, packet.Payload) }))
	}
	told(ann, func(e sdk.SpeakerChanged) bool { return e.ParticipantID != "" })

	require.NoError(t, bob.Leave(t.Context()))
	left := told(ann, func(e sdk.ParticipantLeft) bool { return e.Participant.ID() == "bob" })
	require.Equal(t, "MANUAL_LEAVE_CALLED", left.Reason.Name)
	require.Equal(t, sdk.Disconnected, bob.State())
	gone := told[sdk.MeetingLeft](bob, nil)
	require.Equal(t, 1101, int(gone.Reason.Code))
}

func TestOffAndOnAgain(t *testing.T) {
	p := newPlace(t)
	ann, bob := p.joined("ann", nil), p.joined("bob", nil)
	require.NoError(t, ann.EnableWebcam(t.Context(), nil))
	told(bob, func(e sdk.StreamEnabled) bool { return e.Stream.Kind() == sdk.Video })
	stream := bob.Participant("ann").Stream(sdk.Video)
	picture(t, stream)

	require.NoError(t, ann.DisableWebcam(t.Context()))
	told(bob, func(e sdk.StreamDisabled) bool { return e.Stream == stream })
	asFault(ann, ann.DisableWebcam(t.Context()), 3054, "ALREADY")

	require.NoError(
		t,
		ann.EnableWebcam(t.Context(), sdk.TestCard(sdk.CardOptions{Name: "other", Width: 320, Height: 240})),
	)
	requireParticipant(t, bob, "ann", (*sdk.Participant).WebcamOn)
	card, err := testcard.New(320, 240, "other")
	require.NoError(t, err)
	require.Equal(t, card.Quadrants(), picture(t, bob.Participant("ann").Stream(sdk.Video)))
	asFault(ann, ann.EnableWebcam(t.Context(), nil), 3054, "ALREADY")

	require.NoError(t, ann.EnableScreenShare(t.Context(), nil, sdk.TestTone("share")))
	told(bob, func(e sdk.PresenterChanged) bool { return e.ParticipantID == "ann" })
	require.Eventually(
		t,
		func() bool { return bob.Participant("ann").Stream(sdk.ShareAudio) != nil },
		5*time.Second,
		5*time.Millisecond,
	)
	picture(t, bob.Participant("ann").Stream(sdk.Share))
	require.NoError(t, ann.DisableScreenShare(t.Context()))
	told(bob, func(e sdk.PresenterChanged) bool { return e.ParticipantID == "" })
}

func TestSocketIsCut(t *testing.T) {
	p := newPlace(t)
	proxy := testpeer.NewProxy(t, strings.TrimPrefix(p.house.URL, "http://"))
	ann := p.joined("ann", func(o *sdk.Options) { o.WebcamEnabled = true })
	bob := p.joined("bob", func(o *sdk.Options) { o.URL = "http://" + proxy.Address })
	requireParticipant(t, bob, "ann", (*sdk.Participant).WebcamOn)
	stream := bob.Participant("ann").Stream(sdk.Video)
	picture(t, stream)
	var messages []string
	var mu sync.Mutex
	_, err := bob.PubSub().Subscribe(t.Context(), "chat", func(m sdk.Message) {
		mu.Lock()
		defer mu.Unlock()
		messages = append(messages, m.Message)
	}, sdk.SubscribeOptions{})
	require.NoError(t, err)

	proxy.Block()
	told(bob, func(e sdk.MeetingStateChanged) bool { return e.State == sdk.Reconnecting })
	asFault(bob, bob.ChangeMode(t.Context(), sdk.RecvOnly), 3065, "RECONNECTING")
	picture(t, stream) // media does not go through the socket
	for _, text := range []string{"one", "two", "three"} {
		_, err := ann.PubSub().Publish(t.Context(), "chat", text, sdk.PublishOptions{})
		require.NoError(t, err)
	}
	proxy.Unblock()
	require.Eventually(t, func() bool { return bob.State() == sdk.Connected }, 10*time.Second, 5*time.Millisecond)
	require.Eventually(t, func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(messages) == 3
	}, 5*time.Second, 5*time.Millisecond)
	require.Equal(t, []string{"one", "two", "three"}, messages)
	require.NotContains(t, ann.names(), "participant-left")
}

// A network that swallows everything: calls end in time, and the SDK finds out by itself.
func TestNoAnswer(t *testing.T) {
	p := newPlace(t)
	proxy := testpeer.NewProxy(t, strings.TrimPrefix(p.house.URL, "http://"))
	ann := p.joined("ann", func(o *sdk.Options) {
		o.URL, o.RequestTimeout = "http://"+proxy.Address, 300*time.Millisecond
	})
	proxy.Freeze()
	asFault(ann, ann.ChangeMode(t.Context(), sdk.RecvOnly), 3079, "NO_ANSWER")
	proxy.Block()
	proxy.Unblock()
	told(ann, func(e sdk.MeetingStateChanged) bool { return e.State == sdk.Reconnecting })
	require.Eventually(t, func() bool { return ann.State() == sdk.Connected }, 10*time.Second, 5*time.Millisecond)
	require.NoError(t, ann.ChangeMode(t.Context(), sdk.SignallingOnly))
}

func TestLobby(t *testing.T) {
	p := newPlace(t)
	host := p.joined("host", nil)
	waiting := p.person("waiting", nil, "ask_join")
	result := make(chan error, 1)
	go func() { result <- waiting.Join(t.Context()) }()
	entry := told(host, func(e sdk.EntryRequested) bool { return e.ParticipantID == "waiting" })
	require.Eventually(t, func() bool {
		err := waiting.MuteMic(t.Context())
		var f *fault.Error
		return errors.As(err, &f) && f.Reason == "IN_LOBBY"
	}, 5*time.Second, 5*time.Millisecond)
	asFault(waiting, waiting.Join(t.Context()), 3055, "IN_PROGRESS")
	require.NoError(t, entry.Allow(t.Context()))
	require.NoError(t, <-result)
	told[sdk.MeetingJoined](waiting, nil)

	denied := p.person("denied", nil, "ask_join")
	host.OnEntryRequested(func(e sdk.EntryRequested) {
		if e.ParticipantID == "denied" {
			_ = e.Deny(context.Background())
		}
	})
	f := asFault(denied, denied.Join(t.Context()), 4101, "DENIED")
	require.True(t, f.Fatal)
	<-denied.Done()
}

func TestStateFaults(t *testing.T) {
	p := newPlace(t)
	who := p.person("ann", nil)
	ctx := t.Context()
	asFault(who, who.MuteMic(ctx), 3035, "NOT_JOINED")
	asFault(who, who.Leave(ctx), 3035, "NOT_JOINED")
	require.NoError(t, who.Join(ctx))
	asFault(who, who.Join(ctx), 3054, "ALREADY")
	asFault(who, who.ChangeMode(ctx, sdk.SendAndRecv), 3054, "ALREADY")
	asFault(who, who.ChangeMode(ctx, "LOUD"), 3067, "UNKNOWN_MODE")
	asFault(who, who.RespondEntry(ctx, "x", "perhaps"), 3073, "NOT_ALLOWED")
	require.NoError(t, who.ChangeMode(ctx, sdk.RecvOnly))
	asFault(who, who.UnmuteMic(ctx, nil), 3066, "MODE")
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	asFault(who, who.End(cancelled), 3056, "CANCELLED")
	require.NoError(t, who.Leave(ctx))
	asFault(who, who.Leave(ctx), 3054, "ALREADY")
	asFault(who, who.MuteMic(ctx), 3035, "LEFT")

	_, err := sdk.InitMeeting(sdk.Options{Token: "t", MeetingID: "x"})
	require.ErrorIs(t, err, fault.InvalidParameterMissing("", ""))
	_, err = sdk.InitMeeting(sdk.Options{URL: p.url, Token: "t", MeetingID: "x", ConnectTimeout: -1})
	require.ErrorIs(t, err, fault.InvalidParameterOutOfRange("", "", "", ""))
}

// What the server would end the socket for does not get that far: the call is told, and the participation goes on.
func TestTooMuchForOneMessage(t *testing.T) {
	p := newPlace(t)
	ann := p.joined("ann", nil)
	_, err := ann.PubSub().Publish(t.Context(), "CHAT", strings.Repeat("x", wire.MaxFrameBytes), sdk.PublishOptions{})
	asFault(ann, err, 3073, "TOO_LARGE")
	_, err = ann.PubSub().Subscribe(t.Context(), "CHAT", nil, sdk.SubscribeOptions{})
	asFault(ann, err, 3073, "MISSING")
	_, err = ann.PubSub().Publish(t.Context(), "CHAT", "x", sdk.PublishOptions{})
	require.NoError(t, err)
}

// A message may be an object, as those of browsers are; text that is none is refused.
func TestMessageThatIsAnObject(t *testing.T) {
	p := newPlace(t)
	ann, bob := p.joined("ann", nil), p.joined("bob", nil)
	_, err := bob.PubSub().Subscribe(t.Context(), "POLL", func(sdk.Message) {}, sdk.SubscribeOptions{})
	require.NoError(t, err)
	object := sdk.PublishOptions{Object: true, Persist: true}
	_, err = ann.PubSub().Publish(t.Context(), "POLL", `{"question":"Tea?"}`, object)
	require.NoError(t, err)
	heard := told(bob, func(m sdk.Message) bool { return m.Topic == "POLL" })
	require.True(t, heard.Object)
	require.Equal(t, `{"question":"Tea?"}`, heard.Message)
	_, err = ann.PubSub().Publish(t.Context(), "POLL", "Tea?", object)
	asFault(ann, err, 3073, "WRONG_TYPE")
}

func TestRefusedJoinLeavesNothing(t *testing.T) {
	p := newPlace(t)
	who := p.person("ann", func(o *sdk.Options) { o.Token = "nonsense" })
	f := asFault(who, who.Join(t.Context()), 4002, "MALFORMED")
	require.True(t, f.Fatal)
	require.Equal(t, sdk.Failed, who.State())
	left := told[sdk.MeetingLeft](who, nil)
	require.Equal(t, "JOIN_ROOM_FAILED", left.Reason.Name)
	require.Equal(t, f.ID, left.Fault.ID)
}

func TestDeviceFaults(t *testing.T) {
	p := newPlace(t)
	ann := p.joined("ann", nil)
	ctx := t.Context()
	asFault(ann, ann.UnmuteMic(ctx, sdk.TestCard(sdk.CardOptions{})), 3012, "SOURCE_FORMAT")
	asFault(ann, ann.EnableWebcam(ctx, sdk.TestTone("")), 3011, "SOURCE_FORMAT")
	asFault(ann, ann.EnableScreenShare(ctx, sdk.PacketSource("VP8", nil), nil), 3013, "SOURCE_ABSENT")
	asFault(ann, ann.EnableScreenShare(ctx, noReader{}, nil), 3013, "SOURCE_ABSENT")
	require.False(t, ann.LocalParticipant().WebcamOn())

	packets := make(chan *rtp.Packet, 1)
	packets <- nil
	require.NoError(t, ann.EnableScreenShare(ctx, sdk.PacketSource("VP8", packets), nil))
	require.Eventually(
		t,
		func() bool { return !ann.LocalParticipant().ScreenShareOn() },
		5*time.Second,
		5*time.Millisecond,
		"a nil packet ends the stream",
	)
	require.NoError(t, ann.EnableWebcam(ctx, nil), "a fault of one source harms no other")
}

// Wherever a call is cancelled, in the offer, on the way or after the answer, the next one works.
func TestCancelledPublishHarmsNoLaterOne(t *testing.T) {
	p := newPlace(t)
	ann, bob := p.joined("ann", nil), p.joined("bob", nil)
	for i := range 10 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*2*time.Millisecond)
		if err := ann.EnableWebcam(ctx, nil); err != nil {
			asFault(ann, err, 3056, "CANCELLED")
		} else {
			require.NoError(t, ann.DisableWebcam(t.Context()))
		}
		cancel()
	}
	require.NoError(t, ann.EnableWebcam(t.Context(), nil))
	require.Eventually(t, func() bool { // what a cancelled call has published may end after this one has begun
		stream := bob.Participant("ann").Stream(sdk.Video)
		if stream == nil {
			return false
		}
		_, err := stream.ReadRTP(t.Context())
		return err == nil
	}, 5*time.Second, 5*time.Millisecond)
}

// noReader is a source whose author forgot the reader.
type noReader struct{}

func (noReader) Name() string                      { return "no reader" }
func (noReader) Open(sdk.Kind) (sdk.Reader, error) { return nil, nil } // the slip itself

func TestPacketsAsSource(t *testing.T) {
	p := newPlace(t)
	ann, bob := p.joined("ann", nil), p.joined("bob", nil)
	packets := make(chan *rtp.Packet)
	require.NoError(t, ann.UnmuteMic(t.Context(), sdk.PacketSource("opus", packets)))
	requireParticipant(t, bob, "ann", (*sdk.Participant).MicOn)
	stream := bob.Participant("ann").Stream(sdk.Audio)
	got := make(chan []byte, 64)
	defer stream.OnRTP(func(packet *rtp.Packet) {
		select {
		case got <- packet.Payload:
		default:
		}
	})()
	tone, _ := testcard.Tone("x")
	var payload []byte
	for n := uint16(0); payload == nil; n++ {
		packets <- &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: n, Timestamp: uint32(n) * 960},
			Payload: tone[0]}
		select {
		case payload = <-got:
		case <-time.After(20 * time.Millisecond):
		}
	}
	require.Equal(t, tone[0], payload)
	close(packets)
	told(bob, func(e sdk.StreamDisabled) bool { return e.Stream == stream })
}
