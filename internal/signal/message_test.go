package signal

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

// An event is the notification that JSON makes of it, and its size is not underestimated.
func TestEventFrame(t *testing.T) {
	for _, event := range []wire.Event{
		wire.ParticipantLeft{ParticipantID: "ann \"&\" bob"}, wire.SpeakerChanged{}, wire.MeetingLeft{},
	} {
		encoded := wire.Encode(event)
		m := message{seq: 1 << 40, event: encoded}
		want, err := json.Marshal(wire.Notification{JSONRPC: "2.0", Method: "event", Params: wire.EventParams{
			Seq: m.seq, Name: encoded.Name, Data: encoded.Data,
		}})
		require.NoError(t, err)
		require.Equal(t, string(want), string(m.frame()))
		require.GreaterOrEqual(t, m.size(), len(want))
	}
}

// A broadcast is encoded once for all.
func TestBroadcast(t *testing.T) {
	b := wire.NewBroadcast(wire.ParticipantLeft{ParticipantID: "ann"})
	require.Equal(t, "participant-left", b.EventName())
	s := &Server{}
	require.Same(t, s.encodeEvent(b), s.encodeEvent(b))
	require.Equal(t, wire.Encode(b.Event), s.encodeEvent(b))
}
