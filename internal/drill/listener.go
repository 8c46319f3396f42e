package drill

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/rtmp"
)

// listen takes connections on this machine until the drill ends, and serves each with serve. It returns its address.
func (e *environment) listen(serve func(net.Conn)) (address string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	var mu sync.Mutex
	open := map[net.Conn]bool{}
	var served sync.WaitGroup
	served.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return // closed
			}
			_ = conn.SetDeadline(time.Now().Add(e.life)) // else it ends with the drill
			mu.Lock()
			open[conn] = true
			mu.Unlock()
			served.Go(func() {
				_ = guard.Do("a connection of a drill", func() { serve(conn) }) // the client learns it from its own end
				_ = conn.Close()
			})
		}
	})
	e.undo = append(e.undo, func(context.Context) {
		_ = l.Close()
		mu.Lock()
		for conn := range open {
			_ = conn.Close()
		}
		mu.Unlock()
		served.Wait()
	})
	return l.Addr().String(), nil
}

// rtmpServer is how far an RTMP server of a drill goes along with an encoder.
type rtmpServer int

const (
	rejectConnect rtmpServer = iota + 1
	rejectPublish
	takeAll
	breakOff // takes the stream, and closes the connection after the first media
)

// startRTMP starts an RTMP server to which a livestream of the drill's meeting may go.
func (e *environment) startRTMP(how rtmpServer) (address string, err error) {
	address, err = e.listen(func(conn net.Conn) { serveRTMP(rtmp.NewIncoming(conn), how) })
	if err != nil {
		return "", err
	}
	e.ownTarget(address)
	return "rtmp://" + address + "/live", nil
}

func (e *environment) ownTarget(address string) {
	e.targets = append(e.targets, address)
	e.o.Causes.addTarget(address)
}

// serveRTMP returns when the connection is to be closed.
func serveRTMP(in *rtmp.Incoming, how rtmpServer) {
	if in.Handshake() != nil {
		return
	}
	if _, err := in.ReadConnect(); err != nil {
		return
	}
	if how == rejectConnect {
		_ = in.RejectConnect("NetConnection.Connect.Rejected", "This server takes nobody: it is a drill.")
		return
	}
	if in.AcceptConnect() != nil {
		return
	}
	if _, err := in.ReadPublish(); err != nil {
		return
	}
	if how == rejectPublish {
		_ = in.Refuse("NetStream.Publish.BadName", "This server takes no stream key: it is a drill.")
		return
	}
	if in.Start() != nil {
		return
	}
	for n := 0; how != breakOff || n < 20; n++ { // after 20 messages the target is live
		if _, err := in.Next(); err != nil {
			return
		}
	}
}
