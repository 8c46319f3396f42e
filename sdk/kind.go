package sdk

import (
	"slices"

	"github.com/klatch/klatch/fault"
)

// Kind is what a stream carries. A participant has at most one stream of each kind.
type Kind string

// The kinds of streams.
const (
	Audio      Kind = "audio"      // the microphone
	Video      Kind = "video"      // the camera
	Share      Kind = "share"      // a shared screen
	ShareAudio Kind = "shareAudio" // the sound of a shared screen
)

// kinds lists all kinds in the order in which Participant.Streams returns streams.
var kinds = []Kind{Audio, Video, Share, ShareAudio}

// carriesAudio reports whether a stream of that kind is sound.
func (k Kind) carriesAudio() bool { return k == Audio || k == ShareAudio }

// checkKind returns 3073 for a kind that does not exist, and nil for one that does.
func checkKind(method string, kind Kind) *fault.Error {
	if slices.Contains(kinds, kind) {
		return nil
	}
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return fault.InvalidParameterNotAllowed(method, "kind", string(kind), names)
}
