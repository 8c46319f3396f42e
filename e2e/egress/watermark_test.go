package egress

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/picture"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
	"github.com/klatch/klatch/sdk/testcard"
)

// logoHost serves an image of one color, and counts how often it was fetched.
func logoHost(t *testing.T, c color.NRGBA, width, height int) (host *httptest.Server, fetched *atomic.Int64) {
	t.Helper()
	logo := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := 0; i < len(logo.Pix); i += 4 {
		copy(logo.Pix[i:], []byte{c.R, c.G, c.B, c.A})
	}
	var data bytes.Buffer
	require.NoError(t, png.Encode(&data, logo))
	fetched = &atomic.Int64{}
	host = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fetched.Add(1)
		_, _ = w.Write(data.Bytes())
	}))
	t.Cleanup(host.Close)
	return host, fetched
}

// composites returns the composite recordings of the meeting, newest first.
func (s *fixture) composites(t *testing.T) []record.Job {
	t.Helper()
	list, err := s.server.InProcess.Store.Jobs(t.Context(), s.account.ID,
		record.JobFilter{Kinds: []job.Kind{job.Composite}, MeetingID: s.meeting}, record.Page{Number: 1, Size: 20})
	require.NoError(t, err)
	return list.Items
}

// recordsSince waits until the newest composite recording has so many seconds.
func (s *fixture) recordsSince(t *testing.T, n int, seconds float64) {
	t.Helper()
	require.Eventually(t, func() bool {
		list := s.composites(t)
		return len(list) == n && list[0].State == job.Started &&
			mediaprobe.Recorded(t, filepath.Join(s.server.Dir, "egress", list[0].Path)) > seconds
	}, waitLimit, 100*time.Millisecond)
}

// bright returns how many points of an area are nearly white, as text is.
func bright(p *picture.Picture, area image.Rectangle) (n int) {
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if p.Y[y*p.StrideY+x] > 200 {
				n++
			}
		}
	}
	return n
}

// Images, texts, clocks and messages are printed into the picture. The images are fetched once: a worker that takes the
// place of one that died prints them although their host is gone.
func TestWatermarks(t *testing.T) {
	t.Parallel()
	s := openMeeting(t, testserver.Start(t, func(c *conf.Config) { c.Egress.AllowPrivateTargets = true }))
	ann := s.join(t, "ann", card("ann"), sdk.TestTone("ann"))
	host, fetched := logoHost(t, color.NRGBA{R: 255, A: 255}, 400, 400)
	const start = "/v2/recordings/composite/start"
	status, answer := s.server.REST(t, s.account.Token(t), http.MethodPost, start, map[string]any{
		"roomId": s.meeting, "onFailure": "restart", "config": map[string]any{"quality": "low"},
		"participants": []any{map[string]any{"participantId": "ann"}},
		"watermarks": []any{
			map[string]any{"type": "pubsub", "topic": "CAPTIONS"},
			map[string]any{"type": "custom", "timezone": "Asia/Kolkata", "text": "CONFIDENTIAL"},
			map[string]any{"type": "custom", "imageUrl": host.URL + "/logo.png"},
		},
	})
	require.Equal(t, http.StatusOK, status, string(answer))
	var started struct{ RecordingID string }
	require.NoError(t, json.Unmarshal(answer, &started))
	s.recordsSince(t, 1, 3)
	host.Close()
	kept := sdk.PublishOptions{Persist: true}
	_, err := ann.PubSub().Publish(t.Context(), "CAPTIONS", "These are the words of ann", kept)
	require.NoError(t, err)
	s.recordsSince(t, 1, 6)
	first := filepath.Join(s.server.Dir, "egress", s.composites(t)[0].Path)
	before, after := mediaprobe.Frame(t, first, 2*time.Second), mediaprobe.Frame(t, first, 5500*time.Millisecond)

	// 854x480: 12 pixels from the edges (480/36, even), 80 for the image (480/6), 24 for a line of 16.
	red := picture.RGB(255, 0, 0)
	wanted := testcard.Color{Y: red.Y, U: red.U, V: red.V}
	for _, at := range []image.Point{{770, 396}, {834, 396}, {770, 460}, {834, 460}, {802, 428}} {
		require.True(t, mediaprobe.Near(wanted, mediaprobe.Color(before, at)), "%v at %v", mediaprobe.Color(before, at), at)
	}
	for _, at := range []image.Point{{754, 428}, {848, 428}, {802, 474}, {802, 380}} {
		require.False(t, mediaprobe.Near(wanted, mediaprobe.Color(before, at)), "nothing of it at %v", at)
	}
	line := func(n int) image.Rectangle { // of text, counted from the image upward
		bottom := 388 - 6 - 26*n
		return image.Rect(642, bottom-26, 842, bottom)
	}
	clock, text, caption := line(0), line(1), image.Rect(642, 388-6-52-6-26, 842, 388-6-52-6)
	require.Greater(t, bright(before, clock), 150, "the clock")
	require.Greater(t, bright(before, text), 150, "the text")
	moved := 0
	for y := clock.Min.Y; y < clock.Max.Y; y++ {
		for x := clock.Min.X; x < clock.Max.X; x++ {
			if d := int(before.Y[y*before.StrideY+x]) - int(after.Y[y*after.StrideY+x]); d > 60 || d < -60 {
				moved++
			}
		}
	}
	require.Greater(t, moved, 10, "the clock goes on")
	require.Greater(t, bright(after, caption), bright(before, caption)+150, "the message")

	shown := s.composite(t, started.RecordingID)
	require.Len(t, shown.Watermarks, 3)
	require.Equal(t, host.URL+"/logo.png", shown.Watermarks[2].ImageURL)

	for _, c := range children(t, os.Getpid()) { // the worker that writes the file
		if opened, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", c.pid)); slices.ContainsFunc(opened, func(fd string) bool {
			path, err := os.Readlink(fd)
			return err == nil && path == first
		}) {
			require.NoError(t, syscall.Kill(c.pid, syscall.SIGKILL))
		}
	}
	s.recordsSince(t, 2, 3)
	again := filepath.Join(s.server.Dir, "egress", s.composites(t)[0].Path)
	picture := mediaprobe.Frame(t, again, 2*time.Second)
	require.True(t, mediaprobe.Near(wanted, mediaprobe.Color(picture, image.Pt(802, 428))), "the same image")
	require.Greater(t, bright(picture, caption), bright(before, caption)+150, "the message that was kept")
	require.EqualValues(t, 1, fetched.Load())
	require.NoError(t, ann.End(context.WithoutCancel(t.Context())))
}

// composite reads a composite recording over REST.
func (s *fixture) composite(t *testing.T, id string) (shown struct{ Watermarks []job.Watermark }) {
	t.Helper()
	status, answer := s.server.REST(t, s.account.Token(t), http.MethodGet, "/v2/recordings/composite/"+id, nil)
	require.Equal(t, http.StatusOK, status, string(answer))
	require.NoError(t, json.Unmarshal(answer, &shown))
	return shown
}
