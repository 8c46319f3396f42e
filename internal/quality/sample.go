// Package quality keeps how well media flows: what the server and the client of each participant measure, one sample
// every few seconds. It packs samples for the store, makes series of them, and scores them from 0 to 10.
//
// The Collector asks the media part, takes the reports of clients, and gives full minutes to the store; REST makes
// series of what the store has. Nothing here waits for a meeting and no meeting waits for it.
package quality

import (
	"time"

	"github.com/klatch/klatch/internal/wire"
)

// Field is one value of an entry. Its number is part of what the store keeps: add at the end.
type Field uint8

// Fields of a stream. Those from ServerBitrate on are the server's, the others the client's.
const (
	Streams Field = iota // that carried packets
	Bitrate              // kbit/s
	Packets
	Lost
	Jitter // in 0.1 ms, as all times here but FrozenMs
	RTT
	FrameRate // in 0.1 per second
	Width
	Height
	Limitation // index in wire.Limitations
	Freezes
	FrozenMs
	Concealed // in 0.001
	Layer     // 0 is the smallest
	ServerBitrate
	ServerPackets
	ServerLost
	ServerJitter
	NACKs
	KeyFrames // asked for
	ServerWidth
	ServerHeight
	ServerLayer // received: as Layer; sent: encodings that come
	ServerStreams
)

// Fields of the path.
const (
	PathCandidate Field = iota // index in wire.CandidateTypes
	PathProtocol
	PathNetwork
	PathRTT
	PathAvailable // kbit/s that the client may send, by its own estimate
	PathEstimate  // kbit/s that the client can be sent, by the server's
	PathServerRTT // to the client, from its receiver reports
	PathCamera    // index in wire.DeviceCategories
	PathMicrophone
	PathDuration // of the sample, in 0.1 s
)

const fields = 32

// Entry is what one sample has of a stream or of the path. The zero value has nothing.
type Entry struct {
	Key    Key
	values [fields]uint32 // plus 1; 0: not measured
}

// Key names what an entry is about: all streams of a kind in one direction, or the path.
type Key uint8

// PathKey is the key of the path.
const PathKey Key = 0

// KeyOf returns the key of a stream.
func KeyOf(d wire.Direction, kind wire.Kind) Key {
	for i, k := range wire.Kinds {
		if k == kind && d == wire.Send {
			return Key(1 + i)
		} else if k == kind {
			return Key(1 + len(wire.Kinds) + i)
		}
	}
	return PathKey
}

// Stream returns what a key of a stream names.
func (k Key) Stream() (wire.Direction, wire.Kind) {
	n := len(wire.Kinds)
	if int(k) <= n {
		return wire.Send, wire.Kinds[k-1]
	}
	return wire.Recv, wire.Kinds[int(k)-1-n]
}

// keys is how many keys there are.
const keys = 1 + 2*4

// Set sets a field. A value that does not fit becomes the largest that does, and a negative one 0.
func (e *Entry) Set(f Field, value float64) {
	switch {
	case !(value > 0): // NaN too
		e.values[f] = 1
	case value >= maxValue:
		e.values[f] = maxValue + 1
	default:
		e.values[f] = uint32(value+0.5) + 1
	}
}

const maxValue = 1 << 30

// Get returns a field, and whether it was measured.
func (e *Entry) Get(f Field) (value float64, ok bool) {
	if v := e.values[f]; v > 0 {
		return float64(v - 1), true
	}
	return 0, false
}

// Sample is what was measured of a participant at one time.
type Sample struct {
	At      time.Time // when it ended; whole milliseconds
	Entries []Entry   // with different keys
}

// Entry returns the entry of a key; nil: there is none.
func (s *Sample) Entry(key Key) *Entry {
	for i := range s.Entries {
		if s.Entries[i].Key == key {
			return &s.Entries[i]
		}
	}
	return nil
}

// at returns the entry of a key, made if it is not there.
func (s *Sample) at(key Key) *Entry {
	if e := s.Entry(key); e != nil {
		return e
	}
	s.Entries = append(s.Entries, Entry{Key: key})
	return &s.Entries[len(s.Entries)-1]
}

