package signal

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// A socket whose meeting lives on another node is relayed: this server reads the first message and judges it, opens the
// same socket at the owner with the same first message, and copies bytes from there on. What follows is between the
// client and the owner, with pings and close codes.

// Cluster finds the node of a meeting and reaches it. Errors of Locate are *fault.Error.
type Cluster interface {
	// Locate returns where a meeting lives; local is true for this server. With Place, a meeting that lives nowhere is
	// given to a node; without, the Owner is the zero value. It waits for an owner that does not answer to be replaced.
	Locate(ctx context.Context, q Query) (owner record.Owner, local bool, err error)
	// NextMove returns a channel that is closed when meetings of a lost node have another one.
	NextMove() <-chan struct{}
	// Restore makes a meeting live here whose session another server began.
	Restore(ctx context.Context, meetingID string) error
	// Node returns the node of that name that is alive.
	Node(name string) (record.NodeID, bool)
	// Dial opens a stream on which the HTTP server of another node answers. Its requests have the headers that Relayed
	// sets: the address of the client, and the meeting, which the other node refuses where it does not own it. Without a
	// meeting it is the request of a session that has ended there.
	Dial(ctx context.Context, to record.NodeID) (net.Conn, error)
	Relayed(header http.Header, client netip.Addr, meetingID string)
	// From returns the node that sent a request, and WithFrom a context for Admit that says so.
	From(ctx context.Context) record.NodeID
	WithFrom(ctx context.Context, from record.NodeID) context.Context
}

// Query asks where a meeting lives.
type Query struct {
	AccountID, MeetingID string
	Place                bool
	Hint                 string // name of the node on which it lived last; "": unknown
}

// relay is a socket of which the other end is at another node. It is an error so that a handshake can return it.
type relay struct {
	owner  record.NodeID
	stream net.Conn
	reader *bufio.Reader // of stream: what follows the answer to the upgrade
}

func (*relay) Error() string { return "signal: the meeting lives on another node" }

// elsewhere returns the relay to the node of a meeting that lives on another one, as an error; here reports that it
// lives on this one. Neither: it lives nowhere. It looks again where the node that it finds cannot be reached, or does
// not own the meeting. A server that is about to stop relays workers on its machine alone: everybody else reaches
// another node at the next attempt, and would be cut once more with this one.
func (c *conn) elsewhere(ctx context.Context, q Query, isWorker bool) (here bool, err error) {
	defer func() { // the timeline of the account has it
		if f, ok := errors.AsType[*fault.Error](err); ok {
			err = f.WithAccount(q.AccountID).WithDefaultMeeting(q.MeetingID, "", "")
		}
	}()
	cluster := c.server.opts.Cluster
	pause := 50 * time.Millisecond
	for {
		moved := cluster.NextMove()
		owner, local, err := cluster.Locate(ctx, q)
		if err != nil {
			return false, fault.From(err)
		}
		nowhere := owner.Node == record.NodeID{}
		switch {
		case local:
			return true, nil
		case nowhere:
			return false, c.lastNode(ctx, q)
		case c.relayed: // it went on to another node since the one that relays has asked
			return false, fault.ServerUnavailableNodeLost(owner.Node.Name).RetryAfter(nodeLostRetry)
		case c.server.leaving.Load() && !isWorker:
			return false, fault.ServerShutdownMoving()
		}
		r, err := c.openRelay(ctx, owner.Node, q)
		if err == nil {
			return false, r
		}
		select {
		case <-time.After(pause):
			pause = min(2*pause, time.Second)
		case <-moved:
		case <-ctx.Done():
			return false, fault.ServerUnavailableNodeLost(owner.Node.Name).RetryAfter(nodeLostRetry).Because(err)
		}
	}
}

// lastNode returns the relay to the node on which a session has ended, as an error: it may know why. nil: there is
// none.
func (c *conn) lastNode(ctx context.Context, q Query) error {
	if c.relayed || q.Hint == "" || q.Hint == c.server.opts.Node {
		return nil
	}
	to, alive := c.server.opts.Cluster.Node(q.Hint)
	if !alive {
		return nil
	}
	r, err := c.openRelay(ctx, to, Query{})
	if err != nil {
		return nil // then nobody knows it
	}
	return r
}

// nodeLostRetry is when a client may try again whose meeting has no node that answers.
const nodeLostRetry = 500 * time.Millisecond

// dialTimeout bounds the way to the owner: a node of the same cluster is near, or lost.
const dialTimeout = 2 * time.Second

// openRelay opens at another node the socket that a client has opened here.
func (c *conn) openRelay(ctx context.Context, to record.NodeID, q Query) (_ *relay, err error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	stream, err := c.server.opts.Cluster.Dial(ctx, to)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = stream.Close()
		}
	}()
	stop := context.AfterFunc(ctx, func() { _ = stream.SetDeadline(time.Now()) })
	defer stop()
	req := c.upgrade.Clone(ctx)
	c.server.opts.Cluster.Relayed(req.Header, c.client, q.MeetingID)
	if err := req.Write(stream); err != nil {
		return nil, err
	}
	reader := bufio.NewReaderSize(stream, relayBuffer)
	res, err := http.ReadResponse(reader, req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusSwitchingProtocols {
		said, _ := io.ReadAll(io.LimitReader(res.Body, 1<<10)) // of a refusal what there is
		return nil, fmt.Errorf("node %s refused the socket: %s %s", to.Name, res.Status, said)
	}
	if _, err := stream.Write(maskedFrame(c.first)); err != nil {
		return nil, err
	}
	if !stop() {
		return nil, context.Cause(ctx)
	}
	return &relay{owner: to, stream: stream, reader: reader}, nil
}

