package rest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/quality"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// Quality is what measures running sessions.
type Quality interface {
	// Recent returns what the store has not got yet of a session, or of one participant.
	Recent(sessionID, participantID string) []quality.Row
	Interval() time.Duration
}

// StatsEntry is what was measured in one step. What was not measured, or not asked for, is absent.
type StatsEntry struct {
	Time                fault.Instant `json:"time" doc:"When the step began; without steps, when the measurement ended."`
	RecvAudioPacketLost *float64      `json:"recvAudioPacketLost,omitempty" doc:"Packets in this step, of all participants, as below."`
	RecvVideoPacketLost *float64      `json:"recvVideoPacketLost,omitempty"`
	SendAudioPacketLost *float64      `json:"sendAudioPacketLost,omitempty"`
	SendVideoPacketLost *float64      `json:"sendVideoPacketLost,omitempty"`
	AverageAudioRTT     *float64      `json:"averageAudioRtt,omitempty" doc:"ms, as the three below."`
	AverageVideoRTT     *float64      `json:"averageVideoRtt,omitempty"`
	AverageAudioJitter  *float64      `json:"averageAudioJitter,omitempty"`
	AverageVideoJitter  *float64      `json:"averageVideoJitter,omitempty"`

	AverageSendAudioBitrate *float64 `json:"averageSendAudioBitrate,omitempty" doc:"kbit/s of one participant, as the three below."`
	AverageSendVideoBitrate *float64 `json:"averageSendVideoBitrate,omitempty"`
	AverageRecvAudioBitrate *float64 `json:"averageRecvAudioBitrate,omitempty"`
	AverageRecvVideoBitrate *float64 `json:"averageRecvVideoBitrate,omitempty"`

	QualityScore *QualityScore `json:"qualityScore,omitempty"`
}

// QualityScore is from 0 to 10. docs/stats.md has the formula.
type QualityScore struct {
	Audio *float64 `json:"audio,omitempty" doc:"0 to 10; absent while no sound was sent or received."`
	Video *float64 `json:"video,omitempty" doc:"0 to 10; absent while no picture was sent or received."`
}

// SessionStats are the measurements of a session.
type SessionStats struct {
	SessionID    string             `json:"sessionId"`
	MeetingID    string             `json:"meetingId"`
	Step         float64            `json:"step" doc:"Seconds from one entry to the next."`
	Stats        []StatsEntry       `json:"stats" doc:"Of all participants together, oldest first."`
	Participants []ParticipantEntry `json:"participants,omitempty" doc:"Of each participant, with participants=true."`
}

// ParticipantEntry are the measurements of one participant, among those of a session.
type ParticipantEntry struct {
	ParticipantID   string       `json:"participantId"`
	ParticipantName string       `json:"participantName"`
	Stats           []StatsEntry `json:"stats"`
}

// ParticipantStats are the measurements of a participant.
type ParticipantStats struct {
	SessionID       string            `json:"sessionId"`
	MeetingID       string            `json:"meetingId"`
	ParticipantID   string            `json:"participantId"`
	ParticipantName string            `json:"participantName"`
	DeviceInfo      DeviceInfo        `json:"deviceInfo"`
	SDKInfo         SDKInfo           `json:"sdkInfo"`
	Location        *string           `json:"location" doc:"Always null: addresses are not kept."`
	Network         string            `json:"network" doc:"As the browser names it, such as wifi; unknown where it does not."`
	Connection      Connection        `json:"connection"`
	Step            float64           `json:"step" doc:"Seconds from one entry to the next."`
	Stats           []StatsEntry      `json:"stats"`
	ResolutionUsage []ResolutionUsage `json:"resolutionUsage" doc:"Of the own camera; no entry for a step in which it was not sent."`
	Streams         []StreamSeries    `json:"streams" doc:"Each stream that is sent, and all of a kind that are received together."`
}

// SDKInfo is the SDK of a client.
type SDKInfo struct {
	SDKType    string `json:"sdkType"`
	SDKVersion string `json:"sdkVersion"`
}

