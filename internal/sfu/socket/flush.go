package socket

import "time"

// A message is at most that many packets, and that many bytes: UDP_MAX_SEGMENTS of the first kernels that know
// segments, and what fits into a datagram.
const (
	maxSegments     = 64
	maxMessageBytes = 60000
	maxMessages     = 64 // of one system call
)

// message is packets for one destination that the kernel takes together: all of one size, but for the last one, which
// may be shorter.
type message struct {
	to      *Destination
	packets []*Packet
}

// flusher sends what is queued. One goroutine at a time uses it.
type flusher struct {
	destinations []*Destination
	refused      []bool // the message of several packets to that destination
	packets      []*Packet
	messages     []message
	of           []int // messages -> index in destinations
	vectors
}

// A flusher is kept, with what it has grown to, but not more of it than this.
const keptPackets = 4 * maxQueued

func newFlusher() *flusher { return &flusher{packets: make([]*Packet, 0, maxQueued)} }

// flush sends what is queued, and what is queued meanwhile for the destinations that it sends to.
func (c *Conn) flush(e *endpoint) {
	if c.queued.Load() == 0 {
		return
	}
	f := c.flushers.Get().(*flusher)
	for c.takeReady(f) {
		c.sendReady(e, f)
	}
	if cap(f.packets) <= keptPackets {
		c.flushers.Put(f)
	}
}

// takeReady moves the destinations that have packets into the flusher.
func (c *Conn) takeReady(f *flusher) bool {
	c.scheduled.Lock()
	defer c.scheduled.Unlock()
	f.destinations, c.ready = c.ready, f.destinations[:0]
	return len(f.destinations) > 0
}

func (c *Conn) sendReady(e *endpoint, f *flusher) {
	f.collect(c.segments.Load())
	if n := len(f.packets); n > 0 {
		c.queued.Add(int32(-n))
		e.open.RLock()
		if !e.closed && (c.Serves == nil || c.Serves(time.Now())) {
			c.send(e, f)
		}
		e.open.RUnlock()
	}
	for i, p := range f.packets {
		f.packets[i] = nil
		p.Discard()
	}
	for i, d := range f.destinations {
		f.destinations[i] = nil
		if d.sent(f.refused[i]) {
			c.schedule(d)
		}
	}
	f.destinations = f.destinations[:0]
}

// collect takes the packets of all destinations and makes messages of them.
func (f *flusher) collect(segments bool) {
	f.packets, f.messages, f.of, f.refused = f.packets[:0], f.messages[:0], f.of[:0], f.refused[:0]
	for i, d := range f.destinations {
		first, single := d.take()
		from := len(f.packets)
		for p := first; p != nil; p = p.next {
			f.packets = append(f.packets, p)
		}
		f.refused = append(f.refused, false)
		most := maxSegments
		if single || !segments {
			most = 1
		}
		for at := from; at < len(f.packets); {
			n := group(f.packets[at:], most)
			f.messages = append(f.messages, message{to: d, packets: f.packets[at : at+n]})
			f.of = append(f.of, i)
			at += n
		}
	}
}

// group returns how many of the packets, from the first one on, can be one message of at most that many.
func group(packets []*Packet, most int) int {
	size, total := packets[0].size, packets[0].size
	for n := 1; n < min(len(packets), most); n++ {
		next := packets[n].size
		total += next
		if next > size || total > maxMessageBytes {
			return n
		}
		if next < size {
			return n + 1
		}
	}
	return min(len(packets), most)
}
