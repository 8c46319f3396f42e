package sfu

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/wire"
)

// subscriberBudget is how much heap and stack a subscriber of a camera and a microphone may take on the server: it
// takes about 240 kB, of which a fifth is the stacks of 15 goroutines and the most of the rest pion's buffers.
const subscriberBudget = 290 << 10

// What a subscriber takes on the server is bounded. The clients are another process, so that they are not counted.
func TestMemoryOfSubscribers(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector takes more than what it watches")
	}
	remote := newRemoteClients(t)
	h := newHub(t, func(o *Options) {
		remote.hub = o.Events.(*hub)
		o.Events = remote
	})
	remote.hub = h
	ann := h.join("s", "ann")
	ann.publish(map[wire.Kind]string{wire.Audio: webrtc.MimeTypeOpus, wire.Video: webrtc.MimeTypeVP8})
	defer ann.source(wire.Video).run(20 * time.Millisecond)()
	defer ann.source(wire.Audio).run(20 * time.Millisecond)()

	const some, more = 4, 20
	remote.subscribe(0, some)
	before := memoryInUse()
	remote.subscribe(some, some+more)
	each := (memoryInUse() - before) / more
	t.Logf("%d kB for each subscriber", each>>10)
	require.Less(t, each, int64(subscriberBudget))
}

// memoryInUse returns the bytes of heap and stacks that are in use, without those of pools.
func memoryInUse() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// remoteMessage is what remoteClients and their process send each other, a line of JSON each.
type remoteMessage struct {
	Participant string
	OfferID     int64
	SDP         string // offer or answer; "": media have arrived
}

// remoteClients are subscribers in a process of their own.
type remoteClients struct {
	*hub
	t       *testing.T
	input   io.Writer
	arrived chan string

	sending sync.Mutex // held while a message is written to input
}

func newRemoteClients(t *testing.T) *remoteClients {
	t.Helper()
	cmd := testprocess.Command(os.Args[0], "-test.run=^TestRemoteClients$", "-test.count=1")
	cmd.Env = append(os.Environ(), "KLATCH_REMOTE_CLIENTS=1")
	cmd.Stderr = os.Stderr
	input, err := cmd.StdinPipe()
	require.NoError(t, err)
	output, err := cmd.StdoutPipe()
	require.NoError(t, err)
	testprocess.Start(t, cmd)
	r := &remoteClients{t: t, input: input, arrived: make(chan string, 64)}
	var reading sync.WaitGroup
	reading.Go(func() { r.read(output) })
	t.Cleanup(func() {
		_ = input.Close()
		reading.Wait()
	})
	return r
}

// SubscribeOffer passes the offers of remote clients on.
func (r *remoteClients) SubscribeOffer(peer wire.Peer, offer wire.SubscribeOffer) {
	raw, _ := json.Marshal(remoteMessage{peer.ParticipantID, offer.OfferID, offer.SDP})
	r.sending.Lock()
	defer r.sending.Unlock()
	_, _ = r.input.Write(append(raw, '\n'))
}

func (r *remoteClients) read(output io.Reader) {
	for lines := bufio.NewScanner(output); lines.Scan(); {
		var m remoteMessage
		if json.Unmarshal(lines.Bytes(), &m) != nil {
			continue // of the testing package
		}
		if m.SDP == "" {
			r.arrived <- m.Participant
			continue
		}
		peer := wire.Peer{SessionID: "s", ParticipantID: m.Participant}
		err := r.sfu.Answer(r.t.Context(), peer, wire.AnswerParams{OfferID: m.OfferID, SDP: m.SDP})
		if err != nil && r.t.Context().Err() == nil {
			r.t.Errorf("%s: %v", m.Participant, err)
		}
	}
}

// subscribe has the clients of these numbers receive, and waits until they do.
func (r *remoteClients) subscribe(from, to int) {
	r.t.Helper()
	for i := from; i < to; i++ {
		peer := wire.Peer{SessionID: "s", ParticipantID: fmt.Sprint("sub", i)}
		require.NoError(r.t, r.sfu.Attach(r.t.Context(), peer))
		r.sfu.Subscribe(peer, []wire.StreamRef{camera("ann"), {ParticipantID: "ann", Kind: wire.Audio}})
	}
	for range 2 * (to - from) {
		select {
		case <-r.arrived:
		case <-time.After(soon):
			r.t.Fatal("media do not arrive")
		}
	}
}

// TestRemoteClients is the process of remoteClients.
func TestRemoteClients(t *testing.T) {
	if os.Getenv("KLATCH_REMOTE_CLIENTS") == "" {
		t.Skip("the process of remote clients")
	}
	m := &webrtc.MediaEngine{}
	require.NoError(t, m.RegisterDefaultCodecs())
	var set webrtc.SettingEngine
	set.LoggerFactory = quiet{}
	set.SetIncludeLoopbackCandidate(true)
	set.SetIPFilter(net.IP.IsLoopback)
	set.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	set.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	api := webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithSettingEngine(set))

	var writing sync.Mutex
	write := func(m remoteMessage) {
		raw, _ := json.Marshal(m)
		writing.Lock()
		defer writing.Unlock()
		_, _ = os.Stdout.Write(append(raw, '\n'))
	}
	clients := map[string]*webrtc.PeerConnection{}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var offer remoteMessage
		require.NoError(t, json.Unmarshal(lines.Bytes(), &offer))
		pc := clients[offer.Participant]
		if pc == nil {
			var err error
			pc, err = api.NewPeerConnection(webrtc.Configuration{})
			require.NoError(t, err)
			clients[offer.Participant] = pc
			pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
				b := make([]byte, 1500)
				for arrived := false; ; {
					if _, _, err := track.Read(b); err != nil {
						return
					}
					if !arrived {
						arrived = true
						write(remoteMessage{Participant: offer.Participant})
					}
				}
			})
		}
		require.NoError(t, pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer.SDP}))
		answer, err := pc.CreateAnswer(nil)
		require.NoError(t, err)
		require.NoError(t, pc.SetLocalDescription(answer))
		write(remoteMessage{offer.Participant, offer.OfferID, answer.SDP})
	}
	for _, pc := range clients {
		_ = pc.GracefulClose()
	}
}
