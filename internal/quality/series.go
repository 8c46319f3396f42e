package quality

import (
	"slices"
	"time"

	"github.com/klatch/klatch/internal/wire"
)

// MediaType is audio or video, those of a shared screen included.
type MediaType int

// What MediaType may be.
const (
	Audio MediaType = iota
	Video
	mediaTypes
)

// MediaTypeOf returns what a kind of stream is.
func MediaTypeOf(kind wire.Kind) MediaType {
	if kind == wire.Video || kind == wire.Share {
		return Video
	}
	return Audio
}

// Mean is the mean of values. The zero value has none.
type Mean struct {
	sum float64
	n   int
}

// Add adds a value.
func (m *Mean) Add(value float64) { m.sum, m.n = m.sum+value, m.n+1 }

// Value returns the mean; ok is false where there is no value.
func (m Mean) Value() (value float64, ok bool) { return m.sum / float64(max(m.n, 1)), m.n > 0 }

// Point is what was measured in one step of a series.
type Point struct {
	At     time.Time
	Scores [mediaTypes]Mean // of the samples; that of a sample is the lowest of its streams
	Path   *Entry           // nil: not known
	By     [keys]*Merged    // by key of a stream; nil: none
	// Heights are those of the camera picture that was sent, of each sample; of an upright one its width.
	Heights []int
}

// Merged are the entries of a stream in one step: counts added, rates and times as their mean, of sizes the largest, of
// limitations the last in wire.Limitations.
type Merged struct {
	Key Key
	sum [fields]float64
	n   [fields]int
}

// Get returns a field, in the unit of Field, and whether it was measured.
func (m *Merged) Get(f Field) (value float64, ok bool) {
	if m == nil || m.n[f] == 0 {
		return 0, false
	}
	if ways[f] == average {
		return m.sum[f] / float64(m.n[f]), true
	}
	return m.sum[f], true
}

// way is how the values of a field are merged.
type way int

const (
	average way = iota
	added
	largest
)

var ways = [fields]way{
	Packets: added, Lost: added, Freezes: added, FrozenMs: added, ServerPackets: added, ServerLost: added, NACKs: added,
	KeyFrames: added, Streams: largest, Width: largest, Height: largest, Limitation: largest, Layer: largest,
	ServerWidth: largest, ServerHeight: largest, ServerLayer: largest, ServerStreams: largest,
}

func (m *Merged) add(e *Entry) {
	for f, v := range e.values {
		if v == 0 {
			continue
		}
		value := float64(v - 1)
		if ways[f] == largest {
			m.sum[f] = max(m.sum[f], value)
		} else {
			m.sum[f] += value
		}
		m.n[f]++
	}
}

// Series makes points of the samples of one participant. The zero value is empty.
type Series struct {
	Step   time.Duration // 0: a point for each sample
	points []*Point
	path   *Entry // the newest
}

// Add adds samples, which must not be older than those before.
func (s *Series) Add(samples []Sample) {
	for i := range samples {
		s.add(&samples[i])
	}
}

func (s *Series) add(sample *Sample) {
	at := sample.At
	if s.Step > 0 {
		at = at.Truncate(s.Step)
	}
	if n := len(s.points); n == 0 || s.points[n-1].At.Before(at) {
		s.points = append(s.points, &Point{At: at})
	}
	p := s.points[len(s.points)-1]
	if path := sample.Entry(PathKey); path != nil {
		p.Path, s.path = path, path
	}
	for i := range sample.Entries {
		e := &sample.Entries[i]
		if e.Key == PathKey {
			continue
		}
		if p.By[e.Key] == nil {
			p.By[e.Key] = &Merged{Key: e.Key}
		}
		p.By[e.Key].add(e)
		direction, kind := e.Key.Stream()
		if height := e.height(); direction == wire.Send && kind == wire.Video && height > 0 {
			p.Heights = append(p.Heights, height)
		}
	}
	for of, score := range sample.Scores() {
		if score.OK {
			p.Scores[of].Add(score.Value)
		}
	}
}

// height returns the lesser side of a picture; 0: not known.
func (e *Entry) height() int {
	for _, of := range [][2]Field{{Width, Height}, {ServerWidth, ServerHeight}} {
		if width, ok := e.Get(of[0]); ok {
			height, _ := e.Get(of[1])
			return int(min(width, height))
		}
	}
	return 0
}

