package sdk

import (
	"slices"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
)

// Whether what leaves arrives: the server reports each second on what it has heard since (RFC 3550, section 6.4).

const (
	// unheardFor is how long packets may be sent of which no report comes. A path that is lost is noticed before.
	unheardFor  = 8 * time.Second
	arrivalTick = time.Second
)

// reported counts the reports on a stream.
func (p *publisher) reported(kind Kind, sender *webrtc.RTPSender, reports []rtcp.ReceptionReport) {
	p.mu.Lock()
	s := p.slots[kind]
	var out []*rtpWriter
	if s != nil {
		out = s.out
	}
	p.mu.Unlock()
	if s == nil {
		return
	}
	for i, encoding := range sender.GetParameters().Encodings {
		at := slices.IndexFunc(reports, func(r rtcp.ReceptionReport) bool { return r.SSRC == uint32(encoding.SSRC) })
		if at < 0 {
			continue
		}
		s.reports.Add(1)
		if i < len(out) {
			out[i].sent.reported(reports[at])
		}
	}
}

// watchArrival starts to look whether the streams arrive, once in a participation.
func (p *publisher) watchArrival() {
	p.mu.Lock()
	started := p.heard
	p.heard = true
	p.mu.Unlock()
	if started {
		return
	}
	p.meeting.spawn(func() {
		seen := map[Kind]*arrival{}
		missing := &condition{meeting: p.meeting, group: p.meeting.network, follows: true}
		for pause(p.meeting.ctx, arrivalTick) {
			p.lookAtArrival(seen, missing)
		}
	})
}

// arrival is what is known of a stream that is on.
type arrival struct {
	pump          *pump
	pc            *webrtc.PeerConnection
	sent, reports int64
	unheard       time.Duration // packets were sent over pc and no report came
	told          bool
}

// unheardSince returns for how long packets were sent over one connection, a tick after before.
func (a *arrival) unheardSince(before *arrival, connected bool) time.Duration {
	switch {
	case a.pc != before.pc: // the way of before is no longer looked at
		return 0
	case connected && a.sent > before.sent:
		return before.unheard + arrivalTick
	}
	return before.unheard
}

// lookAtArrival compares what was sent with the reports since the last look. One stream that does not arrive is told,
// not all of a connection.
func (p *publisher) lookAtArrival(seen map[Kind]*arrival, missing *condition) {
	p.mu.Lock()
	connected := p.pc != nil && p.pc.ConnectionState() == webrtc.PeerConnectionStateConnected
	var unheard *fault.Error
	over := false
	for _, kind := range kinds {
		s := p.slots[kind]
		before := seen[kind]
		if s == nil || s.pump == nil || s.paused {
			over = over || before != nil && before.told
			delete(seen, kind)
			continue
		}
		now := &arrival{pump: s.pump, pc: p.pc, sent: s.pump.sent.Load(), reports: s.reports.Load()}
		seen[kind] = now
		if before == nil || before.pump != now.pump {
			over = over || before != nil && before.told
			continue
		}
		if now.reports != before.reports {
			over = over || before.told
			continue
		}
		now.unheard = now.unheardSince(before, connected)
		now.told = before.told
		if now.unheard >= unheardFor && !now.told && unheard == nil {
			unheard = fault.MediaConnectionLostMediaNotArriving("publish", string(kind), now.sent, now.unheard)
			now.told = !missing.lasts()
		}
	}
	p.mu.Unlock()
	if over {
		missing.clear()
	}
	if unheard != nil {
		missing.raise(unheard)
	}
}
