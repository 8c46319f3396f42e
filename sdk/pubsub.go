package sdk

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// PubSub sends messages to topics and receives those of the topics subscribed to.
type PubSub struct {
	meeting *Meeting

	mu     sync.Mutex // guards everything below
	topics map[string][]*messageHandler
}

// Message is a message of a topic. It is also the event of receiving one.
type Message struct {
	ID         string          `json:"id"`
	Topic      string          `json:"topic"`
	Message    string          `json:"message"`
	SenderID   string          `json:"senderId"`
	SenderName string          `json:"senderName"`
	Timestamp  time.Time       `json:"timestamp"`
	Payload    json.RawMessage `json:"payload,omitempty"` // a JSON object, or nil
}

// EventName returns "pubsub-message".
func (Message) EventName() string { return "pubsub-message" }

type messageHandler struct{ fn func(Message) }

// PublishOptions of PubSub.Publish.
type PublishOptions struct {
	Persist  bool     // kept for the session and given to later subscribers
	SendOnly []string // participant ids; empty: everybody
	Payload  any      // a struct or map: anything that becomes a JSON object
}

// Publish sends a message and returns its id.
func (p *PubSub) Publish(ctx context.Context, topic, message string, options PublishOptions) (string, error) {
	const method = "pubSub.publish"
	params := wire.PublishMessageParams{
		Topic:    topic,
		Message:  message,
		Persist:  options.Persist,
		SendOnly: options.SendOnly,
	}
	if options.Payload != nil {
		raw, err := json.Marshal(options.Payload)
		if err != nil {
			return "", p.meeting.fail(fault.InvalidParameterNotJSON(method, "payload", err.Error()).Because(err))
		}
		if len(raw) == 0 || raw[0] != '{' {
			return "", p.meeting.fail(fault.InvalidParameterWrongType(method, "payload", wire.TypeOf(raw), "an object"))
		}
		params.Payload = raw
	}
	var result wire.PublishMessageResult
	err := p.meeting.request(ctx, method, wire.MethodPublishMessage, params, &result)
	return result.ID, err
}

// SubscribeOptions of PubSub.Subscribe.
type SubscribeOptions struct {
	OldMessageLimit *int // how many persisted messages to give; nil: all
}

// Subscribe calls fn for each new message of the topic, like any handler, and returns the persisted ones, oldest first.
func (p *PubSub) Subscribe(
	ctx context.Context,
	topic string,
	fn func(Message),
	options SubscribeOptions,
) ([]Message, error) {
	if fn == nil {
		return nil, p.meeting.fail(fault.InvalidParameterMissing("pubSub.subscribe", "fn"))
	}
	h := &messageHandler{fn: fn}
	p.mu.Lock()
	p.topics[topic] = append(slices.Clip(p.topics[topic]), h)
	p.mu.Unlock()
	var result wire.SubscribeTopicResult
	err := p.meeting.request(ctx, "pubSub.subscribe", wire.MethodSubscribeTopic,
		wire.SubscribeTopicParams{Topic: topic, OldMessageLimit: options.OldMessageLimit}, &result)
	if err != nil {
		p.mu.Lock()
		p.topics[topic] = slices.DeleteFunc(
			slices.Clone(p.topics[topic]),
			func(other *messageHandler) bool { return other == h },
		)
		p.mu.Unlock()
	}
	messages := make([]Message, len(result.Messages))
	for i, message := range result.Messages {
		messages[i] = Message(message)
	}
	return messages, err
}

// Unsubscribe ends all subscriptions of this meeting object to the topic.
func (p *PubSub) Unsubscribe(ctx context.Context, topic string) error {
	p.mu.Lock()
	delete(p.topics, topic)
	p.mu.Unlock()
	return p.meeting.request(
		ctx,
		"pubSub.unsubscribe",
		wire.MethodUnsubscribeTopic,
		wire.TopicParams{Topic: topic},
		nil,
	)
}

// deliver is an event handler: it tells a message to the handlers of its topic.
func (p *PubSub) deliver(e Event) {
	message, ok := e.(Message)
	if !ok {
		return
	}
	p.mu.Lock()
	handlers := p.topics[message.Topic]
	p.mu.Unlock()
	for _, h := range handlers {
		tell(func(Event) { h.fn(message) }, e)
	}
}

// forget drops all handlers: the subscriptions end with the participation.
func (p *PubSub) forget() {
	p.mu.Lock()
	clear(p.topics)
	p.mu.Unlock()
}

// subscribed returns the topics that have handlers, in order.
func (p *PubSub) subscribed() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(maps.Keys(p.topics))
}
