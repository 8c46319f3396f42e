package wire

import (
	"encoding/json"

	"github.com/klatch/klatch/fault"
)

// PublishMessageParams sends a message to the subscribers of a topic.
type PublishMessageParams struct {
	Topic    string          `json:"topic" required:"true"`
	Message  string          `json:"message" required:"true"`
	Object   bool            `json:"object,omitempty"`   // the message is the JSON text of an object
	Persist  bool            `json:"persist,omitempty"`  // kept for the session, given to later subscribers
	SendOnly []string        `json:"sendOnly,omitempty"` // participant ids; absent or empty: everybody, as published
	Payload  json.RawMessage `json:"payload,omitempty"`  // a JSON object
}

// IsObject reports whether text is the JSON text of an object.
func IsObject(text string) bool {
	var object map[string]json.RawMessage
	return json.Unmarshal([]byte(text), &object) == nil && object != nil
}

// PublishMessageResult answers pubsub.publish.
type PublishMessageResult struct {
	ID        string        `json:"id"`
	Timestamp fault.Instant `json:"timestamp"`
}

// SubscribeTopicParams: without OldMessageLimit the answer has all persisted messages, with 0 none.
type SubscribeTopicParams struct {
	Topic           string `json:"topic" required:"true"`
	OldMessageLimit *int   `json:"oldMessageLimit,omitempty"`
}

// SubscribeTopicResult holds persisted messages, oldest first.
type SubscribeTopicResult struct {
	Messages []Message `json:"messages"`
}

// TopicParams names a topic.
type TopicParams struct {
	Topic string `json:"topic" required:"true"`
}
