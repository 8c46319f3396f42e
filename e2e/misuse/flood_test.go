package misuse

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	rng "math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/throughput"
	"github.com/klatch/klatch/internal/wire"
)

const (
	floodFor  = 1500 * time.Millisecond
	memoryMay = 1.5 // times what it was before
	// memoryAnyway is allowed in any case: a server that has only just started has 14 MiB of its own, and the connections
	// and bodies that one address may hold are 12 MiB of live heap, with as much room for garbage; see docs/operating.md.
	memoryAnyway = 64 << 20
	// memoryLimit is what the runtime of the server aims at, as in a small container: what is measured is the memory that
	// is in use and not how much garbage waits for the collector. It does not bound what is in use.
	memoryLimit = "40MiB"
	answersMay  = 100 * time.Millisecond
)

// flood is what one address does all the time, from several goroutines at once, until ctx ends. It runs in a process of
// its own with a lower priority: what is measured is the server and not how the machine is shared.
type flood struct {
	goroutines int // goroutines
	do         func(ctx context.Context, f *flooder)
	check      func(t *testing.T, f *flooded) // asserts more; may be nil
}

// flooded is the server that is flooded: a process of its own with the limits of the default configuration.
type flooded struct {
	*testserver.Server
	account testserver.Account
	meeting string
	target  target

	in      *bystanders
	probe   *prober
	start   float64       // memory before the floods, in bytes
	usual   time.Duration // p99 before
	packets int           // packets of the bystanders' meeting until the last flood
}

// target is the server as a flood knows it.
type target struct {
	URL   string
	Media string // address of the TCP port for media
	Ufrag string // of an ICE agent of the server

	Token, Meeting string // for a participant of the flood's own
}

// flooder does a flood, and counts in its own measure.
type flooder struct {
	target
	sent, refused atomic.Int64
}

// TestMain runs the tests, or as a child of one of them a flood.
func TestMain(m *testing.M) {
	name := os.Getenv("TEST_FLOOD")
	if name == "" {
		os.Exit(withCertificate(m.Run))
	}
	ctx, cancel := context.WithTimeout(context.Background(), floodFor)
	defer cancel()
	f := &flooder{}
	if err := json.Unmarshal([]byte(os.Getenv("TEST_TARGET")), &f.target); err != nil {
		panic(err)
	}
	var all sync.WaitGroup
	for range floods[name].goroutines {
		all.Go(func() { floods[name].do(ctx, f) })
	}
	all.Wait()
	fmt.Printf("%d %d", f.sent.Load(), f.refused.Load())
}

// run starts a flood; the returned function waits for its end.
func (f *flooded) run(t *testing.T, name string) (wait func() (sent, refused int)) {
	t.Helper()
	cmd := testprocess.Command("nice", "-n", "10", os.Args[0])
	at, err := json.Marshal(f.target)
	require.NoError(t, err)
	cmd.Env = append(os.Environ(), "TEST_FLOOD="+name, "TEST_TARGET="+string(at))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	return func() (sent, refused int) {
		_, err := fmt.Fscan(out, &sent, &refused)
		require.NoError(t, err)
		require.NoError(t, cmd.Wait())
		return sent, refused
	}
}

var floods map[string]flood

