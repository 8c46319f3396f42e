package signal

import (
	"strconv"

	"github.com/klatch/klatch/internal/wire"
)

// message is a frame on its way out: an answer, or an event with its number, whose data it may share with the sessions
// of others.
type message struct {
	answer []byte
	seq    int64
	event  *wire.Encoded
}

// eventOverhead is at least what an event takes besides its name and data.
const eventOverhead = 90

func sizeOf(event *wire.Encoded) int { return eventOverhead + len(event.Name) + len(event.Data) }

func (m message) size() int {
	if m.event == nil {
		return len(m.answer)
	}
	return sizeOf(m.event)
}

// frame returns the bytes of the message: a wire.Notification for an event.
func (m message) frame() []byte {
	if m.event == nil {
		return m.answer
	}
	b := append(make([]byte, 0, m.size()), `{"jsonrpc":"2.0","method":"event","params":{"seq":`...)
	b = strconv.AppendInt(b, m.seq, 10)
	b = append(b, `,"name":`...)
	b = strconv.AppendQuote(b, m.event.Name) // of letters and hyphens, which JSON quotes likewise
	b = append(b, `,"data":`...)
	b = append(b, m.event.Data...)
	return append(b, "}}"...)
}
