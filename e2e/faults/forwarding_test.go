package faults

import (
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// forwardingScenarios are what the server finds in the packets and descriptions of clients that are not ours.
var forwardingScenarios = scenarios{
	"3104.CODEC_NOT_RECEIVED": func(t *T) {
		meeting := t.Meeting()
		bob := t.Join(meeting, "bob")
		raw := testpeer.JoinRaw(t, t.Server.URL, t.Account().Token(t), meeting, "raw")
		track := raw.Publish(nil, testpeer.RawSection{Kind: wire.Video, Codecs: []string{"VP8", "H264"}})[0]
		var offer wire.SubscribeOffer
		bob.Event(t, "subscribe-offer", &offer)
		bob.Do(t, wire.MethodAnswer, wire.AnswerParams{OfferID: offer.OfferID, SDP: onlyVP8(offer.SDP)})
		track.Send(testpeer.SendOptions{Codec: "H264", Every: 40 * time.Millisecond, Frame: func(int, bool) []byte {
			return []byte{0, 0, 0, 1, 0x67, 0x42, 0xe0, 0x1f, 0, 0, 0, 1, 0x68, 0xce, 0, 0, 0, 1, 0x65, 1, 2, 3}
		}})
		var told wire.Faulted
		bob.Event(t, "error", &told)
		t.Read(told.Fault)
		require.Equal(t, map[string]any{"publisherId": "raw", "kind": "video", "streamId": told.Fault.Details["streamId"],
			"codec": "H264", "taken": []any{"VP8"}, "publisherName": "raw", "receiverId": "bob", "receiverName": "bob"},
			told.Fault.Details)
		require.Equal(t, "bob", told.Fault.ParticipantID)
	},
	"4106.BITRATE": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.PublishBps = 1_000_000 })
		account := h.Account(t, nil)
		raw := testpeer.JoinRaw(t, h.URL, account.Token(t), account.Meeting(t, nil), "raw")
		track := raw.Publish(nil, testpeer.RawSection{Kind: wire.Video})[0]
		f := t.sendUntilFault(raw, func(n uint16) *rtp.Packet {
			return rawPacket(track.SSRC(), track.PayloadType("VP8"), n, 1100)
		}, track)
		t.ReadFrom(h, f)
	},
	"4106.DATA_OVERHEAD": func(t *T) {
		raw := testpeer.JoinRaw(t, t.Server.URL, t.Account().Token(t), t.Meeting(), "raw")
		sctp := testpeer.SCTPOf(raw.OpenData())
		heartbeat := testpeer.SCTPChunk(testpeer.SCTPHeartbeat, 0, append([]byte{0, 1, 3, 232}, make([]byte, 996)...)...)
		t.Read(t.untilFault(raw, func(uint16) { _ = sctp.Send(heartbeat) })) // in the end the connection is closed
	},
	"4107.UNKNOWN_SSRC": func(t *T) {
		raw := testpeer.JoinRaw(t, t.Server.URL, t.Account().Token(t), t.Meeting(), "raw")
		track := raw.Publish(nil, testpeer.RawSection{Kind: wire.Video})[0]
		t.Read(t.sendUntilFault(raw, func(n uint16) *rtp.Packet {
			return rawPacket(4711, track.PayloadType("VP8"), n, 10)
		}, track))
	},
	"4107.UNKNOWN_PAYLOAD_TYPE": func(t *T) {
		raw := testpeer.JoinRaw(t, t.Server.URL, t.Account().Token(t), t.Meeting(), "raw")
		track := raw.Publish(nil, testpeer.RawSection{Kind: wire.Video})[0]
		t.Read(t.sendUntilFault(raw, func(n uint16) *rtp.Packet { return rawPacket(track.SSRC(), 126, n, 10) }, track))
	},
}

var videoLine = regexp.MustCompile(`m=video \d+ (\S+) .*\r\n`)

// onlyVP8 answers an offer as a client does that decodes VP8 alone.
func onlyVP8(offer string) string {
	answer := videoLine.ReplaceAllString(offer, "m=video 9 $1 96 97\r\n")
	answer = strings.ReplaceAll(answer, "a=setup:actpass", "a=setup:active")
	return strings.ReplaceAll(answer, "a=sendonly", "a=recvonly")
}

func rawPacket(ssrc uint32, payloadType uint8, n uint16, size int) *rtp.Packet {
	return &rtp.Packet{Header: rtp.Header{Version: 2, SSRC: ssrc, PayloadType: payloadType, SequenceNumber: n,
		Timestamp: uint32(n) * 3000},
		Payload: append([]byte{0x10, 1}, make([]byte, size)...)}
}

// sendUntilFault sends packets until the publisher receives a fault.
func (t *T) sendUntilFault(raw *testpeer.RawPublisher, packet func(n uint16) *rtp.Packet,
	track *testpeer.RawTrack) *fault.Error {
	t.Helper()
	return t.untilFault(raw, func(n uint16) { require.NoError(t, track.Write(packet(n))) })
}

// untilFault does something until the publisher receives a fault.
func (t *T) untilFault(raw *testpeer.RawPublisher, do func(n uint16)) *fault.Error {
	t.Helper()
	for n := range uint16(10 * testserver.Timeout / time.Second * 100) {
		do(n)
		for _, event := range raw.Events() {
			if event.Name == "error" {
				raw, err := json.Marshal(event.Data)
				require.NoError(t, err)
				var told wire.Faulted
				require.NoError(t, json.Unmarshal(raw, &told))
				testserver.DeliveriesIn(t).Received(told.Fault.ID, told.Fault.ParticipantID)
				return told.Fault
			}
		}
		<-time.After(time.Millisecond)
	}
	require.Fail(t, "no fault came")
	return nil
}
