package sfu

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/wire"
)

// dataClient is a client that has data channels as the SDKs make them.
type dataClient struct {
	*client
	opened [dataChannelCount]chan *webrtc.DataChannel

	mu  sync.Mutex
	got [dataChannelCount][]string // as "from: payload"
}

// withData has a client take part in data messages from its next offer on.
func (c *client) withData(sends, receives bool) *dataClient {
	d := &dataClient{client: c}
	for id := range d.opened {
		d.opened[id] = make(chan *webrtc.DataChannel, 4)
	}
	var attached *webrtc.PeerConnection
	c.onOffer = func(pc *webrtc.PeerConnection, offer string) error {
		if attached == pc || !strings.Contains(offer, "\nm=application ") {
			return nil
		}
		attached = pc
		for id := range uint16(dataChannelCount) {
			negotiated, ordered := true, id == reliableChannel
			init := &webrtc.DataChannelInit{ID: &id, Negotiated: &negotiated, Ordered: &ordered}
			if !ordered {
				init.MaxRetransmits = new(uint16)
			}
			dc, err := pc.CreateDataChannel(dataLabels[id], init)
			if err != nil {
				return err
			}
			dc.OnOpen(func() { d.opened[id] <- dc })
			dc.OnMessage(func(m webrtc.DataChannelMessage) { d.take(int(id), m.Data) })
		}
		return nil
	}
	c.hub.sfu.SetData(c.peer, sends, receives)
	return d
}

func (d *dataClient) take(channel int, frame []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := int(frame[9])
	at := time.UnixMilli(int64(binary.BigEndian.Uint64(frame[1:9])))
	text := fmt.Sprintf("%s: %s", frame[dataHeader:dataHeader+n], frame[dataHeader+n:])
	if frame[0] == dataText {
		text += " (text)"
	}
	if age := time.Since(at); age < -time.Second || age > time.Minute {
		text += " (at " + at.String() + ")"
	}
	d.got[channel] = append(d.got[channel], text)
}

func (d *dataClient) all(channel int) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.got[channel])
}

// channel waits until a channel is open.
func (d *dataClient) channel(id int) *webrtc.DataChannel {
	d.t.Helper()
	select {
	case dc := <-d.opened[id]:
		d.opened[id] <- dc
		return dc
	case <-time.After(20 * time.Second):
		d.t.Fatalf("%s: the channel %s is not open", d.peer.ParticipantID, dataLabels[id])
		return nil
	}
}

func (d *dataClient) eventually(channel int, want ...string) {
	d.t.Helper()
	require.Eventually(d.t, func() bool { return slices.Equal(want, d.all(channel)) }, 20*time.Second, 10*time.Millisecond,
		"%s", d.peer.ParticipantID)
}

// Messages go to everybody who has channels and receives, in order, and to channels that open a moment later.
func TestDataMessages(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann := h.join("s", "ann").withData(true, true)
	bob := h.join("s", "bob").withData(true, true)
	deaf := h.join("s", "deaf").withData(true, false)
	late := h.join("s", "late")
	stranger := h.join("other", "stranger").withData(true, true)
	send := ann.channel(reliableChannel)
	bob.channel(unreliableChannel)
	deaf.channel(reliableChannel)
	stranger.channel(reliableChannel)
	require.NoError(t, send.SendText("one"))
	require.NoError(t, send.Send([]byte("two")))
	require.NoError(t, send.SendText(""))
	want := []string{"ann: one (text)", "ann: two", "ann:  (text)"}
	bob.eventually(reliableChannel, want...)
	later := late.withData(false, true) // it was there when they were sent
	later.eventually(reliableChannel, want...)

	require.NoError(t, ann.channel(unreliableChannel).Send([]byte("fast")))
	bob.eventually(unreliableChannel, "ann: fast")
	later.eventually(unreliableChannel, "ann: fast")
	require.NoError(t, later.channel(reliableChannel).Send([]byte("may not")))
	require.Eventually(t, func() bool { return h.sfu.Stats().DataDropped == 1 }, 10*time.Second, 10*time.Millisecond)
	require.NoError(t, bob.channel(reliableChannel).Send([]byte("three")))
	ann.eventually(reliableChannel, "bob: three")
	require.Empty(t, deaf.all(reliableChannel))
	require.Empty(t, stranger.all(reliableChannel))
	require.Empty(t, h.told())

	// Media is added to the same connection, and the channels stay.
	pub := h.join("s", "pub")
	pub.publish(map[wire.Kind]string{wire.Audio: webrtc.MimeTypeOpus})
	bob.subscribe(wire.StreamRef{ParticipantID: "pub", Kind: wire.Audio})
	require.Eventually(t, func() bool {
		bob.client.mu.Lock()
		defer bob.client.mu.Unlock()
		return len(bob.last.Streams) == 1
	}, 10*time.Second, 10*time.Millisecond)
	require.NoError(t, send.Send([]byte("four")))
	bob.eventually(reliableChannel, append(want, "ann: four")...)
}