func init() { // floods refers to TestMain, which refers to floods
	floods = map[string]flood{
		"joins with bad tokens": {8, badJoins, logIsShort},
		"REST with alg none": {
			6,
			pipelined("Authorization: eyJhbGciOiJub25lIn0.eyJhcGlrZXkiOiJ4In0.\r\n", "GET /v2/rooms"),
			logIsShort,
		},
		"unknown paths":               {6, pipelined("", "GET /nothing/here"), logIsShort},
		"wrong admin tokens":          {6, pipelined("Authorization: Bearer adm_guess\r\n", "GET /admin/v1/accounts"), nil},
		"resumes of unknown sessions": {8, badResumes, nil},
		"endless headers":             {32, endlessHeaders, nil},
		"missing bodies":              {8, missingBodies, nil},
		"large bodies":                {16, largeBodies, nil},
		"endless frames":              {8, endlessFrames, nil},
		"silent sockets":              {8, silentSockets, nil},
		"offers of 3400 candidates":   {2, offers, nil},
		"idle connections":            {8, connections, nil},
		"network tests, read":         {16, networkTests("GET", "?bytes=8388608"), nil},
		"network tests, not read":     {8, unreadNetworkTests, nil},
		"network tests, written":      {16, networkTests("POST", ""), nil},

		"STUN: wrong password": {4, mediaUDP(func(f *flooder) []byte { return wrongPassword(f.Ufrag)[2:] }), nil},
		"STUN: unknown ufrags": {4, mediaUDP(func(*flooder) []byte { return wrongPassword(rand.Text())[2:] }), nil},
		"noise at the media port": {
			4,
			mediaUDP(func(*flooder) []byte { return bytes.Repeat([]byte{0x90}, 1200) }),
			nil,
		},

		"ICE-TCP: silent connections": {8, mediaTCP(func(*flooder) []byte { return nil }), nil},
		"ICE-TCP: half a request":     {8, mediaTCP(func(*flooder) []byte { return []byte{0, 100, 0, 1} }), nil},
		"ICE-TCP: noise": {
			8,
			mediaTCP(func(*flooder) []byte { return bytes.Repeat([]byte{0x5a}, 4096) }),
			nil,
		},
		"ICE-TCP: the largest frame length": {
			8,
			mediaTCP(func(*flooder) []byte { return bytes.Repeat([]byte{0xff}, 70000) }),
			nil,
		},
		"ICE-TCP: wrong password": {
			8,
			mediaTCP(func(f *flooder) []byte { return wrongPassword(f.Ufrag) }),
			nil,
		},
		"ICE-TCP: unknown ufrags": {
			8,
			mediaTCP(func(*flooder) []byte { return wrongPassword(rand.Text()) }),
			nil,
		},
	}
	maps.Copy(floods, floodsOverTLS)
}

// Floods run one after another beside the bystanders' meeting: no packet of it is lost, its signaling is answered
// in time, and the memory of the server is bounded.
func TestFloods(t *testing.T) {
	media := fmt.Sprint("127.0.0.1:", testnet.FreePort(t))
	f := startFlooded(t, map[string]string{"media.udpAddress": media, "media.tcpAddress": media})
	f.target.Media, f.target.Ufrag = media, f.ufrag(t)
	told := f.watchErrors(t)
	f.begin(t)
	for _, name := range slices.Sorted(maps.Keys(floods)) {
		if _, other := floodsOverTLS[name]; !other {
			f.flood(t, name)
		}
	}
	t.Run("messages of 16 kB to all", func(t *testing.T) {
		f.measure(t, func() func() (int, int) { return f.messages(t) })
	})
	f.packets = f.in.checkPackets(t, f.packets)
	f.in.checkFlow(t)
	told(t)
	require.False(t, f.Logged("panic"), "something panicked")
}

// startFlooded starts a server with the limits of the default configuration.
func startFlooded(t *testing.T, settings map[string]string) *flooded {
	t.Helper()
	limits := map[string]string{"webhook.allowPrivateTargets": "true", "log.level": "info"}
	d := conf.Default().Limit
	for name, value := range map[string]int{
		"messagesPerSecond": d.MessagesPerSecond, "restPerSecond": d.RESTPerSecond,
		"messageBytesPerSecond":        d.MessageBytesPerSecond,
		"meetingMessageBytesPerSecond": d.MeetingMessageBytesPerSecond,
		"requestsPerAddress":           d.RequestsPerAddress, "joinsPerAddress": d.JoinsPerAddress,
		"failedTokensPerAddress": d.FailedTokensPerAddress, "failedAdminPerAddress": d.FailedAdminPerAddress,
		"failedResumesPerAddress": d.FailedResumesPerAddress, "socketsPerAddress": d.SocketsPerAddress,
		"connectionsPerAddress": d.ConnectionsPerAddress, "throughputBytesPerAddress": d.ThroughputBytesPerAddress,
	} {
		limits["limit."+name] = strconv.Itoa(value)
	}
	maps.Copy(limits, settings)
	t.Setenv("GOMEMLIMIT", memoryLimit)
	h := testserver.Spawn(t, testserver.Program(t), limits)
	f := &flooded{Server: h, account: h.Account(t, nil), target: target{URL: h.URL}}
	f.meeting = f.account.Meeting(t, nil)
	f.target.Token, f.target.Meeting = f.account.Token(t), f.account.Meeting(t, nil)
	f.in = startBystanders(t, h)
	f.probe = &prober{socket: f.in.member(t, h, "ivy")}
	return f
}

