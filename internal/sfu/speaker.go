package sfu

import (
	"math"
	"sync/atomic"
	"time"
)

// levelMeter gathers the audio levels of a stream between two decisions, as power: a word in a pause is as loud
// as it is, where a mean of decibels would say quiet.
type levelMeter struct {
	power   atomic.Uint64 // sum over packets, in units of the power of level 127
	packets atomic.Uint64
}

// powers returns the power of each level (-dBov, RFC 6464, section 3).
var powers = func() (p [128]uint64) {
	for level := range p {
		p[level] = uint64(math.Pow(10, float64(127-level)/10))
	}
	return p
}()

func (m *levelMeter) add(level uint8) {
	m.power.Add(powers[level&0x7f])
	m.packets.Add(1)
}

// take returns the loudness since the last take, 0 to 127 dB above silence; 0 when nothing came.
func (m *levelMeter) take() float64 {
	packets, power := m.packets.Swap(0), m.power.Swap(0)
	if packets == 0 {
		return 0
	}
	return 10 * math.Log10(max(1, float64(power)/float64(packets)))
}

// speaker decides who speaks in a session. Loudness is smoothed over about a second; the speaker changes when another
// is clearly louder twice in a row, so that a cough does not win, and there is none after two seconds of silence. Of
// the housekeeper alone.
type speaker struct {
	current string
	rival   string    // who was clearly louder at the last decision
	heard   time.Time // when the current speaker was last above the threshold
	smooth  map[string]float64
}

const (
	// Speech is around -30 dBov at the microphone of a laptop, a quiet room below -60.
	speechLoudness = 127 - 50
	speakerMargin  = 6 // dB by which another must be louder
	smoothing      = 0.5
	speakerHold    = 2 * time.Second
)

// decide takes the levels of all audio streams and returns the speaker, "" for none.
func (s *speaker) decide(streams []*Stream, now time.Time) (participantID string, changed bool) {
	before := s.smooth
	s.smooth = make(map[string]float64, len(streams))
	loudest, loudness := "", 0.0
	for _, st := range streams {
		id := st.owner.ref.ParticipantID
		now := st.level.take()
		if !st.enabled.Load() {
			now = 0
		}
		v := before[id]*smoothing + now*(1-smoothing)
		s.smooth[id] = v
		if v >= speechLoudness && v > loudness {
			loudest, loudness = id, v
		}
	}
	present, ok := s.smooth[s.current]
	if present >= speechLoudness {
		s.heard = now
	}
	next, rival := s.current, ""
	switch {
	case s.current == "", !ok: // nobody spoke, or the speaker left
		next = loudest
	case loudest == "" && now.Sub(s.heard) >= speakerHold:
		next = ""
	case loudest != "" && loudest != s.current && (present < speechLoudness || loudness >= present+speakerMargin):
		if rival = loudest; s.rival == rival {
			next = rival
		}
	}
	s.rival = rival
	changed = next != s.current
	if changed {
		s.current, s.heard = next, now
	}
	return next, changed
}
