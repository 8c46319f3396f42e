package sfu

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

func transports(h *hub) (all []*rtpTransport) {
	m := h.sfu.ports.udpMux
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, c := range m.conns {
		all = append(all, c.transport)
	}
	return all
}

// RTP takes the server's own way whichever side is the DTLS server, and what proves no key leaves nothing behind.
func TestOwnTransport(t *testing.T) {
	for name, role := range map[string]webrtc.DTLSRole{
		"subscriber as DTLS client": webrtc.DTLSRoleClient, "subscriber as DTLS server": webrtc.DTLSRoleServer,
	} {
		t.Run(name, func(t *testing.T) {
			h := newHub(t)
			ann := h.join("s", "ann")
			bob := h.join("s", "bob", func(s *webrtc.SettingEngine) { _ = s.SetAnsweringDTLSRole(role) })
			ann.publish(vp8)
			bob.subscribe(camera("ann"))
			defer ann.source(wire.Video).run(10 * time.Millisecond)()
			video := bob.got("ann", wire.Video)
			eventually(t, "video", func() bool { return video.count() > 20 })
			requireGapless(t, video.all())
			all := transports(h)
			require.Len(t, all, 2)
			for _, c := range all {
				require.EqualValues(t, transportOpen, c.state.Load())
				c.receiving.Lock()
				before := len(c.sources)
				c.receiving.Unlock()
				for ssrc := range uint32(100) {
					forged := make([]byte, 100)
					forged[0] = 0x80
					binary.BigEndian.PutUint32(forged[8:], 1000+ssrc)
					require.True(t, c.receive(forged))
				}
				c.receiving.Lock()
				require.Len(t, c.sources, before, "forged packets are remembered")
				c.receiving.Unlock()
			}
			seen := video.count()
			eventually(t, "video goes on", func() bool { return video.count() > seen+20 })
			requireGapless(t, video.all())
		})
	}
}

// What may come as the client's first flight of DTLS is hostile input.
func FuzzReadHello(f *testing.F) {
	f.Add([]byte{22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(_ *testing.T, packet []byte) { (&rtpTransport{}).receive(packet) })
}
