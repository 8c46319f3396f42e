package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// topics are the pubsub topics of a session: who listens, and the persistent messages.
type topics struct {
	subscribers map[string]map[*Participant]bool
	budget      *budget // of all senders together; made with the first message
	history     []storedMessage
	bytes       int // of the history, as JSON
}

// storedMessage is a persistent message with those who may read it; nil: everybody.
type storedMessage struct {
	wire.Message
	readers []string // those of SendOnly, then the sender
	bytes   int      // as JSON
}

// copyFor returns the message as one of its readers gets it, told to be private where it is. To whom it went is for its
// sender alone.
func (k storedMessage) copyFor(id string) wire.Message {
	m := k.Message
	if k.readers == nil {
		return m
	}
	m.Private = true
	if id == m.SenderID {
		m.SendOnly = k.readers[:len(k.readers)-1]
	}
	return m
}

// maxTopics bounds the topics that one participant subscribes to. No account raises it.
const maxTopics = 100

// PublishMessage sends a message to the subscribers of a topic, p included where it subscribed. All get the messages of
// a session in the same order. A persistent one is sent at once, and the call returns when it is written; where that
// fails it is not kept, and the call fails.
func (p *Participant) PublishMessage(
	ctx context.Context,
	params wire.PublishMessageParams,
) (wire.PublishMessageResult, error) {
	var result wire.PublishMessageResult
	var written func() error
	err := p.inSession(ctx, wire.MethodPublishMessage, func(r *room) error {
		if params.Topic == wire.ChatTopic {
			if err := r.restriction(p, wire.MethodPublishMessage, wire.ChatRight); err != nil {
				return err
			}
		}
		message := wire.Message{
			ID: newID(), Topic: params.Topic, Message: params.Message, SenderID: p.id, SenderName: p.req.Name,
			Timestamp: fault.InstantOf(now()), Payload: params.Payload, Object: params.Object,
		}
		var readers []string
		if len(params.SendOnly) > 0 {
			readers = append(slices.Clone(params.SendOnly), p.id)
		}
		encoded, err := json.Marshal(message)
		if err != nil {
			return fault.ServerUnavailableInternal().Because(fmt.Errorf("encode a message: %w", err))
		}
		if params.Persist {
			if err := r.checkHistory(len(encoded)); err != nil {
				return err
			}
		}
		if err := r.spend(p, len(encoded)); err != nil {
			return err
		}
		kept := storedMessage{message, readers, len(encoded)}
		if params.Persist {
			written = r.store(kept)
		}
		told := wire.NewBroadcast(kept.copyFor(""))
		for q := range r.session.topics.subscribers[params.Topic] {
			switch {
			case readers != nil && q == p:
				q.listener.Notify(kept.copyFor(p.id))
			case readers == nil || slices.Contains(readers, q.id):
				q.listener.Notify(told)
			}
		}
		result = wire.PublishMessageResult{ID: message.ID, Timestamp: message.Timestamp}
		return nil
	})
	if err != nil || written == nil {
		return result, err
	}
	if err := written(); err != nil {
		// It fails only when the room has ended, and with it the history.
		_ = p.room.do(context.WithoutCancel(ctx), func() { p.room.session.topics.drop(result.ID) })
		return wire.PublishMessageResult{}, fault.ServerUnavailableStore(notKept).Because(err).RetryAfter(retryStore)
	}
	return result, nil
}

// What a failed write of a persistent message means to its sender.
const (
	notKept    = "a persistent message: those who are here got it, and it is not kept"
	retryStore = 2 * time.Second
)

// checkHistory judges whether the history takes a message of so many bytes. It is bounded in number and size:
// subscribing hands it out in one answer.
func (r *room) checkHistory(bytes int) error {
	t, limits := &r.session.topics, r.meetings.opts
	if len(t.history) >= limits.HistoryMessages {
		return fault.PubsubPublishFailedHistoryFull(limits.HistoryMessages, "messages")
	}
	if t.bytes+bytes > limits.HistoryBytes {
		return fault.PubsubPublishFailedHistoryFull(limits.HistoryBytes, "bytes")
	}
	return nil
}

// store adds a message to the history and has it written. written must be called outside of the loop.
func (r *room) store(k storedMessage) (written func() error) {
	t := &r.session.topics
	t.history = append(t.history, k)
	t.bytes += k.bytes
	sessionID := r.session.id
	return r.records.persist(
		"a persistent message",
		r.meetings.opts.PersistTimeout,
		func(ctx context.Context, to Records) error {
			return to.MessagePersisted(ctx, sessionID, k.Message, k.readers)
		},
	)
}

// drop takes a message that could not be written out of the history.
func (t *topics) drop(id string) {
	t.history = slices.DeleteFunc(t.history, func(k storedMessage) bool {
		if k.ID != id {
			return false
		}
		t.bytes -= k.bytes
		return true
	})
}

// SubscribeTopic subscribes, and returns the persistent messages of the topic that p may read; later ones come
// through the listener, with no gap and no overlap.
func (p *Participant) SubscribeTopic(
	ctx context.Context,
	params wire.SubscribeTopicParams,
) (wire.SubscribeTopicResult, error) {
	result := wire.SubscribeTopicResult{Messages: []wire.Message{}}
	err := p.inSession(ctx, wire.MethodSubscribeTopic, func(r *room) error {
		t := &r.session.topics
		if !t.subscribers[params.Topic][p] {
			if p.topics >= maxTopics {
				return fault.PubsubSubscribeFailedTooManyTopics(params.Topic, maxTopics)
			}
			t.join(params.Topic, p)
		}
		for _, k := range t.history {
			if k.Topic == params.Topic && (k.readers == nil || slices.Contains(k.readers, p.id)) {
				result.Messages = append(result.Messages, k.copyFor(p.id))
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
	return p.inSession(ctx, wire.MethodUnsubscribeTopic, func(r *room) error {
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
