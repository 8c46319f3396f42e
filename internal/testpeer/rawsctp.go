package testpeer

import (
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"io"
	"reflect"
	"testing"
	"time"
	"unsafe"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

// Types of SCTP chunks (RFC 9260, section 3.2; RFC 6525).
const (
	SCTPData      = 0
	SCTPIData     = 64 // RFC 8260
	SCTPInit      = 1
	SCTPHeartbeat = 4
	SCTPReconfig  = 130
)

// RawSCTP sends SCTP packets of any kind in the association of a connection whose data channels are open. The
// association of pion on this side sends no more data meanwhile.
type RawSCTP struct {
	conn   io.Writer
	header [8]byte // ports and verification tag
	TSN    uint32  // the next transmission sequence number

	interleaves bool   // I-DATA was negotiated
	message     uint32 // number of the next message
}

// SCTPOf returns the association of a connection of pion, which does not export it.
func SCTPOf(pc *webrtc.PeerConnection) *RawSCTP {
	transport := pc.SCTP()
	conn := reflect.ValueOf(transport.Transport()).Elem().FieldByName("conn")
	conn = reflect.NewAt(conn.Type(), unsafe.Pointer(conn.UnsafeAddr())).Elem()
	of := reflect.ValueOf(transport).Elem().FieldByName("sctpAssociation").Elem()
	s := &RawSCTP{conn: conn.Interface().(io.Writer), TSN: uint32(of.FieldByName("myNextTSN").Uint())}
	s.interleaves = of.FieldByName("useInterleaving").Bool()
	binary.BigEndian.PutUint16(s.header[0:], uint16(of.FieldByName("sourcePort").Uint()))
	binary.BigEndian.PutUint16(s.header[2:], uint16(of.FieldByName("destinationPort").Uint()))
	binary.BigEndian.PutUint32(s.header[4:], uint32(of.FieldByName("peerVerificationTag").Uint()))
	return s
}

// Send sends a packet of these chunks.
func (s *RawSCTP) Send(chunks ...[]byte) error {
	packet := append(s.header[:], 0, 0, 0, 0)
	for _, c := range chunks {
		packet = append(packet, c...)
	}
	if len(chunks) == 1 && chunks[0][0] == SCTPInit { // has no tag yet (RFC 9260, section 8.5.1)
		packet = append(append([]byte{}, packet[:4]...), append([]byte{0, 0, 0, 0}, packet[8:]...)...)
	}
	sum := crc32.Checksum(packet, crc32.MakeTable(crc32.Castagnoli))
	binary.LittleEndian.PutUint32(packet[8:], sum)
	_, err := s.conn.Write(packet)
	return err
}

// SCTPChunk makes a chunk.
func SCTPChunk(kind, flags byte, body ...byte) []byte {
	c := binary.BigEndian.AppendUint16([]byte{kind, flags}, uint16(4+len(body)))
	c = append(c, body...)
	return append(c, make([]byte, -len(c)&3)...)
}

// Data makes the next chunk of data. first and last are whether its message begins and ends with it.
func (s *RawSCTP) Data(stream uint16, first, last bool, payload ...byte) []byte {
	var flags byte
	if first {
		flags |= 2
	}
	if last {
		flags |= 1
	}
	body := binary.BigEndian.AppendUint32(nil, s.TSN)
	s.TSN++
	body = binary.BigEndian.AppendUint16(body, stream)
	body = binary.BigEndian.AppendUint16(body, 0) // sequence number, or reserved
	kind := byte(SCTPData)
	if s.interleaves {
		kind = SCTPIData
		body = binary.BigEndian.AppendUint32(body, s.message)
	}
	if last {
		s.message++
	}
	if first || !s.interleaves {
		body = binary.BigEndian.AppendUint32(body, 53) // WebRTC Binary (RFC 8831, section 8)
	} else {
		body = binary.BigEndian.AppendUint32(body, s.TSN) // number of the fragment
	}
	return SCTPChunk(kind, flags, append(body, payload...)...)
}

// OpenData connects to receive, with the data channels of docs/protocol.md, and returns when the reliable one is open.
func (r *RawPublisher) OpenData() *webrtc.PeerConnection {
	r.t.Helper()
	_, err := r.Call(wire.MethodOpenData, struct{}{})
	require.NoError(r.t, err)
	var offer wire.SubscribeOffer
	require.Eventually(r.t, func() bool {
		for _, e := range r.Events() {
			if e.Name == offer.EventName() {
				return json.Unmarshal(e.Data, &offer) == nil
			}
		}
		return false
	}, rawPatience, 5*time.Millisecond, "no offer with data channels")
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	require.NoError(r.t, err)
	r.t.Cleanup(func() { _ = pc.Close() }) // the test has seen what it wants
	opened := make(chan struct{})
	for id, label := range []string{"reliable", "unreliable"} {
		number, negotiated, ordered := uint16(id), true, id == 0
		init := &webrtc.DataChannelInit{ID: &number, Negotiated: &negotiated, Ordered: &ordered}
		if !ordered {
			init.MaxRetransmits = new(uint16)
		}
		channel, err := pc.CreateDataChannel(label, init)
		require.NoError(r.t, err)
		if ordered {
			channel.OnOpen(func() { close(opened) })
		}
	}
	require.NoError(r.t, pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer.SDP}))
	answer, err := pc.CreateAnswer(nil)
	require.NoError(r.t, err)
	gathered := webrtc.GatheringCompletePromise(pc)
	require.NoError(r.t, pc.SetLocalDescription(answer))
	<-gathered
	_, err = r.Call(wire.MethodAnswer, wire.AnswerParams{OfferID: offer.OfferID, SDP: pc.LocalDescription().SDP})
	require.NoError(r.t, err)
	awaitOpen(r.t, opened)
	return pc
}

func awaitOpen(t testing.TB, opened <-chan struct{}) {
	t.Helper()
	select {
	case <-opened:
	case <-time.After(rawPatience):
		t.Fatal("the data channel does not open")
	}
}
