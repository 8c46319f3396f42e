package testserver

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// Timeout is how long a test waits for what must come.
const Timeout = 15 * time.Second

// Socket is a signaling connection without an SDK: frames go as the test writes them. One goroutine reads.
type Socket struct {
	WS         *websocket.Conn
	done       chan struct{} // closed when the reader has ended
	deliveries *Deliveries
	hold       sync.Mutex // the reader passes it between two frames; the test holds it while paused

	mu      sync.Mutex // guards everything below
	changed chan struct{}
	lastID  int64
	answers []wire.Response
	events  []Event
	closed  websocket.StatusCode // of the close frame; -1: none came
	joined  bool                 // an answer without a fault has come
	// imprecise are times of the frames that are not as the protocol has them.
	imprecise []string

	taken int // events that Event has given out; the test's goroutine only
}

// Dial opens a socket that ends with the test.
func (srv *Server) Dial(t testing.TB) *Socket {
	t.Helper()
	return srv.dial(t, websocket.DialOptions{})
}

// DialFrom opens a socket as a page of that origin does.
func (srv *Server) DialFrom(t testing.TB, origin string) *Socket {
	t.Helper()
	return srv.dial(t, websocket.DialOptions{HTTPHeader: http.Header{"Origin": {origin}}})
}

// DialSlow opens a socket whose network takes little that is not read.
func (srv *Server) DialSlow(t testing.TB) *Socket {
	t.Helper()
	return srv.dial(t, websocket.DialOptions{HTTPClient: &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			if tcp, ok := conn.(*net.TCPConn); ok {
				err = tcp.SetReadBuffer(64 << 10)
			}
			return conn, err
		},
	}}})
}

// DialAgain is Dial from an address that has too many connections, as in a flood: it tries again, as an SDK does.
func (srv *Server) DialAgain(t testing.TB) *Socket {
	t.Helper()
	var ws *websocket.Conn
	require.Eventually(t, func() bool {
		var err error
		ws, _, err = websocket.Dial(t.Context(), srv.URL+"/v1/signal", nil)
		return err == nil
	}, Timeout, 50*time.Millisecond, "no connection")
	return srv.socket(t, ws)
}

func (srv *Server) dial(t testing.TB, options websocket.DialOptions) *Socket {
	t.Helper()
	ws, _, err := websocket.Dial(t.Context(), srv.URL+"/v1/signal", &options)
	require.NoError(t, err)
	return srv.socket(t, ws)
}

func (srv *Server) socket(t testing.TB, ws *websocket.Conn) *Socket {
	t.Helper()
	ws.SetReadLimit(8 << 20)
	s := &Socket{WS: ws, deliveries: DeliveriesIn(t), done: make(chan struct{}), changed: make(chan struct{})}
	go s.read()
	t.Cleanup(func() {
		_ = ws.CloseNow() // the test may have closed it
		<-s.done
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.imprecise) > 0 {
			t.Errorf("times that are not RFC 3339 in UTC with milliseconds: %s", s.imprecise)
		}
	})
	return s
}

func (s *Socket) read() {
	defer close(s.done)
	for {
		s.hold.Lock()
		//lint:ignore SA2001 the reader waits here while the test holds the lock
		s.hold.Unlock()
		_, frame, err := s.WS.Read(context.Background())
		s.mu.Lock()
		if err != nil {
			s.closed = websocket.CloseStatus(err)
			s.wakeLocked()
			s.mu.Unlock()
			return
		}
		s.takeLocked(frame)
		s.wakeLocked()
		s.mu.Unlock()
	}
}

func (s *Socket) takeLocked(frame []byte) {
	s.deliveries.frame(s, frame)
	s.imprecise = append(s.imprecise, ImpreciseTimes(string(frame))...)
	var event struct {
		Method string `json:"method"`
		Params Event  `json:"params"`
	}
	if err := json.Unmarshal(frame, &event); err == nil && event.Method == "event" {
		s.events = append(s.events, event.Params)
		return
	}
	var res wire.Response
	if err := json.Unmarshal(frame, &res); err == nil {
		s.answers = append(s.answers, res)
		s.joined = s.joined || res.Error == nil
	}
}

func (s *Socket) wakeLocked() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// await waits until find is satisfied, which is called under the lock. It returns false after Timeout.
func (s *Socket) await(find func() bool) bool {
	deadline := time.NewTimer(Timeout)
	defer deadline.Stop()
	for {
		s.mu.Lock()
		found, changed := find(), s.changed
		s.mu.Unlock()
		if found {
			return true
		}
		select {
		case <-changed:
		case <-deadline.C:
			return false
		}
	}
}

// Send writes one text frame as it is.
func (s *Socket) Send(t testing.TB, frame string) {
	t.Helper()
	require.NoError(t, s.WS.Write(t.Context(), websocket.MessageText, []byte(frame)))
}

// Post makes a request without waiting for its answer and returns its id.
func (s *Socket) Post(t testing.TB, method string, params any) (id int64) {
	t.Helper()
	s.mu.Lock()
	s.lastID++
	id = s.lastID
	s.mu.Unlock()
	raw, err := json.Marshal(params)
	require.NoError(t, err)
	frame, err := json.Marshal(wire.Request{JSONRPC: "2.0", ID: id, Method: method, Params: raw})
	require.NoError(t, err)
	s.Send(t, string(frame))
	return id
}

