package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/wire"
)

// topics are the pubsub topics of a session: who listens, and the persistent messages.
type topics struct {
	subscribers map[string]map[*Participant]bool
	history     []kept
	bytes       int // of the history, as JSON
}

// kept is a persistent message with those who may read it; nil: everybody.
type kept struct {
	wire.Message
	readers []string
}

// Limits that no account raises.
const (
	maxTopics   = 100  // that one participant subscribes to
	maxSendOnly = 1000 // ids of one message
)

// PublishMessage sends a message to the subscribers of a topic, p included where it subscribed. All get the
// messages of a session in the same order.
func (p *Participant) PublishMessage(ctx context.Context, params wire.PublishMessageParams) (wire.PublishMessageResult, error) {
	var result wire.PublishMessageResult
	params.Payload = nonNull(params.Payload)
	if err := checkMessage(params); err != nil {
		return result, err
	}
	err := p.inside(ctx, wire.MethodPublishMessage, func(r *room) error {
		message := wire.Message{
			ID: newID(), Topic: params.Topic, Message: params.Message, SenderID: p.id, SenderName: p.req.Name,
			Timestamp: now(), Payload: params.Payload,
		}
		var readers []string
		if len(params.SendOnly) > 0 {
			readers = append(slices.Clone(params.SendOnly), p.id)
		}
		if params.Persist {
			if err := r.keep(kept{message, readers}); err != nil {
				return err
			}
		}
		for q := range r.session.topics.subscribers[params.Topic] {
			if readers == nil || slices.Contains(readers, q.id) {
				q.listener.Notify(message)
			}
		}
		result = wire.PublishMessageResult{ID: message.ID, Timestamp: message.Timestamp}
		return nil
	})
	return result, err
}

func checkMessage(params wire.PublishMessageParams) error {
	if problem := badTopic(params.Topic); problem != "" {
		return fault.PubsubPublishFailedBadTopic(problem)
	}
	if n := len(params.Message) + len(params.Payload); n > wire.MaxMessageBytes {
		return fault.PubsubPublishFailedTooLarge(int64(n), wire.MaxMessageBytes)
	}
	if n := len(params.SendOnly); n > maxSendOnly {
		return fault.InvalidMessageBadParams(wire.MethodPublishMessage, "sendOnly", fmt.Sprintf("has %d ids; the limit is %d", n, maxSendOnly))
	}
	return checkObject(wire.MethodPublishMessage, "payload", params.Payload, 0)
}

func badTopic(topic string) string {
	switch {
	case topic == "":
		return "it is empty"
	case len(topic) > wire.MaxTopicBytes:
		return fmt.Sprintf("it has %d bytes; the limit is %d", len(topic), wire.MaxTopicBytes)
	case !utf8.ValidString(topic):
		return "it is not UTF-8"
	}
	return ident.NameProblem(topic)
}

// keep adds a message to the history, which is bounded in number and size: subscribing hands it out in one answer.
func (r *room) keep(k kept) error {
	encoded, err := json.Marshal(k.Message)
	if err != nil {
		return fault.ServerUnavailableInternal().Because(fmt.Errorf("encode a message: %w", err))
	}
	t, limits := &r.session.topics, r.meetings.opts
	if len(t.history) >= limits.HistoryMessages {
		return fault.PubsubPublishFailedHistoryFull(int64(limits.HistoryMessages), "messages")
	}
	if t.bytes+len(encoded) > limits.HistoryBytes {
		return fault.PubsubPublishFailedHistoryFull(int64(limits.HistoryBytes), "bytes")
	}
	t.history = append(t.history, k)
	t.bytes += len(encoded)
	sessionID := r.session.id
	r.records.add("a persistent message", func(ctx context.Context, to Records) error {
		return to.MessagePersisted(ctx, sessionID, k.Message)
	})
	return nil
}

// SubscribeTopic subscribes, and gives the persistent messages of the topic that p may read; later ones come
// through the listener, with no gap and no overlap.
func (p *Participant) SubscribeTopic(ctx context.Context, params wire.SubscribeTopicParams) (wire.SubscribeTopicResult, error) {
	result := wire.SubscribeTopicResult{Messages: []wire.Message{}}
	if problem := badTopic(params.Topic); problem != "" {
		return result, fault.InvalidMessageBadParams(wire.MethodSubscribeTopic, "topic", problem)
	}
	if limit := params.OldMessageLimit; limit != nil && *limit < 0 {
		return result, fault.InvalidMessageBadParams(wire.MethodSubscribeTopic, "oldMessageLimit", "is negative; 0 gives no old messages")
	}
	err := p.inside(ctx, wire.MethodSubscribeTopic, func(r *room) error {
		t := &r.session.topics
		if !t.subscribers[params.Topic][p] {
			if p.topics >= maxTopics {
				return fault.InvalidMessageBadParams(wire.MethodSubscribeTopic, "topic", fmt.Sprintf("would be one more than the %d that a participant subscribes to; unsubscribe another", maxTopics))
			}
			t.join(params.Topic, p)
		}
		for _, k := range t.history {
			if k.Topic == params.Topic && (k.readers == nil || slices.Contains(k.readers, p.id)) {
				result.Messages = append(result.Messages, k.Message)
			}
		}
		if limit := params.OldMessageLimit; limit != nil && *limit < len(result.Messages) {
			result.Messages = result.Messages[len(result.Messages)-*limit:]
		}
		return nil
	})
	return result, err
}

// UnsubscribeTopic ends a subscription; without one it does nothing.
func (p *Participant) UnsubscribeTopic(ctx context.Context, params wire.TopicParams) error {
	return p.inside(ctx, wire.MethodUnsubscribeTopic, func(r *room) error {
		if r.session.topics.subscribers[params.Topic][p] {
			r.session.topics.quit(params.Topic, p)
		}
		return nil
	})
}

func (t *topics) join(topic string, p *Participant) {
	if t.subscribers == nil {
		t.subscribers = map[string]map[*Participant]bool{}
	}
	if t.subscribers[topic] == nil {
		t.subscribers[topic] = map[*Participant]bool{}
	}
	t.subscribers[topic][p] = true
	p.topics++
}

func (t *topics) quit(topic string, p *Participant) {
	delete(t.subscribers[topic], p)
	if len(t.subscribers[topic]) == 0 {
		delete(t.subscribers, topic)
	}
	p.topics--
}

// leave ends all subscriptions of p.
func (t *topics) leave(p *Participant) {
	for topic, subscribers := range t.subscribers {
		if subscribers[p] {
			t.quit(topic, p)
		}
	}
}