// Points returns the points, oldest first.
func (s *Series) Points() []*Point { return s.points }

// Path returns what is known of the path in the newest sample that has it; nil: nothing.
func (s *Series) Path() *Path {
	if s.path == nil {
		return nil
	}
	return &Path{
		Candidate:  wordOf(s.path, PathCandidate, wire.CandidateTypes),
		Protocol:   wordOf(s.path, PathProtocol, wire.PathProtocols),
		Network:    wordOf(s.path, PathNetwork, wire.NetworkTypes),
		Camera:     wordOf(s.path, PathCamera, wire.DeviceCategories),
		Microphone: wordOf(s.path, PathMicrophone, wire.DeviceCategories),
	}
}

// Path is how a client is connected, and which kinds of devices it uses; "" is not known.
type Path struct{ Candidate, Protocol, Network, Camera, Microphone string }

// Limitation returns why a sent picture was smaller than it could be; "" where that was not measured.
func (m *Merged) Limitation() string {
	if i, ok := m.Get(Limitation); ok && int(i) < len(wire.Limitations) {
		return string(wire.Limitations[int(i)])
	}
	return ""
}

// Totals are what participants have of one media in one step, together.
type Totals struct {
	Lost        [2]float64 // packets sent, received
	Measured    [2]bool    // they were counted
	Bitrate     [2]Mean    // kbit/s of each participant
	RTT, Jitter Mean       // ms
}

// Add adds a point of a participant.
func (t *Totals) Add(p *Point, of MediaType) {
	var rate [2]float64
	var rated [2]bool
	for _, m := range p.By {
		if m == nil {
			continue
		}
		direction, kind := m.Key.Stream()
		if MediaTypeOf(kind) != of {
			continue
		}
		way := 0
		if direction == wire.Recv {
			way = 1
		}
		if lost, ok := m.Loss(); ok {
			t.Lost[way] += lost
			t.Measured[way] = true
		}
		if kbps, ok := m.first(Bitrate, ServerBitrate); ok {
			rate[way], rated[way] = rate[way]+kbps, true
		}
		if tenths, ok := m.first(Jitter, ServerJitter); ok {
			t.Jitter.Add(tenths / 10)
		}
		if tenths, ok := m.Get(RTT); ok {
			t.RTT.Add(tenths / 10)
		} else if tenths, ok := p.rtt(); ok {
			t.RTT.Add(tenths / 10)
		}
	}
	for way := range rate {
		if rated[way] {
			t.Bitrate[way].Add(rate[way])
		}
	}
}

func (p *Point) rtt() (tenths float64, ok bool) {
	if p.Path == nil {
		return 0, false
	}
	if tenths, ok = p.Path.Get(PathRTT); ok {
		return tenths, ok
	}
	return p.Path.Get(PathServerRTT)
}

// Loss returns the packets that were lost, as the receiving side counts them: of what is sent that is the server, of
// what is received the client.
func (m *Merged) Loss() (packets float64, ok bool) {
	if direction, _ := m.Key.Stream(); direction == wire.Send {
		return m.first(ServerLost, Lost)
	}
	return m.first(Lost, ServerLost)
}

// first returns the first field that was measured.
func (m *Merged) first(candidates ...Field) (value float64, ok bool) {
	for _, f := range candidates {
		if value, ok = m.Get(f); ok {
			return value, ok
		}
	}
	return 0, false
}

// StepFor returns the step with which samples of so many participants over a time, one each interval, are at most so
// many points: 0, or whole multiples of ten seconds.
func StepFor(over, interval time.Duration, participants, points int) time.Duration {
	if over/max(interval, 1)*time.Duration(participants) <= time.Duration(points) {
		return 0
	}
	const unit = 10 * time.Second
	each := max(points/max(participants, 1), 1)
	return (over/time.Duration(each) + unit - 1).Truncate(unit)
}

// Sort puts rows in the order of participants and times, and removes the double: of two that begin at the same time
// the first one stays.
func Sort(rows []Row) []Row {
	slices.SortStableFunc(rows, compareRows)
	return slices.CompactFunc(rows, func(a, b Row) bool { return compareRows(a, b) == 0 })
}
