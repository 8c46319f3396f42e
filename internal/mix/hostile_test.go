package mix

import (
	"encoding/binary"
	"math/rand"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"
)

func TestHostilePackets(t *testing.T) {
	random := rand.New(rand.NewSource(5))
	sound := tone(t, 500, 0.4, 4*time.Second)
	voice := tone(t, 500, 0.4, 4*time.Second, "-application", "voip", "-b:a", "16k")
	m := New(Config{MaxStreams: 4})
	honest := sender{id: "honest", sound: tone(t, 1000, 0.2, 4*time.Second)}
	coming := honest.arrivals()
	for _, s := range []sender{{id: "flips", sound: sound}, {id: "flips in voice", sound: voice}, {id: "noise",
		sound: sound}} {
		for _, a := range s.arrivals() {
			payload := append([]byte(nil), a.packet.Payload...)
			switch s.id {
			case "noise":
				payload = make([]byte, random.Intn(2000))
				random.Read(payload)
				a.packet.Timestamp, a.packet.SequenceNumber, a.packet.SSRC = random.Uint32(), uint16(
					random.Uint32(),
				), random.Uint32()%2
			default:
				for range 1 + random.Intn(4) {
					payload[random.Intn(len(payload))] ^= byte(1 << random.Intn(8))
				}
				payload = payload[:random.Intn(len(payload)+1)]
			}
			a.packet.Payload = payload
			coming = append(coming, a)
			if a.at > 2*time.Second {
				coming = append(coming, arrival{id: "one too many", at: a.at, packet: a.packet})
			}
		}
	}
	sortByTime(coming)
	run(m, 4*time.Second, coming, func([]int16) {})
	stats := m.Stats()
	require.Len(t, stats, 4)
	require.NotZero(t, m.Refused())
	require.NotZero(t, stats["noise"].Corrupt)
	require.Zero(t, stats["honest"].Corrupt+stats["honest"].Lost)
	for _, s := range m.streams {
		require.LessOrEqual(t, len(s.queue)+len(s.free), maxQueue+1)
		require.Less(t, cap(s.buffer.pcm), Rate*Channels, "less than a second is kept")
	}
}

func FuzzPush(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 0xfc, 1, 2, 3})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0x03, 0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		m := New(Config{})
		out := make([]int16, TickSamples)
		at := epoch
		for len(data) >= 5 {
			n := min(len(data)-4, 1+int(data[3])%40)
			m.Push(
				"a",
				&rtp.Packet{
					Header:  rtp.Header{Timestamp: binary.BigEndian.Uint32(data), SequenceNumber: uint16(data[0])},
					Payload: data[4 : 4+n],
				},
				at,
			)
			data = data[4+n:]
			m.Tick(at, out)
			at = at.Add(TickDuration)
		}
		for range 10 {
			m.Tick(at, out)
			at = at.Add(TickDuration)
		}
	})
}
