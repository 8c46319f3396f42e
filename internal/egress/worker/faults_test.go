package worker

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/rtmp"
)

func TestFaultsSayWhatEndedAJob(t *testing.T) {
	full := fmt.Errorf("recording: %w", &os.PathError{Op: "write", Path: "/x", Err: syscall.ENOSPC})
	lost := fault.ReconnectFailedGaveUp(3, 30*time.Second)
	for name, c := range map[string]struct {
		kind    job.Kind
		err     error
		started bool
		code    int
		reason  string
		details map[string]any
	}{
		"no ffmpeg": {job.HLS, &ffmpeg.NotFoundError{Path: "/x"}, false, 4016, "ENCODER_MISSING",
			map[string]any{"path": "/x", "missing": "ffmpeg"}},
		"no aac": {job.Livestream, &ffmpeg.MissingEncoderError{Path: "/x", Name: "aac"}, false, 4013,
			"ENCODER_MISSING", map[string]any{"path": "/x", "missing": "aac"}},
		"hangs at once": {job.Track, &ffmpeg.UnresponsiveError{Path: "/x", After: time.Second}, false, 4037,
			"ENCODER_UNRESPONSIVE", map[string]any{"path": "/x", "waitedMs": int64(1000)}},
		"hangs later": {job.Track, &ffmpeg.UnresponsiveError{Path: "/x", After: time.Second}, true, 5001,
			"ENCODER_STALLED", map[string]any{"stalledMs": int64(1000)}},
		"killed at once": {job.Recording, &ffmpeg.DiedError{Signal: "SIGKILL", Exit: -1}, false, 4011, "ENCODER_DIED",
			nil},
		"killed later": {job.Recording, &ffmpeg.DiedError{Signal: "SIGKILL", Exit: -1}, true, 5001, "ENCODER_DIED",
			map[string]any{"signal": "SIGKILL"}},
		"stalled at once": {job.Composite, &ffmpeg.StalledError{After: time.Second}, false, 4039, "START_TIMEOUT", nil},
		"stalled later": {job.Composite, &ffmpeg.StalledError{After: time.Second}, true, 5001, "ENCODER_STALLED",
			map[string]any{"stalledMs": int64(1000)}},
		"disk full": {job.HLS, full, true, 5003, "STORAGE_FULL", map[string]any{"savedMs": int64(4000),
			"freeBytes": int64(7)}},
		"full, but no storage": {job.Livestream, full, true, 5002, "WORKER_DIED", nil},
		"not writable": {job.Track, &os.PathError{Op: "open", Path: "/secret", Err: syscall.EROFS}, false, 4037,
			"STORAGE_UNWRITABLE", map[string]any{"problem": "open: read-only file system"}},
		"meeting lost": {job.Participant, &lostError{lost}, true, 5001, "MEETING_LOST", nil},
		"long enough": {job.Livestream, &limitError{time.Hour}, true, 5005, "LIMIT",
			map[string]any{"limitMs": int64(3_600_000)}},
		"chosen already":   {job.Livestream, fault.StartLivestreamFailedRefused(1, "h:1"), false, 4013, "REFUSED", nil},
		"anything at once": {job.Recording, errors.New("odd"), false, 4011, "WORKER_DIED", nil},
		"anything later": {job.Recording, errors.New("odd"), true, 5001, "WORKER_DIED",
			map[string]any{"lastWords": "odd"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := faultFrom(
				c.kind,
				fmt.Errorf("on the way: %w", c.err),
				jobStatus{started: c.started, saved: 4 * time.Second, free: 7},
			)
			if c.details["lastWords"] != nil {
				f = faultFrom(c.kind, c.err, jobStatus{started: c.started})
			}
			require.Equal(t, c.code, f.Code)
			require.Equal(t, c.reason, f.Reason)
			for key, want := range c.details {
				require.EqualValues(t, want, f.Details[key], key)
			}
			require.NotContains(t, f.Detail, "/secret")
			if c.reason == "MEETING_LOST" {
				require.Equal(t, lost.ID, f.CauseID)
			}
		})
	}
}

func TestFaultsOfTargets(t *testing.T) {
	reasons := map[rtmp.Cause]string{
		rtmp.DNS: "DNS", rtmp.PrivateAddress: "PRIVATE_ADDRESS", rtmp.Refused: "REFUSED", rtmp.Unreachable: "UNREACHABLE",
		rtmp.ConnectTimeout: "CONNECT_TIMEOUT", rtmp.TLSUntrusted: "TLS", rtmp.TLSExpired: "TLS", rtmp.TLSName: "TLS",
		rtmp.NotTLS:    "TLS",
		rtmp.TLSFailed: "TLS", rtmp.HandshakeTimeout: "HANDSHAKE_TIMEOUT", rtmp.NotRTMP: "NOT_RTMP",
		rtmp.ConnectRejected: "CONNECT_REJECTED", rtmp.PublishRejected: "PUBLISH_REJECTED",
		rtmp.WriteStalled: "UNREACHABLE", rtmp.ConnectionLost: "UNREACHABLE",
	}
	for cause, reason := range reasons {
		f := outputFault(2, &rtmp.Error{Cause: cause, Address: "h:1935", Status: "said so"})
		require.Equal(t, reason, f.Reason, cause)
		require.Contains(t, f.Detail, "h:1935")
		require.EqualValues(t, 2, f.Details["output"])
	}
	for _, c := range []struct{ url, key, reason string }{
		{"", "k", "BAD_URL"}, {"http://h/app", "k", "BAD_URL"}, {"rtmp://h/app", "a b", "BAD_KEY"}, {"rtmp://127.0.0.1/app",
			"k", ""},
	} {
		_, err := rtmp.ParseTarget(c.url, c.key)
		if c.reason == "" {
			require.NoError(t, err, c.url) // judged when it is dialed
			continue
		}
		f := outputFault(0, err)
		require.Equal(t, 4015, f.Code)
		require.Equal(t, c.reason, f.Reason)
	}
	f := outputLost(
		1,
		rtmp.Change{Err: &rtmp.Error{Cause: rtmp.ConnectionLost, Address: "h:1935"}, Attempt: 4},
		3*time.Second,
		2,
	)
	require.Equal(t, "OUTPUT_LOST", f.Reason)
	require.EqualValues(t, 3000, f.Details["liveMs"])
	require.EqualValues(t, 3, f.Details["retries"])
	require.EqualValues(t, 2, f.Details["remaining"])
}
