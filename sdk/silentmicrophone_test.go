package sdk

import (
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/sdk/testcard"
)

// zeros is what libopus makes of 20 ms of nothing but zeros.
var zeros = Frame{Data: []byte{0xF8, 0xFF, 0xFE}}

// heard collects what a meeting that was never joined tells.
func heard(m *Meeting) func() []Event {
	told := make(chan Event, 64)
	m.On(func(e Event) { told <- e })
	return func() (list []Event) {
		for {
			select {
			case e := <-told:
				list = append(list, e)
			case <-time.After(100 * time.Millisecond): // handlers run on a goroutine of their own
				return list
			}
		}
	}
}

func newSilentMicrophoneTest(t *testing.T) (*silentMicrophone, func() []Event, func(Frame, time.Duration)) {
	m, err := InitMeeting(Options{URL: "http://127.0.0.1:4000", Token: "token", MeetingID: "abcd-efgh-ijkl"})
	require.NoError(t, err)
	mic := newSilentMicrophone(m, "a file")
	now := time.Now()
	return mic, heard(m), func(frame Frame, length time.Duration) {
		for end := now.Add(length); now.Before(end); now = now.Add(20 * time.Millisecond) {
			mic.take(frame, now)
		}
	}
}

// audible returns a frame in which something is heard.
func audible() Frame {
	packets, _ := testcard.Tone("ann")
	return Frame{Data: packets[0], Level: testcard.ToneLevel}
}

func TestSilentMicrophone(t *testing.T) {
	t.Parallel()
	t.Run("from the start", func(t *testing.T) {
		_, events, send := newSilentMicrophoneTest(t)
		send(zeros, silentMicFor-100*time.Millisecond)
		require.Empty(t, events())
		send(zeros, time.Second)
		told := events()
		require.Len(t, told, 1, "once")
		f := told[0].(ErrorEvent).Fault
		require.Equal(t, "SILENT_MICROPHONE", f.Reason)
		require.Equal(t, false, f.Details["soundBefore"])
		require.Equal(t, "a file", f.Details["label"])
		send(audible(), 20*time.Millisecond)
		told = events()
		require.Len(t, told, 1)
		require.Equal(t, f.ID, told[0].(FaultCleared).ID)
	})
	t.Run("between words", func(t *testing.T) {
		_, events, send := newSilentMicrophoneTest(t)
		send(audible(), time.Second)
		send(zeros, silentMicAfterSound-100*time.Millisecond)
		require.Empty(t, events())
		send(zeros, time.Second)
		told := events()
		require.Len(t, told, 1)
		require.Equal(t, true, told[0].(ErrorEvent).Fault.Details["soundBefore"])
		send(audible(), time.Second)
		require.Len(t, events(), 1, "it is over")
		send(zeros, 2*silentMicAfterSound)
		require.Empty(t, events(), "it is silent between words by design")
	})
	t.Run("a gap", func(t *testing.T) {
		mic, events, send := newSilentMicrophoneTest(t)
		send(zeros, silentMicFor/2)
		mic.last = mic.last.Add(-2 * frameGap) // nothing was sent for so long
		send(zeros, silentMicFor/2+time.Second)
		require.Empty(t, events(), "of the gap nothing is known")
	})
}

func TestZeroFinder(t *testing.T) {
	t.Parallel()
	packets := func(data []byte) Frame { return Frame{Packets: []*rtp.Packet{{Payload: data}}} }
	noise := audible().Data
	constant := make([]byte, 160) // of a constant bitrate: padding of code 3 (RFC 6716, section 3.2.5)
	copy(constant, []byte{0xFB, 0x41, 155, 0xFF, 0xFE})
	for name, test := range map[string]struct {
		frame Frame
		want  soundFound
	}{
		"zeros":                   {zeros, soundZeros},
		"zeros in a packet":       {packets(zeros.Data), soundZeros},
		"a level that is unknown": {Frame{Data: constant}, soundHeard},
		"a constant bitrate":      {Frame{Data: constant, Level: Silence}, soundZeros},
		"sound":                   {Frame{Data: noise, Level: 18}, soundHeard},
		"sound in a packet":       {packets(noise), soundHeard},
		"a level that is wrong":   {Frame{Data: noise, Level: Silence}, soundHeard},
		"nothing":                 {Frame{}, soundUnknown},
		"no transmission":         {packets([]byte{0xF8}), soundUnknown},
		"no Opus":                 {packets([]byte{0xFF, 0xFF, 0xFF}), soundUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			var z zeroFinder
			require.Equal(t, test.want, z.of(test.frame))
			require.Equal(t, test.want, z.of(test.frame), "again")
		})
	}
}