// Call makes a request and returns its result or the fault it was refused with.
func (s *Socket) Call(t testing.TB, method string, params any) (json.RawMessage, *fault.Error) {
	t.Helper()
	id := s.Post(t, method, params)
	res := s.answer(t, func(r wire.Response) bool { return r.ID != nil && *r.ID == id })
	if res.Error != nil {
		return nil, checkAnswer(t, res)
	}
	return res.Result, nil
}

// Do makes a request that must succeed.
func (s *Socket) Do(t testing.TB, method string, params any) json.RawMessage {
	t.Helper()
	result, f := s.Call(t, method, params)
	require.Nil(t, f, "%s was refused: %v", method, f)
	return result
}

// Refusal waits for an answer without an id: the refusal of a frame that could not be read.
func (s *Socket) Refusal(t testing.TB) *fault.Error {
	t.Helper()
	return checkAnswer(t, s.answer(t, func(r wire.Response) bool { return r.ID == nil }))
}

func (s *Socket) answer(t testing.TB, wanted func(wire.Response) bool) wire.Response {
	t.Helper()
	var got wire.Response
	require.True(t, s.await(func() bool {
		for _, res := range s.answers {
			if wanted(res) {
				got = res
				return true
			}
		}
		return false
	}), "no answer came")
	return got
}

func checkAnswer(t testing.TB, res wire.Response) *fault.Error {
	t.Helper()
	require.NotNil(t, res.Error)
	require.NotNil(t, res.Error.Data, "error.data is the fault")
	require.Equal(t, res.Error.Data.Code, res.Error.Code)
	require.Equal(t, res.Error.Data.Message, res.Error.Message)
	return res.Error.Data
}

// Event waits for the next event of that name, skipping others, and reads its data into the given value, which
// may be nil.
func (s *Socket) Event(t testing.TB, name string, into any) Event {
	t.Helper()
	var got Event
	require.True(t, s.await(func() bool {
		for s.taken < len(s.events) {
			got = s.events[s.taken]
			s.taken++
			if got.Name == name {
				return true
			}
		}
		return false
	}), "no event %s came", name)
	if into != nil {
		require.NoError(t, json.Unmarshal(got.Data, into), string(got.Data))
	}
	return got
}

// AwaitRemoval waits for the fault with which this participant is removed: meeting-left carries it, and its code is
// the close code of the socket.
func (s *Socket) AwaitRemoval(t testing.TB) *fault.Error {
	t.Helper()
	var left wire.MeetingLeft
	s.Event(t, "meeting-left", &left)
	require.NotNil(t, left.Fault, "nobody said why")
	require.Equal(t, left.Fault.CloseCode(), s.Closed(t))
	return left.Fault
}

// Closed waits for the end of the socket and returns the code of its close frame, -1 where none came.
func (s *Socket) Closed(t testing.TB) int {
	t.Helper()
	select {
	case <-s.done:
	case <-time.After(Timeout):
		t.Fatal("the socket did not end")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return int(s.closed)
}

// Done is closed when the socket has ended.
func (s *Socket) Done() <-chan struct{} { return s.done }

// Pause stops reading after at most one more frame, until resume is called or the test ends.
func (s *Socket) Pause(t testing.TB) (resume func()) {
	s.hold.Lock()
	resume = sync.OnceFunc(s.hold.Unlock)
	t.Cleanup(resume)
	return resume
}

// Seq is the number of the last event.
func (s *Socket) Seq() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.events) == 0 {
		return 0
	}
	return s.events[len(s.events)-1].Seq
}

// Cut ends the TCP connection without a word, as a dead network does.
func (s *Socket) Cut() {
	_ = s.WS.CloseNow() // it is dead afterwards either way
	<-s.done
}

// GoAway closes the socket as browsers do when their page goes.
func (s *Socket) GoAway() {
	_ = s.WS.Close(websocket.StatusGoingAway, "") // it is dead afterwards either way
	<-s.done
}

// JoinParams returns the params of join that a client must send.
func JoinParams(token, meetingID, participantID string) wire.JoinParams {
	p := wire.JoinParams{Protocol: wire.Version, Token: token, MeetingID: meetingID, Name: participantID,
		Client: wire.ClientInfo{SDKType: "test", SDKVersion: "1", Platform: "raw socket"}}
	if participantID != "" {
		p.ParticipantID = &participantID
	}
	return p
}

// Join joins with a new socket.
func (srv *Server) Join(t testing.TB, params wire.JoinParams) (*Socket, wire.JoinResult) {
	t.Helper()
	s := srv.Dial(t)
	var result wire.JoinResult
	require.NoError(t, json.Unmarshal(s.Do(t, wire.MethodJoin, params), &result))
	return s, result
}

// TryJoin joins with a new socket and must be refused; the close code carries the refusal too where it is fatal.
func (srv *Server) TryJoin(t testing.TB, params wire.JoinParams) *fault.Error {
	t.Helper()
	s := srv.Dial(t)
	_, f := s.Call(t, wire.MethodJoin, params)
	require.NotNil(t, f, "the join went through")
	if f.Fatal {
		require.Equal(t, f.CloseCode(), s.Closed(t))
	}
	return f
}
