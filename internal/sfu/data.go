package sfu

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/datachannel"
	"github.com/pion/webrtc/v4"
	"golang.org/x/time/rate"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// The data channels of a subscribe connection. Both sides create them with these ids and without an open message, so
// that they cost no round trip of their own (RFC 8832, section 1).
const (
	reliableChannel   = iota // ordered, sent again until it arrives
	unreliableChannel        // unordered, sent once
	dataChannelCount
)

var dataLabels = [dataChannelCount]string{"reliable", "unreliable"}

const (
	// sctpWindow bounds what a client can make the server keep before it is read, of whole and of unfinished messages.
	sctpWindow = 128 << 10
	// maxDataFrame is announced as the largest message; the SDKs send none above wire.MaxDataBytes.
	maxDataFrame = 16 << 10
	// maxReliableWaiting and maxUnreliableWaiting bound what waits for a receiver. Further messages to it are dropped.
	maxReliableWaiting   = 1 << 20
	maxUnreliableWaiting = 64 << 10
	// Reliable messages of the last seconds are kept for channels that are being opened: those who want to hear are told
	// only when the first message is about to be sent.
	maxBacklogBytes = 64 << 10
	maxBacklogAge   = 10 * time.Second
	// dropReportEvery is how often a participant is told that messages are dropped.
	dropReportEvery = 5 * time.Second
	dataBurst       = 2 * time.Second // of the limits that may come at once
	leastDataBurst  = 64 << 10        // bytes: some messages always fit
)

// DataLimits bound data messages, in units per second. 0: no limit.
type DataLimits struct {
	Messages, Bytes               int // of one participant
	MeetingMessages, MeetingBytes int // of all participants of a session
}

// dataBudget bounds messages and their bytes.
type dataBudget struct{ messages, bytes *rate.Limiter }

func newDataBudget(messages, bytes int) *dataBudget {
	limiter := func(perSecond, least int) *rate.Limiter {
		if perSecond == 0 {
			return rate.NewLimiter(rate.Inf, 0)
		}
		return rate.NewLimiter(rate.Limit(perSecond), max(least, perSecond*int(dataBurst/time.Second)))
	}
	return &dataBudget{limiter(messages, 1), limiter(bytes, leastDataBurst)}
}

// wait waits until a message of n bytes fits.
func (b *dataBudget) wait(ctx context.Context, n int) error {
	if err := b.messages.Wait(ctx); err != nil {
		return err
	}
	return b.bytes.WaitN(ctx, n)
}

// take reports whether a message of n bytes fits, and counts it then.
func (b *dataBudget) take(n int) bool {
	now := time.Now()
	return b.messages.AllowN(now, 1) && b.bytes.AllowN(now, n)
}

// dataHub passes the data messages of a session on. Shape: mutex; a message is queued at the receivers while it is
// held, which does not block, so that all of them get the messages in one order.
type dataHub struct {
	mu           sync.Mutex // guards everything below
	budget       *dataBudget
	receivers    []*dataConn
	backlog      []backlogMessage
	backlogBytes int
	seq          uint64 // of the last reliable message
}

// backlogMessage is a reliable message that was sent a moment ago.
type backlogMessage struct {
	seq   uint64
	from  *dataPort
	at    time.Time
	frame []byte
}

// join has a connection receive from now on, after what it has missed.
func (h *dataHub) join(c *dataConn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c.isClosed() {
		return
	}
	h.forget(time.Now())
	for _, m := range h.backlog {
		if m.seq > c.port.delivered && m.at.After(c.port.since) && m.from != c.port {
			c.deliver(reliableChannel, m.frame)
		}
	}
	c.port.delivered = h.seq
	h.receivers = append(h.receivers, c)
}

func (h *dataHub) leave(c *dataConn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.receivers = slices.DeleteFunc(h.receivers, func(other *dataConn) bool { return other == c })
}

// forward passes a message on to all receivers but its sender.
func (h *dataHub) forward(from *dataPort, channel int, frame []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if channel == reliableChannel {
		now := time.Now()
		h.seq++
		h.forget(now)
		h.backlog = append(h.backlog, backlogMessage{h.seq, from, now, frame})
		h.backlogBytes += len(frame)
	}
	for _, c := range h.receivers {
		if c.port == from {
			continue
		}
		if channel == reliableChannel {
			c.port.delivered = h.seq
		}
		c.deliver(channel, frame)
	}
}

