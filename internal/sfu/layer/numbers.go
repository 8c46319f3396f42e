package layer

// numbers maps the numbers of a source to continuous ones: what is left out gets none. A number that has not come keeps
// its place, because it may still come and be sent.
type numbers struct {
	begun   bool
	first   uint16 // source number with which it began
	newest  uint16 // highest source number
	offset  uint16 // of the next: its number minus the source's
	entries []number
}

type number struct {
	source, out uint16
	state       state
}

// state is what became of a number.
type state uint8

const (
	free     state = iota
	reserved       // it has not come
	sent           // it came and was sent
	left           // it came and was left out, or would be
	filled         // it came late, was left out, and padding was sent in its place
)

// begin starts with a source number, which becomes out. It remembers so many numbers, a power of two.
func (n *numbers) begin(source, out uint16, size int) {
	if n.entries == nil {
		n.entries = make([]number, size)
	}
	n.begun, n.first, n.newest, n.offset = true, source, source-1, out-source
	clear(n.entries)
}

// reach makes source the newest number, and reports whether it is one. What lies between has its place reserved, or is
// left out.
func (n *numbers) reach(source uint16, leaveOut bool) bool {
	ahead := source - n.newest
	if int16(ahead) <= 0 {
		return false
	}
	size := uint16(len(n.entries))
	if leaveOut {
		n.offset -= ahead - 1
	}
	for s := source - min(ahead-1, size); s != source; s++ {
		e := &n.entries[s&(size-1)]
		*e = number{s, s + n.offset, reserved}
		if leaveOut {
			e.state = left
		}
	}
	n.newest = source
	if n.newest-n.first > size {
		n.first = n.newest - size // what is older is forgotten
	}
	return true
}

// put notes what becomes of the newest number, and returns its number.
func (n *numbers) put(forward bool) uint16 {
	e := &n.entries[n.newest&uint16(len(n.entries)-1)]
	*e = number{n.newest, n.newest + n.offset, sent}
	if !forward {
		e.state = left
		n.offset--
	}
	return e.out
}

// find returns what is known of a number that is not newer than the newest, nil for nothing.
func (n *numbers) find(source uint16) *number {
	e := &n.entries[source&uint16(len(n.entries)-1)]
	if e.source != source || e.state == free || int16(source-n.first) < 0 {
		return nil
	}
	return e
}