// Connection is the path of a participant's media as it was last, and the kinds of devices in use.
type Connection struct {
	Candidate  string `json:"candidate" doc:"host, srflx, prflx or relay; empty: not known, as below."`
	Protocol   string `json:"protocol" doc:"udp, tcp or tls."`
	Camera     string `json:"camera" doc:"built-in, usb, bluetooth, headset, virtual, phone, custom or unknown."`
	Microphone string `json:"microphone"`
}

// ResolutionUsage has the percent of the time in which the own camera was sent with at most so many lines.
type ResolutionUsage struct {
	Time   fault.Instant `json:"time"`
	At180  float64       `json:"180"`
	At360  float64       `json:"360"`
	At720  float64       `json:"720"`
	At1080 float64       `json:"1080"`
	At1440 float64       `json:"1440"`
	At2160 float64       `json:"2160" doc:"More than 1440 lines."`
}

// StreamSeries are the measurements of a stream.
type StreamSeries struct {
	Direction string        `json:"direction" enum:"send,recv"`
	Kind      string        `json:"kind" enum:"audio,video,share,shareAudio"`
	Stats     []StreamEntry `json:"stats"`
}

// StreamEntry is what a client has measured of a stream in one step; names and units are those of the stats calls of
// the SDKs. What was not measured is absent.
type StreamEntry struct {
	Time         fault.Instant `json:"time"`
	Streams      *float64      `json:"streams,omitempty" doc:"How many carried packets."`
	Bitrate      *float64      `json:"bitrate,omitempty" doc:"kbit/s of all together."`
	TotalPackets *float64      `json:"totalPackets,omitempty" doc:"Packets in this step."`
	PacketsLost  *float64      `json:"packetsLost,omitempty" doc:"Packets in this step."`
	Jitter       *float64      `json:"jitter,omitempty" doc:"ms"`
	RTT          *float64      `json:"rtt,omitempty" doc:"ms"`
	Size         *StreamSize   `json:"size,omitempty" doc:"Of the largest picture."`
	Limitation   string        `json:"limitation,omitempty" enum:"none,bandwidth,cpu,other" doc:"Why a sent picture was smaller than it could be."`
	Freezes      *float64      `json:"freezes,omitempty" doc:"Number of times that received pictures stood still."`
	FrozenMs     *float64      `json:"frozenMs,omitempty" doc:"For how long, together."`
	Concealed    *float64      `json:"concealed,omitempty" doc:"Percent of received sound that was made up."`
	Layer        *float64      `json:"layer,omitempty" doc:"Largest received size; 0 is the smallest."`
	Server       *ServerEntry  `json:"server,omitempty" doc:"What the server has measured of the same."`
}

// StreamSize is the size of a picture.
type StreamSize struct {
	Width     float64  `json:"width"`
	Height    float64  `json:"height"`
	Framerate *float64 `json:"framerate,omitempty"`
}

// ServerEntry is what the server has measured of a stream in one step.
type ServerEntry struct {
	Bitrate          *float64    `json:"bitrate,omitempty" doc:"kbit/s"`
	TotalPackets     *float64    `json:"totalPackets,omitempty" doc:"That arrived first of what is sent; that were sent of what is received."`
	PacketsLost      *float64    `json:"packetsLost,omitempty" doc:"Before anything was sent again."`
	Jitter           *float64    `json:"jitter,omitempty" doc:"ms"`
	NACKs            *float64    `json:"nacks,omitempty" doc:"Packets that were asked for again."`
	KeyFrameRequests *float64    `json:"keyFrameRequests,omitempty"`
	Size             *StreamSize `json:"size,omitempty"`
	Layer            *float64    `json:"layer,omitempty" doc:"Largest received size; 0 is the smallest."`
	Encodings        *float64    `json:"encodings,omitempty" doc:"Of a sent picture, how many came."`
}

