package faults

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// stillScenarios are pictures of HLS streams that cannot be made.
var stillScenarios = scenarios{
	"4106.STILLS": func(t *T) {
		s := t.withCamera("hang")
		t.waits()
		answers := make(chan *fault.Error)
		for range 2 {
			go func() {
				var f *fault.Error
				defer func() { answers <- f }() // whatever becomes of the test
				f = s.still(nil)
			}()
		}
		f := <-answers // the other one waits for ffmpeg
		t.Read(f)
		require.Positive(t, f.RetryAfterMs)
		other := <-answers
		require.Equal(t, "ENCODER_STALLED", other.Reason)
	},
	"4107.BAD_PARAMS": func(t *T) {
		t.onSharedProcess()
		s := t.setUp(egressKinds[2])
		for name, value := range map[string]any{"width": 15, "height": 3841, "format": "gif", "time": -1,
			"input": "file:///etc/passwd"} {
			f := s.still(map[string]any{name: value})
			t.Read(f)
			require.Equal(t, name, f.Param)
		}
	},
	"4107.BEYOND_STREAM": func(t *T) {
		s := t.withCamera("")
		f := s.still(map[string]any{"time": 3600})
		t.Read(f)
		require.Greater(t, f.Details["streamSec"], 1.0)
		require.Nil(t, s.still(map[string]any{"time": f.Details["streamSec"]}), "as the remedy says")
		s.stopCamera()
		t.Read(s.still(map[string]any{"time": 3600})) // of the one that is over
	},
	"4108.JOB": func(t *T) {
		s := t.withCamera("")
		s.stopCamera()
		t.Read(s.still(nil)) // none runs
		require.Nil(t, s.still(map[string]any{"time": 0}))
		other := t.setUp(egressKinds[2]) // there was none
		t.Read(other.still(map[string]any{"time": 0}))
	},
	"4109.NO_PICTURE_YET": func(t *T) {
		t.onOwnProcess()
		s := t.setUp(egressKinds[2])
		s.publishCamera()
		worker := s.worker()
		require.NoError(t, syscall.Kill(worker, syscall.SIGSTOP)) // before its first segment is whole
		f := s.still(nil)
		t.Read(f)
		require.Positive(t, f.RetryAfterMs)
		require.NoError(t, syscall.Kill(worker, syscall.SIGCONT))
		s.checkStill()
		require.Nil(t, s.still(nil), "as the remedy says")
	},
	"4109.SOUND_ONLY": func(t *T) {
		t.onSharedProcess()
		s := t.setUp(egressKinds[2])
		s.start()
		t.Read(s.still(nil))
		require.Nil(t, s.stop())
		s.awaitState("STOPPED")
		t.Read(s.still(map[string]any{"time": 0}))
	},
	"5101.ENCODER_DIED": func(t *T) {
		s := t.withCamera("die")
		f := s.still(nil)
		t.Read(f)
		require.Contains(t, f.Detail, "Cannot allocate memory")
	},
	"5101.ENCODER_MISSING": func(t *T) {
		s := t.withCamera("gone")
		t.Read(s.still(nil))
		t.Read(s.still(map[string]any{"format": "webp"}))
	},
	"5101.ENCODER_UNUSABLE": func(t *T) { t.Read(t.withCamera("mode").still(nil)) },
	"5101.ENCODER_TOO_OLD":  func(t *T) { t.Read(t.withFailingSource("old").still(map[string]any{"time": 0})) },
	"5101.ENCODER_STALLED": func(t *T) {
		s := t.withCamera("hang")
		t.waits()
		f := s.still(nil)
		t.Read(f)
		require.GreaterOrEqual(t, f.Details["stalledMs"], 5000.0)
	},
	"5101.ENCODER_UNRESPONSIVE": func(t *T) {
		s := t.withFailingSource("hang")
		t.waits()
		f := s.still(map[string]any{"time": 0})
		t.Read(f)
		require.EqualValues(t, ffmpeg.ProbeTimeout.Milliseconds(), f.Details["waitedMs"])
	},
	"5101.STORAGE": func(t *T) {
		dir := fileSystem(t, "64k")
		t.onOwnProcess("storage.dir", dir)
		s := t.setUp(egressKinds[2])
		s.publishCamera()
		s.checkStill()
		fill(t, dir)
		f := s.still(nil)
		t.Read(f)
		require.Contains(t, f.Detail, "no space left")
	},
}

