package sdk_test

import (
	"fmt"
	"net"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// Only TCP passes: media finds the server's TCP port.
func TestMediaOverTCP(t *testing.T) {
	p := newPlace(t)
	ann := p.joined("ann", func(o *sdk.Options) { o.WebcamEnabled, o.PreferredProtocol = true, sdk.TCPOnly })
	bob := p.joined("bob", func(o *sdk.Options) { o.PreferredProtocol = sdk.TCPOnly })
	requireParticipant(t, bob, "ann", (*sdk.Participant).WebcamOn)
	picture(t, bob.Participant("ann").Stream(sdk.Video))
	require.NoError(t, ann.Leave(t.Context()))
}

var fingerprint = regexp.MustCompile(`fingerprint:sha-256 [0-9A-F:]+`)

// TestHandshakeFails lets the DTLS handshakes of both connections fail: it is told once while it lasts, whichever comes
// first, and other connections take their places, since ICE can restart as often as it likes.
func TestHandshakeFails(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	bob := p.joined("bob", func(o *sdk.Options) { o.WebcamEnabled = true })
	proxy := p.house.Proxy(t)
	var wrong atomic.Int64 // descriptions so far that named another certificate
	const last = 6
	proxy.Edit(func(down bool, frame string) (string, bool) {
		if down && fingerprint.MatchString(frame) && wrong.Add(1) <= last {
			frame = fingerprint.ReplaceAllString(frame, "fingerprint:sha-256 "+strings.Repeat("AB:", 31)+"AB")
		}
		return frame, true
	})
	p.url = proxy.URL
	ann := p.joined("ann", func(o *sdk.Options) { o.WebcamEnabled = true })
	told(ann, func(e sdk.ErrorEvent) bool { return e.Fault.Reason == fault.ReasonDTLSFailed })
	require.Eventually(t, func() bool { return wrong.Load() > last }, 20*time.Second, 5*time.Millisecond)
	for _, pair := range [][2]*person{{ann, bob}, {bob, ann}} {
		require.Eventually(t, func() bool {
			other := pair[0].Participant(pair[1].LocalParticipant().ID())
			return other != nil && other.WebcamOn()
		}, 5*time.Second, 5*time.Millisecond)
		picture(t, pair[0].Participant(pair[1].LocalParticipant().ID()).Stream(sdk.Video))
	}
	connections := map[any]bool{}
	for _, e := range ann.all("error") {
		f := e.(sdk.ErrorEvent).Fault
		require.Equal(t, fault.ReasonDTLSFailed, f.Reason)
		require.False(t, connections[f.Details["connection"]], "%v is told twice", f)
		connections[f.Details["connection"]] = true
	}
	require.NotContains(t, ann.names(), "stream-disabled")
	require.NoError(t, ann.DisableWebcam(t.Context()))
}

// The server advertises an address behind which nothing answers, as with a closed firewall; then the server is told
// of it, for its console.
func TestMediaPortsAreBlocked(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("ICE takes its 10 s to give up")
	}
	h := testserver.Start(t, func(c *conf.Config) { c.Media.PublicIPs = []string{"192.0.2.1"} }) // RFC 5737: nobody
	account := h.Account(t, nil)
	p := &place{t: t, house: h, account: account, meeting: account.Meeting(t, nil), url: h.URL}
	ann := p.joined("ann", func(o *sdk.Options) { o.WebcamEnabled = true })
	e := told(ann, func(e sdk.ErrorEvent) bool { return e.Fault.Code == 3101 })
	require.Equal(t, "NO_PATH", e.Fault.Reason, e.Fault)
	require.Contains(t, e.Fault.Detail, "192.0.2.1")
	require.Regexp(t, `> 192\.0\.2\.1:\d+ \([1-9]\d* checks, 0 answers\)`, e.Fault.Detail)
	require.False(t, e.Fault.Fatal)
	require.Equal(t, sdk.Connected, ann.State())
	require.Eventually(t, func() bool { return h.Logged(e.Fault.ID) }, 5*time.Second, 10*time.Millisecond)
}

// Nobody is there any more: the SDK reports what it tried and gives up when the place is lost.
func TestServerIsGone(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t, func(c *conf.Config) { c.Meeting.ResumeWindow = time.Second })
	account := h.Account(t, nil)
	proxy := testpeer.NewProxy(t, mustHost(t, h.URL))
	p := &place{t: t, house: h, account: account, meeting: account.Meeting(t, nil), url: "http://" + proxy.Address}
	ann := p.joined("ann", func(o *sdk.Options) { o.WebcamEnabled = true })
	proxy.Block()
	<-ann.Done()
	require.Equal(t, sdk.Failed, ann.State())
	left := told[sdk.MeetingLeft](ann, nil)
	require.Equal(t, 1102, int(left.Reason.Code))
	require.Equal(t, 3103, left.Fault.Code)
	require.Equal(t, "GAVE_UP", left.Fault.Reason)
	require.NotEmpty(t, left.Fault.CauseID)
	asFault(ann, ann.MuteMic(t.Context()), 3035, "LEFT")
}

func mustHost(t *testing.T, url string) string {
	t.Helper()
	host := url[len("http://"):]
	_, _, err := net.SplitHostPort(host)
	require.NoError(t, err)
	return host
}