type (
	// StatsQuery says how much of the measurements an answer has.
	StatsQuery struct {
		Step   int      `query:"step" minimum:"1" maximum:"86400" doc:"Seconds that one entry is of. Absent: as measured, or what makes 1000 entries at most."`
		Fields []string `query:"fields" maxItems:"20" doc:"Names of what entries shall have, with commas. Absent: everything."`
	}
	sessionStatsInput struct {
		SessionPath
		StatsQuery
		Participants bool `query:"participants" doc:"true adds the entries of each participant."`
	}
	participantStatsInput struct {
		ParticipantPath
		StatsQuery
	}
)

// Fields that an answer may be bound to, beside those of StatsEntry.
const (
	fieldStreams         = "streams"
	fieldResolutionUsage = "resolutionUsage"
)

// statsFields are the fields of a StatsEntry by their names, and how they come there.
var statsFields = []struct {
	name string
	set  func(*StatsEntry, *totals)
}{
	{"recvAudioPacketLost", func(e *StatsEntry, t *totals) { e.RecvAudioPacketLost = t.audio.lost(recv) }},
	{"recvVideoPacketLost", func(e *StatsEntry, t *totals) { e.RecvVideoPacketLost = t.video.lost(recv) }},
	{"sendAudioPacketLost", func(e *StatsEntry, t *totals) { e.SendAudioPacketLost = t.audio.lost(send) }},
	{"sendVideoPacketLost", func(e *StatsEntry, t *totals) { e.SendVideoPacketLost = t.video.lost(send) }},
	{"averageAudioRtt", func(e *StatsEntry, t *totals) { e.AverageAudioRTT = number(t.audio.RTT.Value()) }},
	{"averageVideoRtt", func(e *StatsEntry, t *totals) { e.AverageVideoRTT = number(t.video.RTT.Value()) }},
	{"averageAudioJitter", func(e *StatsEntry, t *totals) { e.AverageAudioJitter = number(t.audio.Jitter.Value()) }},
	{"averageVideoJitter", func(e *StatsEntry, t *totals) { e.AverageVideoJitter = number(t.video.Jitter.Value()) }},
	{"averageSendAudioBitrate", func(e *StatsEntry, t *totals) { e.AverageSendAudioBitrate = t.audio.rate(send) }},
	{"averageSendVideoBitrate", func(e *StatsEntry, t *totals) { e.AverageSendVideoBitrate = t.video.rate(send) }},
	{"averageRecvAudioBitrate", func(e *StatsEntry, t *totals) { e.AverageRecvAudioBitrate = t.audio.rate(recv) }},
	{"averageRecvVideoBitrate", func(e *StatsEntry, t *totals) { e.AverageRecvVideoBitrate = t.video.rate(recv) }},
	{"qualityScore", func(e *StatsEntry, t *totals) {
		e.QualityScore = &QualityScore{number(t.audio.score.Value()), number(t.video.score.Value())}
	}},
}

// statsFieldNames are the names of statsFields.
func statsFieldNames() (names []string) {
	for _, f := range statsFields {
		names = append(names, f.name)
	}
	return names
}

func (a *API) statsRoutes() {
	tags := []string{"Statistics"}
	secured(a, huma.Operation{
		OperationID: "get-session-stats", Method: http.MethodGet, Path: "/v2/sessions/{sessionId}/stats",
		Summary: "Read the quality of a session over time", Tags: tags,
	}, a.getSessionStats)
	for id, path := range map[string]string{
		"get-participant-stats":         "/v2/sessions/{sessionId}/participant/{participantId}/stats",
		"get-session-participant-stats": "/v2/sessions/{sessionId}/participants/{participantId}/stats",
	} {
		secured(a, huma.Operation{
			OperationID: id, Method: http.MethodGet, Path: path,
			Summary: "Read the quality of a participant over time", Tags: tags,
		}, a.getParticipantStats)
	}
}