// upgradeRequest is what a node sends another one for the upgrade of a client.
func upgradeRequest(r *http.Request) *http.Request {
	kept := &http.Request{
		Method: http.MethodGet, URL: r.URL, Host: r.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{
			"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"},
			"Sec-Websocket-Key": {r.Header.Get("Sec-Websocket-Key")},
		},
	}
	for _, name := range []string{"User-Agent", "Origin"} {
		if value := r.Header.Get(name); value != "" {
			kept.Header.Set(name, value)
		}
	}
	return kept
}

// maskedFrame is a text message as a client sends it (RFC 6455, section 5.2).
func maskedFrame(payload []byte) []byte {
	const fin, text, masked = 0x80, 0x1, 0x80
	frame := make([]byte, 0, 14+len(payload))
	frame = append(frame, fin|text)
	switch n := len(payload); {
	case n < 126:
		frame = append(frame, masked|byte(n))
	case n < 1<<16:
		frame = binary.BigEndian.AppendUint16(append(frame, masked|126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, masked|127), uint64(n))
	}
	var key [4]byte
	_, _ = rand.Read(key[:]) // crypto/rand.Read never fails
	frame = append(frame, key[:]...)
	for i, b := range payload {
		frame = append(frame, b^key[i%4])
	}
	return frame
}

// relayBuffer holds most messages of the owner.
const relayBuffer = 4 << 10

// run copies until either side has ended.
func (r *relay) run(client net.Conn, fromClient *bufio.Reader, opts Options) {
	end := func() {
		_ = client.Close()
		_ = r.stream.Close()
	}
	ended := make(chan struct{})
	var toOwner sync.WaitGroup
	toOwner.Go(func() {
		_ = pump(r.stream, fromClient, opts.PingTimeout) // whatever ended it, the client says no more
		if half, ok := r.stream.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
			late := time.NewTimer(opts.CloseTimeout)
			defer late.Stop()
			select {
			case <-ended:
			case <-late.C:
			}
		}
		end()
	})
	_ = pump(client, r.reader, opts.PingTimeout) // all that the owner said is with the client
	close(ended)
	end()
	toOwner.Wait()
}

// pump copies what has come, as soon as it has. A peer that takes none of it for timeout is dead; nothing else waits
// for it meanwhile.
func pump(to net.Conn, from *bufio.Reader, timeout time.Duration) error {
	for {
		if _, err := from.Peek(1); err != nil {
			return err
		}
		chunk, err := from.Peek(from.Buffered())
		if err != nil {
			return err
		}
		if err := to.SetWriteDeadline(time.Now().Add(timeout)); err != nil {
			return err
		}
		if _, err := to.Write(chunk); err != nil {
			return err
		}
		if _, err := from.Discard(len(chunk)); err != nil {
			return err
		}
	}
}

// setRelay lets a socket be cut that is about to be relayed.
func (c *conn) setRelay(r *relay) {
	c.mu.Lock()
	c.relay = r
	c.mu.Unlock()
	s := c.server
	s.mu.Lock()
	s.relayed[c] = struct{}{}
	s.mu.Unlock()
}

// endRelay cuts a socket if it is relayed; its client resumes by another node.
func (c *conn) endRelay(which func(owner record.NodeID) bool) {
	c.mu.Lock()
	r := c.relay
	c.mu.Unlock()
	if r != nil && which(r.owner) {
		_ = r.stream.Close()
	}
}

// Leave has the server take no more sockets for meetings that live elsewhere: it is about to stop.
func (s *Server) Leave() { s.leaving.Store(true) }

// EndRelays cuts the sockets that are relayed to nodes which are lost: their clients resume at once.
func (s *Server) EndRelays(lost func(owner record.NodeID) bool) {
	s.mu.Lock()
	relayed := slices.Collect(maps.Keys(s.relayed))
	s.mu.Unlock()
	for _, c := range relayed {
		c.endRelay(lost)
	}
}

// Relayed returns the number of sockets that are relayed to other nodes, for metrics.
func (s *Server) Relayed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.relayed)
}

// locateJoin returns the relay of a join whose meeting lives elsewhere, as an error. A pre-call test has no meeting.
func (c *conn) locateJoin(ctx context.Context, req meeting.JoinRequest) error {
	if c.server.opts.Cluster == nil || req.Test || c.relayed {
		return nil
	}
	_, err := c.elsewhere(ctx, Query{AccountID: req.AccountID, MeetingID: req.MeetingID, Place: true}, req.Hidden)
	return err
}

// locateResume finds the session of a ticket whose place may be elsewhere: it returns the relay as an error, or the
// session that this server goes on with. Neither: nobody knows it.
func (c *conn) locateResume(ctx context.Context, params wire.ResumeParams) (*session, error) {
	cluster := c.server.opts.Cluster
	if cluster == nil {
		return nil, nil
	}
	ticket, ok := openTicket(c.server.opts.TicketKey, params.Secret)
	if !ok || ticket.SessionID != params.SessionID || ticket.ParticipantID != params.ParticipantID {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, min(c.server.opts.RequestTimeout, c.server.opts.JoinTimeout))
	defer cancel()
	isWorker := strings.Contains(ticket.ParticipantID, " ") // nobody else's id holds a space
	q := Query{AccountID: ticket.AccountID, MeetingID: ticket.MeetingID, Hint: ticket.Node}
	here, err := c.elsewhere(ctx, q, isWorker)
	if err != nil || !here {
		return nil, err
	}
	if err := cluster.Restore(ctx, ticket.MeetingID); err != nil {
		return nil, fault.From(err)
	}
	return c.server.find(params), nil
}