// begin takes the figures before the floods.
func (f *flooded) begin(t *testing.T) {
	t.Helper()
	f.in.watchEvents(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	start := make(chan float64)
	go func() { start <- peakUntil(ctx, t, f.PID()) }()
	f.usual = f.probe.during(t, time.Second)
	f.start = <-start
	f.packets = f.in.checkPackets(t, 0)
}

// flood runs a flood as a test of its own.
func (f *flooded) flood(t *testing.T, name string) {
	t.Run(name, func(t *testing.T) {
		f.measure(t, func() func() (int, int) { return f.run(t, name) })
		if then := floods[name].check; then != nil {
			then(t, f)
		}
	})
	f.packets = f.in.checkPackets(t, f.packets)
	f.in.checkFlow(t)
}

// ufrag returns that of a publish connection, whose owner then tells it to a flood.
func (f *flooded) ufrag(t *testing.T) string {
	t.Helper()
	s, _ := f.Join(t, testserver.JoinParams(f.account.Token(t), f.meeting, "owner"))
	answer := s.Do(t, wire.MethodPublish, microphone(""))
	var result wire.PublishResult
	require.NoError(t, json.Unmarshal(answer, &result))
	_, rest, found := strings.Cut(result.SDP, "a=ice-ufrag:")
	require.True(t, found)
	ufrag, _, _ := strings.Cut(rest, "\r\n")
	return ufrag
}

// microphone returns what publishes one, with more lines at the end of its offer.
func microphone(lines string) wire.PublishParams {
	offer := "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n" +
		"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendonly\r\na=rtcp-mux\r\n" +
		"a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=setup:actpass\r\n" +
		"a=fingerprint:sha-256 " + strings.TrimSuffix(strings.Repeat("AA:", 32), ":") + "\r\na=rtpmap:111 opus/48000/2\r\n"
	return wire.PublishParams{
		SDP: offer + lines, Streams: []wire.PublishedStream{{Kind: wire.Audio, MID: "0", Enabled: true}},
	}
}

// measure watches the server while a flood runs. Where something else keeps the machine busy, the flood is tried again.
func (f *flooded) measure(t *testing.T, start func() (wait func() (sent, refused int))) {
	t.Helper()
	for attempt := range 3 {
		logged := f.LogSize()
		wait := start()
		ctx, cancel := context.WithTimeout(t.Context(), floodFor)
		peak := make(chan float64)
		go func() { peak <- peakUntil(ctx, t, f.PID()) }()
		quick := f.probe.during(t, floodFor)
		highest := <-peak
		cancel()
		sent, refused := wait()
		t.Logf("%d sent, %d refused; memory %.0f of %.0f MB; p99 %v (usually %v); %d bytes of log",
			sent, refused, highest/(1<<20), f.start/(1<<20), quick, f.usual, f.LogSize()-logged)
		require.Positive(t, sent, "the flood was none")
		require.Less(t, highest, max(f.start*memoryMay, memoryAnyway), "memory")
		if quick < max(answersMay, 3*f.usual) {
			return
		}
		require.Less(t, attempt, 2, "signaling of the bystanders' meeting took %v", quick)
	}
}

// program builds klatch.

// memoryOf returns the memory that a process has for itself, in bytes: without the pages of its program, which come and
// go.
func memoryOf(t *testing.T, pid int) float64 {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	require.NoError(t, err)
	fields := strings.Fields(string(raw)) // proc(5): size, resident, shared
	resident, err := strconv.Atoi(fields[1])
	require.NoError(t, err)
	shared, err := strconv.Atoi(fields[2])
	require.NoError(t, err)
	return float64((resident - shared) * os.Getpagesize())
}

func peakUntil(ctx context.Context, t *testing.T, pid int) (peak float64) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		peak = max(peak, memoryOf(t, pid))
		select {
		case <-ctx.Done():
			return peak
		case <-tick.C:
		}
	}
}

// prober measures how long the server takes to answer somebody in the bystanders' meeting.
type prober struct{ socket *testserver.Socket }

func (p *prober) during(t *testing.T, d time.Duration) (p99 time.Duration) {
	t.Helper()
	var took []time.Duration
	tick := time.NewTicker(25 * time.Millisecond) // 40 a second, of the 50 that a connection may ask
	defer tick.Stop()
	for end := time.Now().Add(d); time.Now().Before(end); <-tick.C {
		began := time.Now()
		p.socket.Do(t, wire.MethodPing, struct{}{})
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[len(took)*99/100]
}

// logIsShort asserts that a flood is sampled.
func logIsShort(t *testing.T, f *flooded) {
	require.Less(t, f.LogSize(), 2<<20, "bytes of log")
}

// dial opens a connection from an address of the flood's own, so that the bystanders' meeting is another address.
func (f *flooder) dial(ctx context.Context) (net.Conn, error) {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 66)}, Timeout: time.Second}
	_, address, _ := strings.Cut(f.URL, "://")
	return open(ctx, dialer, address)
}

