package sdk_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// scripted is a signaling server that answers as a test tells it: real sockets and the real protocol.
type scripted struct {
	t   *testing.T
	url string

	mu       sync.Mutex // guards everything below
	answer   func(c *scriptedConn, r wire.Request)
	requests []wire.Request
	conns    []*scriptedConn
	faults   []*fault.Error // that the client of join was told
}

// scriptedConn is one socket of a scripted server.
type scriptedConn struct {
	ws  *websocket.Conn
	seq int64
}

// script starts a server on which every join and resume succeeds, unless answer says something else: it is asked first
// and reports whether it has answered.
func script(t *testing.T, answer func(c *scriptedConn, r wire.Request) bool) *scripted {
	s := &scripted{t: t}
	s.answer = func(c *scriptedConn, r wire.Request) {
		if answer == nil || !answer(c, r) {
			c.accept(r)
		}
	}
	http := httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(http.Close)
	s.url = http.URL
	return s
}

func (s *scripted) serve(w http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = ws.CloseNow() }()
	c := &scriptedConn{ws: ws}
	s.mu.Lock()
	s.conns = append(s.conns, c)
	s.mu.Unlock()
	for {
		_, frame, err := ws.Read(r.Context())
		if err != nil {
			return
		}
		var request wire.Request
		if json.Unmarshal(frame, &request) != nil {
			return
		}
		s.mu.Lock()
		s.requests = append(s.requests, request)
		s.mu.Unlock()
		s.answer(c, request)
	}
}

// entries returns the first requests of all sockets so far: join or resume.
func (s *scripted) entries() (list []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.requests {
		if r.Method == wire.MethodJoin || r.Method == wire.MethodResume {
			list = append(list, r.Method)
		}
	}
	return list
}

// told returns the faults that the client of join was told so far.
func (s *scripted) told() []*fault.Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.faults)
}

// last returns the newest socket.
func (s *scripted) last() *scriptedConn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns[len(s.conns)-1]
}

// join lets a participant join.
func (s *scripted) join(options func(*sdk.Options)) *sdk.Meeting {
	s.t.Helper()
	o := sdk.Options{URL: s.url, Token: "token", MeetingID: "abcd-efgh-ijkl", ParticipantID: "ann"}
	if options != nil {
		options(&o)
	}
	m, err := sdk.InitMeeting(o)
	require.NoError(s.t, err)
	m.OnError(func(f *fault.Error) {
		s.mu.Lock()
		s.faults = append(s.faults, f)
		s.mu.Unlock()
	})
	require.NoError(s.t, m.Join(s.t.Context()))
	s.t.Cleanup(func() {
		_ = m.Leave(context.Background())
		<-m.Done()
	})
	return m
}

func (c *scriptedConn) send(frame any) {
	raw, err := json.Marshal(frame)
	if err != nil {
		panic(err)
	}
	_ = c.ws.Write(context.Background(), websocket.MessageText, raw) // the other end may be gone
}

func (c *scriptedConn) accept(r wire.Request) {
	var result any = struct{}{}
	switch r.Method {
	case wire.MethodJoin:
		result = wire.JoinResult{
			State: wire.Joined, MeetingID: "abcd-efgh-ijkl", SessionID: "session", ParticipantID: "ann", Secret: "secret",
			ResumeWindowMs: 10_000, PingIntervalMs: 60_000,
			Welcome: &wire.Welcome{Participant: wire.Participant{ID: "ann", Mode: wire.SendAndRecv}},
		}
	case wire.MethodResume:
		result = wire.ResumeResult{Seq: c.seq, Secret: "next"}
	}
	raw, err := json.Marshal(result)
	if err != nil {
		panic(err)
	}
	c.send(wire.Response{JSONRPC: "2.0", ID: &r.ID, Result: raw})
}

func (c *scriptedConn) refuse(r wire.Request, f *fault.Error) {
	c.send(wire.Response{JSONRPC: "2.0", ID: &r.ID, Error: &wire.Error{Code: f.Code, Message: f.Message, Data: f}})
}

func (c *scriptedConn) event(e wire.Event) {
	raw, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	c.seq++
	c.send(
		wire.Notification{
			JSONRPC: "2.0",
			Method:  "event",
			Params:  wire.EventParams{Seq: c.seq, Name: e.EventName(), Data: raw},
		},
	)
}

// cut ends the socket without a close frame.
func (c *scriptedConn) cut() { _ = c.ws.CloseNow() }

// close ends the socket as the server does for a fault: the code and its close frame carry it.
func (c *scriptedConn) close(f *fault.Error) {
	_ = c.ws.Close(websocket.StatusCode(f.CloseCode()), f.Name+" "+f.Reason+" "+f.ID)
}

// entryOf makes a fault of a catalogue entry, as a server of another version would send it.
func entryOf(e fault.Entry) *fault.Error {
	return &fault.Error{
		Code: e.Code, Name: e.Name, Message: e.Message, Reason: e.Reason, Detail: e.Detail, Remedy: e.Remedy, Fatal: e.Fatal,
		Retryable: e.Retryable, ID: "flt_01KAN2Z3QH8Y7M4V0C9T5W6XRD", At: fault.InstantOf(time.Now().UTC()),
	}
}
