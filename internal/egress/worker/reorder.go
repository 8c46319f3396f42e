package worker

import (
	"time"

	"github.com/pion/rtp"

	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/jitter"
	"github.com/klatch/klatch/sdk"
)

const (
	// reorderWait is how long a missing packet is waited for once a later one is there: lost ones are sent again within a
	// round trip or two.
	reorderWait = 200 * time.Millisecond
	// maxPackets wait for a reorderer's goroutine; beyond it they are lost, as on any network.
	maxPackets = 1024
)

// reorderer puts the packets of one stream into order on a goroutine of its own.
type reorderer struct {
	undo    func()
	packets chan *rtp.Packet
	quit    chan struct{}
	done    chan struct{}
}

// packetHandler gets the packets of a reorderer, from its goroutine.
type packetHandler interface {
	handlePacket(p jitter.Packet, now time.Time)
	// handleTimer is called after that, and returns when it must be called again at the latest; zero for never.
	handleTimer(now time.Time) time.Time
}

func startReorderer(s *sdk.Stream, to packetHandler, fail func(error)) *reorderer {
	in := &reorderer{packets: make(chan *rtp.Packet, maxPackets), quit: make(chan struct{}), done: make(chan struct{})}
	go in.run(to, fail)
	in.undo = s.OnRTP(func(p *rtp.Packet) {
		select {
		case in.packets <- p:
		default:
		}
	})
	return in
}

func (in *reorderer) run(to packetHandler, fail func(error)) {
	defer close(in.done)
	defer guard.Recover("the packets of a stream", fail)
	buffer := jitter.New(reorderWait)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		var now time.Time
		select {
		case <-in.quit:
			return
		case p := <-in.packets:
			now = time.Now()
			buffer.Push(p, now)
		case now = <-timer.C:
		}
		for p, ok := buffer.Pop(now); ok; p, ok = buffer.Pop(now) {
			to.handlePacket(p, now)
		}
		next := to.handleTimer(now)
		if late, ok := buffer.Deadline(); ok && (next.IsZero() || late.Before(next)) {
			next = late
		}
		if !next.IsZero() {
			timer.Reset(max(0, next.Sub(now)))
		}
	}
}

// close ends the reorderer and waits for it.
func (in *reorderer) close() {
	in.undo()
	close(in.quit)
	<-in.done
}
