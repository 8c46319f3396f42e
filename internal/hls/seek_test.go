package hls_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/hls"
)

func TestSeek(t *testing.T) {
	init, fragments := clip(t)
	w, dir := newWriter(t, hls.Options{})
	require.NoError(t, w.WriteInit(init))
	for _, f := range fragments {
		require.NoError(t, w.WriteFragment(f))
	}
	require.NoError(t, w.Close())
	seek := func(at time.Duration) (hls.Place, error) {
		file, err := os.Open(filepath.Join(dir, hls.FullPlaylist))
		require.NoError(t, err)
		defer file.Close()
		return hls.Seek(file, at)
	}
	at := time.Duration(0)
	for n := range 9 {
		first, err := seek(at)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("seg%05d.m4s", n), first.Segment)
		require.Zero(t, first.Offset)
		require.Equal(t, at, first.Start)
		middle, err := seek(at + first.Length/2)
		require.NoError(t, err)
		require.Equal(t, first.Segment, middle.Segment)
		require.Equal(t, first.Length/2, middle.Offset)
		last, err := seek(at + first.Length - 1)
		require.NoError(t, err)
		require.Equal(t, first.Segment, last.Segment)
		at += first.Length
	}
	require.InDelta(t, w.Duration(), at, float64(time.Millisecond))
	for _, end := range []time.Duration{at, -1} {
		got, err := seek(end)
		require.NoError(t, err)
		require.Equal(t, "seg00008.m4s", got.Segment)
		require.Equal(t, got.Length, got.Offset)
	}
	_, err := seek(w.Duration() + time.Second)
	var beyond *hls.BeyondError
	require.ErrorAs(t, err, &beyond)
	require.InDelta(t, w.Duration(), beyond.Length, float64(time.Millisecond))
}

func TestSeekInOtherTexts(t *testing.T) {
	for name, text := range map[string]string{"nothing": "",
		"a head": "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-PART:DURATION=0.5,URI=\"part0.m4s\"\n"} {
		_, err := hls.Seek(strings.NewReader(text), 0)
		require.ErrorIs(t, err, hls.ErrEmpty, name)
		_, err = hls.Seek(strings.NewReader(text), -1)
		require.ErrorIs(t, err, hls.ErrEmpty, name)
	}
	const parts = "#EXTM3U\r\n#EXT-X-PART:DURATION=1,URI=\"a\"\r\n#EXTINF:2.5,a title\r\n" +
		"#EXT-X-BYTERANGE:5\r\nseg00000.m4s\r\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"b\"\r\n"
	got, err := hls.Seek(strings.NewReader(parts), time.Second)
	require.NoError(t, err)
	require.Equal(t, hls.Place{
		Segment: "seg00000.m4s", Init: hls.InitSegment, Length: 2500 * time.Millisecond, Offset: time.Second,
	}, got)
	for _, bad := range []string{"#EXTINF:x,\na", "#EXTINF:-1,\na", "#EXTINF:NaN,\na", "#EXTINF:1e300,\na",
		"#EXTINF:,\na", strings.Repeat("a", 1<<20)} {
		_, err := hls.Seek(strings.NewReader(bad), 0)
		require.Error(t, err)
	}
}

func FuzzSeek(f *testing.F) {
	f.Add("#EXTM3U\n#EXTINF:2.0,\nseg00000.m4s\n", int64(1))
	f.Fuzz(func(t *testing.T, text string, at int64) {
		got, err := hls.Seek(strings.NewReader(text), time.Duration(at))
		if err == nil && (got.Offset < 0 || got.Offset > got.Length || got.Start < 0) {
			t.Fatalf("%+v", got)
		}
	})
}
