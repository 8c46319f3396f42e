package sdk

import (
	"slices"
	"time"

	"github.com/klatch/klatch/internal/wire"
)

// maxRemembered is how many messages of a topic are remembered: as many persisted ones as a session keeps unless it is
// set otherwise.
const maxRemembered = 1000

// heardMessages remembers which messages of a topic have been told, so that none is told twice, and those that were
// missed while the connection was lost are found. It is guarded by the mutex of its PubSub.
type heardMessages struct {
	complete  bool // the persisted messages from before the subscription are in it
	ids       map[string]bool
	order     []wire.Message // of ids; without their content
	forgotten time.Time      // when the newest message was sent that is not remembered any more

	// While the topic is restored, live messages wait for those that were missed.
	restoring int
	held      []wire.Message
}

// add notes a message, and reports whether it is a new one.
func (h *heardMessages) add(m wire.Message) bool {
	if h.ids[m.ID] {
		return false
	}
	if h.ids == nil {
		h.ids = map[string]bool{}
	}
	h.ids[m.ID] = true
	h.order = append(h.order, wire.Message{ID: m.ID, Timestamp: m.Timestamp})
	if len(h.order) > maxRemembered {
		oldest := h.order[0]
		h.order = slices.Delete(h.order, 0, 1)
		delete(h.ids, oldest.ID)
		if oldest.Timestamp.After(h.forgotten) {
			h.forgotten = oldest.Timestamp.Time
		}
	}
	return true
}

// fresh notes messages and returns the new ones.
func (h *heardMessages) fresh(messages []wire.Message) (told []Event) {
	for _, m := range messages {
		if h.add(m) {
			told = append(told, Message(m))
		}
	}
	return told
}

// missed returns those of the persisted messages that came after the last one told. All are, where none of them was.
func (h *heardMessages) missed(persisted []wire.Message) []wire.Message {
	for i, m := range slices.Backward(persisted) {
		if h.ids[m.ID] || !m.Timestamp.After(h.forgotten) {
			return persisted[i+1:]
		}
	}
	return persisted
}
