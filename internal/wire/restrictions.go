package wire

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/klatch/klatch/fault"
)

// Right is what moderators may take from the participants of a meeting who may not moderate it.
type Right string

const (
	AudioRight Right = "audio" // switching the microphone on
	VideoRight Right = "video" // switching the camera on
	ShareRight Right = "share" // sharing the screen, and its sound
	ChatRight  Right = "chat"  // publishing to ChatTopic
)

// Rights lists all rights in the order used on pages and in tests.
var Rights = []Right{AudioRight, VideoRight, ShareRight, ChatRight}

// ChatTopic is the topic of the chat of a meeting, as published; all other topics belong to applications.
const ChatTopic = "CHAT"

// Right returns what switching on a stream of this kind needs.
func (k Kind) Right() Right {
	switch k {
	case Audio:
		return AudioRight
	case Video:
		return VideoRight
	default:
		return ShareRight
	}
}

// Kinds returns the kinds of streams that a right is about; none for the chat.
func (r Right) Kinds() []Kind {
	switch r {
	case AudioRight:
		return []Kind{Audio}
	case VideoRight:
		return []Kind{Video}
	case ShareRight:
		return []Kind{Share, ShareAudio}
	default:
		return nil
	}
}

// Restrictions are the rights that participants of a meeting do not have. Who has allow_mod is not bound by them.
type Restrictions struct {
	Audio bool `json:"audio"`
	Video bool `json:"video"`
	Share bool `json:"share"`
	Chat  bool `json:"chat"`
}

// RestrictParams changes the restrictions of a meeting. What is nil stays as it is.
type RestrictParams struct {
	Audio *bool `json:"audio,omitempty"`
	Video *bool `json:"video,omitempty"`
	Share *bool `json:"share,omitempty"`
	Chat  *bool `json:"chat,omitempty"`
}

// UnknownRightError is a member of RestrictParams that is no right: a misspelled one would leave everybody with it.
type UnknownRightError struct{ Member string }

func (e *UnknownRightError) Error() string { return "is no right; the rights are " + rightNames() }

func rightNames() string {
	names := make([]string, 0, len(Rights))
	for _, r := range Rights {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// Of returns what is asked for a right; nil: it stays as it is.
func (p RestrictParams) Of(r Right) *bool {
	return map[Right]*bool{AudioRight: p.Audio, VideoRight: p.Video, ShareRight: p.Share, ChatRight: p.Chat}[r]
}

// UnmarshalJSON implements json.Unmarshaler. It returns an *UnknownRightError for a member that is no right.
func (p *RestrictParams) UnmarshalJSON(data []byte) error {
	type plain RestrictParams
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, (*plain)(p)); err != nil {
		return err // its type names the field
	}
	if err := json.Unmarshal(data, &members); err != nil {
		return fmt.Errorf("read the rights: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(Rights, Right(name)) {
			return &UnknownRightError{name}
		}
	}
	return nil
}

// Check implements Params.
func (p RestrictParams) Check() *fault.Error {
	f := field{method: MethodRestrict}
	if !slices.ContainsFunc(Rights, func(r Right) bool { return p.Of(r) != nil }) {
		f.problem("params", "name no right; the rights are "+rightNames())
	}
	return f.fault
}