// forget drops what the backlog has no room for any more.
func (h *dataHub) forget(now time.Time) {
	n := 0
	for n < len(h.backlog) && (h.backlogBytes > maxBacklogBytes || now.Sub(h.backlog[n].at) > maxBacklogAge) {
		h.backlogBytes -= len(h.backlog[n].frame)
		n++
	}
	h.backlog = slices.Delete(h.backlog, 0, n)
}

// limits returns the budget of all senders together.
func (h *dataHub) limits(l DataLimits) *dataBudget {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.budget == nil {
		h.budget = newDataBudget(l.MeetingMessages, l.MeetingBytes)
	}
	return h.budget
}

// dataPort is a participant as the data messages of its session see it. It is made when the participant first asks for
// data channels, and outlives its connections.
type dataPort struct {
	owner           owner
	hub             *dataHub
	limits          DataLimits
	stats           *counters
	since           time.Time // messages from before the participant came are not for it
	sends, receives atomic.Bool
	misused         atomic.Bool // the client has opened channels of its own: it gets none any more
	delivered       uint64      // the last reliable message that was queued for it; guarded by hub.mu

	mine, all *dataBudget

	overMine, overAll, tooLarge, slow drops
}

func newDataPort(o owner, hub *dataHub, l DataLimits, stats *counters, since time.Time) *dataPort {
	return &dataPort{owner: o, hub: hub, limits: l, stats: stats, since: since,
		mine: newDataBudget(l.Messages, l.Bytes), all: hub.limits(l)}
}

// drops counts dropped messages until they are reported. Shape: mutex.
type drops struct {
	mu   sync.Mutex // guards both
	n    int
	told time.Time
}

// add counts one, and returns how many to report now; 0: none.
func (d *drops) add() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n++
	if now := time.Now(); now.Sub(d.told) >= dropReportEvery {
		n := d.n
		d.n, d.told = 0, now
		return n
	}
	return 0
}

// dropped counts a message and reports it with those before, not too often. It does not block.
func (p *dataPort) dropped(d *drops, report func(n int) *fault.Error) {
	p.stats.dataDropped.Add(1)
	if n := d.add(); n > 0 {
		p.owner.report(report(n))
	}
}

// received takes a message of the participant. A reliable one waits until the limits let it pass, which stops its
// sender; an unreliable one is dropped.
func (p *dataPort) received(ctx context.Context, channel int, text bool, payload []byte) error {
	n := len(payload)
	switch {
	case n > wire.MaxDataBytes:
		p.dropped(&p.tooLarge, func(n int) *fault.Error { return fault.InvalidMessageDataTooLarge(wire.MaxDataBytes, n) })
		return nil
	case !p.sends.Load(): // its mode has changed a moment ago
		p.stats.dataDropped.Add(1)
		return nil
	case channel == reliableChannel:
		if err := p.mine.wait(ctx, n); err != nil {
			return err
		}
		if err := p.all.wait(ctx, n); err != nil {
			return err
		}
	case !p.mine.take(n):
		p.dropped(&p.overMine, func(n int) *fault.Error {
			return fault.RateLimitedDataRate(p.limits.Messages, p.limits.Bytes, n)
		})
		return nil
	case !p.all.take(n):
		p.dropped(&p.overAll, func(n int) *fault.Error {
			return fault.RateLimitedMeetingDataRate(p.limits.MeetingMessages, p.limits.MeetingBytes, n)
		})
		return nil
	}
	p.stats.dataMessages.Add(1)
	p.hub.forward(p, channel, dataFrame(p.owner.ref.ParticipantID, text, payload, time.Now()))
	return nil
}

// The forms of a message.
const (
	dataBinary = 1
	dataText   = 2
	dataHeader = 10
)

// dataFrame returns a message as receivers get it: a byte with the form of the payload, the time of receipt in ms since
// 1970 in 8 bytes, the length of the sender's id in one byte, the id, and the payload. See docs/protocol.md.
func dataFrame(from string, text bool, payload []byte, at time.Time) []byte {
	frame := make([]byte, 0, dataHeader+len(from)+len(payload))
	form := byte(dataBinary)
	if text {
		form = dataText
	}
	frame = append(frame, form)
	frame = binary.BigEndian.AppendUint64(frame, uint64(at.UnixMilli()))
	frame = append(frame, byte(len(from))) // at most wire.MaxIDBytes
	frame = append(frame, from...)
	return append(frame, payload...)
}

// dataConn is the data channels of one subscribe connection. Shape: mutex.
type dataConn struct {
	port   *dataPort
	sctp   *sctpGuard
	ctx    context.Context
	cancel context.CancelFunc
	loops  *loops

	mu     sync.Mutex // guards everything below
	open   [dataChannelCount]dataStream
	closed bool
}

