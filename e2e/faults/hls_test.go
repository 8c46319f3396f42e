package faults

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
)

// hlsScenarios are what a player of a stream meets.
var hlsScenarios = scenarios{
	"4107.HLS_DIRECTIVE": func(t *T) {
		t.onSharedProcess()
		list, last := t.stream()
		for _, query := range []string{"_HLS_part=0", "_HLS_msn=one", fmt.Sprintf("_HLS_msn=%d", last+20)} {
			f := t.refusedPlaylist(list+"?"+query, http.StatusBadRequest)
			require.Equal(t, f.Details["directive"], f.Param)
		}
	},
	"4105.HLS_LINK": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.HLS.LinkLife = time.Minute })
		for path, problem := range map[string]string{
			"/hls/nosuch/live.m3u8": "no signature",
			"/hls/1900000000.1800000000.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/nosuch/live.m3u8": "does not hold",
		} {
			status, answer := h.REST(t, "", http.MethodGet, path, nil)
			f := testserver.Refused(t, status, answer)
			require.Contains(t, f.Detail, problem)
			t.ReadFrom(h, f)
		}
	},
	"4106.HLS_WAITING": func(t *T) {
		t.onOwnProcess("limit.hlsWaiting", "1")
		list, _ := t.stream()
		for range 5 { // until both wait at the same time
			_, last := read(t, list)
			next := fmt.Sprintf("%s?_HLS_msn=%d", list, last+2)
			answers := make(chan *http.Response, 2)
			for range cap(answers) {
				go func() {
					res, err := http.Get(next)
					if err != nil {
						t.Error(err)
					}
					answers <- res
				}()
			}
			var refused *fault.Error
			for range cap(answers) {
				res := <-answers
				require.NotNil(t, res)
				body := readAll(t, res.Body)
				require.NoError(t, res.Body.Close())
				if res.StatusCode == http.StatusServiceUnavailable {
					require.Nil(t, refused, "one has a place")
					require.Equal(t, "1", res.Header.Get("Retry-After"))
					refused = &fault.Error{}
					require.NoError(t, json.Unmarshal(body, refused))
					t.recordAnswer(refused)
				}
			}
			if refused != nil {
				t.Read(refused)
				return
			}
		}
		t.Fatal("two never waited together")
	},
	"5101.HLS_LATE": func(t *T) {
		t.onOwnProcess()
		s := t.setUp(egressKinds[2])
		s.start()
		list, _ := s.playlist()
		worker := s.worker()
		require.NoError(t, syscall.Kill(worker, syscall.SIGSTOP))
		defer func() { _ = syscall.Kill(worker, syscall.SIGCONT) }() // unless the server has ended it
		_, last := read(t, list)
		t.waits()
		f := t.refusedPlaylist(fmt.Sprintf("%s?_HLS_msn=%d", list, last+2), http.StatusServiceUnavailable)
		require.EqualValues(t, 6000, f.Details["waitedMs"], "three target durations")
	},
}

// stream starts one and returns its live playlist, and its last segment.
func (t *T) stream() (list string, last int) {
	t.Helper()
	s := t.setUp(egressKinds[2])
	s.start()
	return s.playlist()
}

// playlist waits for the live playlist of the meeting's stream.
func (s *egressSetup) playlist() (list string, last int) {
	s.t.Helper()
	list = s.t.Server.URL + "/hls/" + s.record().ID + "/live.m3u8"
	require.Eventually(s.t, func() bool {
		var text string
		text, last = read(s.t, list)
		return strings.Contains(text, "#EXT-X-PART:")
	}, testserver.Timeout, 50*time.Millisecond, "there is no playlist")
	return list, last
}

// read returns a playlist, and its last segment.
func read(t testing.TB, list string) (text string, last int) {
	t.Helper()
	res, err := http.Get(list)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }() // read to its end
	text = string(readAll(t, res.Body))
	for line := range strings.Lines(text) {
		if number, ok := strings.CutPrefix(line, "#EXT-X-MEDIA-SEQUENCE:"); ok {
			_, err := fmt.Sscan(number, &last)
			require.NoError(t, err)
		}
	}
	return text, last + strings.Count(text, "#EXTINF:") - 1
}

// refusedPlaylist asks for a playlist, which must be refused.
func (t *T) refusedPlaylist(url string, status int) *fault.Error {
	t.Helper()
	res, err := http.Get(url)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }() // read to its end
	body := readAll(t, res.Body)
	require.Equal(t, status, res.StatusCode, string(body))
	require.Equal(t, "*", res.Header.Get("Access-Control-Allow-Origin"))
	f := &fault.Error{}
	require.NoError(t, json.Unmarshal(body, f))
	t.recordAnswer(f)
	t.Read(f)
	return f
}