// A connection that the client replaces has channels again, and gets what was sent meanwhile.
func TestDataChannelsOfANewConnection(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann, bob := h.join("s", "ann").withData(true, true), h.join("s", "bob").withData(true, true)
	send := ann.channel(reliableChannel)
	bob.channel(reliableChannel)
	require.NoError(t, send.Send([]byte("one")))
	bob.eventually(reliableChannel, "ann: one")
	bob.client.mu.Lock()
	old := bob.down
	bob.down = nil
	bob.client.mu.Unlock()
	require.NoError(t, old.Close())
	<-bob.lost
	require.NoError(t, send.Send([]byte("meanwhile")))
	require.NoError(t, h.sfu.Restart(t.Context(), bob.peer))
	require.Eventually(t, func() bool {
		return len(bob.opened[reliableChannel]) > 1
	}, 20*time.Second, 10*time.Millisecond)
	require.NoError(t, send.Send([]byte("two")))
	bob.eventually(reliableChannel, "ann: one", "ann: meanwhile", "ann: two")
}

// Past the limits unreliable messages are dropped and told, and reliable ones wait.
func TestDataLimits(t *testing.T) {
	t.Parallel()
	h := newHub(t, func(o *Options) { o.Data = DataLimits{Messages: 20} })
	ann, bob := h.join("s", "ann").withData(true, true), h.join("s", "bob").withData(true, true)
	bob.channel(unreliableChannel)
	bob.channel(reliableChannel)
	fast := ann.channel(unreliableChannel)
	for range 200 {
		require.NoError(t, fast.Send([]byte("x")))
	}
	require.Eventually(t, func() bool { return len(h.told()) > 0 }, 10*time.Second, 10*time.Millisecond)
	require.Contains(t, h.told()[0], "ann: DATA_RATE")
	began := time.Now()
	send := ann.channel(reliableChannel)
	for i := range 40 {
		require.NoError(t, send.SendText(fmt.Sprint(i)))
	}
	require.Eventually(t, func() bool { return len(bob.all(reliableChannel)) == 40 }, 20*time.Second, 10*time.Millisecond)
	require.Greater(t, time.Since(began), time.Second)
	require.Equal(t, "ann: 39 (text)", bob.all(reliableChannel)[39])
	require.Less(t, len(bob.all(unreliableChannel)), 100)
}