// dataStream is a data channel that is open.
type dataStream interface {
	datachannel.ReadWriteCloser
	BufferedAmount() uint64
}

// newDataConn adds data channels to a connection. They open when the client has answered the next offer.
func newDataConn(
	ctx context.Context, sv *services, pc *webrtc.PeerConnection, transport *rtpTransport, port *dataPort, misused func(),
) (*dataConn, error) {
	c := &dataConn{port: port, loops: sv.loops}
	c.ctx, c.cancel = context.WithCancel(ctx)
	end := func(f *fault.Error) {
		defer port.owner.guard("a data channel")
		if c.ctx.Err() == nil && !port.misused.Swap(true) {
			port.owner.report(f)
			misused()
		}
	}
	misuse := func(label string) { end(fault.InvalidMessageDataChannels(label)) }
	c.sctp = newSCTPGuard(func() {
		sv.loops.start(func() { end(fault.RateLimitedDataOverhead(sctpOverheadBurst, sctpOverheadPerSecond)) })
	})
	transport.application.guard.Store(c.sctp)
	pc.OnDataChannel(func(dc *webrtc.DataChannel) { misuse(fmt.Sprintf("%.40q", dc.Label())) })
	pc.SCTP().OnError(func(error) { misuse("whose open message cannot be read") })
	for id := range uint16(dataChannelCount) {
		negotiated, ordered := true, id == reliableChannel
		init := &webrtc.DataChannelInit{ID: &id, Negotiated: &negotiated, Ordered: &ordered}
		if id == unreliableChannel {
			init.MaxRetransmits = new(uint16)
		}
		dc, err := pc.CreateDataChannel(dataLabels[id], init)
		if err != nil {
			return nil, errSubscribe("add a data channel", err)
		}
		dc.OnOpen(func() { c.opened(int(id), dc) })
	}
	return c, nil
}

// opened begins to read from a channel; when the last one is open the connection receives.
func (c *dataConn) opened(channel int, dc *webrtc.DataChannel) {
	defer c.port.owner.guard("a data channel")
	raw, err := dc.Detach()
	if err != nil {
		return // it was closed meanwhile
	}
	stream, ok := raw.(dataStream)
	if !ok {
		return
	}
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return
	}
	c.open[channel] = stream
	joins := !slices.Contains(c.open[:], nil)
	c.mu.Unlock()
	if joins {
		c.port.hub.join(c)
	}
	c.loops.start(func() { c.read(channel, stream) })
}

// read takes the messages of the client until the connection ends.
func (c *dataConn) read(channel int, stream dataStream) {
	defer c.port.owner.guard("a data channel")
	small := make([]byte, wire.MaxDataBytes)
	buffer := small
	for {
		n, text, err := stream.ReadDataChannel(buffer)
		if errors.Is(err, io.ErrShortBuffer) && len(buffer) < 2*sctpWindow {
			buffer = make([]byte, 2*sctpWindow) // read it whole to be rid of it
			continue
		}
		if err == nil {
			c.sctp.read(n)
		}
		if err != nil || c.port.received(c.ctx, channel, text, buffer[:n]) != nil {
			return
		}
		buffer = small
	}
}

// deliver queues a message for the client, or drops it where too much waits. It does not block.
func (c *dataConn) deliver(channel int, frame []byte) {
	if !c.port.receives.Load() {
		return
	}
	c.mu.Lock()
	stream := c.open[channel]
	c.mu.Unlock()
	if stream == nil {
		return
	}
	waiting := stream.BufferedAmount() + uint64(len(frame))
	switch {
	case channel == unreliableChannel && waiting > maxUnreliableWaiting:
		c.port.stats.dataDropped.Add(1)
	case channel == reliableChannel && waiting > maxReliableWaiting:
		c.port.dropped(&c.port.slow, func(n int) *fault.Error {
			return fault.RateLimitedDataSlowReceiver(maxReliableWaiting, n)
		})
	default:
		c.sctp.delivered(len(frame))
		_, _ = stream.WriteDataChannel(frame, false) // an error means that the connection is going down
	}
}

func (c *dataConn) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// close ends the connection's part in the session. The channels end with the peer connection.
func (c *dataConn) close() {
	c.cancel()
	c.mu.Lock()
	c.closed = true
	c.open = [dataChannelCount]dataStream{}
	c.mu.Unlock()
	c.port.hub.leave(c)
}
