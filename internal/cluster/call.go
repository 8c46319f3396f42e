package cluster

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/bus"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/record"
)

const (
	callTimeout  = 5 * time.Second // of a call whose context has no deadline
	maxBusCall   = 512 << 10       // bytes; longer calls go over the link
	maxCall      = 16 << 20        // bytes
	maxBroadcast = 512 << 10       // bytes
)

// answerFunc answers the calls of one topic.
type answerFunc = func(ctx context.Context, from record.NodeID, args json.RawMessage) (any, error)

// listenFunc takes the broadcasts of one topic.
type listenFunc = func(from record.NodeID, data json.RawMessage)

// topics are who answers and who listens, by topic.
type topics struct {
	mu        sync.RWMutex // guards everything below
	answers   map[string]answerFunc
	listeners map[string][]listenFunc
}

func (t *topics) init() {
	t.answers, t.listeners = map[string]answerFunc{}, map[string][]listenFunc{}
}

// broadcast is what nodes send to all others.
type broadcast struct {
	From  record.NodeID   `json:"from"`
	Topic string          `json:"topic"`
	Data  json.RawMessage `json:"data"`
}

// call is what a node sends to one other.
type call struct {
	From     record.NodeID   `json:"from"`
	To       record.NodeID   `json:"to"`
	Topic    string          `json:"topic"`
	WithinMs int64           `json:"withinMs"` // what is left of the deadline
	Args     json.RawMessage `json:"args"`
}

// reply is the end of a call: one of its fields is set.
type reply struct {
	Result  json.RawMessage `json:"result,omitempty"`
	Fault   *fault.Error    `json:"fault,omitempty"`
	Account string          `json:"account,omitempty"` // of the fault, which its JSON does not have
	Gone    bool            `json:"gone,omitempty"`    // the node has another incarnation than the one that was called
	Late    bool            `json:"late,omitempty"`    // the deadline came first
}

// Answer sets the function that answers calls of a topic. Its error is best a *fault.Error, which the caller gets as it
// is; another one becomes 5101 INTERNAL. ctx has the deadline of the caller.
func (n *Node) Answer(
	topic string,
	f func(ctx context.Context, from record.NodeID, args json.RawMessage) (any, error),
) {
	n.topics.mu.Lock()
	defer n.topics.mu.Unlock()
	n.topics.answers[topic] = f
}

// On registers a function for the broadcasts of a topic. Those of one node arrive in order; f does not block.
func (n *Node) On(topic string, f func(from record.NodeID, data json.RawMessage)) {
	n.topics.mu.Lock()
	defer n.topics.mu.Unlock()
	n.topics.listeners[topic] = append(n.topics.listeners[topic], f)
}

func busCallSubject(name string) string { return "call." + name }

const busBroadcastSubject = "all"

// openTopics has the bus hand over calls and broadcasts.
func (n *Node) openTopics() error {
	if _, err := n.member.bus.Subscribe(busBroadcastSubject, n.heard); err != nil {
		return err
	}
	_, err := n.member.bus.Answer(busCallSubject(n.ID().Name), n.answerCall)
	return err
}

// Broadcast sends v, as JSON, to the listeners of a topic on all other nodes. One that is cut off for a moment does not
// get it, and nobody while NATS is away, which is an error: what must arrive is told by SQL.
func (n *Node) Broadcast(topic string, v any) error {
	data, err := json.Marshal(v)
	if err != nil || n.member == nil {
		return err
	}
	raw, err := json.Marshal(broadcast{From: n.ID(), Topic: topic, Data: data})
	if err != nil {
		return err
	}
	if len(raw) > maxBroadcast {
		return fmt.Errorf("broadcast of %s: %d bytes, and %d are the most", topic, len(raw), maxBroadcast)
	}
	return n.member.bus.Publish(context.Background(), busBroadcastSubject, raw)
}

// heard hands a broadcast of another node to its listeners.
func (n *Node) heard(raw []byte) {
	var b broadcast
	if err := json.Unmarshal(raw, &b); err != nil || b.From.Name == n.ID().Name {
		return
	}
	n.topics.mu.RLock()
	listeners := n.topics.listeners[b.Topic]
	n.topics.mu.RUnlock()
	for _, f := range listeners {
		if err := guard.Do("a broadcast of "+b.Topic, func() { f(b.From, b.Data) }); err != nil {
			n.member.log.Error("broadcast", "topic", b.Topic, "err", err)
		}
	}
}

