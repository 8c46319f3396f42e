package sfu

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/sfu/packet"
	"github.com/klatch/klatch/internal/sfu/red"
	"github.com/klatch/klatch/internal/wire"
)

func redundantly(h *hub) *hub {
	h.redundant = true
	return h
}

func repairing(h *hub) *hub {
	h.repairsAudio = true
	return h
}

func speech(n int) []byte { return []byte(fmt.Sprintf("audio %d", n)) }

// requireSpeech asserts that packets carry all that was said, in the order of their numbers, from the first on.
func requireSpeech(t *testing.T, packets []rtp.Packet) {
	t.Helper()
	require.NotEmpty(t, packets)
	text, _ := strings.CutPrefix(string(packets[0].Payload), "audio ")
	first, err := strconv.Atoi(text)
	require.NoError(t, err, "%q", packets[0].Payload)
	for _, p := range packets {
		behind := int(int16(p.SequenceNumber - packets[0].SequenceNumber))
		require.Equal(t, string(speech(first+behind)), string(p.Payload))
		require.Equal(t, packets[0].Timestamp+uint32(behind*960), p.Timestamp)
	}
}

// lowest returns the packets without repetitions, in the order of their numbers.
func inOrder(packets []rtp.Packet) []rtp.Packet {
	slices.SortFunc(packets, func(a, b rtp.Packet) int { return int(int16(a.SequenceNumber - b.SequenceNumber)) })
	return packets
}

// The answer to a publisher that knows redundant audio prefers it; what it says of Opus stays.
func TestRedundantAudioIsPreferred(t *testing.T) {
	h := repairing(redundantly(newHub(t)))
	ann := h.join("s", "ann")
	ann.publishRawOf(wire.Audio)
	answer := ann.up.RemoteDescription().SDP
	require.Regexp(t, `m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\n`, answer)
	require.Contains(t, answer, "a=fmtp:63 111/111\r\n")
	require.Regexp(t, `a=rtcp-fb:111 nack ?\r\n`, answer)
}

// An offer of redundant audio without the codec inside has nothing that the server takes.
func TestRedundancyAlone(t *testing.T) {
	h := redundantly(newHub(t))
	ann := h.join("s", "ann")
	ann.publishRawOf(wire.Audio)
	params := ann.published
	params.SDP = regexp.MustCompile(`m=audio (\d+) (\S+) .*\r\n`).ReplaceAllString(params.SDP, "m=audio $1 $2 63\r\n")
	_, err := h.sfu.Publish(ann.ctx, h.join("s", "bob").peer, params)
	require.ErrorContains(t, err, "has no codec that the server takes: for audio that is opus")
}

// What a publisher loses is taken from the redundancy of the next packet: subscribers get each packet once, without
// redundancy and in its order, and nothing is asked for.
func TestRedundantAudioArrives(t *testing.T) {
	h := repairing(redundantly(newHub(t)))
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	raw := ann.publishRawOf(wire.Audio)
	bob.subscribe(wire.StreamRef{ParticipantID: "ann", Kind: wire.Audio})
	audio := bob.got("ann", wire.Audio)
	var builder red.Builder
	n := 0
	send := func() {
		payload := builder.Build(nil, 1, 111, uint16(n), uint32(n*960), speech(n))
		if n < 20 || n%3 != 0 {
			raw.packet(63, raw.ssrc, uint16(n), uint32(n*960), payload)
		}
		if n > 20 && n%7 == 0 { // late, and twice
			raw.packet(111, raw.ssrc, uint16(n-1), uint32((n-1)*960), speech(n-1))
		}
		n++
	}
	eventually(t, "audio", func() bool { send(); return audio.count() > 100 })
	packets := audio.all()
	requireGapless(t, packets)
	requireSpeech(t, packets)
	for _, p := range packets {
		require.Equal(t, uint8(111), p.PayloadType)
	}
	require.Zero(t, h.sfu.Stats().NACKsOut)
	require.Empty(t, h.told())
}

// Lost audio is asked for as soon as the next packet comes, and takes its place.
func TestLostAudioIsAskedFor(t *testing.T) {
	t.Parallel()
	var l losses
	now := time.Now()
	l.arrived(10, now, 0)
	l.arrived(12, now, 0)
	require.Equal(t, []uint16{11}, l.due(now))

	h := repairing(newHub(t))
	conn := listenLossy(t)
	ann, bob := h.join("s", "ann", over(conn)), h.join("s", "bob")
	ann.publish(map[wire.Kind]string{wire.Audio: "audio/opus"})
	bob.subscribe(wire.StreamRef{ParticipantID: "ann", Kind: wire.Audio})
	conn.loseOut(everyNth(6))
	defer ann.source(wire.Audio).run(10 * time.Millisecond)()
	audio := bob.got("ann", wire.Audio)
	eventually(t, "audio", func() bool { return audio.count() > 100 })
	packets := inOrder(audio.all())
	requireGapless(t, packets[:90]) // the last may be under way
	requireSpeech(t, packets[:90])
	require.Positive(t, h.sfu.Stats().NACKsOut)
}

