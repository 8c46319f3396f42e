package signal

import "crypto/sha256"

// secretKey is the SHA-256 of a session secret. Sessions are found by it, so that neither the time nor the
// order of a comparison says anything about the secret.
type secretKey [sha256.Size]byte

func keyOf(secret string) secretKey { return sha256.Sum256([]byte(secret)) }

// maxKeys bounds how many secrets of one session are remembered. An older one is a wrong secret like any other.
const maxKeys = 64

// secrets of one session, of which exactly one or two can resume it. Every resume hands out a new one. The one it was
// made with stays good until the client has confirmed the new one, by a request on the new socket or by a resume with
// it: an answer that was lost on the way must not lock the client out. Any other secret that was ever handed out shows
// that two hold secrets of this session, and from then on none can resume it. The session's mutex guards it.
//
// Of a session that another node began nothing is known: the first secret that comes is the current one. Until the
// client has confirmed one of this server it is told the state of the meeting, for it may not have read it.
type secrets struct {
	current secretKey
	next    secretKey // handed out by the last resume; the zero key: confirmed
	nextOn  *conn     // the socket on which it was handed out
	open    bool      // none has come yet of a session that another node began
	foreign bool      // current was made by another node
	reused  bool
}

// take reports whether a secret that belongs to this session can resume it, and confirms it if it is the newest.
func (s *secrets) take(key secretKey) bool {
	switch {
	case s.reused:
	case s.open:
		s.current, s.open, s.foreign = key, false, true
	case s.next != secretKey{} && key == s.next:
		s.current, s.foreign = s.next, false
		s.next, s.nextOn = secretKey{}, nil
	case key != s.current:
		s.reused = true
	}
	return !s.reused
}

// offer notes the secret that goes out with the answer to a resume on a socket.
func (s *secrets) offer(key secretKey, on *conn) { s.next, s.nextOn = key, on }

// confirm notes that a request came on a socket: its client has read the answer to its resume.
func (s *secrets) confirm(on *conn) {
	if s.nextOn == on && on != nil {
		s.take(s.next)
	}
}
