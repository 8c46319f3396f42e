package sfu

import "time"

// unheardAfter is how long nothing comes from a publisher until it is silent. What sends media sends some packets a
// second, reports included, and checks its path every 2.5 s or more often.
const unheardAfter = 3500 * time.Millisecond

// arrival notices that nothing comes any more from a peer that publishes: no media, no report, no check of the path. A
// connection that has never worked is not silent.
type arrival struct {
	conn   *upConn
	count  uint64    // packets of conn
	heard  time.Time // zero: nothing has come yet
	looked time.Time // last
	silent bool
}

// look compares what has come over a connection, nil for none, and reports whether silent has changed.
func (a *arrival) look(conn *upConn, now time.Time, streams streamsOf) (changed bool) {
	before := a.silent
	if late := now.Sub(a.looked); late > time.Second && !a.heard.IsZero() {
		a.heard = a.heard.Add(late) // the server had no time to look, nor to receive
	}
	a.looked = now
	switch {
	case conn == nil:
		*a = arrival{}
	case conn != a.conn:
		a.conn, a.count = conn, 0
		fallthrough
	default:
		switch count := conn.rtp.received.Load(); {
		case count != a.count:
			a.count, a.heard, a.silent = count, now, false
		case a.heard.IsZero() || now.Sub(a.heard) < unheardAfter:
		case streams.on():
			a.silent = true
		default:
			a.heard, a.silent = now, false
		}
	}
	return a.silent != before
}
