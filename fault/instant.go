package fault

import (
	"encoding/json"
	"time"
)

// Instant is a time as everything outside this program has it, faults, REST, the protocol and webhooks: RFC 3339 in
// UTC, always with three digits of a second. It is read from every RFC 3339 text.
type Instant struct{ time.Time }

// InstantOf returns t as an Instant.
func InstantOf(t time.Time) Instant { return Instant{Time: t} }

// InstantOrNull returns nil for the zero time, which JSON has as null.
func InstantOrNull(t time.Time) *Instant {
	if t.IsZero() {
		return nil
	}
	return new(InstantOf(t))
}

// now returns the time of now as faults have it, to the millisecond.
func now() Instant { return InstantOf(time.Now().UTC().Truncate(time.Millisecond)) }

// String returns the text.
func (i Instant) String() string { return i.UTC().Format("2006-01-02T15:04:05.000Z") }

// MarshalText implements encoding.TextMarshaler.
func (i Instant) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// AppendText implements encoding.TextAppender.
func (i Instant) AppendText(b []byte) ([]byte, error) { return append(b, i.String()...), nil }

// MarshalJSON implements json.Marshaler.
func (i Instant) MarshalJSON() ([]byte, error) { return json.Marshal(i.String()) }
