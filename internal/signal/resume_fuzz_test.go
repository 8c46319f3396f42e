package signal

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

// What a log returns after a seq is what was appended after it, or nothing at all when some of it is gone.
func FuzzEventLog(f *testing.F) {
	f.Add([]byte{0, 1, 2, 250, 3, 255, 255, 4, 129})
	f.Fuzz(func(t *testing.T, steps []byte) {
		var log eventLog
		var all []*wire.Encoded
		for _, step := range steps {
			if step < 128 { // up to 512 KiB, so that both bounds are met
				event := &wire.Encoded{Data: make([]byte, 1+int(step)*int(step)*32)}
				all = append(all, event)
				log.append(event)
				continue
			}
			seq := int64(len(all)) - int64(step-128)
			if seq < 0 {
				continue
			}
			missed, ok := log.after(seq)
			if !ok {
				require.Less(t, seq+1, log.oldest())
				continue
			}
			require.Len(t, missed, len(all)-int(seq))
			for i, m := range missed {
				require.Same(t, all[int(seq)+i], m.event)
				require.Equal(t, seq+1+int64(i), m.seq)
			}
		}
		require.EqualValues(t, len(all), log.last)
		require.LessOrEqual(t, len(log.events), maxLogEvents)
		held := 0
		for _, event := range log.events {
			held += sizeOf(event)
		}
		require.Equal(t, held, log.bytes)
		require.True(t, held <= maxLogBytes || len(log.events) == 1)
	})
}

// A client that keeps the newest secret it has read is never refused, whatever is lost on the way. As soon as a thief
// uses a secret that this client no longer holds, nobody resumes.
func FuzzSecrets(f *testing.F) {
	f.Add([]byte{0, 1, 2, 0, 0, 2, 3})
	f.Fuzz(func(t *testing.T, steps []byte) {
		newSecret := func() secretKey { return keyOf(string(newNonce())) }
		held := newSecret()
		s := secrets{current: held}
		var stale []secretKey // that a newer one has replaced for sure
		var socket *conn      // of the last resume whose answer was read
		for _, step := range steps {
			fresh := newSecret()
			on := &conn{}
			switch step % 4 {
			case 0: // resumes, and reads the answer
				require.True(t, s.take(held))
				s.offer(fresh, on)
				stale = append(stale, held)
				held, socket = fresh, on
			case 1: // resumes, and the answer is lost
				require.True(t, s.take(held))
				s.offer(fresh, on)
				socket = nil
			case 2: // asks for something
				s.confirm(socket)
				if socket != nil {
					require.Equal(t, held, s.current)
					require.Zero(t, s.next, "the old one has ended")
				}
			case 3: // a thief comes with an old one, after the client has shown that it has the newest
				s.confirm(socket)
				if socket == nil || len(stale) == 0 {
					continue
				}
				require.False(t, s.take(stale[int(step)%len(stale)]))
				require.False(t, s.take(held))
				require.False(t, s.take(fresh))
				return
			}
		}
	})
}