// Call has another node, or this one, answer a call of a topic. args and the result travel as JSON; result may be nil.
// The error is a *fault.Error: that of the node which answers, with its id, 5101 NODE_LOST where the node cannot be
// reached, or 5101 NODE_LATE where it has not answered before the deadline of ctx. Without a deadline the call waits
// for callTimeout. Calls go over NATS, and over the link while NATS is away.
func (n *Node) Call(ctx context.Context, to record.NodeID, topic string, args, result any) error {
	raw, err := json.Marshal(args)
	if err != nil {
		return fault.From(fmt.Errorf("call %s of node %s: %w", topic, to.Name, err))
	}
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, callTimeout)
		defer cancel()
	}
	began := time.Now()
	var answer reply
	if to == n.ID() {
		answer = n.answer(ctx, call{From: to, To: to, Topic: topic, Args: raw})
	} else if answer, err = n.callOther(ctx, to, topic, raw); err != nil {
		return err
	}
	switch {
	case answer.Gone:
		return fault.ServerUnavailableNodeLost(to.Name)
	case answer.Late:
		return fault.ServerUnavailableNodeLate(to.Name, time.Since(began))
	case answer.Fault != nil:
		return answer.Fault.WithAccount(answer.Account)
	case result == nil:
		return nil
	}
	if err := json.Unmarshal(answer.Result, result); err != nil {
		return fault.From(fmt.Errorf("result of %s of node %s: %w", topic, to.Name, err))
	}
	return nil
}

// callOther sends a call to another node and returns its reply, or a *fault.Error.
func (n *Node) callOther(ctx context.Context, to record.NodeID, topic string, args json.RawMessage) (reply, error) {
	if n.member == nil {
		return reply{}, fault.ServerUnavailableNodeLost(to.Name).Because(ErrUnknownNode)
	}
	began := time.Now()
	deadline, _ := ctx.Deadline()
	raw, err := json.Marshal(call{
		From: n.ID(), To: to, Topic: topic, WithinMs: time.Until(deadline).Milliseconds(), Args: args,
	})
	if err != nil {
		return reply{}, fault.From(err)
	}
	err = bus.ErrDown
	var answer []byte
	if len(raw) <= maxBusCall {
		answer, err = n.member.bus.Request(ctx, busCallSubject(to.Name), raw)
	}
	// Nobody has seen the call then. Two nodes that NATS does not connect may be linked.
	if errors.Is(err, bus.ErrDown) && ctx.Err() == nil || errors.Is(err, bus.ErrNoResponders) {
		answer, err = n.callOverLink(ctx, to, raw)
	}
	var found reply
	if err == nil {
		err = json.Unmarshal(answer, &found)
	}
	switch {
	case err == nil:
		return found, nil
	case ctx.Err() != nil:
		return reply{}, fault.ServerUnavailableNodeLate(to.Name, time.Since(began)).Because(err)
	}
	return reply{}, fault.ServerUnavailableNodeLost(to.Name).Because(err)
}

func (n *Node) callOverLink(ctx context.Context, to record.NodeID, raw []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://node"+callPath, bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	response, err := n.Transport(to).RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("node %s answers %s", to.Name, response.Status)
	}
	return io.ReadAll(io.LimitReader(response.Body, maxCall))
}

// serveCall answers a call that came over the link.
func (n *Node) serveCall(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCall))
	if err != nil {
		http.Error(w, "the call cannot be read", http.StatusBadRequest)
		return
	}
	_, _ = w.Write(n.answerCall(r.Context(), raw)) // the caller may be gone
}

// answerCall answers a call of another node.
func (n *Node) answerCall(ctx context.Context, raw []byte) []byte {
	var c call
	var answer reply
	if err := json.Unmarshal(raw, &c); err != nil {
		answer.Fault = fault.From(fmt.Errorf("a call that cannot be read: %w", err))
	} else {
		within := min(max(time.Duration(c.WithinMs)*time.Millisecond, 0), time.Hour)
		ctx, cancel := context.WithTimeout(ctx, within)
		defer cancel()
		answer = n.answer(ctx, c)
	}
	raw, err := json.Marshal(answer)
	if err != nil {
		raw, _ = json.Marshal(reply{Fault: fault.From(err)}) // a fault is always JSON
	}
	return raw
}

// answer has the function of a topic answer a call.
func (n *Node) answer(ctx context.Context, c call) reply {
	if c.To != n.ID() {
		return reply{Gone: true}
	}
	n.topics.mu.RLock()
	f := n.topics.answers[c.Topic]
	n.topics.mu.RUnlock()
	var result any
	err := fmt.Errorf("nobody answers calls of %s", c.Topic)
	if f != nil {
		err = guard.Run("the call "+c.Topic, func() (err error) {
			result, err = f(ctx, c.From, c.Args)
			return err
		})
	}
	var raw []byte
	if err == nil {
		raw, err = json.Marshal(result)
	}
	if err == nil {
		return reply{Result: raw}
	}
	failed := fault.From(err)
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return reply{Late: true}
	}
	if n.member != nil && fault.Is(failed, fault.CodeServerUnavailable, fault.ReasonInternal) {
		// The caller reports the fault; only this node has its cause.
		n.member.log.Error("call of another node", "topic", c.Topic, "node", c.From.Name, "fault", failed.ID, "err", err)
	}
	return reply{Fault: failed, Account: failed.Account()}
}
