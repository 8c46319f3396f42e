package hls

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/fmp4"
)

var update = flag.Bool("update", false, "rewrite the golden playlists")

var golden = time.Date(2026, 3, 4, 5, 6, 7, 890_000_000, time.UTC)

// fragmentSource makes fragments of so long, of which each n-th begins with a key frame.
type fragmentSource struct {
	length time.Duration
	keys   int
	made   int
}

// next is a fragment whose boxes are there and say nothing.
func (c *fragmentSource) next() *fmp4.Fragment {
	raw := append([]byte("\x00\x00\x00\x08moof\x00\x00\x00\x28mdat"), strings.Repeat(string(rune('a'+c.made%26)), 32)...)
	f := &fmp4.Fragment{Raw: raw, Start: time.Duration(c.made) * c.length, Duration: c.length, Key: c.made%c.keys == 0}
	c.made++
	return f
}

func initOf(raw string) *fmp4.Init { return &fmp4.Init{Raw: []byte(raw)} }

// newTestWriter opens a writer of a clockwork.
func newTestWriter(t testing.TB, options Options) (*Writer, string) {
	t.Helper()
	dir := t.TempDir()
	options.Epoch = golden
	w, err := NewWriter(dir, options)
	require.NoError(t, err)
	require.NoError(t, w.WriteInit(initOf("init")))
	return w, dir
}

func (c *fragmentSource) run(t testing.TB, w *Writer, fragments int) {
	t.Helper()
	for range fragments {
		require.NoError(t, w.WriteFragment(c.next()))
	}
}

func read(t testing.TB, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	return string(text)
}

func requireGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".m3u8")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "%s: with -update it is rewritten", name)
}

// The playlists as players get them, for the eye.
func TestPlaylists(t *testing.T) {
	c := fragmentSource{length: 500 * time.Millisecond, keys: 4}
	w, dir := newTestWriter(t, Options{LowLatency: true})
	c.run(t, w, 4)
	require.NoFileExists(t, filepath.Join(dir, LivePlaylist), "nothing to play yet")
	c.run(t, w, 1)
	requireGolden(t, "live-begins", read(t, dir, LivePlaylist))
	c.run(t, w, 34)
	requireGolden(t, "live-inside", read(t, dir, LivePlaylist))
	requireGolden(t, "index-inside", read(t, dir, FullPlaylist))
	full, err := readList(filepath.Join(dir, FullPlaylist))
	require.NoError(t, err)
	requireGolden(t, "index-delta", string(full.delta()))
	c.run(t, w, 1)
	requireGolden(t, "live-before-a-key-frame", read(t, dir, LivePlaylist))
	c.run(t, w, 2)
	require.NoError(t, w.Close())
	requireGolden(t, "live-ended", read(t, dir, LivePlaylist))
	requireGolden(t, "index-ended", read(t, dir, FullPlaylist))

	c = fragmentSource{length: 500 * time.Millisecond, keys: 4}
	w, dir = newTestWriter(t, Options{})
	c.run(t, w, 39)
	requireGolden(t, "live-without-parts", read(t, dir, LivePlaylist))
	requireGolden(t, "index-without-parts", read(t, dir, FullPlaylist))
	require.NoError(t, w.Close())
	require.NotContains(t, read(t, dir, LivePlaylist)+read(t, dir, FullPlaylist), "PART")
}

// What a Writer says a Handler understands.
func TestParseGivesWhatWasRendered(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	length := func() time.Duration { return time.Duration(random.IntN(4_000_000)) * 10 * time.Microsecond }
	parts := func() (list []part) {
		for range random.IntN(6) {
			list = append(list, part{duration: length(), independent: random.IntN(2) == 0})
		}
		return list
	}
	for range 300 {
		p := playlist{first: random.IntN(100_000), at: golden, target: time.Duration(40+random.IntN(9)) * time.Second}
		p.kind = []string{"", tagEvent, tagVOD}[random.IntN(3)]
		p.ended = random.IntN(4) == 0
		if !p.ended && random.IntN(4) > 0 {
			p.partTarget = time.Duration(1+random.IntN(40_000)) * time.Millisecond
			p.skip, p.hint, p.open = random.IntN(2) == 0, partName(random.IntN(1000), random.IntN(9)), parts()
		}
		start := time.Duration(0)
		for range random.IntN(50) {
			s := segment{start: start, duration: length()}
			if p.partTarget > 0 {
				s.parts = parts()
			}
			p.segments = append(p.segments, s)
			start += s.duration
		}
		text := p.render()
		l, err := parse(text)
		require.NoError(t, err, "%s", text)
		require.Equal(t, p, l.playlist, "%s", text)
		require.Equal(t, string(text), string(l.render()))
		for i, begin := range l.offsets[:len(l.segments)] {
			require.Contains(t, string(text[begin:l.offsets[i+1]]), segmentName(p.first+i)+"\n")
			require.Equal(t, 1, strings.Count(string(text[begin:l.offsets[i+1]]), tagSegment))
		}
	}
}

// A player that puts a delta together with what it had has what it would have got otherwise.
func TestDelta(t *testing.T) {
	c := fragmentSource{length: 500 * time.Millisecond, keys: 4}
	w, dir := newTestWriter(t, Options{LowLatency: true})
	c.run(t, w, 5)
	for range 120 {
		c.run(t, w, 1)
		full, err := readList(filepath.Join(dir, FullPlaylist))
		require.NoError(t, err)
		delta := string(full.delta())
		if len(full.segments) <= skipBoundary {
			require.Equal(t, string(full.text), delta)
			continue
		}
		skipped := len(full.segments) - skipBoundary
		head, tail, found := strings.Cut(delta, tagSkip)
		require.True(t, found)
		number, tail, _ := strings.Cut(tail, "\n")
		require.Equal(t, skipped, atoi(t, number))
		require.Contains(t, head, tagVersionDelta)
		require.Contains(t, head, tagSequence+"0\n", "the number is that of the first that is skipped, 4.4.3.2")
		require.True(t, strings.HasSuffix(string(full.text), tail))
		require.Equal(t, skipBoundary, strings.Count(tail, tagSegment))
		require.NotContains(t, delta, tagMap)

		live, err := readList(filepath.Join(dir, LivePlaylist))
		require.NoError(t, err)
		require.Equal(t, string(live.text), string(live.delta()), "there is nothing to skip, and none is offered")
	}
	require.NoError(t, w.Close())
	full, err := readList(filepath.Join(dir, FullPlaylist))
	require.NoError(t, err)
	require.Equal(t, string(full.text), string(full.delta()), "the draft, 6.2.5.1")
}

func atoi(t *testing.T, text string) int {
	t.Helper()
	d, err := seconds(text)
	require.NoError(t, err)
	return int(d / time.Second)
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"index-inside", "index-delta", "live-ended", "live-begins"} {
		text, err := os.ReadFile(filepath.Join("testdata", name+".m3u8"))
		require.NoError(f, err)
		f.Add(text)
	}
	f.Add([]byte("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:9223372036854775807\nx\n"))
	f.Add([]byte("#EXTM3U\n#EXT-X-TARGETDURATION:1e300\n#EXTINF:-1,\nx"))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := parse(text)
		if err != nil {
			return
		}
		require.Len(t, l.offsets, len(l.segments)+1)
		require.GreaterOrEqual(t, l.target, time.Second)
		_ = l.delta()
		for _, asked := range []directives{{any: true, segment: -1, part: -1}, {any: true, segment: l.lastSegment(),
			part: 3}, {any: true, segment: maxNumber, part: maxNumber}} {
			_, _ = asked.satisfiedBy(l)
		}
	})
}