// withCamera starts HLS that has a picture, on a server whose ffmpeg then behaves so: hang, die, or gone; "" is the
// shared one.
func (t *T) withCamera(trick string) *egressSetup {
	t.Helper()
	ffmpeg := ""
	if trick == "" {
		t.onSharedProcess()
	} else {
		ffmpeg = fakeFFmpeg(t)
		t.onOwnProcess("egress.ffmpeg", ffmpeg)
	}
	s := t.setUp(egressKinds[2])
	s.publishCamera()
	s.checkStill()
	switch trick {
	case "":
	case "mode":
		require.NoError(t, os.Chmod(ffmpeg, 0o600))
	case "gone":
		require.NoError(t, os.Remove(ffmpeg))
	default:
		require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(ffmpeg), trick), nil, 0o600))
	}
	return s
}

// withFailingSource is a stream that is over, on a server that has not asked ffmpeg yet, which plays that trick.
func (t *T) withFailingSource(trick string) *egressSetup {
	t.Helper()
	ffmpeg := fakeFFmpeg(t)
	t.onOwnProcess("egress.ffmpeg", ffmpeg)
	s := t.setUp(egressKinds[2])
	s.publishCamera()
	s.checkStill()
	s.stopCamera()
	t.Server.Kill()
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(ffmpeg), trick), nil, 0o600))
	t.Server.Respawn(t)
	return s
}

// publishCamera starts HLS with a picture, which others of this suite do without.
func (s *egressSetup) publishCamera() {
	s.t.Helper()
	require.NoError(s.t, s.ann.StartHLS(s.t.Context(),
		sdk.HLSOptions{Config: &sdk.EgressConfig{Quality: sdk.QualityLow}}))
}

// stopCamera ends it.
func (s *egressSetup) stopCamera() {
	s.t.Helper()
	require.Nil(s.t, s.stop())
	s.awaitState("STOPPED")
}

// checkStill waits for the first segment.
func (s *egressSetup) checkStill() {
	s.t.Helper()
	path := "/hls/" + s.record().ID + "/index.m3u8"
	require.Eventually(s.t, func() bool {
		status, list := s.t.Server.REST(s.t, "", http.MethodGet, path, nil)
		return status == http.StatusOK && strings.Contains(string(list), ".m4s")
	}, 2*testserver.Timeout, testserver.Timeout/200, "no segment comes")
}

// still asks for a picture of the meeting's stream; it returns nil where there is one.
func (s *egressSetup) still(with map[string]any) *fault.Error {
	s.t.Helper()
	body := map[string]any{"roomId": s.meeting}
	for name, value := range with {
		body[name] = value
	}
	status, answer := s.t.Server.REST(s.t, s.token, http.MethodPost, "/v2/hls/capture", body)
	if status != http.StatusOK {
		return testserver.Refused(s.t, status, answer)
	}
	var made struct {
		FileURL string
		Meta    struct{ Width, Height int }
	}
	require.NoError(s.t, json.Unmarshal(answer, &made))
	require.Equal(s.t, [2]int{854, 480}, [2]int{made.Meta.Width, made.Meta.Height})
	status, _ = s.t.Server.REST(s.t, "", http.MethodGet, strings.TrimPrefix(made.FileURL, s.t.Server.URL), nil)
	require.Equal(s.t, http.StatusOK, status)
	return nil
}