// check finds what the schema cannot say.
func (q StatsQuery) check(method string, allowed ...string) error {
	for _, name := range q.Fields {
		if !slices.Contains(allowed, name) {
			return fault.InvalidMessageBadParams(method, "fields",
				fmt.Sprintf("has %.40q; it takes %s", name, strings.Join(allowed, ", ")))
		}
	}
	return nil
}

func (q StatsQuery) wants(field string) bool {
	return len(q.Fields) == 0 || slices.Contains(q.Fields, field)
}

// Entries of one answer: of a session with each participant, and of all others.
const (
	maxEntries            = 1000
	maxParticipantEntries = 50_000
)

// step returns what one entry is of; 0: of one measurement.
func (a *API) step(q StatsQuery, s record.Session, participants, entries int) time.Duration {
	if q.Step > 0 {
		return time.Duration(q.Step) * time.Second
	}
	over := cmp.Or(s.EndedAt, time.Now()).Sub(s.StartedAt)
	return quality.StepFor(over, a.interval(), participants, entries)
}

func (a *API) interval() time.Duration {
	if a.opts.Quality == nil {
		return 10 * time.Second
	}
	return a.opts.Quality.Interval()
}

// series returns the series of each participant, or of one, in the order of their ids.
func (a *API) series(
	ctx context.Context,
	s record.Session,
	participantID string,
	step time.Duration,
) (map[string]*quality.Series, error) {
	all := map[string]*quality.Series{}
	add := func(row quality.Row) error {
		samples, err := quality.Unpack(row.At, row.Packed)
		if err != nil {
			return fmt.Errorf("the measurements of %s in %s at %s: %w", row.ParticipantID, row.SessionID, row.At, err)
		}
		if all[row.ParticipantID] == nil {
			all[row.ParticipantID] = &quality.Series{Step: step}
		}
		all[row.ParticipantID].Add(samples)
		return nil
	}
	// What is not in the store yet is read first: what goes there meanwhile is then in both, and not in none.
	var recent []quality.Row
	if a.opts.Quality != nil {
		recent = a.opts.Quality.Recent(s.ID, participantID)
	}
	begun := map[string]time.Time{}
	to := cmp.Or(s.EndedAt, time.Now()).Add(time.Hour)
	err := a.opts.Store.Quality(ctx, s.ID, participantID, s.StartedAt.Add(-time.Hour), to,
		func(row quality.Row) error {
			begun[row.ParticipantID] = row.At
			return add(row)
		})
	if err != nil {
		return nil, storeFault(err)
	}
	for _, row := range quality.Sort(recent) {
		if last, ok := begun[row.ParticipantID]; ok && !row.At.After(last) {
			continue
		}
		if err := add(row); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// whereMeasured has the node on which a session runs answer: the store lacks its last minute. Its error is that of
// here; where the session runs is not known while its node is replaced, and then this one answers.
func (a *API) whereMeasured(ctx context.Context, s record.Session) error {
	if !s.EndedAt.IsZero() {
		return nil
	}
	if err := a.here(ctx, s.AccountID, s.MeetingID); errors.Is(err, errElsewhere) {
		return err
	}
	return nil
}

func (a *API) getSessionStats(
	ctx context.Context,
	who Caller,
	in *sessionStatsInput,
) (*body[SessionStats], error) {
	if err := in.check("GET /v2/sessions/{sessionId}/stats", statsFieldNames()...); err != nil {
		return nil, err
	}
	session, err := a.session(ctx, who, in.SessionID)
	if err == nil {
		err = a.whereMeasured(ctx, session)
	}
	if err != nil {
		return nil, err
	}
	step := a.step(in.StatsQuery, session, 1, maxEntries)
	if in.Participants {
		step = a.step(in.StatsQuery, session, max(len(session.Participants), 1), maxParticipantEntries)
	}
	all, err := a.series(ctx, session, "", step)
	if err != nil {
		return nil, err
	}
	out := SessionStats{
		SessionID: session.ID, MeetingID: session.MeetingID, Step: a.seconds(step),
		Stats: in.together(slices.Collect(maps.Values(all))),
	}
	if in.Participants {
		out.Participants = make([]ParticipantEntry, 0, len(all))
		for _, p := range session.Participants {
			one := ParticipantEntry{ParticipantID: p.ID, ParticipantName: p.Name, Stats: []StatsEntry{}}
			if series := all[p.ID]; series != nil {
				one.Stats = in.together([]*quality.Series{series})
			}
			out.Participants = append(out.Participants, one)
		}
	}
	return &body[SessionStats]{out}, nil
}

func (a *API) seconds(step time.Duration) float64 { return cmp.Or(step, a.interval()).Seconds() }

func (a *API) getParticipantStats(
	ctx context.Context,
	who Caller,
	in *participantStatsInput,
) (*body[ParticipantStats], error) {
	allowed := append(statsFieldNames(), fieldResolutionUsage, fieldStreams)
	const method = "GET /v2/sessions/{sessionId}/participant/{participantId}/stats"
	if err := in.check(method, allowed...); err != nil {
		return nil, err
	}
	session, err := a.session(ctx, who, in.SessionID)
	if err == nil {
		err = a.whereMeasured(ctx, session)
	}
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(session.Participants, func(p record.Participant) bool { return p.ID == in.ParticipantID })
	if at < 0 {
		return nil, fault.NotFoundParticipant(in.ParticipantID).WithMeeting(session.MeetingID, session.ID, "")
	}
	step := a.step(in.StatsQuery, session, 1, maxEntries)
	all, err := a.series(ctx, session, in.ParticipantID, step)
	if err != nil {
		return nil, err
	}
	p := session.Participants[at]
	series := all[p.ID]
	if series == nil {
		series = &quality.Series{}
	}
	out := ParticipantStats{
		SessionID: session.ID, MeetingID: session.MeetingID, ParticipantID: p.ID, ParticipantName: p.Name,
		DeviceInfo: DeviceInfo(p.Client), SDKInfo: SDKInfo{p.Client.SDKType, p.Client.SDKVersion},
		Network: "unknown", Step: a.seconds(step), Stats: in.together([]*quality.Series{series}),
		ResolutionUsage: []ResolutionUsage{}, Streams: []StreamSeries{},
	}
	if path := series.Path(); path != nil {
		out.Network = cmp.Or(path.Network, "unknown")
		out.Connection = Connection{path.Candidate, path.Protocol, path.Camera, path.Microphone}
	}
	if in.wants(fieldResolutionUsage) {
		out.ResolutionUsage = resolutions(series.Points())
	}
	if in.wants(fieldStreams) {
		out.Streams = streamSeries(series.Points())
	}
	return &body[ParticipantStats]{out}, nil
}

// Directions in quality.Totals.
const send, recv = 0, 1

// totals are what several participants have in one step.
type totals struct{ audio, video mediaTotals }

type mediaTotals struct {
	quality.Totals
	score quality.Mean
}

func (t *mediaTotals) add(p *quality.Point, of quality.MediaType) {
	t.Add(p, of)
	if value, ok := p.Scores[of].Value(); ok {
		t.score.Add(value)
	}
}

func (t *mediaTotals) lost(way int) *float64 { return number(t.Lost[way], t.Measured[way]) }
func (t *mediaTotals) rate(way int) *float64 { return number(t.Bitrate[way].Value()) }

// together returns the entries of several participants as one.
func (q StatsQuery) together(all []*quality.Series) []StatsEntry {
	steps := map[time.Time]*totals{}
	for _, series := range all {
		for _, point := range series.Points() {
			t := steps[point.At]
			if t == nil {
				t = &totals{}
				steps[point.At] = t
			}
			t.audio.add(point, quality.Audio)
			t.video.add(point, quality.Video)
		}
	}
	entries := make([]StatsEntry, 0, len(steps))
	for _, at := range slices.SortedFunc(maps.Keys(steps), time.Time.Compare) {
		e := StatsEntry{Time: fault.InstantOf(at)}
		for _, f := range statsFields {
			if q.wants(f.name) {
				f.set(&e, steps[at])
			}
		}
		entries = append(entries, e)
	}
	return entries
}

// number returns a value with two places after the point; nil where it was not measured.
func number(value float64, ok bool) *float64 {
	if !ok {
		return nil
	}
	rounded := math.Round(value*100) / 100
	return &rounded
}

// scaled returns a field in units of which it has so many.
func scaled(m *quality.Merged, f quality.Field, units float64) *float64 {
	value, ok := m.Get(f)
	return number(value/units, ok)
}

func resolutions(points []*quality.Point) []ResolutionUsage {
	out := []ResolutionUsage{}
	for _, p := range points {
		if len(p.Heights) == 0 {
			continue
		}
		u := ResolutionUsage{Time: fault.InstantOf(p.At)}
		classes := []struct {
			lines int
			share *float64
		}{{180, &u.At180}, {360, &u.At360}, {720, &u.At720}, {1080, &u.At1080}, {1440, &u.At1440}, {1 << 30, &u.At2160}}
		for _, height := range p.Heights {
			for _, class := range classes {
				if height <= class.lines {
					*class.share += 100 / float64(len(p.Heights))
					break
				}
			}
		}
		for _, class := range classes {
			*class.share = math.Round(*class.share*100) / 100
		}
		out = append(out, u)
	}
	return out
}

func streamSeries(points []*quality.Point) []StreamSeries {
	out := []StreamSeries{}
	for _, direction := range wire.Directions {
		for _, kind := range wire.Kinds {
			s := StreamSeries{Direction: string(direction), Kind: string(kind)}
			for _, p := range points {
				if m := p.By[quality.KeyOf(direction, kind)]; m != nil {
					s.Stats = append(s.Stats, streamEntry(p, m, direction))
				}
			}
			if len(s.Stats) > 0 {
				out = append(out, s)
			}
		}
	}
	return out
}

func streamEntry(p *quality.Point, m *quality.Merged, direction wire.Direction) StreamEntry {
	e := StreamEntry{
		Time: fault.InstantOf(p.At), Streams: scaled(m, quality.Streams, 1), Bitrate: scaled(m, quality.Bitrate, 1),
		TotalPackets: scaled(m, quality.Packets, 1), PacketsLost: scaled(m, quality.Lost, 1),
		Jitter: scaled(m, quality.Jitter, 10), RTT: scaled(m, quality.RTT, 10),
		Limitation: m.Limitation(), Freezes: scaled(m, quality.Freezes, 1), FrozenMs: scaled(m, quality.FrozenMs, 1),
		Concealed: scaled(m, quality.Concealed, 10), Layer: scaled(m, quality.Layer, 1),
		Size: sizeOf(m, quality.Width, quality.Height),
	}
	if e.Size != nil {
		e.Size.Framerate = scaled(m, quality.FrameRate, 10)
	}
	if _, ok := m.Get(quality.ServerPackets); ok {
		e.Server = &ServerEntry{
			Bitrate: scaled(m, quality.ServerBitrate, 1), TotalPackets: scaled(m, quality.ServerPackets, 1),
			PacketsLost: scaled(m, quality.ServerLost, 1), Jitter: scaled(m, quality.ServerJitter, 10),
			NACKs: scaled(m, quality.NACKs, 1), KeyFrameRequests: scaled(m, quality.KeyFrames, 1),
			Size: sizeOf(m, quality.ServerWidth, quality.ServerHeight),
		}
		if direction == wire.Recv {
			e.Server.Layer = scaled(m, quality.ServerLayer, 1)
		} else {
			e.Server.Encodings = scaled(m, quality.ServerLayer, 1)
		}
	}
	return e
}

func sizeOf(m *quality.Merged, width, height quality.Field) *StreamSize {
	w, ok := m.Get(width)
	h, _ := m.Get(height)
	if !ok {
		return nil
	}
	return &StreamSize{Width: w, Height: h}
}
