package wire

import (
	"fmt"
	"math"
	"time"

	"github.com/klatch/klatch/fault"
)

// MethodReportStats carries StatsParams and answers {}: what a client has measured, every JoinResult.StatsIntervalMs.
const MethodReportStats = "reportStats"

// Direction is the way of a stream, as its participant sees it.
type Direction string

// Directions.
const (
	Send Direction = "send"
	Recv Direction = "recv"
)

// Directions lists all of them.
var Directions = []Direction{Send, Recv}

// StatsParams is what a client has measured of its own media since its last report: one entry for each stream that it
// sends, in all its encodings, and one for all streams of a kind that it receives. It names nobody else, no address and
// no device by its name.
type StatsParams struct {
	DurationMs int64           `json:"durationMs" required:"true"` // what the counts are of
	Streams    []StreamMeasure `json:"streams"`
	Path       *PathMeasure    `json:"path,omitempty"`
	Camera     DeviceCategory  `json:"camera,omitempty"`     // in use; absent: none
	Microphone DeviceCategory  `json:"microphone,omitempty"` // in use; absent: none
}

// StreamMeasure is one entry of StatsParams. Counts are since the last report; what is absent was not measured.
type StreamMeasure struct {
	Direction Direction `json:"direction"`
	Kind      Kind      `json:"kind"`
	Streams   int64     `json:"streams,omitempty"` // how many of them carried packets

	BitrateBps  int64    `json:"bitrateBps"` // of media, without retransmissions and headers
	Packets     int64    `json:"packets"`
	PacketsLost int64    `json:"packetsLost"`
	JitterMs    *float64 `json:"jitterMs,omitempty"`
	RTTMs       *float64 `json:"rttMs,omitempty"`

	FramesPerSecond *float64   `json:"framesPerSecond,omitempty"` // of the largest picture, as the three below
	Width           int64      `json:"width,omitempty"`
	Height          int64      `json:"height,omitempty"`
	Layer           *int64     `json:"layer,omitempty"`      // received: 0 is the smallest size
	Limitation      Limitation `json:"limitation,omitempty"` // of what is sent

	Freezes  *int64 `json:"freezes,omitempty"` // of received pictures, in number and together
	FrozenMs *int64 `json:"frozenMs,omitempty"`
	// Concealed is the share of received sound that was made up, 0 to 1.
	Concealed *float64 `json:"concealed,omitempty"`
}

// Limitation is why a picture is sent smaller than it could be: qualityLimitationReason of W3C webrtc-stats.
type Limitation string

// Limitations lists all of them. Its order is part of what the store keeps: add at the end.
var Limitations = []Limitation{"none", "bandwidth", "cpu", "other"}

// PathMeasure is the pair of candidates that carries the media.
type PathMeasure struct {
	Candidate    CandidateType `json:"candidate,omitempty"` // of the client
	Protocol     PathProtocol  `json:"protocol,omitempty"`  // of the client; of a relay that between the client and it
	Network      NetworkType   `json:"network,omitempty"`
	RTTMs        *float64      `json:"rttMs,omitempty"`
	AvailableBps *int64        `json:"availableBps,omitempty"` // as the client estimates what it may send
}

// CandidateType is the type of an ICE candidate: RFC 8839, section 5.1.
type CandidateType string

// PathProtocol is what a candidate is reached over.
type PathProtocol string

// NetworkType is the kind of a network: RTCNetworkType of W3C webrtc-stats.
type NetworkType string

// DeviceCategory is what kind of a device is in use, as its label shows it. The label itself can name its owner, and
// is not reported.
type DeviceCategory string

// What these may be. Their order is part of what the store keeps: add at the end.
var (
	CandidateTypes = []CandidateType{"host", "srflx", "prflx", "relay"}
	PathProtocols  = []PathProtocol{"udp", "tcp", "tls"}
	NetworkTypes   = []NetworkType{
		"unknown", "ethernet", "wifi", "cellular", "bluetooth", "vpn", "wimax", "mixed", "other", "none",
	}
	DeviceCategories = []DeviceCategory{"unknown", "built-in", "usb", "bluetooth", "headset", "virtual", "phone", "custom"}
)

// Bounds of StatsParams.
const (
	MaxStatsStreams  = 8 // each kind in both directions
	MinStatsDuration = 200 * time.Millisecond
	MaxStatsDuration = 2 * time.Minute

	maxMeasuredCount = 10_000_000
	maxMeasuredBps   = 10_000_000_000
	maxMeasuredMs    = 600_000
	maxMeasuredFPS   = 1000
)

