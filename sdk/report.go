package sdk

import (
	"context"
	"errors"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// statsReporter makes reports of the own media for the server: what has been counted since the last one.
type statsReporter struct {
	meeting *Meeting
	at      time.Time
	sent    map[*rtpWriter]sentCounts
	arrived map[*Stream]arrivedCounts
}

type (
	sentCounts    struct{ packets, bytes, lost int64 }
	arrivedCounts struct{ packets, bytes, lost int64 }
)

// reportStats reports to the server, until the participation ends or the server takes no report. That one is told once,
// and disturbs nothing else.
func (m *Meeting) reportStats(every time.Duration) {
	r := &statsReporter{meeting: m, at: time.Now()}
	for pause(m.ctx, every) {
		if m.ready(wire.MethodReportStats) != nil || m.State() != Connected {
			continue
		}
		report, ok := r.measure(time.Now())
		if !ok {
			continue
		}
		ctx, cancel := context.WithTimeout(m.ctx, every)
		err := m.link.call(ctx, wire.MethodReportStats, wire.MethodReportStats, report, nil)
		cancel()
		f, _ := errors.AsType[*fault.Error](err)
		// A fault that this SDK has made says that no answer came; the next report may have one.
		if f == nil || f.Retryable || f.Code != fault.CodeInvalidMessage || m.ctx.Err() != nil {
			continue
		}
		_ = m.fail(f)
		return
	}
}

// measure returns a report; false while there is nothing to report.
func (r *statsReporter) measure(now time.Time) (report wire.StatsParams, ok bool) {
	passed := min(max(now.Sub(r.at), wire.MinStatsDuration), wire.MaxStatsDuration)
	r.at = now
	report.DurationMs = passed.Milliseconds()
	local := r.meeting.LocalParticipant()
	var rtt *float64
	report.Path, rtt = pathOf(local.connection())
	if report.Path == nil {
		for _, p := range r.meeting.Participants() {
			if report.Path, _ = pathOf(p.connection()); report.Path != nil {
				break
			}
		}
	}
	sent, arrived := map[*rtpWriter]sentCounts{}, map[*Stream]arrivedCounts{}
	for _, kind := range kinds {
		if s, any := r.sentOf(kind, passed, sent); any {
			s.RTTMs = rtt
			report.Streams = append(report.Streams, s)
		}
		if s, any := r.arrivedOf(kind, passed, arrived); any {
			report.Streams = append(report.Streams, s)
		}
	}
	r.sent, r.arrived = sent, arrived
	return report, report.Path != nil || len(report.Streams) > 0
}

// sentOf sums up the encodings of an own stream.
func (r *statsReporter) sentOf(
	kind Kind,
	passed time.Duration,
	counts map[*rtpWriter]sentCounts,
) (s wire.StreamMeasure, any bool) {
	s = wire.StreamMeasure{Direction: wire.Send, Kind: wire.Kind(kind), Streams: 1}
	var bytes int64
	var jitter float64
	for _, out := range r.meeting.pub.writers(kind) {
		one := &out.sent
		one.mu.Lock()
		c := sentCounts{int64(one.packets), int64(one.bytes), one.lost}
		jitter = max(jitter, float64(one.jitter)*1000/float64(out.clock))
		one.mu.Unlock()
		before := r.sent[out]
		counts[out] = c
		s.Packets += c.packets - before.packets
		s.PacketsLost += max(0, c.lost-before.lost)
		bytes += c.bytes - before.bytes
	}
	s.BitrateBps = bytes * 8000 / passed.Milliseconds()
	s.JitterMs = &jitter
	if kind == Video || kind == Share {
		s.Limitation = "none" // this SDK encodes nothing
	}
	return s, s.Packets > 0
}

// arrivedOf sums up the streams of a kind that others send.
func (r *statsReporter) arrivedOf(
	kind Kind,
	passed time.Duration,
	counts map[*Stream]arrivedCounts,
) (s wire.StreamMeasure, any bool) {
	s = wire.StreamMeasure{Direction: wire.Recv, Kind: wire.Kind(kind)}
	var bytes int64
	var jitter, frames float64
	for _, p := range r.meeting.Participants() {
		of := p.Stream(kind)
		if of == nil {
			continue
		}
		of.mu.Lock()
		a := &of.arrived
		c := arrivedCounts{packets: int64(a.packets), bytes: int64(a.bytes)}
		if a.packets > 0 {
			c.lost = max(0, int64(a.highest-a.first)+1-int64(a.packets))
		}
		if a.clock > 0 {
			jitter = max(jitter, a.jitter*1000/float64(a.clock))
		}
		width, height := int64(of.forwarded.Width), int64(of.forwarded.Height)
		rate := a.framerate()
		of.mu.Unlock()
		before := r.arrived[of]
		counts[of] = c
		packets := c.packets - before.packets
		if packets == 0 {
			continue
		}
		s.Streams++
		s.Packets += packets
		s.PacketsLost += max(0, c.lost-before.lost)
		bytes += c.bytes - before.bytes
		if width*height > s.Width*s.Height {
			s.Width, s.Height, frames = width, height, rate
		}
	}
	s.BitrateBps = bytes * 8000 / passed.Milliseconds()
	s.JitterMs = &jitter
	if s.Width > 0 {
		s.FramesPerSecond = &frames
	}
	return s, s.Packets > 0
}

// pathOf returns the pair of candidates that a connection uses, without its addresses; nil while there is none.
func pathOf(pc *webrtc.PeerConnection) (path *wire.PathMeasure, rttMs *float64) {
	pair, local := selectedPair(pc)
	if pair == nil {
		return nil, nil
	}
	ms := pair.CurrentRoundTripTime * 1000
	path = &wire.PathMeasure{
		Candidate: wire.CandidateType(local.CandidateType.String()), Protocol: wire.PathProtocol(local.Protocol), RTTMs: &ms,
	}
	if local.RelayProtocol != "" {
		path.Protocol = wire.PathProtocol(local.RelayProtocol)
	}
	return path, &ms
}