// open connects until ctx ends.
func open(ctx context.Context, dialer net.Dialer, address string) (net.Conn, error) {
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err == nil {
		context.AfterFunc(ctx, func() { _ = conn.Close() })
	}
	return conn, err
}

// socket opens a WebSocket; nil when it is refused.
func (f *flooder) socket(ctx context.Context) *websocket.Conn {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return f.dial(ctx) }}}
	ws, _, err := websocket.Dial(ctx, f.URL+"/v1/signal", &websocket.DialOptions{HTTPClient: client}) // the library does
	if err != nil {
		f.refused.Add(1)
		return nil
	}
	return ws
}

func (f *flooder) request(ctx context.Context, method string, params any) {
	ws := f.socket(ctx)
	if ws == nil {
		return
	}
	defer func() { _ = ws.CloseNow() }() // it was refused
	raw, _ := json.Marshal(params)
	frame, _ := json.Marshal(wire.Request{JSONRPC: "2.0", ID: 1, Method: method, Params: raw})
	_ = ws.Write(ctx, websocket.MessageText, frame) // it may be refused by now
	f.sent.Add(1)
	_, answer, _ := ws.Read(ctx)
	if strings.Contains(string(answer), `"code":4106`) {
		f.refused.Add(1)
	}
}

func badJoins(ctx context.Context, f *flooder) {
	for ctx.Err() == nil {
		f.request(
			ctx,
			wire.MethodJoin,
			testserver.JoinParams("eyJhbGciOiJub25lIn0.eyJhcGlrZXkiOiJ4In0.", "abcd-efgh-ijkl", "mal"),
		)
	}
}

func badResumes(ctx context.Context, f *flooder) {
	for ctx.Err() == nil {
		f.request(
			ctx,
			wire.MethodResume,
			wire.ResumeParams{Protocol: wire.Version, SessionID: "x", ParticipantID: "y", Secret: "z"},
		)
	}
}

// pipelined sends requests without waiting for their answers.
func pipelined(header, line string) func(context.Context, *flooder) {
	return func(ctx context.Context, f *flooder) {
		batch := []byte(strings.Repeat(line+" HTTP/1.1\r\nHost: x\r\n"+header+"\r\n", 100))
		for ctx.Err() == nil {
			conn, err := f.dial(ctx)
			if err != nil {
				continue
			}
			go func() { _, _ = io.Copy(io.Discard, conn) }() // until it is closed
			for {
				if _, err := conn.Write(batch); err != nil {
					break
				}
				f.sent.Add(100)
			}
			_ = conn.Close() // it is dead
			f.refused.Add(1)
		}
	}
}

// heldConnections opens connections, writes to each, and leaves them open.
func (f *flooder) heldConnections(ctx context.Context, write func(net.Conn)) {
	for ctx.Err() == nil {
		conn, err := f.dial(ctx)
		if err != nil {
			continue
		}
		f.sent.Add(1)
		write(conn)
	}
}

func endlessHeaders(ctx context.Context, f *flooder) {
	line := []byte("X-Long: " + strings.Repeat("x", 8000) + "\r\n")
	f.heldConnections(ctx, func(conn net.Conn) {
		_, _ = fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n")
		for range 240 { // 1.9 MB
			if _, err := conn.Write(line); err != nil {
				f.refused.Add(1)
				return
			}
		}
	})
}

func missingBodies(ctx context.Context, f *flooder) {
	f.heldConnections(ctx, func(conn net.Conn) {
		_, _ = fmt.Fprint(
			conn,
			"POST /v2/rooms HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n",
		)
	})
}

func largeBodies(ctx context.Context, f *flooder) {
	body := []byte(strings.Repeat("x", 250<<10))
	f.heldConnections(ctx, func(conn net.Conn) {
		_, _ = fmt.Fprintf(
			conn,
			"POST /v2/rooms HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
			len(body)+1,
		)
		_, _ = conn.Write(body)
	})
}

