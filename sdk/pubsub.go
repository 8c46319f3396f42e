package sdk

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// PubSub sends messages to topics and receives those of the topics subscribed to.
type PubSub struct {
	meeting *Meeting

	mu     sync.Mutex // guards everything below
	topics map[string][]*messageHandler
	heard  map[string]*heardMessages // by topic that is subscribed
}

// Message is a message of a topic. It is also the event of receiving one.
type Message struct {
	ID         string          `json:"id"`
	Topic      string          `json:"topic"`
	Message    string          `json:"message"`
	SenderID   string          `json:"senderId"`
	SenderName string          `json:"senderName"`
	Timestamp  fault.Instant   `json:"timestamp"`
	Payload    json.RawMessage `json:"payload,omitempty"`  // a JSON object, or nil
	Private    bool            `json:"private,omitempty"`  // sent to some participants only (PublishOptions.SendOnly)
	SendOnly   []string        `json:"sendOnly,omitempty"` // to whom; nil unless it is a private message of one's own
	Object     bool            `json:"object,omitempty"`   // Message is the JSON text of an object (PublishOptions.Object)
}

// EventName returns "pubsub-message".
func (Message) EventName() string { return "pubsub-message" }

type messageHandler struct{ fn func(Message) }

// PublishOptions of PubSub.Publish.
type PublishOptions struct {
	Persist  bool     // kept for the session and given to later subscribers
	SendOnly []string // participant ids; empty: everybody, as the published SDKs have it
	Payload  any      // a struct or map: anything that becomes a JSON object
	Object   bool     // the message is the JSON text of an object: in browsers it arrives as that object
}

// Publish sends a message and returns its id.
func (p *PubSub) Publish(ctx context.Context, topic, message string, options PublishOptions) (string, error) {
	const method = "pubSub.publish"
	if options.Object && !wire.IsObject(message) {
		return "", p.meeting.fail(
			fault.InvalidParameterWrongType(method, "message", "other text", "the JSON text of an object"),
		)
	}
	params := wire.PublishMessageParams{
		Topic:    topic,
		Message:  message,
		Persist:  options.Persist,
		SendOnly: options.SendOnly,
		Object:   options.Object,
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
	known := p.heard[topic]
	if known == nil {
		known = &heardMessages{}
		p.heard[topic] = known
	}
	p.mu.Unlock()
	limit := options.OldMessageLimit
	none := limit != nil && *limit == 0
	if none {
		limit = new(1) // it tells later, after a lost connection, where what was missed begins
	}
	var result wire.SubscribeTopicResult
	err := p.meeting.request(ctx, "pubSub.subscribe", wire.MethodSubscribeTopic,
		wire.SubscribeTopicParams{Topic: topic, OldMessageLimit: limit}, &result)
	p.mu.Lock()
	if err != nil {
		p.topics[topic] = slices.DeleteFunc(
			slices.Clone(p.topics[topic]),
			func(other *messageHandler) bool { return other == h },
		)
	} else if !known.complete {
		known.fresh(result.Messages)
		known.complete = true
	}
	p.mu.Unlock()
	if none {
		result.Messages = nil
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
	delete(p.heard, topic)
	p.mu.Unlock()
	return p.meeting.request(
		ctx,
		"pubSub.unsubscribe",
		wire.MethodUnsubscribeTopic,
		wire.TopicParams{Topic: topic},
		nil,
	)
}

// received takes a message from the server and returns the events of it.
func (p *PubSub) received(m wire.Message) []Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.heard[m.Topic]
	if h == nil {
		return []Event{Message(m)}
	}
	if h.restoring > 0 {
		h.held = append(h.held, m)
		return nil
	}
	return h.fresh([]wire.Message{m})
}

// restore subscribes to a topic again, and tells the persisted messages that were sent meanwhile.
func (p *PubSub) restore(topic string) {
	params := wire.SubscribeTopicParams{Topic: topic}
	p.mu.Lock()
	h := p.heard[topic]
	if h == nil { // unsubscribed meanwhile
		p.mu.Unlock()
		return
	}
	complete := h.complete
	if !complete {
		params.OldMessageLimit = new(0) // its own answer has the old messages
	}
	h.restoring++
	p.mu.Unlock()
	var result wire.SubscribeTopicResult
	p.meeting.restoreInto("pubSub.subscribe", wire.MethodSubscribeTopic, params, &result)
	p.mu.Lock()
	defer p.mu.Unlock()
	h.restoring--
	told := h.fresh(h.missed(result.Messages))
	if h.restoring == 0 {
		told = append(told, h.fresh(h.held)...)
		h.held = nil
	}
	if p.heard[topic] == h {
		p.meeting.events.emit(told...)
	}
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
	clear(p.heard)
	p.mu.Unlock()
}

// subscribed returns the topics that have handlers, in order.
func (p *PubSub) subscribed() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(maps.Keys(p.topics))
}
