package sfu

import "sync/atomic"

// counters are written on the packet path.
type counters struct {
	packetsIn, bytesIn   atomic.Uint64
	packetsOut, bytesOut atomic.Uint64
	resent               atomic.Uint64
	nacksIn, nacksOut    atomic.Uint64
	plisIn, plisOut      atomic.Uint64
	attached             atomic.Uint64

	dataMessages, dataDropped atomic.Uint64
}

// Stats is a snapshot of the SFU's counters since its start, and of what there is now.
type Stats struct {
	PacketsIn, BytesIn   uint64 // RTP received, retransmissions included
	PacketsOut, BytesOut uint64 // RTP sent to subscribers, payload bytes
	Dropped              uint64 // packets that the kernel or a slow TCP connection had no room for
	Refused              uint64 // STUN requests and TCP connections that proved no password, or came too often
	Overflowed           uint64 // packets of clients that send more than their connection takes
	Resent               uint64 // retransmissions to subscribers, part of PacketsOut
	NACKsIn, NACKsOut    uint64 // packets asked for by subscribers, and by us
	PLIsIn, PLIsOut      uint64
	DataMessages         uint64 // data messages of clients that were passed on
	DataDropped          uint64 // data messages that were not, counted per receiver where one was too slow

	Sessions    int
	Peers       int
	Streams     int // published and announced
	Subscribers int // streams that somebody receives, counted per receiver
}

// Stats returns the present figures.
func (s *SFU) Stats() Stats {
	c := s.stats
	st := Stats{
		PacketsIn: c.packetsIn.Load(), BytesIn: c.bytesIn.Load(),
		PacketsOut: c.packetsOut.Load(), BytesOut: c.bytesOut.Load(),
		Dropped: s.ports.udp.Stats().Dropped, Refused: s.ports.udpMux.refused.Load(),
		Overflowed: s.ports.udpMux.overflow.Load(),
		Resent:     c.resent.Load(),
		NACKsIn:    c.nacksIn.Load(), NACKsOut: c.nacksOut.Load(), PLIsIn: c.plisIn.Load(), PLIsOut: c.plisOut.Load(),
		DataMessages: c.dataMessages.Load(), DataDropped: c.dataDropped.Load(),
	}
	if m := s.ports.tcpMux; m != nil {
		st.Dropped += m.dropped.Load()
		st.Refused += m.refused.Load()
		st.Overflowed += m.overflow.Load()
	}
	for _, ses := range s.allSessions() {
		st.Sessions++
		ses.mu.RLock()
		for _, p := range ses.peers {
			st.Peers++
			for _, stream := range p.streams {
				if stream.announced() {
					st.Streams++
					st.Subscribers += len(*stream.sinks.Load())
				}
			}
		}
		ses.mu.RUnlock()
	}
	return st
}
