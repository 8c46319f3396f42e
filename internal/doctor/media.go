package doctor

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/sdk"
)

// way is one way for media to the server and back.
type way struct {
	check    string
	name     string // for people
	protocol sdk.PreferredProtocol
	policy   sdk.ICETransportPolicy
}

var ways = []way{
	{"udp", "UDP", sdk.UDPOnly, sdk.AllPaths},
	{"tcp", "TCP", sdk.TCPOnly, sdk.AllPaths},
	{"turn", "TURN", sdk.UDPOverTCP, sdk.RelayOnly},
}

// How long media flow before their loss is judged. Rates need some seconds to become what the way carries.
const (
	measured     = 2 * time.Second
	measuredLong = 5 * time.Second
)

// maxLoss is the share of lost packets, in percent, above which pictures freeze.
const maxLoss = 5.0

// media joins twice over each way: one sends the test card and the tone, the other receives them.
func (o *Outside) media(ctx context.Context) bool {
	relays, well := o.join(ctx)
	if !well {
		return false
	}
	for _, w := range ways {
		if w.policy == sdk.RelayOnly && len(relays) == 0 {
			o.Tell.ok(w.check, "the server offers no TURN relay")
			continue
		}
		limited, cancel := context.WithTimeout(ctx, checkTime)
		well = o.over(limited, w) && well
		cancel()
	}
	return well
}

// join joins without media, and returns the relays that the server names.
func (o *Outside) join(ctx context.Context) (relays []string, well bool) {
	const check = "join"
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	began := time.Now()
	m, err := o.participant("doctor", way{}, func(o *sdk.Options) { o.ManualConsume = true })
	if err == nil {
		err = m.Join(ctx)
	}
	if err != nil {
		return nil, o.Tell.failed(check, err)
	}
	after := time.Since(began).Milliseconds()
	relays = m.RelayURLs()
	if err := m.Leave(ctx); err != nil {
		return nil, o.Tell.failed(check, err)
	}
	return relays, o.Tell.ok(check, fmt.Sprintf("in the meeting after %d ms", after))
}

func (o *Outside) participant(name string, w way, change func(*sdk.Options)) (*sdk.Meeting, error) {
	options := sdk.Options{
		URL: o.URL, Token: o.Token, MeetingID: o.MeetingID, PreCallTest: o.test, Name: name, JoinAttempts: 1,
		PreferredProtocol: w.protocol, ICETransportPolicy: w.policy,
	}
	change(&options)
	return sdk.InitMeeting(options)
}

// over sends media over one way and judges what arrives.
func (o *Outside) over(ctx context.Context, w way) bool {
	speaker, err := o.participant("doctor (sends)", w, func(o *sdk.Options) {
		o.MicEnabled, o.WebcamEnabled, o.ManualConsume = true, true, true
	})
	if err != nil {
		return o.Tell.failed(w.check, err)
	}
	listener, err := o.participant("doctor (receives)", w, func(o *sdk.Options) { o.Mode = sdk.RecvOnly })
	if err != nil {
		return o.Tell.failed(w.check, err)
	}
	faults := make(chan *fault.Error, 8)
	for _, m := range []*sdk.Meeting{speaker, listener} {
		m.OnError(func(f *fault.Error) {
			select {
			case faults <- f:
			default: // the first ones name the cause
			}
		})
	}
	heard := make(chan sdk.Kind, 64)
	listen := func(p *sdk.Participant, s *sdk.Stream) {
		if p.ID() == speaker.LocalParticipant().ID() {
			go func() {
				for {
					if _, err := s.ReadRTP(ctx); err != nil {
						return
					}
					select {
					case heard <- s.Kind():
					default:
					}
				}
			}()
		}
	}
	listener.OnStreamEnabled(listen)
	for _, m := range []*sdk.Meeting{speaker, listener} {
		if err := m.Join(ctx); err != nil {
			return o.Tell.failed(w.check, err)
		}
		defer func() { _ = m.Leave(context.WithoutCancel(ctx)) }() // what was found stays true
	}
	if p := listener.Participant(speaker.LocalParticipant().ID()); p != nil {
		for _, s := range p.Streams() {
			listen(p, s)
		}
	}
	began := time.Now()
	got := map[sdk.Kind]bool{}
	for len(got) < 2 {
		select {
		case kind := <-heard:
			got[kind] = true
		case f := <-faults:
			return o.Tell.failed(w.check, f)
		case <-ctx.Done():
			arrived := make([]string, 0, len(got))
			for _, kind := range slices.Sorted(maps.Keys(got)) {
				arrived = append(arrived, string(kind))
			}
			return o.Tell.failed(w.check, fault.ServerCheckFailedNoMedia(w.name, arrived, time.Since(began)))
		}
	}
	after := time.Since(began)
	period := measured
	if o.Media {
		period = measuredLong
	}
	measure(speaker.LocalParticipant()) // rates count from here
	measure(listener.Participant(speaker.LocalParticipant().ID()))
	flow := time.NewTimer(period)
	defer flow.Stop()
	select {
	case <-flow.C:
	case f := <-faults:
		return o.Tell.failed(w.check, f)
	case <-ctx.Done():
	}
	return o.judgeFlow(w, after, speaker.LocalParticipant(), listener.Participant(speaker.LocalParticipant().ID()))
}

// flow is what the streams of a participant carry together.
type flow struct{ kbps, jitterMs int64 }

// measure returns what the streams of a participant carry since the last call for it; nothing of one who is not there.
func measure(p *sdk.Participant) (f flow) {
	if p == nil {
		return f
	}
	for _, s := range append(p.GetAudioStats(), p.GetVideoStats()...) {
		f.kbps += s.Bitrate
		if s.Jitter != nil {
			f.jitterMs = max(f.jitterMs, *s.Jitter)
		}
	}
	return f
}

// judgeFlow judges how much of what was sent over a way arrived.
func (o *Outside) judgeFlow(w way, after time.Duration, own, p *sdk.Participant) bool {
	if p == nil {
		return o.Tell.failed(w.check, fault.ServerCheckFailedNoMedia(w.name, nil, after))
	}
	stats := p.GetTransportStats()
	if stats == nil {
		return o.Tell.failed(w.check, fault.ServerCheckFailedNoMedia(w.name, nil, after))
	}
	var rtt int64
	if stats.RTT != nil {
		rtt = *stats.RTT
	}
	loss := 0.0
	if sent := stats.TotalPackets + stats.PacketsLost; sent > 0 {
		loss = 100 * float64(stats.PacketsLost) / float64(sent)
	}
	if loss > maxLoss {
		return o.Tell.failed(w.check, fault.ServerCheckFailedLoss(w.name, loss, int(rtt)))
	}
	up, down := measure(own), measure(p)
	return o.Tell.ok(w.check, fmt.Sprintf("audio and video arrive over %s after %d ms; round trip %d ms, jitter %d ms, "+
		"lost %.1f %%, %d kbit/s up and %d down", w.name, after.Milliseconds(), rtt, down.jitterMs, loss, up.kbps, down.kbps))
}
