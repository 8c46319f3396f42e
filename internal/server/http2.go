package server

import (
	"net/http"
	"time"

	"github.com/klatch/klatch/fault"
)

const (
	// streamsPerAddress and allStreams bound the HTTP/2 requests that are being served. Past them the connection of the
	// one that has made no progress for longest is closed: a class that loads the page over one slow line makes some.
	// Requests for HLS and files count only when refused: each of their players waits for the next playlist all the time.
	streamsPerAddress = 300
	allStreams        = 2000
	// maxStreams bounds the requests at once on a connection; a page or a player needs fewer.
	maxStreams = 50
	// takesNoAnswer is how long a write to an HTTP/2 stream may wait.
	takesNoAnswer = 30 * time.Second
	// closeRefused is how long an HTTP/2 connection stays open after a request of it was refused, so that the refusal
	// arrives.
	closeRefused = time.Second
)

// http2Limits bounds what one connection of HTTP/2 may make the server keep. Over plain HTTP there is no HTTP/2.
func http2Limits() *http.HTTP2Config {
	return &http.HTTP2Config{
		MaxConcurrentStreams:          maxStreams,
		MaxReadFrameSize:              16 << 10,
		MaxReceiveBufferPerStream:     32 << 10,
		MaxReceiveBufferPerConnection: 64 << 10,
		MaxDecoderHeaderTableSize:     4 << 10,
		MaxEncoderHeaderTableSize:     4 << 10,
		SendPingTimeout:               30 * time.Second, // a peer that is gone without a word
		WriteByteTimeout:              takesNoAnswer,
	}
}

// stream is a request over HTTP/2 that is being served. Its methods do nothing for nil.
type stream struct{ conn *clientConn }

// open aborts the request of a connection that is being closed. One that goes on with requests is closed at once: the
// peer has been told to send none (GOAWAY).
func (s *stream) open() {
	if !s.conn.ending.Load() {
		return
	}
	if s.conn.late.Add(1) > maxStreams {
		_ = s.conn.Close()
	}
	panic(http.ErrAbortHandler)
}

// begin counts the stream, and closes the connection of the one without progress for longest when there are too many.
func (s *stream) begin() {
	if s == nil {
		return
	}
	l := s.conn.listener
	l.mu.Lock()
	l.streams.Add(s.conn.network, s)
	victim, tooMany := l.streams.PastBound(s.conn.network, streamsPerAddress, allStreams)
	if tooMany {
		l.streams.Remove(victim)
	}
	l.mu.Unlock()
	if tooMany {
		victim.conn.refuse(fault.RateLimitedAddressConnections(s.conn.network.Addr().String(), streamsPerAddress))
	}
}

// progressed notes that a part of the answer was taken.
func (s *stream) progressed() {
	if s == nil {
		return
	}
	l := s.conn.listener
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.streams.Remove(s) {
		l.streams.Add(s.conn.network, s)
	}
}

// end must be called when the stream has been served.
func (s *stream) end() {
	if s == nil {
		return
	}
	l := s.conn.listener
	l.mu.Lock()
	defer l.mu.Unlock()
	l.streams.Remove(s)
}

// refused closes the connection soon. Further requests on it get no answer.
func (s *stream) refused() {
	if s != nil && !s.conn.ending.Swap(true) {
		time.AfterFunc(closeRefused, func() { _ = s.conn.Close() })
	}
}
