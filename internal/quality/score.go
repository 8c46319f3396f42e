package quality

import "github.com/klatch/klatch/internal/wire"

// weights are what the score of a stream is made of: loss, frozen, concealed and limited as shares of 1, rtt in ms. The
// score is from 0 to 10. It starts at 10, and loses
//
//	loss         0.4 for each percent of packets lost, at most 4
//	round trip   1 for each 100 ms above 150 ms (ITU-T G.114 has 300 ms there and back as good for conversation, and
//	             half of it is left to devices and buffers), at most 3
//	freezes      0.25 for each percent of the time in which a received picture stood still, at most 6
//	concealment  0.5 for each percent of received sound that was made up, at most 6
//	limitation   2 while a sent picture is smaller than it could be, for want of bandwidth or processor time
type weights struct{ loss, rtt, frozen, concealed, limited float64 }

// score holds the numbers of that formula.
var score = struct {
	perLoss, maxLoss           float64 // per percent
	goodRTT, perRTT, maxRTT    float64 // ms; per 100 ms
	perFrozen, maxFrozen       float64 // per percent
	perConcealed, maxConcealed float64 // per percent
	limited                    float64
}{0.4, 4, 150, 1, 3, 0.25, 6, 0.5, 6, 2}

func (w weights) score() float64 {
	lost := min(w.loss*100*score.perLoss, score.maxLoss)
	late := min(max(w.rtt-score.goodRTT, 0)/100*score.perRTT, score.maxRTT)
	frozen := min(w.frozen*100*score.perFrozen, score.maxFrozen)
	concealed := min(w.concealed*100*score.perConcealed, score.maxConcealed)
	return max(0, 10-lost-late-frozen-concealed-w.limited*score.limited)
}

// Score is from 0 to 10. OK is false where nothing was sent or received.
type Score struct {
	Value float64
	OK    bool
}

// Scores returns those of the sample's audio and video: the lowest of its streams.
func (s *Sample) Scores() (scores [mediaTypes]Score) {
	rtt, seconds := s.RoundTripMs(), s.Seconds()
	for i := range s.Entries {
		e := &s.Entries[i]
		if e.Key == PathKey {
			continue
		}
		_, kind := e.Key.Stream()
		of := &scores[MediaTypeOf(kind)]
		if value, ok := scoreOf(e, rtt, seconds); ok && (!of.OK || value < of.Value) {
			*of = Score{value, true}
		}
	}
	return scores
}

// RoundTripMs returns the time between the client and the server and back; 0: not known.
func (s *Sample) RoundTripMs() float64 {
	path := s.Entry(PathKey)
	if path == nil {
		return 0
	}
	for _, f := range []Field{PathRTT, PathServerRTT} {
		if tenths, ok := path.Get(f); ok {
			return tenths / 10
		}
	}
	return 0
}

// LossRatio returns the share of the packets of a stream that were lost; ok is false where there were none.
func (e *Entry) LossRatio() (ratio float64, ok bool) {
	lost, packets := e.loss()
	if lost+packets == 0 {
		return 0, false
	}
	return lost / (lost + packets), true
}

// scoreOf returns the score of one entry of a sample of so many seconds; ok is false where nothing was sent or
// received.
func scoreOf(e *Entry, rttMs, seconds float64) (value float64, ok bool) {
	w := weights{rtt: rttMs}
	if w.loss, ok = e.LossRatio(); !ok {
		return 0, false
	}
	if ms, ok := e.Get(FrozenMs); ok {
		w.frozen = ms / 1000 / seconds
		if n, ok := e.Get(Streams); ok && n > 1 {
			w.frozen /= n
		}
		w.frozen = min(w.frozen, 1)
	}
	if thousandths, ok := e.Get(Concealed); ok {
		w.concealed = thousandths / 1000
	}
	if why := wordOf(e, Limitation, wire.Limitations); why == "bandwidth" || why == "cpu" {
		w.limited = 1
	}
	return w.score(), true
}

// loss returns the packets that were lost and those that came. The receiving side knows: of what is sent that is the
// server, of what is received the client.
func (e *Entry) loss() (lost, packets float64) {
	direction, _ := e.Key.Stream()
	order := [][2]Field{{Lost, Packets}, {ServerLost, ServerPackets}}
	if direction == wire.Send {
		order[0], order[1] = order[1], order[0]
	}
	for _, of := range order {
		if packets, ok := e.Get(of[1]); ok {
			lost, _ := e.Get(of[0])
			return lost, packets
		}
	}
	return 0, 0
}