// mediaTCP connects to the TCP port for media as fast as it can. It says what first returns, and leaves each connection
// open until the server closes it.
func mediaTCP(first func(*flooder) []byte) func(context.Context, *flooder) {
	return func(ctx context.Context, f *flooder) {
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 66)}, Timeout: time.Second}
		for ctx.Err() == nil {
			conn, err := open(ctx, dialer, f.Media)
			if err != nil {
				continue
			}
			f.sent.Add(1)
			if _, err := conn.Write(first(f)); err != nil {
				f.refused.Add(1)
			}
		}
	}
}

// wrongPassword returns a binding request whose MESSAGE-INTEGRITY is that of no password, as it is sent over TCP.
func wrongPassword(ufrag string) []byte {
	username := ufrag + ":x"
	padded := (len(username) + 3) &^ 3
	b := binary.BigEndian.AppendUint16(nil, uint16(20+4+padded+24))
	b = append(b, 0, 1)
	b = binary.BigEndian.AppendUint16(b, uint16(4+padded+24))
	b = append(b, 0x21, 0x12, 0xa4, 0x42)
	b = append(b, make([]byte, 12)...)
	b = binary.BigEndian.AppendUint16(b, 6)
	b = binary.BigEndian.AppendUint16(b, uint16(len(username)))
	b = append(append(b, username...), make([]byte, padded-len(username))...)
	return append(append(b, 0, 8, 0, 20), make([]byte, 20)...)
}

// mediaUDP sends a packet to the media port again and again.
func mediaUDP(packet func(*flooder) []byte) func(context.Context, *flooder) {
	return func(ctx context.Context, f *flooder) {
		dialer := net.Dialer{LocalAddr: &net.UDPAddr{IP: net.IPv4(127, 0, 0, 66)}}
		conn, err := dialer.DialContext(ctx, "udp", f.Media)
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }() // nothing is left to send
		same := packet(f)
		for ctx.Err() == nil {
			if _, err := conn.Write(same); err == nil {
				f.sent.Add(1)
			}
		}
	}
}

// offers joins, and publishes again and again with an offer that is as long as one may be.
func offers(ctx context.Context, f *flooder) {
	raw, _ := json.Marshal(microphone(strings.Repeat("a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n", 3400)))
	for ctx.Err() == nil {
		ws := f.socket(ctx)
		if ws == nil {
			continue
		}
		ws.SetReadLimit(1 << 20)
		go func() { // until it is closed
			for {
				if _, answer, err := ws.Read(ctx); err != nil {
					return
				} else if strings.Contains(string(answer), `"code":4106`) {
					f.refused.Add(1)
				}
			}
		}()
		send := func(id int64, method string, params any) error {
			raw, _ := json.Marshal(params)
			frame, _ := json.Marshal(wire.Request{JSONRPC: "2.0", ID: id, Method: method, Params: raw})
			return ws.Write(ctx, websocket.MessageText, frame)
		}
		err := send(1, wire.MethodJoin, testserver.JoinParams(f.Token, f.Meeting, rand.Text()))
		for id := int64(2); err == nil; id++ {
			if err = send(id, wire.MethodPublish, json.RawMessage(raw)); err == nil {
				f.sent.Add(1)
			}
		}
		_ = ws.CloseNow() // it was refused, or the flood is over
	}
}

func connections(ctx context.Context, f *flooder) {
	f.heldConnections(ctx, func(net.Conn) {})
}

func silentSockets(ctx context.Context, f *flooder) {
	for ctx.Err() == nil {
		if f.socket(ctx) != nil {
			f.sent.Add(1)
		}
	}
}

// networkTests transfers as much as it can for measurements of the network, each from an address of its own, so that
// what is bounded is what the server gives to all together.
func networkTests(method, query string) func(context.Context, *flooder) {
	return func(ctx context.Context, f *flooder) {
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+rng.IntN(250)))}, Timeout: time.Second}
		client := &http.Client{Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				return dialer.DialContext(ctx, network, address)
			},
		}}
		body := bytes.Repeat([]byte{0x5a}, 8<<20)
		for ctx.Err() == nil {
			r, err := http.NewRequestWithContext(ctx, method, f.URL+throughput.Path+query, nil)
			if err != nil {
				continue
			}
			if method == http.MethodPost {
				r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			}
			answer, err := client.Do(r)
			if err != nil { // refused before the body was written, or the flood is over
				f.refused.Add(1)
				continue
			}
			f.sent.Add(1)
			if answer.StatusCode != http.StatusOK {
				f.refused.Add(1)
			}
			_, _ = io.Copy(io.Discard, answer.Body) // until the flood is over
			_ = answer.Body.Close()                 // it is read
		}
	}
}

