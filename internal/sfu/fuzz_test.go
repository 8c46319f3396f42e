package sfu

import (
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// recorder is the connection of a fuzzed subscriber: it keeps what is sent.
type recorder struct{ headers []rtp.Header }

func (r *recorder) WriteRTP(h *rtp.Header, payload []byte) (int, error) {
	r.headers = append(r.headers, *h)
	return len(payload), nil
}

func (r *recorder) Write(b []byte) (int, error) { return len(b), nil }

// fuzzed makes a stream with one subscriber, without a network.
func fuzzed(t *testing.T) (*Stream, *upEncoding, *downTrack, *recorder) {
	t.Helper()
	o := owner{wire.Peer{SessionID: "s", ParticipantID: "ann"}, silent{}}
	st := newStream(o, "tag", wire.Video, func() {})
	up := newUpTrack(&upConn{owner: o, stats: &counters{}}, wire.Video, st)
	up.params.Store(&trackParams{})
	st.publish(&publication{source: up, enabled: true})
	sent := &recorder{}
	c := &downConn{stats: &counters{}, owner: o}
	c.transmitter = newTransmitter(c.stats, func(panicked any) { panic(panicked) })
	d := newDownTrack(camera("ann"), st, c)
	d.conn.up.Store(true)
	b := &binding{writer: sent, ssrc: 1, rtx: 2}
	for _, c := range videoCodecs(false) {
		b.codecs = append(
			b.codecs,
			webrtc.RTPCodecParameters{RTPCodecCapability: c.RTPCodecCapability, PayloadType: c.PayloadType},
		)
	}
	d.binding.Store(b)
	st.subscribe(d)
	return st, up.encodings[0], d, sent
}

// silent hears no events.
type silent struct{ Events }

func (silent) CodecChanged(wire.Peer, wire.Stream) {}

func (silent) CodecNotReceived(wire.Peer, wire.UnreceivedStream) {}
func (silent) MediaFault(_ wire.Peer, f *fault.Error)            { panic(errors.Unwrap(f)) }

// FuzzForward holds what a subscriber relies on, whatever packets a publisher sends, how often it begins anew, and what
// is asked for again: no panic, and no sequence number is given to two different packets.
func FuzzForward(f *testing.F) {
	f.Add([]byte{0, 1, 0, 0, 1, 0, 2, 1, 0, 3, 2, 0, 4})
	f.Add([]byte{4, 0, 9, 0, 0, 9, 3, 0, 9, 1, 1, 0, 5, 0, 1, 6, 0, 3, 7, 255, 255})
	f.Add([]byte{2, 255, 255, 0, 0, 0, 3, 128, 0, 0, 128, 1, 5, 0, 0, 2, 0, 0})
	f.Fuzz(func(t *testing.T, script []byte) {
		st, up, d, sent := fuzzed(t)
		codecs := []codec{{mime: "video/vp8", clock: 90000}, {mime: mimeH264, profile: "42/1", clock: 90000}}
		type origin struct {
			epoch uint32
			seqno uint16
		}
		origins := map[int64]origin{} // by number, counted on where it wraps
		highest := int64(-1)
		params := up.track.params.Load()
		now, c := time.Unix(1, 0), codecs[0]
		for ; len(script) >= 3; script = script[3:] {
			op, value := script[0], binary.BigEndian.Uint16(script[1:])
			now = now.Add(time.Millisecond)
			before := len(sent.headers)
			switch op % 8 {
			case 0, 1: // a key frame
				payload := []byte{0x10, 0, 1}
				if c.mime == mimeH264 {
					payload = []byte{0x65, 1, 2}
				}
				up.forward(
					&rtp.Packet{Header: rtp.Header{SequenceNumber: value, Timestamp: uint32(value) * 3000}, Payload: payload},
					params,
					c,
					now,
				)
			case 2, 3: // what follows it
				up.forward(
					&rtp.Packet{
						Header:  rtp.Header{SequenceNumber: value, Timestamp: uint32(value) * 3000},
						Payload: []byte{0x41, 1, 2},
					},
					params,
					c,
					now,
				)
			case 4: // parameter sets
				c = codecs[1]
				payload := []byte{0x78, 0, 4, 0x67, 1, 2, byte(value), 0, 2, 0x68, byte(value)}
				up.forward(
					&rtp.Packet{Header: rtp.Header{SequenceNumber: value, Timestamp: uint32(value) * 3000}, Payload: payload},
					params,
					c,
					now,
				)
			case 5: // the source begins anew
				st.restart(up.track, 0)
			case 6:
				c = codecs[int(value)%2]
			case 7:
				d.receiveRTCP(
					&rtcp.TransportLayerNack{MediaSSRC: 1, Nacks: []rtcp.NackPair{{PacketID: value, LostPackets: 0xffff}}},
				)
				continue
			}
			for _, h := range sent.headers[before:] {
				if highest < 0 {
					highest = 1<<16 + int64(h.SequenceNumber)
				}
				number := highest + int64(int16(h.SequenceNumber-uint16(highest)))
				highest = max(highest, number)
				source, ok := d.rewriter.Source(h.SequenceNumber)
				require.True(t, ok)
				is := origin{source.Origin.Epoch, source.SequenceNumber}
				was, given := origins[number]
				require.True(t, !given || was == is, "the number %d is given twice: to %v and %v", number, was, is)
				origins[number] = is
			}
		}
	})
}

// FuzzResend holds that no list of NACKs is answered with more than its share.
func FuzzResend(f *testing.F) {
	f.Add(uint16(0), []byte{0, 1, 0xff, 0xff})
	f.Add(uint16(65530), []byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, first uint16, list []byte) {
		_, up, d, sent := fuzzed(t)
		c, bytes := codec{mime: "video/vp8", clock: 90000}, 0
		for n := range uint16(600) {
			payload := make([]byte, 1000)
			payload[0] = 0x10
			p := &rtp.Packet{Header: rtp.Header{SequenceNumber: first + n}, Payload: payload}
			up.forward(p, new(trackParams), c, time.Now())
			bytes += len(payload)
		}
		before := len(sent.headers)
		var nack rtcp.TransportLayerNack
		for ; len(list) >= 4; list = list[4:] {
			nack.Nacks = append(nack.Nacks, rtcp.NackPair{
				PacketID: binary.BigEndian.Uint16(list), LostPackets: rtcp.PacketBitmap(binary.BigEndian.Uint16(list[2:])),
			})
		}
		for range 100 {
			d.receiveRTCP(&nack)
		}
		again := len(sent.headers) - before
		require.LessOrEqual(t, again, 2*resendAsked, "in less than two periods")
		require.LessOrEqual(t, again*1000, int(resendShare*float64(bytes))+resendReserve)
		for _, h := range sent.headers[before:] {
			require.EqualValues(t, 2, h.SSRC)
		}
	})
}

// FuzzSTUN holds that nothing but a request with the right MAC is taken for one.
func FuzzSTUN(f *testing.F) {
	f.Add(bindingRequest("a:b", "password"))
	f.Add(bindingRequest("", ""))
	f.Add(make([]byte, stunHeader))
	p := newProof("a password that nobody guesses")
	f.Fuzz(func(t *testing.T, packet []byte) {
		if !isSTUN(packet) {
			return
		}
		if r, ok := parseRequest(packet); ok {
			was := append([]byte{}, packet...)
			require.False(t, p.holds(packet, r))
			require.Equal(t, was, packet, "the packet is left as it was")
		}
	})
}

// FuzzAnswer holds that whatever is answered returns a fault or something that pion can be asked to take.
func FuzzAnswer(f *testing.F) {
	f.Add(
		"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 " +
			"AA\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n" +
			"m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=recvonly\r\n",
	)
	f.Fuzz(func(t *testing.T, text string) {
		read, err := readAnswer(text, []string{"0"})
		if err != nil {
			return
		}
		require.Len(t, read.sections, 1)
		_, err = (&webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: read.text}).Unmarshal()
		require.NoError(t, err)
	})
}