// A subscriber that loses packets and takes redundant audio is sent it; others get plain Opus.
func TestRedundantAudioToWhoLosesPackets(t *testing.T) {
	t.Parallel()
	h := redundantly(newHub(t))
	conn := listenLossy(t)
	ann, bob, eve := h.join("s", "ann"), h.join("s", "bob", over(conn)), h.join("s", "eve")
	ann.publish(map[wire.Kind]string{wire.Audio: "audio/opus"})
	for _, c := range []*client{bob, eve} {
		c.subscribe(wire.StreamRef{ParticipantID: "ann", Kind: wire.Audio})
	}
	conn.loseIn(everyNth(8))
	defer ann.source(wire.Audio).run(10 * time.Millisecond)()
	audio := bob.got("ann", wire.Audio)
	redundant := func() (after []rtp.Packet) {
		packets := audio.all()
		return packets[max(0, slices.IndexFunc(packets, func(p rtp.Packet) bool { return p.PayloadType == 63 })):]
	}
	eventually(t, "redundant audio", func() bool { r := redundant(); return len(r) > 80 && r[0].PayloadType == 63 })
	var unwrapper red.Unwrapper
	var plain []rtp.Packet
	for _, p := range redundant() {
		require.Equal(t, uint8(63), p.PayloadType)
		unwrapped, err := unwrapper.Unwrap(nil, p.SequenceNumber, p.Timestamp, p.Payload)
		require.NoError(t, err)
		for _, u := range unwrapped {
			require.Equal(t, uint8(111), u.PayloadType)
			plain = append(plain, rtp.Packet{
				Header:  rtp.Header{SequenceNumber: u.SequenceNumber, Timestamp: u.Timestamp},
				Payload: slices.Clone(u.Payload),
			})
		}
	}
	requireGapless(t, plain)
	requireSpeech(t, plain)
	for _, p := range eve.got("ann", wire.Audio).all() {
		require.Equal(t, uint8(111), p.PayloadType)
	}
}

// Redundant packets that are broken, or full of blocks, cost no more than the bytes they are, and the stream goes on.
func TestHostileRedundancy(t *testing.T) {
	h := redundantly(newHub(t, func(o *Options) { o.PublishBps = 400_000 }))
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	raw := ann.publishRawOf(wire.Audio)
	bob.subscribe(wire.StreamRef{ParticipantID: "ann", Kind: wire.Audio})
	audio := bob.got("ann", wire.Audio)
	n := 0
	plain := func() bool {
		raw.packet(111, raw.ssrc, uint16(n), uint32(n*960), speech(n))
		n++
		return audio.count() > 0
	}
	eventually(t, "audio", plain)
	var full []byte
	for back := red.MaxBlocks - 1; back > 0; back-- {
		offset := back * 480
		full = append(full, 0x80|111, byte(offset>>6), byte(offset<<2), 1)
	}
	full = append(append(full, 111), make([]byte, red.MaxBlocks)...)
	const packets = 600
	for range packets {
		raw.packet(63, raw.ssrc, uint16(n), uint32(n*960), []byte{0x80 | 111, 0xff})       // cut off
		raw.packet(63, raw.ssrc, uint16(n), uint32(n*960), []byte{0x80 | 63, 0, 4, 0, 63}) // of itself
		n += red.MaxBlocks
		raw.packet(63, raw.ssrc, uint16(n), uint32(n*960), full)
	}
	eventually(t, "audio goes on", func() bool { plain(); return strings.HasPrefix(lastPayload(audio), "audio ") })
	sent := h.sfu.Stats().PacketsOut
	t.Logf("%d packets were sent", sent)
	require.Less(t, sent, uint64(2*packets))
}

func lastPayload(r *received) string {
	packets := r.all()
	return string(packets[len(packets)-1].Payload)
}

// The redundancy follows the loss, at once up and slowly down, as far as the path has room for it.
func TestProtection(t *testing.T) {
	now := time.Now()
	var p protection
	after := func(seconds int, lost int, budget int64) (distance int32, bps int64) {
		for range seconds {
			now = now.Add(time.Second)
			p.add(1000, lost)
			bps = p.choose(budget, 40_000, now)
		}
		return p.distance.Load(), bps
	}
	check := func(want int32, seconds, lost int, budget int64, what string) {
		t.Helper()
		distance, bps := after(seconds, lost, budget)
		require.Equal(t, want, distance, what)
		require.Equal(t, int64(want)*40_000, bps, what)
	}
	check(0, 5, 0, 1e9, "nothing is lost")
	check(1, 3, 20, 1e9, "2 %")
	check(2, 3, 200, 1e9, "20 %")
	check(1, 1, 200, 500_000, "room for one")
	check(0, 1, 200, 250_000, "no room")
	check(2, 1, 200, 1e9, "room again")
	check(2, 9, 0, 1e9, "it may come back")
	check(0, 60, 0, 1e9, "it has gone for good")
}

