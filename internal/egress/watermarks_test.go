package egress

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/watermark"
)

// logo is an image for watermarks.
func logo(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, image.NewNRGBA(image.Rect(0, 0, 30, 10))))
	return out.Bytes()
}

// The images of a recording are fetched once. Where its node is lost, the next one prints the same, although the host
// of the images is gone by then.
func TestWatermarksOfALostNode(t *testing.T) {
	t.Parallel()
	var fetched atomic.Int64
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fetched.Add(1)
		_, _ = w.Write(logo(t))
	}))
	t.Cleanup(host.Close)
	net := newNetwork(t, script{Starts: true, Writes: 100, Obeys: true}, "a", "b")
	a, b := net.nodes["a"], net.nodes["b"]
	for _, n := range net.nodes {
		n.m.opts.AllowPrivateTargets, n.m.images = true, watermark.NewFetcher(true)
	}
	q := net.request(job.Composite)
	q.OnFailure = job.RestartOnFailure
	q.Watermarks = []job.Watermark{
		{Type: job.CustomWatermark, ImageURL: host.URL + "/logo.png", Text: "SECRET"},
		{Type: job.CustomWatermark, ImageBase64: base64.StdEncoding.EncodeToString(logo(t))},
		{Type: job.PubSubWatermark, Topic: "CAPTIONS"},
	}
	j, err := b.m.Start(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, b.id, j.Node)
	require.EqualValues(t, 1, fetched.Load())
	first := b.m.runsWhere(func(*run) bool { return true })[0].request
	require.Len(t, first.WatermarkImages, 3)
	size, err := png.DecodeConfig(bytes.NewReader(first.WatermarkImages[0]))
	require.NoError(t, err)
	require.Equal(t, [2]int{120, 40}, [2]int{size.Width, size.Height}, "of 720p")
	require.Nil(t, first.WatermarkImages[2])

	eventually(t, func() bool { // what it still has to say would hold up its end
		b.m.notices.mu.Lock()
		defer b.m.notices.mu.Unlock()
		return len(b.m.notices.queues) == 0
	}, "the node of the meeting is not told")
	host.Close()
	net.lose("b")
	eventually(t, func() bool { return a.m.Count() == 1 }, "it does not start again")
	again := a.m.runsWhere(func(*run) bool { return true })[0]
	eventually(t, func() bool { return again.record().State == job.Started }, "it does not start again")
	require.Equal(t, first.WatermarkImages, again.request.WatermarkImages)
	printed := watermarksOf(again.request)
	require.Len(t, printed, 3)
	require.Equal(t, "SECRET", printed[0].Text)
	require.Equal(t, first.WatermarkImages[1], printed[1].Image)
	require.Equal(t, "CAPTIONS", printed[2].Topic)

	kept, err := a.store.Job(t.Context(), net.account.ID, again.record().ID)
	require.NoError(t, err)
	require.Equal(t, host.URL+"/logo.png", kept.Watermarks[0].ImageURL, "for a node that has the record alone")
	require.Equal(t, base64.StdEncoding.EncodeToString(first.WatermarkImages[1]), kept.Watermarks[1].ImageBase64)
	require.Equal(t, "CAPTIONS", kept.Watermarks[2].Topic)
}

// A recording whose watermarks cannot be printed does not start, and takes no place.
func TestWatermarkThatIsMissing(t *testing.T) {
	t.Parallel()
	host := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(host.Close)
	net := newNetwork(t, script{Starts: true}, "a", "b")
	for _, n := range net.nodes {
		n.m.opts.AllowPrivateTargets, n.m.images = true, watermark.NewFetcher(true)
	}
	a, b := net.nodes["a"], net.nodes["b"]
	q := net.request(job.Composite)
	q.Watermarks = []job.Watermark{
		{Type: job.CustomWatermark, Text: "first"}, {Type: job.CustomWatermark, ImageURL: host.URL},
	}
	for _, n := range []*testNode{a, b} {
		f := refused(t, "4039.WATERMARK_IMAGE", errOf(n.m.Start(t.Context(), q)))
		require.EqualValues(t, 1, f.Details["watermark"])
		require.Equal(t, "The image of watermarks[1] was answered with the status 404.", f.Detail)
		require.Equal(t, net.meeting.ID, f.MeetingID)
	}
	require.Zero(t, a.m.Count()+b.m.Count())
	require.Empty(t, a.noted(&a.states))

	q.By, q.SessionID = job.By{AutoStart: true}, clusterSession
	a.m.startUnattended(q, 0)
	eventually(t, func() bool { return slices.Contains(a.noted(&a.faults), "WATERMARK_IMAGE") },
		"the moderators are not told of an automatic start")
	require.Equal(t, []string{"WATERMARK_IMAGE"}, a.noted(&a.reported))
}