// Clients that do not keep to the protocol harm nobody else.
func TestHostileData(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann, bob := h.join("s", "ann").withData(true, true), h.join("s", "bob").withData(true, true)
	send := ann.channel(reliableChannel)
	bob.channel(reliableChannel)
	ann.channel(unreliableChannel)

	// Too large, up to what the window holds: dropped, and the next one is taken.
	require.NoError(t, send.Send(bytes.Repeat([]byte("x"), wire.MaxDataBytes+1)))
	require.NoError(t, send.SendText("small"))
	bob.eventually(reliableChannel, "ann: small (text)")
	require.Contains(t, h.told()[0], "ann: DATA_TOO_LARGE")

	// Many channels, and labels of any length: the connection ends, and the next one has no data.
	mallory := h.join("s", "mallory").withData(true, true)
	mallory.channel(reliableChannel)
	mallory.client.mu.Lock()
	down := mallory.down
	mallory.client.mu.Unlock()
	for range 100 {
		if _, err := down.CreateDataChannel(strings.Repeat("label", 40), nil); err != nil {
			break // the server has ended it already
		}
	}
	require.Eventually(t, func() bool { return strings.Contains(strings.Join(h.told(), "\n"), "mallory: DATA_CHANNELS") },
		20*time.Second, 10*time.Millisecond)
	select {
	case <-mallory.lost:
	case <-time.After(20 * time.Second):
		t.Fatal("the connection goes on")
	}
	require.NoError(t, send.SendText("on"))
	bob.eventually(reliableChannel, "ann: small (text)", "ann: on (text)")
}

// Whatever SCTP a client sends, the server keeps little of it and answers little: the connection ends, its participant
// is told, and the messages of others go on.
func TestHostileSCTP(t *testing.T) {
	t.Parallel()
	for name, attack := range map[string]func(s *testpeer.RawSCTP) [][]byte{
		"INIT": func(*testpeer.RawSCTP) [][]byte {
			return [][]byte{testpeer.SCTPChunk(testpeer.SCTPInit, 0, 1, 2, 3, 4, 0, 1, 0, 0, 255, 255, 255, 255, 0, 0, 0, 1)}
		},
		"HEARTBEAT": func(*testpeer.RawSCTP) [][]byte {
			return [][]byte{testpeer.SCTPChunk(testpeer.SCTPHeartbeat, 0, append([]byte{0, 1, 3, 232}, make([]byte, 996)...)...)}
		},
		"fragments of a byte": func(s *testpeer.RawSCTP) (chunks [][]byte) {
			for range 50 {
				chunks = append(chunks, s.Data(reliableChannel, false, false, 'x'))
			}
			return chunks
		},
		"beginnings on other streams": func(s *testpeer.RawSCTP) (chunks [][]byte) {
			for range 50 {
				chunks = append(chunks, s.Data(dataChannelCount+uint16(s.TSN%60000), true, false, 'x'))
			}
			return chunks
		},
		// pion keeps the requests, since their sequence numbers are ahead, and answers all of them for each chunk of data.
		"RE-CONFIG, each answered for each message": func(s *testpeer.RawSCTP) (chunks [][]byte) {
			for range 25 {
				request := binary.BigEndian.AppendUint32([]byte{0, 13, 0, 18}, s.TSN) // Outgoing SSN Reset Request
				request = binary.BigEndian.AppendUint32(request, 0)
				request = binary.BigEndian.AppendUint32(request, s.TSN+1<<30)
				chunks = append(chunks, testpeer.SCTPChunk(testpeer.SCTPReconfig, 0, append(request, 0, 9)...),
					s.Data(unreliableChannel, true, true, 'x'))
			}
			return chunks
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHub(t)
			ann, bob := h.join("s", "ann").withData(true, true), h.join("s", "bob").withData(true, true)
			mallory := h.join("s", "mallory").withData(true, true)
			send := ann.channel(reliableChannel)
			bob.channel(reliableChannel)
			mallory.channel(reliableChannel)
			mallory.channel(unreliableChannel)
			mallory.client.mu.Lock()
			raw := testpeer.SCTPOf(mallory.down)
			mallory.client.mu.Unlock()
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			told := func() bool { return strings.Contains(strings.Join(h.told(), "\n"), "mallory: DATA_OVERHEAD") }
			sent := 0
			for ; sent < 20000 && !told(); sent++ {
				if err := raw.Send(attack(raw)...); err != nil {
					t.Logf("after %d: %v", sent, err)
					break // the server has ended it already
				}
				if sent%50 == 0 {
					require.NoError(t, send.SendText(fmt.Sprint(sent)))
				}
			}
			eventually(t, "told, but: "+strings.Join(h.told(), ", "), told)
			select {
			case <-mallory.lost:
			case <-time.After(20 * time.Second):
				t.Fatal("the connection goes on")
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			require.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(16<<20), "after %d packets", sent)
			require.NoError(t, send.SendText("the last one"))
			eventually(t, "the messages of others", func() bool {
				all := bob.all(reliableChannel)
				return len(all) > 0 && strings.Contains(all[len(all)-1], "the last one")
			})
			require.Len(t, h.told(), 1)
		})
	}
}

