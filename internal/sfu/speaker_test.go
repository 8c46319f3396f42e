package sfu

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

func TestSpeakerDecisions(t *testing.T) {
	stream := func(id string) *Stream {
		s := &Stream{kind: wire.Audio, owner: owner{ref: wire.Peer{ParticipantID: id}}}
		s.enabled.Store(true)
		return s
	}
	ann, bob := stream("ann"), stream("bob")
	var s speaker
	now := time.Now()
	// round is one decision after packets of the levels given, -dBov; 127 is silence.
	round := func(a, b uint8) string {
		for range 15 {
			ann.level.add(a)
			bob.level.add(b)
		}
		now = now.Add(300 * time.Millisecond)
		id, _ := s.decide([]*Stream{ann, bob}, now)
		return id
	}
	rounds := func(n int, a, b uint8) (last string) {
		for range n {
			last = round(a, b)
		}
		return last
	}
	require.Equal(t, "", rounds(5, 90, 80), "noise is no speech")
	require.Equal(t, "ann", rounds(3, 30, 80))
	require.Equal(t, "ann", rounds(5, 30, 27), "not clearly louder")
	require.Equal(t, "ann", round(127, 60), "a breath is no change")
	require.Equal(t, "bob", rounds(3, 127, 30))
	require.Equal(t, "bob", rounds(5, 127, 127), "a pause is no end")
	require.Equal(t, "", rounds(6, 127, 127))
	require.Equal(t, "bob", rounds(3, 127, 20))
	id, changed := s.decide([]*Stream{ann}, now)
	require.Equal(t, "", id, "bob has left")
	require.True(t, changed)
}