// Loss is counted from transport-wide feedback, whatever its chunks claim.
func TestProtectionCountsFeedback(t *testing.T) {
	var p protection
	p.feedback(&rtcp.TransportLayerCC{PacketStatusCount: 10, PacketChunks: []rtcp.PacketStatusChunk{
		&rtcp.RunLengthChunk{PacketStatusSymbol: rtcp.TypeTCCPacketNotReceived, RunLength: 3},
		&rtcp.StatusVectorChunk{SymbolList: []uint16{
			rtcp.TypeTCCPacketReceivedSmallDelta, rtcp.TypeTCCPacketNotReceived, rtcp.TypeTCCPacketReceivedLargeDelta,
		}},
		&rtcp.RunLengthChunk{PacketStatusSymbol: rtcp.TypeTCCPacketReceivedSmallDelta, RunLength: 8000},
	}})
	require.Equal(t, 10, p.packets)
	require.Equal(t, 4, p.lost)
}

func TestRedundancyAllocatesNothing(t *testing.T) {
	var r redundancy
	seqno := uint16(0)
	next := func() {
		m := packet.New(make([]byte, 80))
		m.SequenceNumber, m.Timestamp, m.Epoch = seqno, uint32(seqno)*960, 1
		one, two := r.of(m, 1, 111), r.of(m, 2, 111)
		if one == two || r.of(m, 1, 111) != one {
			t.Fatal("not shared by distance")
		}
		r.end()
		m.Release()
		seqno++
	}
	next()
	require.LessOrEqual(t, testing.AllocsPerRun(1000, next), 1.0) // the 80 bytes
}

// randomly loses a share of the RTP and RTCP packets; the handshake passes.
func randomly(share float64, seed uint64) func([]byte) bool {
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(seed, seed))
	return func(b []byte) bool {
		mu.Lock()
		defer mu.Unlock()
		return len(b) > 0 && b[0] >= 128 && b[0] < 192 && r.Float64() < share
	}
}

// On a bad path in both directions, of the publisher and of a subscriber, little audio stays lost.
func TestAudioOverLossyPaths(t *testing.T) {
	for share, bound := range map[float64]float64{0.05: 0.005, 0.2: 0.04} {
		t.Run(fmt.Sprintf("%.0f %%", 100*share), func(t *testing.T) {
			t.Parallel()
			h := repairing(redundantly(newHub(t)))
			up, down := listenLossy(t), listenLossy(t)
			ann, bob := h.join("s", "ann", over(up)), h.join("s", "bob", over(down))
			raw := ann.publishRawOf(wire.Audio)
			bob.subscribe(wire.StreamRef{ParticipantID: "ann", Kind: wire.Audio})
			audio := bob.got("ann", wire.Audio)
			var builder red.Builder
			n := 0
			send := func() {
				payload := builder.Build(nil, 1, 111, uint16(n), uint32(n*960), speech(n))
				raw.packet(63, raw.ssrc, uint16(n), uint32(n*960), payload)
				n++
			}
			eventually(t, "audio", func() bool { send(); return audio.count() > 0 })
			up.loseOut(randomly(share, 1))
			up.loseIn(randomly(share, 2))
			down.loseIn(randomly(share, 3))
			down.loseOut(randomly(share, 4))
			ticker := time.NewTicker(10 * time.Millisecond)
			defer ticker.Stop()
			var measured int
			for i := range 350 {
				<-ticker.C
				send()
				if i == 150 { // the receiver's reports have come
					measured = n
				}
			}
			have := map[string]bool{}
			for range 30 { // what was asked for arrives
				<-ticker.C
			}
			for _, p := range audio.all() {
				if p.PayloadType == 111 {
					have[string(p.Payload)] = true
					continue
				}
				blocks, err := red.Parse(p.Payload, nil)
				require.NoError(t, err)
				for _, b := range blocks {
					have[string(b.Payload)] = true
				}
			}
			lost := 0
			for i := measured; i < n-1; i++ {
				if !have[string(speech(i))] {
					lost++
				}
			}
			t.Logf("%d of %d are missing, %d were asked for of the publisher", lost, n-1-measured, h.sfu.Stats().NACKsOut)
			require.LessOrEqual(t, float64(lost), bound*float64(n-1-measured))
		})
	}
}