// Seconds returns what the sample is of.
func (s *Sample) Seconds() float64 {
	if path := s.Entry(PathKey); path != nil {
		if tenths, ok := path.Get(PathDuration); ok && tenths > 0 {
			return tenths / 10
		}
	}
	return 10
}

// Row is the samples of about a minute of one participant, as the store keeps them.
type Row struct {
	SessionID, ParticipantID string
	At                       time.Time // of the first sample
	Packed                   []byte
}

// addMedia adds what the media part has measured in so many seconds.
func (s *Sample) addMedia(m wire.MediaMeasure, seconds float64) {
	for _, one := range m.Streams {
		e := s.at(KeyOf(one.Direction, one.Kind))
		e.Set(ServerStreams, float64(one.Streams))
		e.Set(ServerBitrate, float64(one.Bytes)*8/1000/seconds)
		e.Set(ServerPackets, float64(one.Packets))
		e.Set(ServerLost, float64(one.Lost))
		e.Set(ServerJitter, tenths(one.Jitter))
		e.Set(NACKs, float64(one.NACKs))
		e.Set(KeyFrames, float64(one.KeyFrames))
		if one.Width > 0 && one.Height > 0 {
			e.Set(ServerWidth, float64(one.Width))
			e.Set(ServerHeight, float64(one.Height))
		}
		switch {
		case one.Layer > 0 && one.Direction == wire.Recv:
			e.Set(ServerLayer, float64(one.Layer-1))
		case one.Layer > 0:
			e.Set(ServerLayer, float64(one.Layer))
		}
	}
	if m.EstimateBps > 0 {
		s.at(PathKey).Set(PathEstimate, float64(m.EstimateBps)/1000)
	}
	if m.RTT > 0 {
		s.at(PathKey).Set(PathServerRTT, tenths(m.RTT))
	}
}

func tenths(d time.Duration) float64 { return float64(d) / float64(time.Millisecond/10) }

// addReport adds what a client has reported. Its shape was checked.
func (s *Sample) addReport(p wire.StatsParams) {
	for _, one := range p.Streams {
		e := s.at(KeyOf(one.Direction, one.Kind))
		e.Set(Streams, float64(one.Streams))
		e.Set(Bitrate, float64(one.BitrateBps)/1000)
		e.Set(Packets, float64(one.Packets))
		e.Set(Lost, float64(one.PacketsLost))
		e.optional(Jitter, one.JitterMs, 10)
		e.optional(RTT, one.RTTMs, 10)
		e.optional(FrameRate, one.FramesPerSecond, 10)
		if one.Width > 0 && one.Height > 0 {
			e.Set(Width, float64(one.Width))
			e.Set(Height, float64(one.Height))
		}
		e.counted(Layer, one.Layer)
		e.counted(Freezes, one.Freezes)
		e.counted(FrozenMs, one.FrozenMs)
		e.optional(Concealed, one.Concealed, 1000)
		word(e, Limitation, one.Limitation, wire.Limitations)
	}
	path := s.at(PathKey)
	if p.Path != nil {
		word(path, PathCandidate, p.Path.Candidate, wire.CandidateTypes)
		word(path, PathProtocol, p.Path.Protocol, wire.PathProtocols)
		word(path, PathNetwork, p.Path.Network, wire.NetworkTypes)
		path.optional(PathRTT, p.Path.RTTMs, 10)
		if p.Path.AvailableBps != nil {
			path.Set(PathAvailable, float64(*p.Path.AvailableBps)/1000)
		}
	}
	word(path, PathCamera, p.Camera, wire.DeviceCategories)
	word(path, PathMicrophone, p.Microphone, wire.DeviceCategories)
}

func (e *Entry) optional(f Field, value *float64, scale float64) {
	if value != nil {
		e.Set(f, *value*scale)
	}
}

func (e *Entry) counted(f Field, value *int64) {
	if value != nil {
		e.Set(f, float64(*value))
	}
}

func word[T ~string](e *Entry, f Field, value T, words []T) {
	for i, w := range words {
		if w == value {
			e.Set(f, float64(i))
		}
	}
}

// wordOf returns the word of a field; "" when it was not measured.
func wordOf[T ~string](e *Entry, f Field, words []T) string {
	if e == nil {
		return ""
	}
	if i, ok := e.Get(f); ok && int(i) < len(words) {
		return string(words[int(i)])
	}
	return ""
}
