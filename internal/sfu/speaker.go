package sfu

import (
	"sync/atomic"
	"time"
)

// levelMeter gathers the audio levels of a stream between two decisions.
type levelMeter struct {
	loudness atomic.Uint64 // sum of 127 minus level
	packets  atomic.Uint64
}

func (m *levelMeter) add(level uint8) {
	m.loudness.Add(uint64(127 - level))
	m.packets.Add(1)
}

// take gives the mean loudness since the last take, 0 to 127; 0 when nothing came.
func (m *levelMeter) take() float64 {
	packets, loudness := m.packets.Swap(0), m.loudness.Swap(0)
	if packets == 0 {
		return 0
	}
	return float64(loudness) / float64(packets)
}

// speaker decides who speaks in a session. Loudness is smoothed over about a second; the speaker changes
// when another is clearly louder, so that a cough does not win, and there is none after two seconds of silence.
// Of the housekeeper alone.
type speaker struct {
	current string
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

// decide takes the levels of all audio streams and gives the speaker, "" for none.
func (s *speaker) decide(streams []*Stream, now time.Time) (participantID string, changed bool) {
	before := s.smooth
	s.smooth = make(map[string]float64, len(streams))
	loudest, loudness := "", 0.0
	for _, st := range streams {
		id := st.peer.ref.ParticipantID
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
	next := s.current
	switch {
	case s.current != "" && !ok: // left or unpublished
		next = loudest
	case loudest != "" && loudest != s.current && (present < speechLoudness || loudness >= present+speakerMargin):
		next = loudest
	case loudest == "" && s.current != "" && now.Sub(s.heard) >= speakerHold:
		next = ""
	}
	changed = next != s.current
	if changed {
		s.current, s.heard = next, now
	}
	return next, changed
}
