package sdk

import (
	"context"
	"encoding/json"
	"time"

	"github.com/klatch/klatch/internal/wire"
)

// HLSURLs are where the HLS of the meeting can be played; they are empty unless it runs.
type HLSURLs struct {
	PlaybackHLSURL string `json:"playbackHlsUrl,omitempty"` // from the start
	LivestreamURL  string `json:"livestreamUrl,omitempty"`  // the live edge
	DownstreamURL  string `json:"downstreamUrl,omitempty"`  // the old name of the first
}

// RecordingOptions of StartRecording; the zero value records with the defaults.
type RecordingOptions struct {
	Config     *EgressConfig
	WebhookURL string // told the states of this recording, beside the room's own webhook
	AWSDirPath string // directory of the file in the server's store
	OnFailure  OnFailure
}

// LivestreamOptions of StartLivestream.
type LivestreamOptions struct {
	Config    *EgressConfig
	OnFailure OnFailure
}

// HLSOptions of StartHLS.
type HLSOptions struct {
	Config    *EgressConfig
	OnFailure OnFailure
}

// startTime is how long a start may take: encoders begin slowly, and servers of others answer slowly.
const startTime = 30 * time.Second

// StartRecording records the meeting. It returns when the recording runs, or with why it does not: 4011, 4018, 4021,
// 4028.
func (m *Meeting) StartRecording(ctx context.Context, o RecordingOptions) error {
	return m.requestWithin(
		ctx,
		max(startTime, m.opts.RequestTimeout),
		"startRecording",
		wire.MethodStartRecording,
		wire.StartRecordingParams{
			Config: rawConfig(o.Config), WebhookURL: o.WebhookURL, Dir: o.AWSDirPath, OnFailure: string(o.OnFailure),
		},
		nil,
	)
}

// StopRecording ends the recording: 4012 when none runs. OnRecordingStateChanged tells when its file is complete.
func (m *Meeting) StopRecording(ctx context.Context) error {
	return m.request(ctx, "stopRecording", wire.MethodStopRecording, struct{}{}, nil)
}

// StartLivestream pushes the meeting to RTMP targets. It returns when the first of them is live, or with why none is:
// 4013, 4015, 4019, 4021, 4030.
func (m *Meeting) StartLivestream(ctx context.Context, outputs []LivestreamOutput, o LivestreamOptions) error {
	targets := make([]wire.LivestreamOutput, len(outputs))
	for i, output := range outputs {
		targets[i] = wire.LivestreamOutput(output)
	}
	return m.requestWithin(
		ctx,
		max(startTime, m.opts.RequestTimeout),
		"startLivestream",
		wire.MethodStartLivestream,
		wire.StartLivestreamParams{
			Outputs: targets, Config: rawConfig(o.Config), OnFailure: string(o.OnFailure),
		},
		nil,
	)
}

// StopLivestream ends the livestream: 4014 when none runs.
func (m *Meeting) StopLivestream(ctx context.Context) error {
	return m.request(ctx, "stopLivestream", wire.MethodStopLivestream, struct{}{}, nil)
}

// StartHLS shows the meeting as HLS. It returns when it runs, or with why it does not: 4016, 4020, 4021, 4029. A player
// can start from HLS_PLAYABLE on.
func (m *Meeting) StartHLS(ctx context.Context, o HLSOptions) error {
	return m.requestWithin(
		ctx,
		max(startTime, m.opts.RequestTimeout),
		"startHls",
		wire.MethodStartHLS,
		wire.StartHLSParams{
			Config: rawConfig(o.Config), OnFailure: string(o.OnFailure),
		},
		nil,
	)
}

// StopHLS ends the HLS: 4017 when none runs. What was shown stays at PlaybackHLSURL.
func (m *Meeting) StopHLS(ctx context.Context) error {
	return m.request(ctx, "stopHls", wire.MethodStopHLS, struct{}{}, nil)
}

func rawConfig(c *EgressConfig) json.RawMessage {
	if c == nil {
		return nil
	}
	raw, _ := json.Marshal(c) // strings, numbers and booleans: no error is possible
	return raw
}

// RecordingState is the last published state of the recording in this session: "RECORDING_STARTED"; "" when nothing was
// recorded yet.
func (m *Meeting) RecordingState() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.egress.Recording.Status
}

// LivestreamState is the last published state of the livestream; "" when there was none yet.
func (m *Meeting) LivestreamState() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.egress.Livestream.Status
}

// HLSState is the last published state of the HLS; "" when there was none yet.
func (m *Meeting) HLSState() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.egress.HLS.Status
}

// HLSURLs are where the HLS can be played at the moment.
func (m *Meeting) HLSURLs() HLSURLs {
	m.mu.Lock()
	defer m.mu.Unlock()
	return urlsOf(m.egress.HLS)
}

func urlsOf(s wire.HLSState) HLSURLs {
	return HLSURLs{PlaybackHLSURL: s.PlaybackHLSURL, LivestreamURL: s.LivestreamURL, DownstreamURL: s.DownstreamURL}
}

func (m *Meeting) recordingChanged(e wire.RecordingState) []Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.egress.Recording = wire.RecordingState{Status: e.Status}
	return []Event{RecordingStateChanged{Status: e.Status, FileURL: e.FileURL}}
}

func (m *Meeting) livestreamChanged(e wire.LivestreamState) []Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.egress.Livestream = e
	return []Event{LivestreamStateChanged{e.Status}}
}

func (m *Meeting) hlsChanged(e wire.HLSState) []Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.egress.HLS = e
	return []Event{HLSStateChanged{e.Status, urlsOf(e)}}
}