func TestModeration(t *testing.T) {
	p := newPlace(t)
	mod := p.joined("mod", nil)
	ann := p.joined("ann", func(o *sdk.Options) { o.MicEnabled = true })
	ctx := t.Context()
	requireParticipant(t, mod, "ann", (*sdk.Participant).MicOn)
	require.NoError(t, mod.Participant("ann").DisableMic(ctx))
	off := told(ann, func(e sdk.StreamDisabled) bool { return e.Stream.Kind() == sdk.Audio })
	require.Equal(t, "mod", off.By)
	require.NoError(t, mod.Participant("ann").EnableMic(ctx))
	require.Eventually(t, func() bool { return !ann.LocalParticipant().MicOn() }, time.Second, time.Millisecond)
	request := told[sdk.MicRequested](ann, nil)
	require.NoError(t, request.Accept(ctx))
	requireParticipant(t, mod, "ann", (*sdk.Participant).MicOn)

	require.NoError(t, mod.Participant("ann").Pin(ctx, sdk.PinState{Cam: true}))
	told(ann, func(e sdk.PinStateChanged) bool { return e.State.Cam && e.PinnedBy == "mod" })
	require.Equal(t, sdk.PinState{Cam: true}, ann.LocalParticipant().PinState())

	require.NoError(t, mod.Participant("ann").Remove(ctx))
	<-ann.Done()
	left := told[sdk.MeetingLeft](ann, nil)
	require.Equal(t, "REMOVE_PEER", left.Reason.Name)
	require.Equal(t, 4103, left.Fault.Code)
	asFault(mod, told[sdk.ParticipantLeft](mod, nil).Participant.Remove(ctx), 4066, "NO_SUCH_PARTICIPANT")
	require.NoError(t, mod.End(ctx))
	<-mod.Done()
}

// The second one with an id puts the first one out, which does not come back by itself.
func TestSameIDTwice(t *testing.T) {
	p := newPlace(t)
	first := p.joined("ann", nil)
	second := p.joined("ann", nil)
	<-first.Done()
	left := told[sdk.MeetingLeft](first, nil)
	require.Equal(t, 4005, left.Fault.Code)
	require.Equal(t, sdk.Connected, second.State())
}

// A server that stops says so, and is waited for as long as it kept a place.
func TestServerStops(t *testing.T) {
	h := testserver.Start(t, func(c *conf.Config) { c.Meeting.ResumeWindow = time.Second })
	account := h.Account(t, nil)
	p := &place{t: t, house: h, account: account, meeting: account.Meeting(t, nil), url: h.URL}
	ann := p.joined("ann", func(o *sdk.Options) { o.MicEnabled = true })
	bob := p.joined("bob", func(o *sdk.Options) { o.NoRejoin = true })
	h.Close(t)
	<-bob.Done()
	require.Equal(t, 5102, told[sdk.MeetingLeft](bob, nil).Fault.Code)
	<-ann.Done()
	stopped := told(ann, func(e sdk.ErrorEvent) bool { return e.Fault.Code == 5102 }).Fault
	require.False(t, stopped.Fatal)
	left := told[sdk.MeetingLeft](ann, nil)
	require.Equal(t, "3103 GAVE_UP", fmt.Sprint(left.Fault.Code, " ", left.Fault.Reason))
	require.Equal(t, stopped.ID, left.Fault.CauseID)
	require.Equal(t, sdk.Failed, ann.State())
}

func TestManualConsume(t *testing.T) {
	p := newPlace(t)
	p.joined("ann", func(o *sdk.Options) { o.WebcamEnabled = true })
	bob := p.joined("bob", func(o *sdk.Options) { o.ManualConsume = true })
	requireParticipant(t, bob, "ann", (*sdk.Participant).WebcamOn)
	require.NoError(t, bob.Participant("ann").Consume(t.Context(), sdk.Video, true))
	picture(t, bob.Participant("ann").Stream(sdk.Video))
	asFault(bob, bob.Participant("ann").Consume(t.Context(), "smell", true), 3073, "NOT_ALLOWED")
}

// Both directions take a new path while they are used; no stream ends.
func TestMediaRestarts(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	media := func(o *sdk.Options) { o.WebcamEnabled = true }
	ann, bob := p.joined("ann", media), p.joined("bob", media)
	for _, pair := range [][2]*person{{ann, bob}, {bob, ann}} {
		require.Eventually(t, func() bool {
			other := pair[0].Participant(pair[1].LocalParticipant().ID())
			return other != nil && other.WebcamOn()
		}, 5*time.Second, 5*time.Millisecond)
	}
	annSees, bobSees := ann.Participant("bob").Stream(sdk.Video), bob.Participant("ann").Stream(sdk.Video)
	picture(t, annSees)
	picture(t, bobSees)
	for range 3 {
		require.NoError(t, ann.RestartMedia(t.Context()))
		require.NoError(t, bob.RestartMedia(t.Context()))
		for _, stream := range []*sdk.Stream{annSees, bobSees} {
			for range 10 { // more pictures than were kept from before
				picture(t, stream)
			}
		}
	}
	require.NotContains(t, ann.names(), "error")
	require.NotContains(t, bob.names(), "error")
}

// Leaving while the server does not answer ends the join at once.
func TestLeaveWhileConnecting(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = silent.Close() }()
	m, err := sdk.InitMeeting(sdk.Options{URL: "http://" + silent.Addr().String(), Token: "t", MeetingID: "m"})
	require.NoError(t, err)
	ann := &person{Meeting: m, t: t}
	m.On(ann.hear)
	result := make(chan error, 1)
	go func() { result <- m.Join(t.Context()) }()
	told(ann, func(e sdk.MeetingStateChanged) bool { return e.State == sdk.Connecting })
	require.NoError(t, m.Leave(t.Context()))
	asFault(ann, <-result, 3056, "LEFT")
	require.Equal(t, sdk.Disconnected, m.State())
}