// unreadNetworkTests asks for bytes, and reads no more than whether they come.
func unreadNetworkTests(ctx context.Context, f *flooder) {
	for ctx.Err() == nil {
		conn, err := f.dial(ctx)
		if err != nil {
			continue
		}
		_, _ = fmt.Fprintf(conn, "GET %s?bytes=8388608 HTTP/1.1\r\nHost: x\r\n\r\n", throughput.Path)
		status := make([]byte, len("HTTP/1.1 200"))
		_, _ = io.ReadFull(conn, status) // it was refused, or the flood is over
		if f.sent.Add(1); string(status) != "HTTP/1.1 200" {
			f.refused.Add(1)
			_ = conn.Close() // it has been answered
		}
	}
}

const upgrade = "GET /v1/signal HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

func endlessFrames(ctx context.Context, f *flooder) {
	f.heldConnections(ctx, func(conn net.Conn) {
		_, _ = fmt.Fprint(conn, upgrade)
		_, _ = conn.Write(
			append(
				[]byte{0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0},
				strings.Repeat("x", 20000)...),
		)
	})
}

// messages publishes 450 messages of 16 kB as fast as it can, in a meeting with somebody whose network takes little and
// who does not read for a second: that one stays.
func (f *flooded) messages(t *testing.T) (wait func() (sent, refused int)) {
	slow := f.DialSlow(t)
	slow.Do(t, wire.MethodJoin, testserver.JoinParams(f.account.Token(t), f.meeting, "slow"))
	slow.Do(t, wire.MethodSubscribeTopic, wire.SubscribeTopicParams{Topic: "CHAT"})
	sender, _ := f.Join(t, testserver.JoinParams(f.account.Token(t), f.meeting, "sender"))
	said := wire.PublishMessageParams{Topic: "CHAT", Message: strings.Repeat("x", 16000)}
	resume := slow.Pause(t)
	const many = 450
	for range many {
		sender.Post(t, wire.MethodPublishMessage, said)
	}
	return func() (int, int) {
		resume()
		slow.Do(t, wire.MethodPing, struct{}{})
		slow.Do(t, wire.MethodLeave, struct{}{})
		require.Equal(t, 1000, slow.Closed(t), "the slow one was removed")
		return many, 0
	}
}

// watchErrors has somebody replaced again and again while the floods run, in a meeting with a webhook: told asserts
// that the webhook and the timeline have every incident.
func (f *flooded) watchErrors(t *testing.T) (told func(*testing.T)) {
	var mu sync.Mutex // guards got
	got := map[string]bool{}
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var event struct {
			Data struct{ Fault struct{ ID string } }
		}
		_ = json.NewDecoder(r.Body).Decode(&event) // what is not JSON has no id
		mu.Lock()
		defer mu.Unlock()
		got[event.Data.Fault.ID] = true
	}))
	t.Cleanup(hook.Close)
	account := f.Account(t, nil)
	token := account.Token(t)
	room := account.Meeting(
		t,
		map[string]any{"webhook": map[string]any{"endPoint": hook.URL, "events": []string{"error"}}},
	)
	ctx, cancel := context.WithCancel(t.Context())
	var ids []string
	done := make(chan struct{})
	last, _ := f.Join(t, testserver.JoinParams(token, room, "twin"))
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			next := f.DialAgain(t)
			next.Do(t, wire.MethodJoin, testserver.JoinParams(token, room, "twin"))
			ids = append(ids, last.AwaitRemoval(t).ID)
			last = next
		}
	}()
	return func(t *testing.T) {
		cancel()
		<-done
		require.NotEmpty(t, ids)
		require.Eventually(t, func() bool {
			mu.Lock()
			defer mu.Unlock()
			return !slices.ContainsFunc(ids, func(id string) bool { return !got[id] })
		}, testserver.Timeout, 20*time.Millisecond, "a webhook was lost")
		status, answer := f.Admin(t, http.MethodGet, "/admin/v1/faults?accountId="+account.ID+"&perPage=100", nil)
		require.Equal(t, http.StatusOK, status)
		for _, id := range ids {
			require.Contains(t, string(answer), id, "the timeline lost one")
		}
	}
}