// Check implements Params.
func (p StatsParams) Check() *fault.Error {
	f := field{method: MethodReportStats}
	f.within("durationMs", p.DurationMs, MinStatsDuration.Milliseconds(), MaxStatsDuration.Milliseconds())
	if n := len(p.Streams); n > MaxStatsStreams {
		f.problem("streams", fmt.Sprintf("has %d entries; it takes at most %d", n, MaxStatsStreams))
		return f.fault
	}
	type stream struct {
		direction Direction
		kind      Kind
	}
	seen := map[stream]bool{}
	for i, s := range p.Streams {
		entry := fmt.Sprintf("streams[%d]", i)
		f.measure(entry, s)
		if seen[stream{s.Direction, s.Kind}] {
			f.problem(entry, fmt.Sprintf("is %s %s a second time; all streams of a kind and direction are one entry",
				clip(string(s.Direction)), clip(string(s.Kind))))
		}
		if f.fault != nil {
			return f.fault
		}
		seen[stream{s.Direction, s.Kind}] = true
	}
	if path := p.Path; path != nil {
		optional(&f, "path.candidate", path.Candidate, CandidateTypes)
		optional(&f, "path.protocol", path.Protocol, PathProtocols)
		optional(&f, "path.network", path.Network, NetworkTypes)
		f.number("path.rttMs", path.RTTMs, maxMeasuredMs)
		f.counted("path.availableBps", path.AvailableBps, maxMeasuredBps)
	}
	optional(&f, "camera", p.Camera, DeviceCategories)
	optional(&f, "microphone", p.Microphone, DeviceCategories)
	return f.fault
}

// measure checks one entry of a report.
func (f *field) measure(entry string, s StreamMeasure) {
	f.problem(entry+".direction", oneOf(s.Direction, Directions))
	f.kind(entry+".kind", s.Kind, Kinds)
	f.within(entry+".streams", s.Streams, 0, maxMeasuredCount)
	f.within(entry+".bitrateBps", s.BitrateBps, 0, maxMeasuredBps)
	f.within(entry+".packets", s.Packets, 0, maxMeasuredCount)
	f.within(entry+".packetsLost", s.PacketsLost, 0, maxMeasuredCount)
	f.number(entry+".jitterMs", s.JitterMs, maxMeasuredMs)
	f.number(entry+".rttMs", s.RTTMs, maxMeasuredMs)
	f.number(entry+".framesPerSecond", s.FramesPerSecond, maxMeasuredFPS)
	f.within(entry+".width", s.Width, 0, MaxPixels)
	f.within(entry+".height", s.Height, 0, MaxPixels)
	f.counted(entry+".layer", s.Layer, int64(len(Qualities))-1)
	optional(f, entry+".limitation", s.Limitation, Limitations)
	f.counted(entry+".freezes", s.Freezes, maxMeasuredCount)
	f.counted(entry+".frozenMs", s.FrozenMs, maxMeasuredMs)
	f.number(entry+".concealed", s.Concealed, 1)
}

func (f *field) within(name string, value, least, most int64) {
	if value < least || value > most {
		f.problem(name, fmt.Sprintf("is %d; it takes %d to %d", value, least, most))
	}
}

func (f *field) counted(name string, value *int64, most int64) {
	if value != nil {
		f.within(name, *value, 0, most)
	}
}

func (f *field) number(name string, value *float64, most float64) {
	if value != nil && !(*value >= 0 && *value <= most) || value != nil && math.IsNaN(*value) {
		f.problem(name, fmt.Sprintf("is %g; it takes 0 to %g", *value, most))
	}
}

// optional checks a word that may be absent.
func optional[T ~string](f *field, name string, value T, allowed []T) {
	if value != "" {
		f.problem(name, oneOf(value, allowed))
	}
}

// MediaMeasure is what the media part has measured of a participant since it was asked last.
type MediaMeasure struct {
	Streams     []MediaStreamMeasure
	EstimateBps int64         // what the path to the participant carries; 0: not known
	RTT         time.Duration // of that path; 0: not known
}

// MediaStreamMeasure is that of one stream that the participant sends, or of all streams of a kind that it receives.
type MediaStreamMeasure struct {
	Direction Direction
	Kind      Kind
	Streams   int    // that carried packets
	Packets   uint64 // sent: those that arrived first, without retransmissions
	Bytes     uint64 // of their payload
	Lost      uint64 // before anything was sent again
	Jitter    time.Duration
	NACKs     uint64 // packets that were asked for again, by the server of what the participant sends, else by it
	KeyFrames uint64 // that were asked for, likewise
	Width     int    // of the largest picture
	Height    int
	Layer     int // of received pictures the quality, 1 to 3; of sent ones how many encodings come; 0: not known
}
