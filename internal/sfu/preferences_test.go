package sfu

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

func TestPreferences(t *testing.T) {
	var p preferences
	camera := wire.StreamRef{ParticipantID: "ann", Kind: wire.Video}
	none := wire.StreamPreference{ParticipantID: "ann", Kind: wire.Video}
	require.Equal(t, none, p.of(camera))

	low := wire.StreamPreference{ParticipantID: "ann", Kind: wire.Video, Quality: wire.Low}
	share := wire.StreamPreference{ParticipantID: "bob", Kind: wire.Share, Width: 640, Height: 360}
	p.set([]wire.StreamPreference{low, share})
	require.Equal(t, low, p.of(camera))
	paused := wire.StreamPreference{ParticipantID: "ann", Kind: wire.Video, Paused: true}
	p.set([]wire.StreamPreference{paused})
	require.Equal(t, paused, p.of(camera), "a later preference replaces the earlier one as a whole")

	p.set([]wire.StreamPreference{none})
	require.Len(t, p.byStream, 1, "what prefers nothing is not kept")
	p.forget("bob")
	require.Empty(t, p.byStream)
}

// A participant who is gone leaves no preference behind, and one who comes back under the id starts without.
func TestPreferencesEndWithTheParticipant(t *testing.T) {
	s := newSession("s")
	peerOf := func(id string, participation int64) *peer {
		ref := wire.Peer{SessionID: "s", ParticipantID: id, Participation: participation}
		return newPeer(&services{ctx: t.Context(), stats: &counters{}}, s, ref)
	}
	ann, bob := peerOf("ann", 1), peerOf("bob", 2)
	s.add(ann)
	s.add(bob)
	prefer := func() {
		bob.preferences.set([]wire.StreamPreference{{ParticipantID: "ann", Kind: wire.Video, Paused: true}})
	}
	prefer()
	s.add(peerOf("ann", 3))
	require.Empty(t, bob.preferences.byStream)
	prefer()
	s.remove(s.peer("ann"))
	require.Empty(t, bob.preferences.byStream)
}
