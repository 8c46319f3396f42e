package sdk

import (
	"context"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// DataMessage is the event of a message that another participant has sent with Send.
type DataMessage struct {
	Payload   []byte        `json:"payload"`
	Text      bool          `json:"text"` // it was sent as text
	From      string        `json:"from"`
	Timestamp fault.Instant `json:"timestamp"` // when the server got it
	Reliable  bool          `json:"reliable"`
}

// EventName returns "data".
func (DataMessage) EventName() string { return "data" }

// SendOptions of Meeting.Send.
type SendOptions struct {
	Unreliable bool // sent once, and not in order: a lost message stays lost
	Text       bool // browsers get it as a string; it must be UTF-8
}

// The data channels, as docs/protocol.md has them, and what may wait in them.
const (
	reliableChannel = iota
	unreliableChannel
	dataChannelCount

	maxReliableWaiting   = 1 << 20
	maxUnreliableWaiting = 64 << 10
	dataOpenTimeout      = 10 * time.Second
)

var dataLabels = [dataChannelCount]string{"reliable", "unreliable"}

// Send sends a message of at most 15 KiB to everybody else in the meeting who receives data messages (see
// Options.ReceiveData). It returns when the message is on its way; false without an error means that an unreliable one
// was dropped because too much waits. Errors are 3048, 3066, 3068 and 3070.
func (m *Meeting) Send(ctx context.Context, payload []byte, options SendOptions) (sent bool, err error) {
	const method = "send"
	release, f := m.use(method)
	if f != nil {
		return false, m.fail(f)
	}
	defer release()
	if mode := m.Mode(); mode != SendAndRecv {
		return false, m.fail(fault.ActionNotSupportedInModeMode(method, string(mode), string(SendAndRecv)))
	}
	if len(payload) > wire.MaxDataBytes {
		return false, m.fail(fault.ActionNotSupportedPayloadTooLarge(method, int64(len(payload)), wire.MaxDataBytes))
	}
	channel, limit := reliableChannel, uint64(maxReliableWaiting)
	if options.Unreliable {
		channel, limit = unreliableChannel, maxUnreliableWaiting
	}
	open, err := m.data.channel(ctx, channel)
	if err != nil {
		return false, m.fail(asFault(method, err))
	}
	if waiting := open.BufferedAmount(); waiting+uint64(len(payload)) > limit {
		if options.Unreliable {
			return false, nil
		}
		return false, m.fail(fault.SendFailedBufferFull(int64(waiting), int(limit)))
	}
	if options.Text {
		err = open.SendText(string(payload))
	} else {
		err = open.Send(payload)
	}
	if err != nil {
		return false, m.fail(fault.SendFailedChannelRefused(err.Error()).Because(err))
	}
	return true, nil
}

// dataChannels are the data channels of the receiving connection. They are asked for when they are needed first.
// Shape: mutex.
type dataChannels struct {
	meeting *Meeting

	mu      sync.Mutex // guards everything below
	pc      *webrtc.PeerConnection
	open    [dataChannelCount]*webrtc.DataChannel // nil: not open
	asked   bool
	changes chan struct{} // closed when something above changes
}

func newDataChannels(m *Meeting) *dataChannels {
	return &dataChannels{meeting: m, changes: make(chan struct{})}
}

// changedLocked wakes those who wait for a channel.
func (d *dataChannels) changedLocked() {
	close(d.changes)
	d.changes = make(chan struct{})
}

// started is told when somebody in the session has opened data channels.
func (d *dataChannels) started() {
	m := d.meeting
	if !m.opts.ReceiveData || m.Mode() == SignallingOnly {
		return
	}
	m.spawn(func() {
		ctx, cancel := context.WithTimeout(m.ctx, m.opts.RequestTimeout)
		defer cancel()
		if f := fault.From(d.ask(ctx)); f != nil && !f.Unanswered() && m.ctx.Err() == nil {
			_ = m.fail(f)
		}
	})
}

// ask asks the server for data channels, once for each session.
func (d *dataChannels) ask(ctx context.Context) error {
	d.mu.Lock()
	asked := d.asked
	d.asked = true
	d.mu.Unlock()
	if asked {
		return nil
	}
	err := d.meeting.link.call(ctx, "send", wire.MethodOpenData, struct{}{}, nil)
	if err != nil {
		d.mu.Lock()
		d.asked = false
		d.mu.Unlock()
	}
	return err
}

// channel returns a channel when it is open.
func (d *dataChannels) channel(ctx context.Context, channel int) (*webrtc.DataChannel, error) {
	began := time.Now()
	timeout := time.NewTimer(dataOpenTimeout)
	defer timeout.Stop()
	for {
		d.mu.Lock()
		open, changes, pc := d.open[channel], d.changes, d.pc
		d.mu.Unlock()
		if open != nil {
			return open, nil
		}
		if err := d.ask(ctx); err != nil {
			return nil, err
		}
		select {
		case <-changes:
		case <-timeout.C:
			state := "not offered yet"
			if pc != nil {
				state = pc.ConnectionState().String()
			}
			return nil, fault.MediaNotReadyDataChannelPending(time.Since(began), state)
		case <-d.meeting.ctx.Done():
			return nil, fault.OperationAbortedLeft("send")
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// attach adds the channels to the connection of an offer that has a section for data.
func (d *dataChannels) attach(pc *webrtc.PeerConnection) error {
	d.mu.Lock()
	same := d.pc == pc
	if !same {
		d.pc, d.open = pc, [dataChannelCount]*webrtc.DataChannel{}
		d.changedLocked()
	}
	d.mu.Unlock()
	if same {
		return nil
	}
	for id := range uint16(dataChannelCount) {
		negotiated, ordered := true, id == reliableChannel
		init := &webrtc.DataChannelInit{ID: &id, Negotiated: &negotiated, Ordered: &ordered}
		if id == unreliableChannel {
			init.MaxRetransmits = new(uint16)
		}
		channel, err := pc.CreateDataChannel(dataLabels[id], init)
		if err != nil {
			return err
		}
		channel.OnMessage(func(message webrtc.DataChannelMessage) {
			if e, ok := readData(message.Data, id == reliableChannel); ok {
				d.meeting.events.emit(e)
			}
		})
		channel.OnOpen(func() { d.set(pc, int(id), channel) })
		channel.OnClose(func() { d.set(pc, int(id), nil) })
	}
	return nil
}

func (d *dataChannels) set(pc *webrtc.PeerConnection, id int, channel *webrtc.DataChannel) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.pc == pc {
		d.open[id] = channel
		d.changedLocked()
	}
}

// detach is told when a connection is given up; the next one has channels of its own.
func (d *dataChannels) detach() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pc, d.open = nil, [dataChannelCount]*webrtc.DataChannel{}
	d.changedLocked()
}

// forget is told when the server has lost the session.
func (d *dataChannels) forget() {
	d.mu.Lock()
	d.asked = false
	d.mu.Unlock()
	d.detach()
}

// offersData reports whether an offer has a section for data.
func offersData(description string) bool { return strings.Contains(description, "\nm=application ") }

// The forms of a message of the server.
const (
	dataBinary = 1
	dataText   = 2
	dataHeader = 10
)

// readData reads a message of the server, as docs/protocol.md has it; false for one of a newer server.
func readData(frame []byte, reliable bool) (DataMessage, bool) {
	if len(frame) < dataHeader || frame[0] != dataBinary && frame[0] != dataText {
		return DataMessage{}, false
	}
	rest := frame[dataHeader:]
	id := int(frame[9])
	if id > len(rest) {
		return DataMessage{}, false
	}
	return DataMessage{
		Payload: slices.Clone(rest[id:]), Text: frame[0] == dataText, From: string(rest[:id]), Reliable: reliable,
		Timestamp: fault.InstantOf(time.UnixMilli(int64(binary.BigEndian.Uint64(frame[1:9]))).UTC()),
	}, true
}