// Thousands of small messages at once are no misuse.
func TestManySmallDataMessages(t *testing.T) {
	t.Parallel()
	h := newHub(t, func(o *Options) { o.Data = DataLimits{Messages: 2000} })
	ann, bob := h.join("s", "ann").withData(true, true), h.join("s", "bob").withData(true, true)
	bob.channel(reliableChannel)
	send := ann.channel(reliableChannel)
	const many = maxWaitingMessages - 1000
	for range many {
		require.NoError(t, send.SendText("x"))
	}
	arrived := func() bool { return len(bob.all(reliableChannel)) == many }
	require.Eventually(t, arrived, 60*time.Second, 10*time.Millisecond)
	require.Empty(t, h.told())
}

// Who uses no data messages pays nothing for them: no section, no channel.
func TestNoDataUntilAsked(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	pub, sub := h.join("s", "pub"), h.join("s", "sub")
	pub.publish(map[wire.Kind]string{wire.Audio: webrtc.MimeTypeOpus})
	sub.subscribe(wire.StreamRef{ParticipantID: "pub", Kind: wire.Audio})
	require.Eventually(t, func() bool {
		sub.mu.Lock()
		defer sub.mu.Unlock()
		return sub.seen > 0
	}, 10*time.Second, 10*time.Millisecond)
	require.NotContains(t, sub.last.SDP, "m=application")
	require.Nil(t, h.sfu.peer(sub.peer).sub.data)
}

// A receiver that takes nothing loses reliable messages at the bound, is told so, and holds up nobody.
func TestSlowDataReceiver(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	port := newDataPort(owner{wire.Peer{ParticipantID: "slow"}, h}, &dataHub{}, DataLimits{}, h.sfu.stats, time.Now())
	port.receives.Store(true)
	stuck := &stuckStream{}
	c := &dataConn{port: port, sctp: newSCTPGuard(func() {}), open: [dataChannelCount]dataStream{stuck, stuck}}
	c.cancel = func() {}
	port.hub.join(c)
	sender := newDataPort(owner{wire.Peer{ParticipantID: "ann"}, h}, port.hub, DataLimits{}, h.sfu.stats, time.Now())
	sender.sends.Store(true)
	payload := make([]byte, wire.MaxDataBytes)
	for range 2 * maxReliableWaiting / len(payload) {
		require.NoError(t, sender.received(t.Context(), reliableChannel, false, payload))
	}
	require.LessOrEqual(t, stuck.waiting, uint64(maxReliableWaiting))
	require.Len(t, h.told(), 1)
	require.Contains(t, h.told()[0], "slow: DATA_SLOW_RECEIVER")
	stuck.waiting = 0
	for range 100 {
		require.NoError(t, sender.received(t.Context(), unreliableChannel, false, payload))
	}
	require.LessOrEqual(t, stuck.waiting, uint64(maxUnreliableWaiting))
	require.LessOrEqual(t, port.hub.backlogBytes, maxBacklogBytes+2*len(payload))
}

// stuckStream is a data channel over which nothing goes.
type stuckStream struct{ waiting uint64 }

func (s *stuckStream) BufferedAmount() uint64                  { return s.waiting }
func (*stuckStream) Read([]byte) (int, error)                  { select {} }
func (s *stuckStream) Write(b []byte) (int, error)             { return s.WriteDataChannel(b, false) }
func (*stuckStream) Close() error                              { return nil }
func (*stuckStream) ReadDataChannel([]byte) (int, bool, error) { select {} }
func (s *stuckStream) WriteDataChannel(b []byte, _ bool) (int, error) {
	s.waiting += uint64(len(b))
	return len(b), nil
}
